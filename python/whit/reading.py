# SPDX-License-Identifier: Apache-2.0
"""What is read of any estimator in the same way: its name, its arrays, its answers."""

import warnings

import numpy


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
