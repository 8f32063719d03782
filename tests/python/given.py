# SPDX-License-Identifier: Apache-2.0
"""What users hand to the package beside estimators: samples of model files, tables, labels, paths; and what they are told.

    given.py WHIT    exit code 77 without scikit-learn: skipped
"""

import pathlib
import subprocess
import sys
import tempfile
import warnings

from judging import ROOT, check, finish

import numpy
from sklearn import ensemble, linear_model, pipeline, preprocessing, svm, tree

import whit

RANDOM = numpy.random.default_rng(0)
X = RANDOM.normal(size=(60, 3)).astype(numpy.float32)
TARGETS = X @ [3, 1, -2]
LABELS = (TARGETS > 0).astype(int)
DIGITS = ROOT / "examples" / "digits"


def told(title, expected, ask, kind=ValueError):
    """An error with all of these words, and without a path that whit made up."""
    try:
        ask()
        check(False, f"{title} is told of")
    except kind as error:
        wanted = [expected] if isinstance(expected, str) else expected
        check(all(words in str(error) for words in wanted) and f"{tempfile.gettempdir()}/whit-" not in str(error), f"{title}: {error}"[:300])


def answers_of_program(samples):
    """What the command line answers to an array."""
    with tempfile.TemporaryDirectory() as folder:
        numpy.save(f"{folder}/samples.npy", samples)
        subprocess.run([sys.argv[1], "run", DIGITS / "digits.tflite", "--input", f"{folder}/samples.npy", "--output", f"{folder}/answers.npy", "--dequantize"], capture_output=True, check=True)
        return numpy.load(f"{folder}/answers.npy").reshape(len(samples), -1)


def check_model_files():
    """Integers are a quantised input's stored values, floats its real ones, as on the command line."""
    model = whit.compile(DIGITS / "digits.tflite", target="nucleo-l4r5zi")
    samples, labels = numpy.load(DIGITS / "samples.npy"), numpy.loadtxt(DIGITS / "labels.txt", dtype=int)
    for type in ("int8", "int64", ">i2", "float32", "float64"):
        given = samples if "i" in type else (samples + 128.0) / 255
        right = numpy.mean(model.predict(given.astype(type)).argmax(axis=1) == labels)
        check(right > 0.98, f"digits as {type}: {right:.4f} right")
    check((model.predict(samples[::-1]) == answers_of_program(samples[::-1].copy())).all(), "the same as by the command line")
    check(model.verify(samples[:5]) == {"target": "nucleo-l4r5zi", "samples": 5, "bit_exact": True}, "integers on the chip")
    check(model.bench(samples[:9], labels[:9])[0]["accuracy"] == 1, "their accuracy")
    told("NaN for stored integers", ["stored as int8", "leave these samples out"], lambda: model.predict(samples * numpy.nan))
    line = whit.compile(linear_model.LinearRegression().fit(X, TARGETS), target="host", input_type="int16", input_scale=0.25)
    check((line.predict([[8, 4, 0]]) == line.predict([[8.0, 4.0, 0.0]])).all(), "an estimator's whole numbers are real")
    check((whit.compile(line.path, target="host").predict([[32, 16, 0]]) == line.predict([[8.0, 4.0, 0.0]])).all(), "its file's are stored")


def check_paths():
    """A model file is looked for at once, whatever else is wrong."""
    for path in ("hello", pathlib.Path("hello"), ROOT):
        for options in ({}, {"samples": X}, {"samples": "words"}):
            told(f"{path!r}, {options.keys()}", f"'{path}' is no file: give a fitted estimator, or the path", lambda: whit.compile(path, target="host", **options))
    told("samples beside a file", "samples with a model file", lambda: whit.compile(DIGITS / "digits.tflite", target="host", samples=X))


