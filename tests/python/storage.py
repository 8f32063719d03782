# SPDX-License-Identifier: Apache-2.0
"""How integers hold features: far from zero, of unequal ranges, with outliers; what is told and what is refused.

    storage.py WHIT    exit code 77 without scikit-learn: skipped
"""

import pathlib
import shutil
import subprocess
import tempfile
import warnings

from judging import check, finish

import numpy
from sklearn import compose, ensemble, impute, linear_model, pipeline, preprocessing, svm, tree

import whit

RANDOM = numpy.random.default_rng(0)
# Around 0, large, far from zero, with a long tail.
X = numpy.stack([RANDOM.normal(0, 1, 300), RANDOM.normal(0, 1e6, 300), RANDOM.normal(1e5, 1, 300), RANDOM.exponential(1, 300) ** 4], axis=1).astype(numpy.float32)
VALUES = X[:, 0] + X[:, 2] - 1e5 + RANDOM.normal(0, 0.1, 300)
LABELS = (VALUES > 0).astype(int)


def compiled(estimator, **options):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        model = whit.compile(estimator, target="host", **options)
    return model, [str(warning.message) for warning in caught]


def check_unequal_features():
    scaled = [pipeline.make_pipeline(preprocessing.StandardScaler(), last) for last in (svm.SVC(), linear_model.LogisticRegression())]
    for estimator in (tree.DecisionTreeClassifier(random_state=1), ensemble.RandomForestClassifier(10, random_state=1),
                      ensemble.HistGradientBoostingClassifier(max_iter=10, random_state=1), *scaled):
        model, _ = compiled(estimator.fit(X, LABELS), samples=X)
        differ = numpy.count_nonzero(model.predict(X) != estimator.predict(X))
        check(differ <= 1, f"{type(estimator).__name__}: {differ} of {len(X)} labels differ")
    for estimator, allowed in ((linear_model.LinearRegression(), 2e-3), (tree.DecisionTreeRegressor(max_depth=6), 1e-5)):
        model, said = compiled(estimator.fit(X, VALUES), samples=X)
        error = numpy.abs(model.predict(X) - estimator.predict(X)).max() / numpy.abs(VALUES).max()
        check(error < allowed and not said, f"{type(estimator).__name__}: {error:.1e} of the largest value, {said}")


def check_constant_feature():
    """What all samples share is stored exactly, also where a scaler leaves it far from the others' size."""
    for constant in (101325.5, -3.7, 0.0):
        wide = numpy.column_stack([X[:, :2], numpy.full(len(X), constant)]).astype(numpy.float32)
        for last in (svm.SVC(), linear_model.LogisticRegression()):
            estimator = pipeline.make_pipeline(preprocessing.StandardScaler(), last).fit(wide, LABELS)
            model, said = compiled(estimator, samples=wide)
            differ = numpy.count_nonzero(model.predict(wide) != estimator.predict(wide))
            check(differ <= 1 and not said, f"{type(last).__name__} beside a constant {constant}: {differ} of {len(wide)} labels differ, {said}")


