# SPDX-License-Identifier: Apache-2.0
"""Random models of every estimator that whit compiles, against the packages that trained them.

    conformance.py WHIT [--models 20] [--samples 1000] [--only PATTERN]

Floats: classifiers give the same label away from exact ties, regressors stay within 1e-5 of the largest value. Integers:
the labels that differ are counted, at most 0.1 % for trees. Ends with the table; exit code 77 without scikit-learn.
"""

import argparse
import fnmatch
import os
import pathlib
import sys
import warnings

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "python"))

try:
    import numpy
    from sklearn import base, datasets
except ImportError as error:
    print(f"skipped: {error}")
    sys.exit(77)

import whit
from makers import kinds, probable, transformers, without_maker

warnings.simplefilter("ignore")  # models that have not converged are good enough here
RANKERS = ("XGBRanker", "LGBMRanker")
TIE = 1e-6  # of the largest decision value: closer than float32 sums tell apart


def samples_for(name, X, random):
    """What the transformer is for: categories, gaps, or the samples as they are."""
    if "Encoder" in name or "of 0" in name:
        return numpy.clip(numpy.round(X), -1, 1)
    if "Imputer" in name:
        return numpy.where(random.random(X.shape) < 0.1, numpy.nan, X).astype(numpy.float32)
    return X


def random_problem(seed, classify):
    """Training and test samples of a random size, as float32; and what is to be learnt."""
    random = numpy.random.default_rng(seed)
    features = int(random.integers(4, 20))
    if classify:
        classes = int(random.integers(2, 6))
        X, y = datasets.make_classification(1300, features, n_informative=4, n_redundant=0, n_classes=classes,
                                            n_clusters_per_class=1, flip_y=0.05, random_state=seed)
    else:
        X, y = datasets.make_regression(1300, features, noise=5, random_state=seed)
    return X.astype(numpy.float32), y


def ties(estimator, X):
    """Samples whose two best decision values are as good as equal."""
    if hasattr(estimator, "decision_function"):
        values = estimator.decision_function(X)
    elif hasattr(estimator, "predict_proba"):
        values = estimator.predict_proba(X)
    else:
        return numpy.zeros(len(X), dtype=bool)
    if values.ndim == 1:
        return numpy.abs(values) <= TIE * numpy.abs(values).max()
    best = numpy.sort(values, axis=1)
    return best[:, -1] - best[:, -2] <= TIE * numpy.abs(values).max()


def errors_of(answers, expected):
    """Of each sample the largest difference: infinite where only one is a number, or the shapes differ."""
    if answers.shape != expected.shape:
        return numpy.full(len(expected), numpy.inf)
    differences = numpy.abs(answers - expected)
    differences = numpy.where(numpy.isnan(differences), numpy.inf, differences)
    return numpy.where(numpy.isnan(answers) & numpy.isnan(expected), 0, differences).reshape(len(expected), -1).max(axis=1)


