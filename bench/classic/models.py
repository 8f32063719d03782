# SPDX-License-Identifier: Apache-2.0
"""Data sets and models of the suites. Features are whole numbers that fit int16 for every tool: digits as they are, the
others standardised by the training samples, times 1000, rounded. 70/30 split, random_state=1."""

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


@dataclass
class Suite:
    targets: list
    datasets: Callable
    models: Callable


def load(name, loader, standardise=True):
    features, labels = loader(return_X_y=True)
    if standardise:
        features = numpy.round((features - features.mean(axis=0)) / features.std(axis=0) * 1000)
    train, test, train_labels, test_labels = train_test_split(features, labels, test_size=0.3, random_state=1)
    return Data(name, train, train_labels, test, test_labels)


def digits():
    return load("digits", datasets.load_digits, standardise=False)


def cancer():
    return load("cancer", datasets.load_breast_cancer)


def wine():
    return load("wine", datasets.load_wine)


def iris():
    return load("iris", datasets.load_iris)


def forest(trees, **options):
    return RandomForestClassifier(trees, random_state=1, **options)


def network(units):
    return MLPClassifier((units,), max_iter=2000, random_state=1)


def classic_models():
    yield "dt", DecisionTreeClassifier(random_state=1)
    for trees in (1, 10, 30, 100):
        yield f"rf{trees}", forest(trees)
    for trees in (10, 100):
        yield f"rf{trees}d6", forest(trees, max_depth=6)
    yield "svm-lin", SVC(kernel="linear")
    yield "svm-rbf", SVC(kernel="rbf")
    yield "logreg", LogisticRegression(max_iter=1000)
    yield "mlp16", network(16)


def uno_models():
    for depth in (2, 4, 6, 8, None):
        yield f"dt{depth or ''}", DecisionTreeClassifier(max_depth=depth, random_state=1)
    for trees in (5, 10, 20, 50, 100, 200):
        yield f"rf{trees}", forest(trees)
    yield "svm-lin", SVC(kernel="linear")
    yield "svm-rbf", SVC(kernel="rbf")
    for units in (4, 8, 16, 32, 64):
        yield f"mlp{units}", network(units)


SUITES = {
    "classic": Suite(["arduino-uno", "nucleo-g0b1re", "nucleo-l4r5zi"], lambda: [wine(), cancer(), digits()], classic_models),
    "uno": Suite(["arduino-uno"], lambda: [iris(), wine(), cancer(), digits()], uno_models),
}
