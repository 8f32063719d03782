# SPDX-License-Identifier: Apache-2.0
"""Data sets and models of the suites. Features are whole numbers that fit int16 for every tool: digits as they are, the
others standardised by all samples (before the split), times 1000, rounded. 70/30 split, random_state=1."""

from dataclasses import dataclass
from typing import Callable

import numpy
from sklearn import datasets
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier


@dataclass
class Data:
    name: str
    train_features: numpy.ndarray
    train_labels: numpy.ndarray
    test_features: numpy.ndarray
    test_labels: numpy.ndarray
    unit: int  # of the features: one standard deviation where they are standardised


@dataclass
class Model:
    """An estimator to be fitted on a share of the training samples (of vector machines, that is what makes them grow).
    Those of one `family` follow each other by size: what is too large for one is too large for the next."""

    name: str
    estimator: object
    family: str
    share: float = 1.0
    in_units: bool = False  # trained on features in their unit, as networks want them; the first weights then take it over

    def fitted(self, data):
        count = round(self.share * len(data.train_features))
        unit = data.unit if self.in_units else 1
        fitted = self.estimator.fit(data.train_features[:count] / unit, data.train_labels[:count])
        if unit != 1:
            fitted.coefs_[0] /= unit
        return fitted


@dataclass
class Suite:
    targets: list
    datasets: Callable
    models: Callable


def load(name, loader, standardise=True):
    features, labels = loader(return_X_y=True)
    unit = 1000 if standardise else 1
    if standardise:
        features = numpy.round((features - features.mean(axis=0)) / features.std(axis=0) * unit)
    train, test, train_labels, test_labels = train_test_split(features, labels, test_size=0.3, random_state=1)
    return Data(name, train, train_labels, test, test_labels, unit)


def digits():
    return load("digits", datasets.load_digits, standardise=False)


def cancer():
    return load("cancer", datasets.load_breast_cancer)


def wine():
    return load("wine", datasets.load_wine)


def iris():
    return load("iris", datasets.load_iris)


def tree(depth=None):
    return Model(f"dt{depth or ''}", DecisionTreeClassifier(max_depth=depth, random_state=1), "dt")


def forest(trees, depth=None):
    return Model(f"rf{trees}" + (f"d{depth}" if depth else ""), RandomForestClassifier(trees, max_depth=depth, random_state=1), f"rf d{depth}")


def vector_machine(kernel, share=1.0):
    name = "svm-lin" if kernel == "linear" else f"svm-{kernel}"
    return Model(name if share == 1 else f"{name}/{round(1 / share)}", SVC(kernel=kernel), name, share)


def network(units, in_units=False):
    return Model(f"mlp{units}", MLPClassifier((units,), max_iter=2000, random_state=1), "mlp", in_units=in_units)


def classic_models():
    return [tree(), *(forest(trees) for trees in (1, 10, 30, 100)), *(forest(trees, 6) for trees in (10, 100)), vector_machine("linear"),
            vector_machine("rbf"), Model("logreg", LogisticRegression(max_iter=1000), "logreg"), network(16)]


def uno_models():
    return [*(tree(depth) for depth in (2, 4, 6, 8, None)), *(forest(trees) for trees in (5, 10, 20, 50, 100, 200)),
            *(vector_machine(kernel, share) for kernel in ("linear", "rbf") for share in (1 / 4, 1 / 2, 1)),
            *(network(units, in_units=True) for units in (4, 8, 16, 32, 64, 128, 256))]


SUITES = {
    "classic": Suite(["arduino-uno", "nucleo-g0b1re", "nucleo-l4r5zi"], lambda: [wine(), cancer(), digits()], classic_models),
    "uno": Suite(["arduino-uno"], lambda: [iris(), wine(), cancer(), digits()], uno_models),
}