class Tally:
    """What the models of one estimator gave."""

    def __init__(self, name, is_tree):
        self.name, self.is_tree = name, is_tree
        self.samples = self.differ = self.ties = self.integers_differ = 0
        self.error, self.integer_error, self.classify = 0.0, 0.0, False

    def add(self, estimator, train, X):
        expected = estimator.predict(X)
        answers = whit.compile(estimator, target="host").predict(X)
        integers = whit.compile(estimator, target="host", samples=train).predict(X) if numpy.isfinite(train).all() else answers
        self.samples += len(X)
        self.classify = whit.classes_of(estimator) is not None
        if not self.classify:
            largest = float(numpy.abs(expected).max())
            self.error = max(self.error, float(errors_of(answers, expected).max()) / largest)
            self.integer_error = max(self.integer_error, float(numpy.percentile(errors_of(integers, expected), 99)) / largest)
            return
        near = ties(estimator, X)
        wrong = answers != expected
        self.ties += int(numpy.count_nonzero(wrong & near))
        self.differ += int(numpy.count_nonzero(wrong & ~near))
        self.integers_differ += int(numpy.count_nonzero(integers != expected))

    def add_transformer(self, transformer, train, X):
        """Values; and of integers the error on samples like those of training."""
        wanted = "probabilities" if "probabilities" in self.name else None
        expected = numpy.asarray(transformer.predict_proba(X) if wanted else transformer.transform(X))
        largest = float(numpy.abs(expected).max()) or 1.0
        self.samples += len(X)
        errors = errors_of(whit.compile(transformer, target="host", result=wanted).predict(X), expected) / largest
        if self.name.startswith("SVC") and len(transformer.classes_) > 2:  # a round more or less of the coupling, at the very limit where it stops
            self.ties += int(numpy.count_nonzero(errors >= 1e-5))
            errors = errors[errors < 1e-5]
        self.error = max(self.error, float(errors.max()))
        if numpy.isfinite(train).all():
            integers = whit.compile(transformer, target="host", samples=train, result=wanted).predict(X)
            self.integer_error = max(self.integer_error, float(numpy.percentile(errors_of(integers, expected), 99)) / largest)

    def sound(self):
        return self.differ == 0 and self.error < 1e-5 and (self.classify or self.ties <= 0.001 * self.samples) and (not self.is_tree or self.integers_differ <= 0.001 * self.samples)

    def line(self):
        figures = (f"{self.differ} labels differ, {self.ties} at ties; in integers {self.integers_differ} "
                   f"({100 * self.integers_differ / self.samples:.3f} %)" if self.classify else f"largest error {self.error:.1e}" + (f"; in integers, of 99 % {self.integer_error:.1e}" if self.integer_error else "")
                   + (f"; {self.ties} samples where the coupling stops a round sooner or later" if self.ties else ""))
        return f"{'ok   ' if self.sound() else 'WRONG'} {self.name:32} {self.samples:7} samples  {figures}"


def problem_for(name, estimator, seed, transforms):
    """Samples as the estimator takes them, and what is to be learnt: of rankers grades of ten queries of 30 samples each."""
    X, y = random_problem(seed, transforms or not (base.is_regressor(estimator) or name in RANKERS))
    if transforms:
        X = samples_for(name, X, numpy.random.default_rng(seed))
    if "missing values" in name:
        X = numpy.where(numpy.random.default_rng(seed).random(X.shape) < 0.2, numpy.nan, X).astype(numpy.float32)
    if name in RANKERS:
        return X, numpy.digitize(y, numpy.percentile(y, (25, 50, 75))), {"group": [30] * 10}
    return X, y, {}


def tally_of(name, make, is_tree, transforms, models, samples):
    tally = Tally(name, is_tree)
    for seed in range(models):
        estimator = make()
        X, y, more = problem_for(name, estimator, seed, transforms)
        estimator.set_params(**{key: seed for key in estimator.get_params() if key.endswith("random_state")})
        estimator.fit(X[:-1000], y[:-1000], **more)
        (tally.add_transformer if transforms else tally.add)(estimator, X[:-1000], X[-samples:])
    return tally


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("whit")
    parser.add_argument("--models", type=int, default=20)
    parser.add_argument("--samples", type=int, default=1000)
    parser.add_argument("--only", default="*")
    arguments = parser.parse_args()
    os.environ["WHIT"] = os.path.abspath(arguments.whit)
    missed = without_maker()
    for name in missed:
        print(f"WRONG {name}: whit compiles it, and nothing here makes one")
    sound = not missed
    made = [(name, make, is_tree, False) for name, make, is_tree in kinds()] + [(name, make, False, True) for name, make in {**transformers(), **probable()}.items()]
    for name, make, is_tree, transforms in made:
        if fnmatch.fnmatch(name, arguments.only):
            tally = tally_of(name, make, is_tree, transforms, arguments.models, arguments.samples)
            print(tally.line(), flush=True)
            sound = sound and tally.sound()
    return 0 if sound else 1


if __name__ == "__main__":
    sys.exit(main())
