# SPDX-License-Identifier: Apache-2.0
"""Splits by categories of scikit-learn, XGBoost and LightGBM: with floats and integers, missing values, categories never met.

    categories.py WHIT    exit code 77 without scikit-learn: skipped
"""

import importlib.util
import warnings

from judging import check, far_from, finish, refused

import numpy
from sklearn import datasets, ensemble

import whit

warnings.simplefilter("ignore")  # LightGBM's names of columns
RANDOM = numpy.random.default_rng(0)
# The first and the third are categories.
X = numpy.stack([RANDOM.integers(0, 12, 800), RANDOM.normal(0, 1, 800), 2 * RANDOM.integers(0, 40, 800), RANDOM.normal(0, 1, 800)], axis=1).astype(numpy.float32)
HOLES = numpy.where(RANDOM.random(X.shape) < 0.1, numpy.nan, X).astype(numpy.float32)
Y = (numpy.isin(X[:, 0], [1, 4, 5, 9]) * 2 + numpy.isin(X[:, 2], [2, 8, 14, 36, 50]) * 1.5 + X[:, 1] > 1).astype(int)
TRAINED, COLUMNS = 500, [0, 2]


def histograms():
    for make in (ensemble.HistGradientBoostingClassifier, ensemble.HistGradientBoostingRegressor):
        yield lambda data, make=make: make(max_iter=20, categorical_features=COLUMNS).fit(data[:TRAINED], Y[:TRAINED])


def boosted():
    if importlib.util.find_spec("xgboost"):
        import xgboost
        for make in (xgboost.XGBClassifier, xgboost.XGBRegressor):
            yield lambda data, make=make: make(n_estimators=20, enable_categorical=True, feature_types=["c", "q", "c", "q"], max_cat_to_onehot=2).fit(data[:TRAINED], Y[:TRAINED])
    if importlib.util.find_spec("lightgbm"):
        import lightgbm
        for make in (lightgbm.LGBMClassifier, lightgbm.LGBMRegressor):
            yield lambda data, make=make: make(n_estimators=20, verbose=-1).fit(data[:TRAINED], Y[:TRAINED], categorical_feature=COLUMNS)


def check_answers(fitted, data, what):
    model = whit.compile(fitted, target="nucleo-g0b1re", samples=X if what == "integers" else None)
    asked = any("categories" in tree for tree in model._document["steps"][-1]["trees"])
    far = far_from(fitted.predict(data), model.predict(data))
    check(asked and far <= 2e-6 and model.verify(data[:20])["bit_exact"], f"{type(fitted).__name__}, {what}: {far:.1e} apart")


def check_all():
    unmet = X.copy()
    unmet[TRAINED:, 0] = RANDOM.integers(12, 30, len(X) - TRAINED)
    for fit in [*histograms(), *boosted()]:
        whole, with_holes = fit(X), fit(HOLES)
        for data, what in ((X, "floats"), (X, "integers"), (unmet, "categories never met")):
            check_answers(whole, data, what)
        check_answers(with_holes, HOLES, "missing values")
        check_answers(with_holes, X, "integers")


def check_narrow_integers():
    """As many categories as the integers have, beside a real feature, stay apart."""
    many = numpy.stack([RANDOM.integers(0, 240, 3000), RANDOM.normal(0, 1, 3000)], axis=1).astype(numpy.float32)
    fitted = ensemble.HistGradientBoostingClassifier(max_iter=20, categorical_features=[0]).fit(many, (many[:, 0].astype(int) * 7 % 5 < 2) ^ (many[:, 1] > 2))
    for name in ("int8", "uint8"):
        model = whit.compile(fitted, target="host", samples=many, input_type=name)
        differ = numpy.count_nonzero(model.predict(many) != fitted.predict(many))
        check(model._document["input"]["scales"][0] == 1 and differ <= 30, f"240 categories in {name}: {differ} of 3000 labels differ")


def check_float64():
    """Thresholds are values of training: float64 numbers there go as scikit-learn's, though chips get float32."""
    X, y = datasets.load_diabetes(return_X_y=True)
    fitted = ensemble.HistGradientBoostingRegressor(max_iter=50).fit(X, y)
    for samples, what in ((None, "floats"), (X, "integers")):
        far = far_from(fitted.predict(X), whit.compile(fitted, target="host", samples=samples).predict(X).astype(float))
        check(far < 1e-6, f"float64 samples, {what}: {far:.1e} apart")


def check_what_is_not_known():
    uneven = X / 4
    fitted = ensemble.HistGradientBoostingClassifier(max_iter=5, categorical_features=COLUMNS).fit(uneven, Y)
    refused("categories of quarters", fitted, "categories that are no whole numbers, such as 0.25")
    if not importlib.util.find_spec("pandas"):
        return print("left out: pandas")
    import pandas
    table = pandas.DataFrame(X, columns=list("abcd")).astype({"a": int}).astype({"a": "category"})
    if importlib.util.find_spec("xgboost"):
        import xgboost
        refused("XGBoost's categories of a table", xgboost.XGBClassifier(n_estimators=2, enable_categorical=True).fit(table, Y), "categories of a table")
    if importlib.util.find_spec("lightgbm"):
        import lightgbm
        refused("LightGBM's categories of a table", lightgbm.LGBMClassifier(n_estimators=2, verbose=-1).fit(table, Y), "categories of a table")
    words = pandas.DataFrame({"a": pandas.Categorical(numpy.array(["red", "green", "blue"])[X[:, 0].astype(int) % 3]), "b": X[:, 1]})
    fitted = ensemble.HistGradientBoostingClassifier(max_iter=5, categorical_features="from_dtype").fit(words, X[:, 0] % 3)
    refused("categories of words", fitted, "categories that are no numbers, such as 'blue'")


check_all()
check_narrow_integers()
check_float64()
check_what_is_not_known()
finish()
