# SPDX-License-Identifier: Apache-2.0
"""What is read of any estimator in the same way: its name, its arrays, its answers."""

import warnings

import numpy


HALF_WAY = 1e-6  # steps of float32


def name_of(estimator):
    return type(estimator).__name__


def features_of(estimator):
    """How many features it was fitted on, if it was; a FeatureUnion as the first of its members that knows."""
    if name_of(estimator) == "FeatureUnion":
        return next((count for _, member in estimator.transformer_list if (count := features_of(member)) is not None), None)
    return getattr(estimator, "n_features_in_", None)


def dense(values, dtype=float):
    """Numbers as an array, also of sparse matrices and of tables with named columns."""
    return numpy.asarray(values.toarray() if hasattr(values, "toarray") else values, dtype=dtype)


def table_of(samples, names):
    """The samples with those names of columns, where there is pandas."""
    try:
        import pandas
    except ImportError:
        return samples
    return pandas.DataFrame(samples, columns=names)


def answer(method, samples):
    """What a method says to an array. Estimators that were fitted with a table look for columns by name, or would warn that there are none."""
    names = getattr(method.__self__, "feature_names_in_", None)
    samples = samples if names is None else table_of(samples, names)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "X does not have valid feature names")
        return method(samples)


def thresholds_of_doubles(thresholds):
    """Thresholds of packages that compare float64 numbers, for float32 ones: the nearest, so that what lies at a threshold, as values of training and
    means of two often do, goes the same way. A mean of two neighbouring float32 numbers stays between them."""
    thresholds = numpy.asarray(thresholds, dtype=float)
    with numpy.errstate(over="ignore"):
        nearest = thresholds.astype(numpy.float32)
    below = numpy.where(nearest <= thresholds, nearest, numpy.nextafter(nearest, numpy.float32(-numpy.inf))).astype(float)
    between = (thresholds - below) / numpy.spacing(numpy.abs(below).astype(numpy.float32))
    return numpy.where(numpy.isfinite(nearest) & (numpy.abs(between - 0.5) > HALF_WAY), nearest.astype(float), thresholds)
