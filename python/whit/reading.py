# SPDX-License-Identifier: Apache-2.0
"""What is read of any estimator in the same way: its name, its arrays."""

import numpy


def name_of(estimator):
    return type(estimator).__name__


def dense(values):
    """Numbers as an array, also of sparse matrices and of tables with named columns."""
    return numpy.asarray(values.toarray() if hasattr(values, "toarray") else values, dtype=float)
