# SPDX-License-Identifier: Apache-2.0
"""Linear models of scikit-learn, and pipelines that end in one, as steps of an estimator file (docs/formats/estimator.md).

Scalers and projections are linear too: they go into the weights.
"""

import numpy


def rows(estimator, pairs=False):
    weights = numpy.atleast_2d(estimator.coef_).astype(float)
    bias = numpy.broadcast_to(numpy.asarray(estimator.intercept_, dtype=float).reshape(-1), len(weights)).copy()
    return weights, bias, pairs


def vector_machine(estimator):
    """Votes of pairs; two classes have one row, which scikit-learn turns so that above 0 means the second."""
    if estimator.kernel != "linear":
        raise ValueError(f"the kernel {estimator.kernel}; known is linear")
    return rows(estimator, pairs=len(getattr(estimator, "classes_", ())) > 2)


def affine(scaler):
    """A preparing step as (matrix, offset): x becomes matrix x + offset."""
    name, count = type(scaler).__name__, scaler.n_features_in_
    ones, zeros = numpy.ones(count), numpy.zeros(count)
    if name == "StandardScaler":
        scale = ones if scaler.scale_ is None else 1 / scaler.scale_
        return numpy.diag(scale), -scale * (zeros if scaler.mean_ is None else scaler.mean_)
    if name == "MinMaxScaler" and not scaler.clip:
        return numpy.diag(scaler.scale_), scaler.min_
    if name == "MaxAbsScaler":
        return numpy.diag(1 / scaler.scale_), zeros
    if name == "RobustScaler":
        scale = ones if scaler.scale_ is None else 1 / scaler.scale_
        return numpy.diag(scale), -scale * (zeros if scaler.center_ is None else scaler.center_)
    if name == "PCA":
        matrix = scaler.components_
        if scaler.whiten:
            matrix = matrix / numpy.sqrt(scaler.explained_variance_)[:, None]
        return matrix, -matrix @ scaler.mean_
    raise ValueError(f"the step {name}; known are {', '.join(PREPARING)}")


PREPARING = ("StandardScaler", "MinMaxScaler without clip", "MaxAbsScaler", "RobustScaler", "PCA")


def step(weights, bias, pairs):
    return {"kind": "linear", "weights": weights.tolist(), "bias": bias.tolist(), "pairs": bool(pairs)}


def linear(estimator):
    return step(*rows(estimator))


def linear_vector_machine(estimator):
    return step(*vector_machine(estimator))


def pipeline(estimator):
    *preparing, last = [part for _, part in estimator.steps if part not in (None, "passthrough")]
    name = type(last).__name__
    if name not in LINEAR:
        raise ValueError(f"{name} at its end; known are {', '.join(LINEAR)}")
    weights, bias, pairs = (vector_machine if name in VECTOR_MACHINES else rows)(last)
    for part in reversed(preparing):
        matrix, offset = affine(part)
        bias = bias + weights @ offset
        weights = weights @ matrix
    return step(weights, bias, pairs)


VECTOR_MACHINES = ("SVC", "NuSVC", "SVR", "NuSVR")
LINEAR = (
    "LogisticRegression", "LogisticRegressionCV", "LinearRegression", "Ridge", "RidgeCV", "RidgeClassifier", "RidgeClassifierCV",
    "Lasso", "LassoCV", "ElasticNet", "ElasticNetCV", "SGDClassifier", "SGDRegressor", "Perceptron", "PassiveAggressiveClassifier",
    "LinearSVC", "LinearSVR", "LinearDiscriminantAnalysis", "BayesianRidge", "HuberRegressor",
) + VECTOR_MACHINES

EXPORTERS = {name: linear_vector_machine if name in VECTOR_MACHINES else linear for name in LINEAR}
EXPORTERS["Pipeline"] = pipeline
