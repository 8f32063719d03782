# SPDX-License-Identifier: Apache-2.0
"""What classic models may cost: figures that must not get worse.

    bars.py WHIT    exit code 77 without scikit-learn: skipped; XGBoost's are left out without it

- The full-depth forest of 100 trees on digits: on the Uno within 30,000 bytes of flash in all with at least 97.5 % of the test
  split right, pruned by the training samples alone; on Cortex-M0+ without any loss within 40,000 bytes.
- Boosting of 100 rounds on Cortex-M0+: a tenth of its JSON file's size, a hundredth of accuracy lost.
- Linear machines on 30 features: under 1,000 cycles on Cortex-M0+. Pipelines: host and chip agree to the bit.
"""

import os
import pathlib
import sys
import tempfile

ROOT = pathlib.Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "python"), str(ROOT / "bench" / "classic")]

try:
    import numpy
    from sklearn import datasets, decomposition, ensemble, linear_model, pipeline, preprocessing, svm
    from sklearn.model_selection import train_test_split
except ImportError as error:
    print(f"skipped: {error}")
    sys.exit(77)

import tools
import whit
from chip import Chip

SMALL, LARGER = "arduino-uno", "nucleo-g0b1re"
FAILURES = []


def check(holds, text):
    print(("ok    " if holds else "WRONG ") + text, flush=True)
    if not holds:
        FAILURES.append(text)


def split(load):
    return train_test_split(*load(return_X_y=True), test_size=0.3, random_state=1)


def library_size(report):
    return report["flash"]["code"] + report["flash"]["constants"]


def image_size(model, chip):
    """Flash of a whole image: start-up code, main and library."""
    with tempfile.TemporaryDirectory() as text:
        folder = pathlib.Path(text)
        sources, _ = tools.written(model, folder)
        return chip.sizes(chip.build(folder, sources, ["-Os"]))[0]


def check_forest():
    X, X_test, y, y_test = split(datasets.load_digits)
    forest = ensemble.RandomForestClassifier(100, random_state=1).fit(X, y)
    pruned = whit.prune_to_fit(forest, X, y, SMALL, 30000 - tools.START_UP)
    report, size = pruned.model.bench(X_test, y_test)[0], image_size(pruned.model, Chip(SMALL, os.environ["WHIT"]))
    check(size <= 30000 and report["accuracy"] >= 0.975 and report["bit_exact"],
          f"forest on the Uno: {pruned.fraction:.1%} of the splits given up (held-out accuracy {pruned.validation_before:.4f}, then {pruned.validation_after:.4f}), "
          f"image {size:,} bytes, {report['cycles']:,} cycles, accuracy {report['accuracy']:.4f}")
    whole = whit.compile(forest, target=LARGER, optimize="size", samples=X)
    differ = int(numpy.count_nonzero(whole.predict(X_test) != forest.predict(X_test)))
    size = library_size(whole.bench(X_test[:20])[0])
    check(size <= 40000 and differ == 0, f"the same without loss on Cortex-M0+: {size:,} bytes, {differ} of {len(X_test)} labels differ")


def check_boosting():
    try:
        import xgboost
    except ImportError as error:
        print(f"left out: {error}")
        return
    for load in (datasets.load_digits, datasets.load_breast_cancer):
        X, X_test, y, y_test = split(load)
        boosted = xgboost.XGBClassifier(n_estimators=100, random_state=1, n_jobs=1).fit(X, y)
        json = len(boosted.get_booster().save_raw("json"))
        report = whit.compile(boosted, target=LARGER, optimize="size", samples=X).bench(X_test, y_test)[0]
        size, own = library_size(report), float(numpy.mean(boosted.predict(X_test) == y_test))
        check(size <= 0.1 * json and report["accuracy"] >= own - 0.01 and report["bit_exact"],
              f"XGBoost on {load.__name__}: {size:,} bytes of {json:,} ({size / json:.1%}), accuracy {report['accuracy']:.4f} of {own:.4f}")


def check_linear():
    X, X_test, y, y_test = split(datasets.load_breast_cancer)
    for last in (svm.SVC(kernel="linear"), linear_model.LogisticRegression(max_iter=1000)):
        fitted = pipeline.make_pipeline(preprocessing.StandardScaler(), last).fit(X, y)
        report = whit.compile(fitted, target=LARGER, samples=X).bench(X_test, y_test)[0]
        check(report["cycles"] < 1000 and report["bit_exact"],
              f"{type(last).__name__} on 30 features, Cortex-M0+: {report['cycles']:,} cycles, accuracy {report['accuracy']:.4f}")


def check_pipelines():
    for load in (datasets.load_digits, datasets.load_wine):
        X, X_test, y, _ = split(load)
        for last in (svm.SVC(), linear_model.LogisticRegression(max_iter=1000)):
            fitted = pipeline.make_pipeline(preprocessing.StandardScaler(), decomposition.PCA(8), last).fit(X, y)
            for target in (SMALL, LARGER):
                said = whit.compile(fitted, target=target, optimize="size", samples=X).verify(X_test[:60])
                check(said["bit_exact"], f"scaler, PCA, {type(last).__name__} on {load.__name__}: {said}")


os.environ["WHIT"] = os.path.abspath(sys.argv[1])
check_forest()
check_boosting()
check_linear()
check_pipelines()
sys.exit(1 if FAILURES else 0)
