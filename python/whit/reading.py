# SPDX-License-Identifier: Apache-2.0
"""What is read of any estimator in the same way: its name, its arrays, its answers."""

import warnings

import numpy


def name_of(estimator):
    return type(estimator).__name__


def dense(values, dtype=float):
    """Numbers as an array, also of sparse matrices and of tables with named columns."""
    return numpy.asarray(values.toarray() if hasattr(values, "toarray") else values, dtype=dtype)


def answer(method, samples):
    """What a method says to an array; estimators that were fitted with a table would warn that columns have no names."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "X does not have valid feature names")
        return method(samples)
