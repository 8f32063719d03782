# SPDX-License-Identifier: Apache-2.0
"""Trees with many classes, and with splits by categories, against the packages that trained them.

    trees.py WHIT    exit code 77 without scikit-learn: skipped; XGBoost's and LightGBM's are left out without them
"""

import tempfile

from judging import check, finish

import numpy
from sklearn import datasets, ensemble, tree

import whit

RANDOM = numpy.random.default_rng(0)


def check_many_classes():
    labels = numpy.arange(900) % 300
    X = numpy.stack([labels + RANDOM.normal(0, 0.1, 900), RANDOM.normal(size=900)], axis=1).astype(numpy.float32)
    members = [("one", tree.DecisionTreeClassifier(random_state=1)), ("other", tree.DecisionTreeClassifier(max_depth=9, random_state=2))]
    for estimator in (tree.DecisionTreeClassifier(random_state=1), ensemble.RandomForestClassifier(5, max_depth=12, random_state=1), ensemble.VotingClassifier(members)):
        estimator.fit(X, labels)
        for target in ("host",) if isinstance(estimator, ensemble.VotingClassifier) else ("host", "nucleo-g0b1re"):
            said = whit.compile(estimator, target=target, optimize="size").verify(X[:300])
            check(said["bit_exact"] and said["labels_differ"] == 0, f"{type(estimator).__name__} of 300 classes: {said}")


def categories():
    """Two columns of categories, some values missing, and a number; regression targets that the categories decide."""
    X = numpy.stack([RANDOM.integers(0, 40, 1500), RANDOM.integers(0, 5, 1500), RANDOM.normal(size=1500)], axis=1).astype(numpy.float32)
    y = numpy.sin(7 * X[:, 0]) + (X[:, 1] % 2) * X[:, 2]
    X[RANDOM.random(1500) < 0.1, 0] = numpy.nan
    return X, y


def check_too_large():
    """Trees that become code are known not to fit before any compiler runs; in tables some of them do."""
    X, y = datasets.load_digits(return_X_y=True)
    forest = ensemble.RandomForestClassifier(60, max_depth=7, random_state=1).fit(X, y)
    try:
        with tempfile.TemporaryDirectory() as folder:
            whit.compile(forest, target="arduino-uno", output=folder, samples=X)
        check(False, "a forest whose code is too large is refused")
    except whit.WhitError as error:
        check(error.code == 3 and "the model's code takes about" in str(error) and 'optimize="size"' in str(error), f"too much code: {error}")
    fits = whit.compile(forest, target="arduino-uno", samples=X, optimize="size").bench(X[:2])[0]
    check(fits["bit_exact"], f"in tables: {fits['flash']}")


def check_file(name, file, X, expected):
    for target in ("host", "nucleo-g0b1re"):
        model = whit.compile(file, target=target)
        error = numpy.abs(model.predict(X) - expected).max() / numpy.abs(expected).max()
        check(error < 1e-5 and model.verify(X[:50])["bit_exact"], f"{name} by categories, {target}: {error:.1e} of the largest value")


def check_categories():
    X, y = categories()
    unknown = numpy.array([[50, 2, 0], [-1, 7, 1], [numpy.nan, numpy.nan, -1], [3.7, 1.2, 0]], dtype=numpy.float32)
    test = numpy.concatenate([X[:400], unknown])
    with tempfile.TemporaryDirectory() as folder:
        try:
            import xgboost
            for sets in (4, 100):  # a category a split where a feature has fewer
                table = xgboost.DMatrix(X, label=y, feature_types=["c", "c", "q"], enable_categorical=True)
                fitted = xgboost.train({"max_cat_to_onehot": sets, "nthread": 1}, table, 10)
                for end in ("json", "ubj"):
                    fitted.save_model(f"{folder}/model.{end}")
                    # XGBoost refuses what it has not seen when it builds a table, so only what it knows is asked
                    check_file(f"XGBoost {end}", f"{folder}/model.{end}", test[:400], fitted.predict(xgboost.DMatrix(test[:400], feature_types=["c", "c", "q"], enable_categorical=True)))
        except ImportError as error:
            print(f"left out: {error}")
        try:
            import lightgbm
            fitted = lightgbm.train({"verbose": -1, "num_threads": 1, "min_data_per_group": 5, "cat_smooth": 1}, lightgbm.Dataset(X, y, categorical_feature=[0, 1]), 10)
            fitted.save_model(f"{folder}/model.txt")
            check_file("LightGBM", f"{folder}/model.txt", test, fitted.predict(test))
        except ImportError as error:
            print(f"left out: {error}")


check_many_classes()
check_too_large()
check_categories()
finish()
