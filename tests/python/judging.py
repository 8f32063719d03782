# SPDX-License-Identifier: Apache-2.0
"""What tests of this folder share: exit code 77 (skipped) without scikit-learn, the package of this checkout with the program
named on the command line, what an estimator and whit answer, and a list of what went wrong.
"""

import os
import pathlib
import sys

ROOT = pathlib.Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "python"))

try:
    import sklearn  # noqa: F401
except ImportError as error:
    print(f"skipped: {error}")
    sys.exit(77)

import numpy

import whit

os.environ["WHIT"] = os.path.abspath(sys.argv[1])
FAILURES = []


def check(holds, text):
    print(("ok    " if holds else "WRONG ") + text, flush=True)
    if not holds:
        FAILURES.append(text)


def answer_of(estimator, samples):
    answer = estimator.predict(samples) if hasattr(estimator, "predict") else estimator.transform(samples)
    return numpy.asarray(answer.toarray() if hasattr(answer, "toarray") else answer)


def far_from(expected, ours):
    """How much they differ: the share of labels, or the largest error by the largest value; infinite where shapes do."""
    if ours.shape != expected.shape:
        return numpy.inf
    if expected.dtype.kind != "f":
        return float(numpy.mean(ours != expected))
    if (numpy.isnan(ours) != numpy.isnan(expected)).any():
        return numpy.inf
    return float(numpy.nanmax(numpy.abs(ours - expected)) / (numpy.nanmax(numpy.abs(expected)) or 1))


def same(title, estimator, given, **options):
    try:
        far = far_from(answer_of(estimator, given), whit.compile(estimator, target="host", **options).predict(given))
        check(far < 1e-5, f"{title}: {far:.1e} apart")
    except (ValueError, whit.WhitError) as error:
        check(False, f"{title}: {error}"[:250])


def refused(title, estimator, expected, **options):
    try:
        whit.compile(estimator, target="host", **options)
        check(False, f"{title} is refused")
    except ValueError as error:
        check(isinstance(error, whit.UnsupportedEstimator) and expected in str(error), f"{title}: {error}"[:250])


def finish():
    sys.exit(1 if FAILURES else 0)
