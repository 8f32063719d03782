# SPDX-License-Identifier: Apache-2.0
"""Nearest neighbours and the local outlier factor of scikit-learn as steps of an estimator file (docs/formats/estimator.md)."""

import numpy

from .reading import dense

METRICS = {"euclidean": "euclidean", "l2": "euclidean", "manhattan": "manhattan", "l1": "manhattan", "cityblock": "manhattan"}


def kept(estimator, values, neighbours):
    metric, others = estimator.effective_metric_, {**estimator.effective_metric_params_, "p": None}
    if any(value is not None for value in others.values()):
        raise ValueError(f"metric_params={estimator.metric_params}; known is p alone")
    if metric == "minkowski":
        metric = {1: "manhattan", 2: "euclidean"}.get(estimator.effective_metric_params_.get("p"), "minkowski with another p")
    if metric not in METRICS:
        raise ValueError(f"the metric {metric}; known are euclidean, manhattan")
    weights = getattr(estimator, "weights", None) or "uniform"
    if weights not in ("uniform", "distance"):
        raise ValueError("weights that are a function")
    vectors = dense(estimator._fit_X)
    return {"kind": "neighbours", "neighbours": int(neighbours), "metric": METRICS[metric], "weights": weights,
            "vectors": vectors.tolist(), "values": numpy.asarray(values, dtype=float).reshape(len(vectors), -1).tolist()}


def classifier(estimator):
    return {**kept(estimator, estimator._y, estimator.n_neighbors), "classes": len(estimator.classes_)}


def regressor(estimator):
    return kept(estimator, estimator._y, estimator.n_neighbors)


def outliers(estimator):
    """Inside where the mean density of the neighbours times the mean reach to them is not above the limit."""
    if not estimator.novelty:
        raise ValueError("novelty=False, which cannot judge new samples")
    reach = estimator._distances_fit_X_[:, estimator.n_neighbors_ - 1]
    return {**kept(estimator, numpy.stack([reach, estimator._lrd], axis=1), estimator.n_neighbors_), "limit": float(-estimator.offset_)}


def labels_by(vectors, classes, samples, neighbours, count):
    """Votes of the nearest; the lowest class of equal ones."""
    squares = (samples ** 2).sum(axis=1)[:, None] + (vectors ** 2).sum(axis=1) - 2 * samples @ vectors.T
    nearest = numpy.argsort(squares, axis=1, kind="stable")[:, :neighbours]
    return numpy.stack([(classes[nearest] == one).sum(axis=1) for one in range(count)], axis=1).argmax(axis=1)


def condensed(step):
    """The step with fewer vectors, by which all vectors still have the label that all of them give: of those with another
    label the first of each class joins, until there is none."""
    if "classes" not in step:
        raise ValueError("condense of neighbours that do not name classes")
    vectors, classes = numpy.asarray(step["vectors"]), numpy.asarray(step["values"])[:, 0].astype(int)
    neighbours, count = step["neighbours"], step["classes"]
    wanted = labels_by(vectors, classes, vectors, neighbours, count)
    chosen = [index for one in range(count) for index in numpy.flatnonzero((classes == one) & (wanted == one))[:neighbours]]
    chosen += list(range(max(0, neighbours - len(chosen))))
    while True:
        given = labels_by(vectors[chosen], classes[chosen], vectors, neighbours, count)
        wrong = given != wanted
        wrong[chosen] = False
        joining = [numpy.flatnonzero(wrong & (classes == one))[:1] for one in range(count)]
        if not any(len(indices) for indices in joining):
            return {**step, "vectors": vectors[chosen].tolist(), "values": classes[chosen, None].astype(float).tolist()}
        chosen += [int(index) for indices in joining for index in indices]


EXPORTERS = {"KNeighborsClassifier": classifier, "KNeighborsRegressor": regressor, "LocalOutlierFactor": outliers}
