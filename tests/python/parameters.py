# SPDX-License-Identifier: Apache-2.0
"""Parameters of estimators that change what they compute: each is computed, or refused by name.

    parameters.py WHIT    exit code 77 without scikit-learn: skipped
"""

import os
import pathlib
import sys
import warnings

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "python"))

try:
    import numpy
    from sklearn import datasets, decomposition, ensemble, naive_bayes, tree
except ImportError as error:
    print(f"skipped: {error}")
    sys.exit(77)

import whit

FAILURES = []
warnings.simplefilter("ignore")  # models that have not converged are good enough here

RANDOM = numpy.random.default_rng(1)
X, Y = datasets.load_iris(return_X_y=True)
X = X.astype(numpy.float32)
REALS, TARGETS = (values.astype(numpy.float32) for values in datasets.load_diabetes(return_X_y=True))
HOLES = numpy.where(RANDOM.random(X.shape) < 0.3, numpy.nan, X).astype(numpy.float32)
MIXED = numpy.stack([X[:, 0], X[:, 2], RANDOM.integers(0, 3, len(X)), X[:, 3]], axis=1)  # the third are categories


def check(holds, text):
    print(("ok    " if holds else "WRONG ") + text)
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


def same(title, estimator, samples, **options):
    try:
        far = far_from(answer_of(estimator, samples), whit.compile(estimator, target="host", **options).predict(samples))
        check(far < 1e-5, f"{title}: {far:.1e} apart")
    except (ValueError, whit.WhitError) as error:
        check(False, f"{title}: {error}"[:250])


def refused(title, estimator, expected, **options):
    try:
        whit.compile(estimator, target="host", **options)
        check(False, f"{title} is refused")
    except ValueError as error:
        check(isinstance(error, whit.UnsupportedEstimator) and expected in str(error), f"{title}: {error}"[:250])


def check_infinite():
    """Thresholds of inf, by which missing values go; other parameters that are not finite."""
    for make in (tree.DecisionTreeClassifier, tree.ExtraTreeClassifier, ensemble.RandomForestClassifier, ensemble.HistGradientBoostingClassifier):
        estimator = make(random_state=0)
        same(f"{type(estimator).__name__} trained with missing values", estimator.fit(HOLES, Y), HOLES)
    few = tree.DecisionTreeClassifier(random_state=0).fit([[numpy.nan], [numpy.nan], [1], [2]], [0, 0, 1, 1])
    check(numpy.isinf(few.tree_.threshold[0]), "a threshold is infinite")
    same("a threshold of inf", few, numpy.array([[numpy.nan], [1], [3e38]], dtype=numpy.float32))
    absent = numpy.round(X) * (numpy.arange(4) != Y[:, None])
    for make in (naive_bayes.MultinomialNB, naive_bayes.BernoulliNB):
        refused(f"{make.__name__}(alpha=0)", make(alpha=0, force_alpha=True).fit(absent, Y), "infinite or undefined numbers")
    twice = numpy.hstack([X, X[:, :1] * 0])
    same("PCA(whiten=True) of a constant column", decomposition.PCA(whiten=True, svd_solver="full").fit(twice), twice)


def check_histograms():
    for loss in ("poisson", "gamma"):
        refused(f"loss={loss}", ensemble.HistGradientBoostingRegressor(loss=loss, max_iter=3).fit(REALS, TARGETS), f"loss='{loss}'")
    same("loss=quantile", ensemble.HistGradientBoostingRegressor(loss="quantile", quantile=0.3, max_iter=3).fit(REALS, TARGETS), REALS)
    numeric = ensemble.HistGradientBoostingRegressor(max_iter=3, max_leaf_nodes=3, categorical_features=[2]).fit(MIXED, MIXED[:, 1] * 3 + MIXED[:, 3])
    same("categorical_features that no tree tests", numeric, MIXED)
    refused("categorical_features", ensemble.HistGradientBoostingRegressor(max_iter=3, categorical_features=[2]).fit(MIXED, MIXED[:, 2]), "categorical_features")


os.environ["WHIT"] = os.path.abspath(sys.argv[1])
check_infinite()
check_histograms()
sys.exit(1 if FAILURES else 0)