def check_columns():
    """A table has the columns of fitting, in their order; what has no names goes by place."""
    try:
        import pandas
    except ImportError as error:
        return print(f"left out: {error}")
    table = pandas.DataFrame(X, columns=["high", "low", "so wide"])
    scaled = pipeline.Pipeline([("none", "passthrough"), ("scale", preprocessing.StandardScaler()), ("line", linear_model.LogisticRegression())])
    for estimator in (linear_model.LogisticRegression(), scaled, *boosters()):
        name, model = type(estimator).__name__, whit.compile(estimator.fit(table, LABELS), target="host", samples=table)
        for samples in (table, X, pandas.DataFrame(X)):
            check((model.predict(samples) == model.predict(X)).all(), f"{name}: {type(samples).__name__} {list(getattr(samples, 'columns', []))}")
        for expected, wrong in (("fitted with (out of place: so_wide, high): give samples[", table[["so wide", "low", "high"]]),
                                ("(out of place: high)", table[["high", "low", "so wide", "high"]]), ("(missing: low)", table[["high", "so wide"]]),
                                ("(unknown: more)", table.assign(more=0)), ("(missing: high; unknown: High)", table.rename(columns={"high": "High"}))):
            for title, ask in (("samples", lambda: whit.compile(estimator, target="host", samples=wrong)), ("predict", lambda: model.predict(wrong)),
                               ("verify", lambda: model.verify(wrong)), ("bench", lambda: model.bench(wrong, LABELS))):
                told(f"{name}, {title}", expected, ask)
    nameless = whit.compile(linear_model.LogisticRegression().fit(X, LABELS), target="host", samples=table)
    check((nameless.predict(table) == nameless.predict(X)).all(), "names that fitting did not have")


def boosters():
    try:
        import lightgbm
        import xgboost
    except ImportError as error:
        print(f"left out: {error}")
        return []
    return [xgboost.XGBClassifier(n_estimators=2, n_jobs=1), lightgbm.LGBMClassifier(n_estimators=2, n_jobs=1, verbose=-1)]


def check_labels():
    """Labels are of classifiers: one a sample, in a row or in a column."""
    model = whit.compile(linear_model.LogisticRegression().fit(X, LABELS), target="host")
    right = model.bench(X, LABELS)[0]["accuracy"]
    for title, labels in (("a list", LABELS.tolist()), ("a column", LABELS[:, None]), *tables(LABELS)):
        check(model.bench(X, labels)[0]["accuracy"] == right > 0.9, f"labels as {title}")
    told("two labels a sample", "labels of shape (60, 2); known are (count,)", lambda: model.bench(X, numpy.stack([LABELS, LABELS], axis=1)))
    told("one label for all", "labels of shape ()", lambda: model.bench(X, 1))
    told("too few labels", "labels.npy: 5 labels for 60 samples", lambda: model.bench(X, LABELS[:5]), whit.WhitError)
    line = linear_model.Ridge().fit(X, TARGETS)
    told("a regressor's", ["labels for a Ridge, which gives none", "verify tells"], lambda: whit.compile(line, target="host").bench(X, TARGETS))
    for result in ("scores", "reals"):
        told(result, f"labels with result='{result}', which has sums", lambda: whit.compile(linear_model.RidgeClassifier().fit(X, LABELS), target="host", result=result).bench(X, LABELS))
    file = whit.compile(model.path, target="host")
    check(file.bench(X, LABELS * 1.0)[0]["accuracy"] == right, "numbers of classes for a file")
    for labels in (LABELS + 0.5, LABELS.astype(str), [None] * len(X)):
        told(f"labels {labels[0]!r} for a file", "a model file's are its classes' numbers", lambda: file.bench(X, labels))


def tables(labels):
    try:
        import pandas
        return [("a series", pandas.Series(labels)), ("a table", pandas.DataFrame(labels))]
    except ImportError as error:
        print(f"left out: {error}")
        return []


def check_cell():
    model = whit.compile(linear_model.LogisticRegression().fit(X, LABELS), target="nucleo-l4r5zi")
    for name, values, known in (("period", (1, "1", "0s", "0.0min", "1us", "1 s", "-1s", "1e3s", "s"), "times such as '250ms'"), ("battery", (5, "220mAh", "3V@220mAh", "0mAh@3V"), "charge and voltage")):
        for value in values:
            told(f"{name}={value!r}", [f"{name} {value!r}; known are", known], lambda: model.bench(X[:1], **{name: value}))
    told("no targets", "targets []; known are names", lambda: model.bench(X[:1], targets=[]))
    for options in ({"period": "1.5s"}, {"period": "10min", "battery": "1Ah@3.0V"}, {"period": "0.5h", "battery": ".5mAh@3V"}):
        check("duty_cycle" in model.bench(X[:1], **options)[0], f"the program takes {options}")