def check_limits_beyond_samples():
    """Limits that lie beyond what integers hold of the samples."""
    high = (X[:, :2] / numpy.abs(X[:, :2]).max(axis=0) * 2.5 + 7.5).astype(numpy.float32)
    for step in (preprocessing.MaxAbsScaler(clip=True), preprocessing.MinMaxScaler(clip=True), preprocessing.QuantileTransformer(n_quantiles=20)):
        estimator = pipeline.make_pipeline(step, linear_model.LogisticRegression()).fit(high, LABELS)
        for samples in (high, high[(high < 8).all(axis=1)]):
            model, _ = compiled(estimator, samples=samples)
            differ = numpy.count_nonzero(model.predict(samples) != estimator.predict(samples))
            check(differ <= len(samples) // 100, f"{type(step).__name__} beyond {len(samples)} samples: {differ} labels differ")


def check_paths():
    """No sample changes its way where 16 bits can part its neighbours, also where thresholds do not lie in the middle; else it is told of."""
    grid = numpy.stack([numpy.arange(200) * 0.37 - 1000, RANDOM.normal(0, 1, 200)], axis=1).astype(numpy.float32)
    labels = numpy.arange(200) // 3 % 2
    for estimator in (tree.DecisionTreeClassifier(random_state=1), ensemble.ExtraTreesClassifier(5, random_state=1), ensemble.IsolationForest(n_estimators=5, random_state=1)):
        model, said = compiled(estimator.fit(grid[:, :1], labels), samples=grid[:, :1])
        differ = numpy.count_nonzero(model.predict(grid[:, :1]) != estimator.predict(grid[:, :1]))
        check(differ == 0 and not said, f"{type(estimator).__name__}: {differ} labels differ, {said}")
    close = numpy.array([[0], [1e-6], [1]], dtype=numpy.float32).repeat(2, axis=0)
    _, said = compiled(tree.DecisionTreeClassifier().fit(close, [0, 0, 1, 1, 0, 0]), samples=close)
    check(len(said) == 2 and said[0].startswith("2 of 6 samples go another way"), f"what 16 bits cannot part: {said}")
    rough, said = compiled(tree.DecisionTreeRegressor().fit(close, [0, 0, 1, 1, 5, 5]), samples=close)
    check(any("differ by up to 20.0% of the largest" in one for one in said), f"also of regressors: {said}")


def check_paths_beside_computed_columns():
    """Told of, too, where trees also look at columns that are computed of others."""
    split = compose.ColumnTransformer([("k", preprocessing.OneHotEncoder(), [1])], remainder="passthrough")
    mixed = numpy.stack([RANDOM.normal(0, 1, 300), RANDOM.integers(0, 3, 300)], axis=1).astype(numpy.float32)
    fitted = pipeline.make_pipeline(split, ensemble.RandomForestRegressor(20, random_state=1)).fit(mixed, mixed[:, 0] + mixed[:, 1])
    said = compiled(fitted, samples=mixed, input_type="int8")[1]
    check(any("of 300 samples go another way" in one for one in said), f"paths beside computed columns: {said}")


def check_unseen_values():
    """What was not among the samples lies at thresholds, halfway between those that were, and goes the estimator's way."""
    tenths = numpy.round(numpy.random.default_rng(3).normal(0, 1.5, (400, 3)), 1).astype(numpy.float32)
    values = tenths @ [1.0, 2.0, 3.0]
    for estimator in (ensemble.RandomForestRegressor(20, random_state=1), ensemble.GradientBoostingRegressor(random_state=1)):
        model, _ = compiled(estimator.fit(tenths[:100], values[:100]), samples=tenths[:100])
        error = numpy.abs(model.predict(tenths[100:]) - estimator.predict(tenths[100:]))
        differ = numpy.count_nonzero(error > 1e-3 * numpy.abs(values).max())
        check(differ <= 3, f"{type(estimator).__name__}: {differ} of 300 unseen samples differ, by up to {error.max():.2g}")


def check_decimals_behind_scalers():
    """Float64 decimals at thresholds go the way that the scaled number, rounded to float32, goes in the estimator."""
    random = numpy.random.default_rng(4)
    tenths, hundredths = numpy.round(random.normal(20, 4, (2000, 2)), 1), numpy.round(random.normal(0, 1, (2000, 2)), 2)
    decimals = numpy.hstack([tenths, hundredths])
    values = decimals @ [1.0, -2.0, 3.0, 5.0]
    for before in (preprocessing.StandardScaler(), preprocessing.MinMaxScaler()):
        fitted = pipeline.make_pipeline(before, ensemble.RandomForestRegressor(5, random_state=1)).fit(decimals[:1000], values[:1000])
        for samples in (None, decimals[:1000]):
            differ = numpy.count_nonzero(numpy.abs(compiled(fitted, samples=samples)[0].predict(decimals) - fitted.predict(decimals)) > 1e-4)
            check(differ == 0, f"decimals behind a {type(before).__name__}, {'floats' if samples is None else 'integers'}: {differ} of 2000 differ")


def check_outputs_of_unequal_size():
    """Each output of a regressor is as exact as if it were alone, here and on chips."""
    both = numpy.stack([1e9 * VALUES, VALUES], axis=1)
    estimator = ensemble.RandomForestRegressor(5, max_depth=6, random_state=1).fit(X, both)
    expected = estimator.predict(X)
    for target in ("host", "nucleo-g0b1re"):
        model = whit.compile(estimator, target=target)
        error = (numpy.abs(model.predict(X) - expected).max(axis=0) / numpy.abs(expected).max(axis=0)).max()
        check(error < 1e-6 and (target == "host" or model.verify(X[:20])["bit_exact"]), f"outputs of unequal size, {target}: {error:.1e} of each one's largest value")


def check_outlier():
    """Trees ask for sides of thresholds alone."""
    far = X.copy()
    far[7] = 1e30
    estimator = tree.DecisionTreeClassifier(random_state=1).fit(X, LABELS)
    model, said = compiled(estimator, samples=far)
    check((model.predict(X) == estimator.predict(X)).all() and not said, f"one sample of 1e30: {said}")
    _, said = compiled(linear_model.LogisticRegression(max_iter=1000).fit(X, LABELS), samples=far)
    check(any("of features 0, 1, 2, 3 a few samples lie so far out" in one for one in said), f"told of where it takes the integers: {said}")


def check_types():
    estimator = tree.DecisionTreeClassifier(max_depth=3, random_state=1).fit(X[:, :1], LABELS)
    for name in ("uint8", "int8"):
        model, _ = compiled(estimator, samples=X[:, :1], input_type=name)
        differ = numpy.count_nonzero(model.predict(X[:, :1]) != estimator.predict(X[:, :1]))
        check(differ <= 10, f"{name} with negative samples: {differ} of {len(X)} labels differ")
    said = compiled(estimator, samples=X[:, :1], input_type="int8", input_scale=0.01)[1]
    check(any("samples have features beyond what int8 holds" in one for one in said), f"a scale that limits samples: {said}")
    holes = numpy.where(numpy.arange(300)[:, None] == 5, numpy.nan, X[:, :1])
    for expected, options in (("negative samples with input_type='uint8'", {"samples": X[:, :1], "input_type": "uint8", "input_scale": 0.1}),
                              ("integers cannot hold NaN", {"samples": holes, "input_type": "int16"}),
                              ("real numbers have no scale", {"input_type": "float32", "input_scale": 0.1})):
        try:
            compiled(estimator, **options)
            check(False, f"{options.keys()} are refused")
        except ValueError as error:
            check(expected in str(error), f"refused: {error}")


def check_missing_values():
    """Steps before trees hand them on, and an imputer finds its own number among integers."""
    holes = numpy.where(RANDOM.random(X.shape) < 0.2, numpy.nan, X).astype(numpy.float32)
    for step in (preprocessing.MinMaxScaler(clip=True), preprocessing.QuantileTransformer(n_quantiles=20), preprocessing.PowerTransformer()):
        estimator = pipeline.make_pipeline(step, ensemble.HistGradientBoostingClassifier(max_iter=10, random_state=1)).fit(holes, LABELS)
        differ = numpy.count_nonzero(compiled(estimator)[0].predict(holes) != estimator.predict(holes))
        check(differ <= 1, f"{type(step).__name__} on missing values: {differ} of {len(X)} labels differ")
    coded = numpy.where(numpy.isnan(holes[:, :1]), 99, holes[:, :1])
    estimator = pipeline.make_pipeline(impute.SimpleImputer(missing_values=99), linear_model.LinearRegression()).fit(coded, VALUES)
    model, said = compiled(estimator, samples=coded)
    error = numpy.abs(model.predict(coded) - estimator.predict(coded)).max()
    check(error < 0.01 and not said, f"an imputer of 99, integers: {error:.1e}, {said}")


PROGRAM = """#include <stdio.h>
#include "model.h"
static model_model model;
int main(void) {
  float values[MODEL_INPUT_ELEMENTS];
  model_reset(&model);
  while (fread(values, sizeof values, 1, stdin) == 1) {
    int32_t feature;
    for (feature = 0; feature < MODEL_INPUT_ELEMENTS; ++feature) model_input(&model)[feature] = model_quantize_input(feature, values[feature]);
    model_run(&model);
    putchar(*model_output(&model));
  }
  return 0;
}
"""


def check_header():
    """A C program converts features by the emitted header, and answers as this computer."""
    if not shutil.which("gcc"):
        return print("left out: no gcc")
    model, _ = compiled(linear_model.LogisticRegression(max_iter=1000).fit(X, LABELS), samples=X)
    wide = numpy.concatenate([X, 1.5 * X, X - 3])
    with tempfile.TemporaryDirectory() as text:
        folder = pathlib.Path(text)
        model.write(folder)
        (folder / "main.c").write_text(PROGRAM)
        for command in (["gcc", "-std=c99", "-Wall", "-Wextra", "-Werror", "-c", "main.c"], ["g++", "-c", "model.cpp"], ["g++", "main.o", "model.o", "-o", "program"]):
            subprocess.run(command, cwd=folder, check=True)
        answers = numpy.frombuffer(subprocess.run([folder / "program"], input=wide.tobytes(), capture_output=True, check=True).stdout, dtype=numpy.uint8)
    differ = numpy.count_nonzero(answers != model.predict(wide))
    check(len(answers) == len(wide) and differ == 0, f"features converted in C: {differ} of {len(answers)} labels differ")


check_unequal_features()
check_constant_feature()
check_limits_beyond_samples()
check_paths()
check_outputs_of_unequal_size()
check_paths_beside_computed_columns()
check_unseen_values()
check_decimals_behind_scalers()
check_outlier()
check_types()
check_missing_values()
check_header()
finish()
