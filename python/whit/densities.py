# SPDX-License-Identifier: Apache-2.0
"""Naive Bayes, mixtures, discriminants, centres and envelopes of scikit-learn as steps of an estimator file
(docs/formats/estimator.md). Where all classes share their squares, scores are linear."""

import numpy

from . import linear

LEVELS = 32767  # that the weights of splits are rounded to
ROOM = 4  # distances of other samples may be as many times as large as those of training to their own class


def gaussian(form, classes, samples=None):
    """`classes`: (rows of weights, centre, constant) each; with samples the integers are as fine as these allow."""
    step = {"kind": "gaussian", "form": form, "classes": [
        {"weights": [numpy.atleast_1d(row).tolist() for row in rows], "centre": numpy.asarray(centre, dtype=float).tolist(), "constant": float(constant)}
        for rows, centre, constant in classes]}
    if samples is not None:
        step["largest"] = ROOM * largest_of_nearest(form, classes, samples)
    return step


def full_rows(form, rows):
    """The rows of weights as a matrix."""
    if form == "full":
        return numpy.asarray(rows)
    if form == "diagonal":
        return numpy.diag(numpy.ravel(rows))
    return numpy.asarray([numpy.pad(row, (0, len(rows) - len(row))) for row in rows])


def largest_of_nearest(form, classes, samples):
    """The largest sum of a sample for the class that it is given."""
    sums = numpy.stack([(samples - centre) @ full_rows(form, rows).T for rows, centre, _ in classes])
    scores = numpy.asarray([constant for _, _, constant in classes])[:, None] - (sums ** 2).sum(axis=2)
    return float(numpy.abs(sums[scores.argmax(axis=0), numpy.arange(len(samples))]).max())


def triangle(matrix):
    """Rows r of r + 1 weights whose squares sum up as those of matrix x do; None where rows are too few."""
    if len(matrix) != matrix.shape[1]:
        return None
    square = numpy.linalg.qr(matrix[:, ::-1], mode="r")[::-1, ::-1]
    return [square[row, :row + 1] for row in range(len(square))]


def from_matrices(matrices, centres, constants, samples):
    triangles = [triangle(matrix) for matrix in matrices]
    if all(rows is not None for rows in triangles):
        return gaussian("triangular", list(zip(triangles, centres, constants)), samples)
    if len({len(matrix) for matrix in matrices}) > 1:
        raise ValueError("classes whose covariances have different ranks")
    return gaussian("full", list(zip(matrices, centres, constants)), samples)


def gaussian_naive_bayes(estimator, samples=None):
    constants = numpy.log(estimator.class_prior_) - 0.5 * numpy.log(2 * numpy.pi * estimator.var_).sum(axis=1)
    return gaussian("diagonal", list(zip(1 / numpy.sqrt(2 * estimator.var_), estimator.theta_, constants)), samples)


def counting_naive_bayes(estimator):
    return linear.step(*one_row(estimator.feature_log_prob_, estimator.class_log_prior_))


def complement_naive_bayes(estimator):
    return linear.step(*one_row(estimator.feature_log_prob_, numpy.zeros(len(estimator.classes_))))


def bernoulli_naive_bayes(estimator):
    """Linear in features of 0 and 1; where a limit makes them so, a tree of one split for each feature."""
    absent = numpy.log1p(-numpy.exp(estimator.feature_log_prob_))
    weights, bias = one_row(estimator.feature_log_prob_ - absent, estimator.class_log_prior_ + absent.sum(axis=1))
    if estimator.binarize is None:
        return linear.step(weights, bias)
    trees = [{"feature": [feature, -1, -1], "threshold": [float(estimator.binarize), 0, 0], "left": [1, -1, -1], "right": [2, -1, -1],
              "value": [None, [0.0] * len(bias), column.tolist()]} for feature, column in enumerate(weights.T)]
    return {"kind": "trees", "outputs": len(bias), "base": bias.tolist(), "trees": trees, "leaf_levels": LEVELS}


def one_row(weights, bias):
    """Of two classes the difference tells as much."""
    return (weights[1:] - weights[:1], bias[1:] - bias[:1]) if len(weights) == 2 else (weights, bias)


def centres(points):
    """The nearest centre has the largest c x - |c|^2 / 2."""
    return linear.step(*one_row(points, -0.5 * (points ** 2).sum(axis=1)))


def means(estimator):
    return centres(estimator.cluster_centers_.astype(float))


def nearest_centroid(estimator):
    if estimator.metric != "euclidean":
        raise ValueError(f"the metric {estimator.metric}; known is euclidean")
    priors = getattr(estimator, "priors", "uniform")  # which scikit-learn 1.6 brought
    if not (isinstance(priors, str) and priors == "uniform"):
        raise ValueError(f"priors={priors!r}; known is 'uniform'")
    if estimator.shrink_threshold is not None:
        raise ValueError(f"shrink_threshold={estimator.shrink_threshold}; known is None")
    return centres(estimator.centroids_.astype(float))


def mixture(estimator, samples=None):
    """Constants are what the estimator itself gives at each component's mean, where all squares are 0."""
    middle, factors, kind = estimator.means_, estimator.precisions_cholesky_, estimator.covariance_type
    constants = numpy.diag(estimator._estimate_weighted_log_prob(middle))
    half = numpy.sqrt(0.5)
    if kind == "tied":
        turned = middle @ factors
        return linear.step(*one_row(turned @ factors.T, constants - 0.5 * (turned ** 2).sum(axis=1)))
    if kind == "full":
        return from_matrices([half * factor.T for factor in factors], middle, constants, samples)
    rows = numpy.broadcast_to(factors if kind == "diag" else factors[:, None], middle.shape)
    return gaussian("diagonal", list(zip(half * rows, middle, constants)), samples)


def quadratic_discriminant(estimator, samples=None):
    matrices = [numpy.sqrt(0.5) * (rotation / numpy.sqrt(scaling)).T for rotation, scaling in zip(estimator.rotations_, estimator.scalings_)]
    constants = [numpy.log(prior) - 0.5 * numpy.log(scaling).sum() for prior, scaling in zip(estimator.priors_, estimator.scalings_)]
    return from_matrices(matrices, estimator.means_, constants, samples)


def envelope(estimator, samples=None):
    """Inside where the squared distance is not above the limit."""
    values, vectors = numpy.linalg.eigh(estimator.get_precision())
    matrix = numpy.sqrt(numpy.maximum(values, 0))[:, None] * vectors.T
    return from_matrices([matrix], [estimator.location_], [-estimator.offset_], samples)


WITH_SAMPLES = {"GaussianNB": gaussian_naive_bayes, "GaussianMixture": mixture, "BayesianGaussianMixture": mixture,
                "QuadraticDiscriminantAnalysis": quadratic_discriminant, "EllipticEnvelope": envelope}
EXPORTERS = {"MultinomialNB": counting_naive_bayes, "ComplementNB": complement_naive_bayes, "BernoulliNB": bernoulli_naive_bayes,
             "KMeans": means, "MiniBatchKMeans": means, "NearestCentroid": nearest_centroid, **WITH_SAMPLES}
