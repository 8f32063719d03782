# SPDX-License-Identifier: Apache-2.0
"""Linear models of scikit-learn as steps of an estimator file (docs/formats/estimator.md)."""

import numpy

from .reading import dense


def step(weights, bias, pairs=False):
    return {"kind": "linear", "weights": weights.tolist(), "bias": bias.tolist(), "pairs": bool(pairs)}


def linear(estimator, pairs=False):
    weights = numpy.atleast_2d(dense(estimator.coef_))
    bias = numpy.broadcast_to(numpy.asarray(estimator.intercept_, dtype=float).reshape(-1), len(weights)).copy()
    return step(weights, bias, pairs)


def linear_vector_machine(estimator):
    """Votes of pairs; two classes have one row, which scikit-learn turns so that above 0 means the second."""
    return linear(estimator, pairs=len(getattr(estimator, "classes_", ())) > 2)


def joined(matrix, offset, after):
    """A linear step that takes matrix x + offset, as one that takes x."""
    weights = numpy.asarray(after["weights"])
    return {**after, "weights": (weights @ matrix).tolist(), "bias": (numpy.asarray(after["bias"]) + weights @ offset).tolist()}


LINEAR = (
    "LogisticRegression", "LogisticRegressionCV", "LinearRegression", "Ridge", "RidgeCV", "RidgeClassifier", "RidgeClassifierCV",
    "Lasso", "LassoCV", "ElasticNet", "ElasticNetCV", "SGDClassifier", "SGDRegressor", "Perceptron", "PassiveAggressiveClassifier",
    "LinearSVC", "LinearSVR", "LinearDiscriminantAnalysis", "BayesianRidge", "HuberRegressor",
)

EXPORTERS = {name: linear for name in LINEAR}