def warned(estimator, **options):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        whit.compile(estimator, target="host", **options)
    return " ".join(str(one.message) for one in caught if one.category is UserWarning)


def check_advice():
    """Of finer numbers: what this model has, and does not use already."""
    line, far = linear_model.LinearRegression(), 1e6 + X.astype(float) / 10
    for estimator, samples, options, expected in (
            (svm.SVR(), X, {"input_type": "int8"}, "Finer are input_type='int16'; input_type='float32'"),
            (line, X, {"input_scale": 3}, "Finer are another input_scale, or none; input_type='float32'"),
            (line, X, {"input_type": "int8", "input_scale": 1, "weight_bits": 8}, "Finer are weight_bits=16; input_type='int16'; another input_scale, or none; input_type='float32'"),
            (tree.DecisionTreeRegressor(), X, {"leaf_levels": 3, "input_type": "float32"}, "integers are too coarse. Finer are more leaf_levels"),
            (line, far, {"input_type": "float32"}, "float32 numbers are too coarse. Scale the features")):
        said = warned(estimator.fit(samples, TARGETS), samples=samples, **options)
        ends = said.endswith(expected) or "Scale" in expected and expected in said
        check("values that differ by up to" in said and ends, f"{type(estimator).__name__}, {options}: {said}")


def check_gaps():
    """Samples with NaN, infinite values or ones beyond float32 keep features from becoming integers."""
    holes = X.astype(float)
    holes[1, 2], holes[3, :2], holes[5, 0] = numpy.nan, numpy.inf, 1e300
    estimator = ensemble.HistGradientBoostingClassifier(max_iter=3, random_state=1).fit(X, LABELS)
    said = warned(estimator, samples=holes)
    check(said.startswith("features are stored as float32, as 3 of 60 samples have missing"), f"gaps are told of: {said}")
    for options in ({"samples": holes, "input_type": "float32"}, {"samples": X}, {}):
        check(warned(estimator, **options) == "", f"nothing to tell of: {options.keys()}")


def check_pruning():
    """How near a forest comes to the flash and the accuracy that are asked for; firmware of the one that is found."""
    noisy = (TARGETS + RANDOM.normal(0, 2, len(X)) > 0).astype(int)
    forest = ensemble.RandomForestClassifier(30, random_state=1).fit(X, noisy)

    def pruned(flash, **options):
        return whit.prune_to_fit(forest, X, noisy[:, None], "nucleo-g0b1re", flash, **options)

    whole = pruned(10 ** 6)
    told("too little flash", ["fit 10 bytes of nucleo-g0b1re: with 97.5% of the splits given up it still takes ", "fit fewer trees"], lambda: pruned(10), whit.WhitError)
    told("too much accuracy", ["fit 300 bytes", "(it takes ", "lost, where lost=0.01 allows "], lambda: pruned(300), whit.WhitError)
    told("flash in words", "flash '20k'; known are numbers of bytes", lambda: pruned("20k"))
    told("no chip", "target 'host', whose flash is not counted", lambda: whit.prune_to_fit(forest, X, noisy, "host", 20000))
    with tempfile.TemporaryDirectory() as folder:
        smaller, written = pruned(whole.flash * 2 // 3, lost=1, output=f"{folder}/pruned"), pathlib.Path(folder)
        smaller.model.write(written / "again")
        same = (written / "pruned/model.cpp").read_bytes() == (written / "again/model.cpp").read_bytes()
    check(whole.fraction == 0 < smaller.fraction and smaller.flash <= whole.flash * 2 // 3 and same, f"{smaller.fraction} of the splits given up, and written")


check_model_files()
check_paths()
check_columns()
check_labels()
check_cell()
check_advice()
check_gaps()
check_pruning()
finish()
