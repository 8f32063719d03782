# SPDX-License-Identifier: Apache-2.0
"""Support vector machines of scikit-learn as steps of an estimator file (docs/formats/estimator.md)."""

import numpy

from . import linear
from .reading import dense

KERNELS = ("rbf", "poly", "sigmoid")


def machine(estimator):
    """One sum; or with more than two classes the votes of all pairs, whose vectors stand class by class."""
    if estimator.kernel == "linear":
        return linear.linear_vector_machine(estimator)
    if estimator.kernel not in KERNELS:
        raise ValueError(f"the kernel {estimator.kernel}; known are linear, {', '.join(KERNELS)}")
    if getattr(estimator, "break_ties", False):
        raise ValueError("break_ties=True")
    step = {
        "kind": "kernel_machine", "kernel": estimator.kernel, "gamma": float(estimator._gamma), "coef0": float(estimator.coef0),
        "degree": int(estimator.degree), "vectors": dense(estimator.support_vectors_).tolist(),
        "coefficients": dense(estimator.dual_coef_).T.tolist(), "bias": numpy.ravel(estimator.intercept_).astype(float).tolist(),
    }
    if estimator.kernel == "poly" and estimator.degree == 0:
        raise ValueError("a polynomial of degree 0")
    if len(getattr(estimator, "classes_", ())) > 2:
        step["counts"] = estimator.n_support_.tolist()
    return step


EXPORTERS = {name: machine for name in ("SVC", "NuSVC", "SVR", "NuSVR", "OneClassSVM")}
