# SPDX-License-Identifier: Apache-2.0
"""Random CatBoost models, saved as JSON, against CatBoost.

    catboost_models.py WHIT [--models 20] [--samples 1000]

Labels are the same away from ties, numbers within 1e-5 of the largest. Exit code 77 without CatBoost.
"""

import argparse
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

try:
    import catboost
    import numpy
    from sklearn import datasets
except ImportError as error:
    print(f"skipped: {error}")
    sys.exit(77)

TIE = 1e-6
QUIET = {"verbose": 0, "allow_writing_files": False, "thread_count": 1}


class Positive(catboost.CatBoostRegressor):
    """Trained on sizes around 1, as counts and amounts are."""

    def fit(self, train):
        sizes = numpy.abs(numpy.asarray(train.get_label(), dtype=float))
        return super().fit(catboost.Pool(train.get_features(), sizes / sizes.mean()))


class Doubtful(catboost.CatBoostClassifier):
    """Of two classes the second only where it is sure."""

    def fit(self, train):
        super().fit(catboost.Pool(train.get_features(), numpy.asarray(train.get_label(), dtype=int) > 0))
        self.set_probability_threshold(0.7)
        return self


def kinds():
    for policy in ("SymmetricTree", "Depthwise", "Lossguide"):
        yield f"CatBoostClassifier {policy}", True, lambda policy=policy: catboost.CatBoostClassifier(iterations=8, grow_policy=policy, **QUIET), False
        yield f"CatBoostRegressor {policy}", False, lambda policy=policy: catboost.CatBoostRegressor(iterations=8, grow_policy=policy, **QUIET), False
    for statistic in ("Borders", "Buckets", "Counter", "BinarizedTargetMeanValue"):
        yield f"CatBoostClassifier {statistic}", True, lambda statistic=statistic: catboost.CatBoostClassifier(
            iterations=8, one_hot_max_size=1, max_ctr_complexity=1, simple_ctr=statistic, **QUIET), True
    for loss in ("Poisson", "Tweedie:variance_power=1.5", "RMSEWithUncertainty"):
        yield f"CatBoostRegressor {loss}", False, lambda loss=loss: Positive(loss_function=loss, iterations=8, **QUIET), False
    yield "CatBoostClassifier, threshold 0.7", True, lambda: Doubtful(iterations=8, **QUIET), False
    yield "CatBoostRegressor, categories", False, lambda: catboost.CatBoostRegressor(iterations=8, one_hot_max_size=8, **QUIET), True


def problem(seed, classify, categories, samples):
    """Features with missing values in the first; the last two are categories if asked for."""
    random = numpy.random.default_rng(seed)
    features = int(random.integers(4, 12))
    if classify:
        X, y = datasets.make_classification(400 + samples, features, n_informative=4, n_redundant=0, n_classes=int(random.integers(2, 5)),
                                            n_clusters_per_class=1, random_state=seed)
    else:
        X, y = datasets.make_regression(400 + samples, features, noise=5, random_state=seed)
    X = X.astype(numpy.float32)
    if categories:
        X[:, -2:] = random.integers(0, 5, size=(len(X), 2))
        X[400:403, -1] = 9  # never seen in training
        y = y + (X[:, -1] == 2) if classify else y + 50 * (X[:, -1] == 2) - 30 * (X[:, -2] == 1)
    else:
        X[random.random(len(X)) < 0.1, 0] = numpy.nan
    return X, y


def table_of(X, categories):
    """What CatBoost takes: categories as whole numbers."""
    if not categories:
        return X
    return [[*(float(value) for value in row[:-2]), int(row[-2]), int(row[-1])] for row in X]


def hashes_of(fitted, folder, train):
    """CatBoost's hashes by their category: a table that it writes with the model as Python code."""
    code = folder / "model.py"
    fitted.save_model(str(code), format="python", pool=train)
    return {name: int(value) for name, value in re.findall(r'"([^"]*)"\s*:\s*(-?\d+)', code.read_text().split("cat_features_hashes = {")[1].split("}")[0])}


def coded(X, document, hashes):
    """What the device takes: a category's place among the file's values."""
    X = X.copy()
    for feature in document["features_info"].get("categorical_features", []):
        column = feature["flat_feature_index"]
        compared = feature.get("values", [])  # else their statistics are
        listed = [entry["hash"] - (entry["hash"] >> 31 << 32) for entry in document["features_info"].get("cat_features_hash", [])]
        places = {value: place for place, value in enumerate(compared or listed)}
        X[:, column] = [places.get(hashes.get(str(int(value))), -1) for value in X[:, column]]
    return X


def answers(whit, folder, fitted, X, train, categories):
    model, samples, output = folder / "model.json", folder / "samples.bin", folder / "output.npy"
    fitted.save_model(str(model), format="json", pool=train)
    if categories:
        X = coded(X, json.loads(model.read_text()), hashes_of(fitted, folder, train))
    samples.write_bytes(numpy.ascontiguousarray(X, dtype=numpy.float32).tobytes())
    subprocess.run([whit, "run", model, "--input", samples, "--output", output], check=True, stdout=subprocess.DEVNULL)
    return numpy.load(output).reshape(len(X), -1).squeeze()


def wrong_answers(fitted, ours, X, classify):
    """How many are wrong, and a text."""
    if not classify:
        expected = fitted.predict(X)
        far = float(numpy.abs(ours - expected).max() / numpy.abs(expected).max())
        return not far < 1e-5, f"largest error {far:.1e}"
    scores = numpy.asarray(fitted.predict(X, prediction_type="RawFormulaVal")).reshape(len(ours), -1)
    if scores.shape[1] == 1:
        scores = numpy.hstack([-scores, scores - 2 * numpy.log(0.7 / 0.3) * isinstance(fitted, Doubtful)])
    best = numpy.sort(scores, axis=1)
    near = best[:, -1] - best[:, -2] <= TIE * numpy.abs(scores).max()
    wrong = int(numpy.count_nonzero((fitted.classes_[ours.astype(int)] != fitted.predict(X).reshape(-1)) & ~near))
    return wrong, f"{wrong} of {len(ours)} labels differ, {int(near.sum())} ties"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("whit")
    parser.add_argument("--models", type=int, default=20)
    parser.add_argument("--samples", type=int, default=1000)
    arguments = parser.parse_args()
    sound = True
    for name, classify, make, categories in kinds():
        for seed in range(arguments.models):
            X, y = problem(seed, classify, categories, arguments.samples)
            columns = [X.shape[1] - 2, X.shape[1] - 1] if categories else None
            train = catboost.Pool(table_of(X[:400], categories), y[:400], cat_features=columns)
            fitted = make().fit(train)
            with tempfile.TemporaryDirectory(prefix="whit-catboost-") as text:
                ours = answers(os.path.abspath(arguments.whit), pathlib.Path(text), fitted, X[400:], train, categories)
            wrong, words = wrong_answers(fitted, ours, table_of(X[400:], categories), classify)
            sound &= not wrong
            print(f"{'WRONG' if wrong else 'ok   '} {name:36} {seed:2} {words}", flush=True)
    return 0 if sound else 1


if __name__ == "__main__":
    sys.exit(main())
