# SPDX-License-Identifier: Apache-2.0
"""Fitted estimators through the program: the same labels and values as scikit-learn, on this computer and on chips.

    estimators.py WHIT    exit code 77 without scikit-learn: skipped
"""

import os
import pathlib
import subprocess
import sys
import tempfile
import warnings

from judging import ROOT, check, finish

import numpy
from sklearn import cluster, covariance, datasets, decomposition, discriminant_analysis, ensemble, feature_selection, impute, linear_model, mixture, naive_bayes, neighbors, neural_network, pipeline, preprocessing, svm, tree
from sklearn.model_selection import train_test_split

import whit

warnings.simplefilter("ignore")  # models that have not converged are good enough here


def split(load):
    return train_test_split(*load(return_X_y=True), test_size=0.3, random_state=1)


def check_classifiers():
    for load in (datasets.load_digits, datasets.load_breast_cancer):
        X, X_test, y, _ = split(load)
        for estimator in (tree.DecisionTreeClassifier(max_depth=5), ensemble.RandomForestClassifier(12),
                          ensemble.ExtraTreesClassifier(10, max_depth=6), ensemble.GradientBoostingClassifier(n_estimators=5),
                          ensemble.HistGradientBoostingClassifier(max_iter=5)):
            estimator.set_params(random_state=1).fit(X, y)
            model = whit.compile(estimator, target="host")
            differ = numpy.count_nonzero(model.predict(X_test) != estimator.predict(X_test.astype(numpy.float32)))
            check(differ == 0, f"{type(estimator).__name__} on {load.__name__}: {differ} of {len(X_test)} labels differ")


def check_boosting_packages():
    """XGBoost and LightGBM, by estimator file and by their own files."""
    try:
        import lightgbm
        import xgboost
    except ImportError as error:
        print(f"left out: {error}")
        return
    quiet = {"n_estimators": 8, "random_state": 1, "n_jobs": 1}
    for load in (datasets.load_iris, datasets.load_breast_cancer):
        X, X_test, y, _ = split(load)
        X_test = X_test.astype(numpy.float32)
        for estimator in (xgboost.XGBClassifier(**quiet), lightgbm.LGBMClassifier(verbose=-1, **quiet)):
            estimator.fit(X, y)
            with tempfile.TemporaryDirectory() as folder:
                if isinstance(estimator, xgboost.XGBClassifier):
                    files = [f"{folder}/model.json", f"{folder}/model.ubj"]
                    for file in files:
                        estimator.save_model(file)
                else:
                    files = [f"{folder}/model.txt"]
                    estimator.booster_.save_model(files[0])
                for source in (estimator, *files):
                    labels = whit.compile(source, target="host").predict(X_test).astype(int)
                    differ = numpy.count_nonzero(labels != estimator.predict(X_test))
                    check(differ == 0, f"{type(estimator).__name__} on {load.__name__} by {os.path.basename(str(source))[:20]}: {differ} labels differ")
    X, X_test, y, _ = split(datasets.load_diabetes)
    for estimator in (xgboost.XGBRegressor(**quiet), lightgbm.LGBMRegressor(verbose=-1, **quiet)):
        expected = estimator.fit(X, y).predict(X_test.astype(numpy.float32))
        error = numpy.abs(whit.compile(estimator, target="host").predict(X_test) - expected).max() / numpy.abs(expected).max()
        check(error < 1e-5, f"{type(estimator).__name__}: {error:.1e} of the largest value")


def check_regressors():
    X, X_test, y, _ = split(datasets.load_diabetes)
    X, X_test = X.astype(numpy.float32), X_test.astype(numpy.float32)
    several = numpy.stack([y, -2 * y], axis=1)
    for estimator, targets in ((tree.DecisionTreeRegressor(), y), (ensemble.RandomForestRegressor(20), several),
                               (ensemble.GradientBoostingRegressor(n_estimators=20), y),
                               (ensemble.HistGradientBoostingRegressor(max_iter=10), y)):
        estimator.set_params(random_state=1).fit(X, targets)
        expected = estimator.predict(X_test)
        error = numpy.abs(whit.compile(estimator, target="host").predict(X_test) - expected).max() / numpy.abs(expected).max()
        check(error < 1e-5, f"{type(estimator).__name__}: {error:.1e} of the largest value")


def check_linear_models():
    for load in (datasets.load_digits, datasets.load_breast_cancer, datasets.load_wine):
        X, X_test, y, _ = split(load)
        for estimator in (linear_model.LogisticRegression(max_iter=50), svm.SVC(kernel="linear"),
                          pipeline.make_pipeline(preprocessing.StandardScaler(), decomposition.PCA(8), svm.SVC(kernel="linear"))):
            estimator.fit(X, y)
            for samples, allowed in ((None, 0), (X, 0.005)):
                differ = numpy.count_nonzero(whit.compile(estimator, target="host", samples=samples).predict(X_test) != estimator.predict(X_test))
                check(differ <= allowed * len(X_test), f"{type(estimator).__name__} on {load.__name__}, "
                      f"{'integers' if samples is not None else 'floats'}: {differ} of {len(X_test)} labels differ")
    X, X_test, y, _ = split(datasets.load_diabetes)
    ridge = linear_model.Ridge().fit(X, y)
    error = numpy.abs(whit.compile(ridge, target="host").predict(X_test) - ridge.predict(X_test)).max() / numpy.abs(y).max()
    check(error < 1e-5, f"Ridge: {error:.1e} of the largest value")


def check_vector_machines():
    for load in (datasets.load_digits, datasets.load_breast_cancer):
        X, X_test, y, _ = split(load)
        for last in (svm.SVC(), svm.SVC(kernel="poly"), svm.SVC(kernel="sigmoid"), svm.NuSVC(nu=0.1), svm.OneClassSVM()):
            check_labels(pipeline.make_pipeline(preprocessing.StandardScaler(), last).fit(X, y), X, X_test, 0.02)
    X, X_test, y, _ = split(datasets.load_diabetes)
    check_values(svm.SVR(C=100.0).fit(X, y), X, X_test, 0.002)


def check_networks():
    for load in (datasets.load_digits, datasets.load_wine):
        X, X_test, y, _ = split(load)
        for activation in ("relu", "tanh", "logistic", "identity"):
            network = neural_network.MLPClassifier((16, 8), activation=activation, random_state=1, max_iter=50)
            check_labels(pipeline.make_pipeline(preprocessing.StandardScaler(), network).fit(X, y), X, X_test, 0.01)
    X, X_test, y, _ = split(datasets.load_diabetes)
    check_values(neural_network.MLPRegressor(hidden_layer_sizes=(16,), random_state=1).fit(X, y), X, X_test, 0.01)


def check_densities():
    for load in (datasets.load_digits, datasets.load_wine):
        X, X_test, y, _ = split(load)
        X, X_test = X.astype(numpy.float32), X_test.astype(numpy.float32)
        forms = [mixture.GaussianMixture(3, covariance_type=form, reg_covar=1e-3, random_state=1) for form in ("full", "tied", "diag", "spherical")]
        for estimator in (naive_bayes.GaussianNB(), naive_bayes.MultinomialNB(), naive_bayes.ComplementNB(), naive_bayes.BernoulliNB(binarize=2.505),
                          discriminant_analysis.QuadraticDiscriminantAnalysis(reg_param=0.01), cluster.KMeans(4, random_state=1), neighbors.NearestCentroid(),
                          mixture.BayesianGaussianMixture(n_components=3, reg_covar=1e-3, random_state=1), covariance.EllipticEnvelope(random_state=1),
                          ensemble.IsolationForest(n_estimators=20, random_state=1), *forms):
            check_labels(estimator.fit(X, y), X, X_test, 0.02)


def check_neighbours():
    for load in (datasets.load_digits, datasets.load_wine):
        X, X_test, y, _ = split(load)
        X, X_test = X.astype(numpy.float32), X_test.astype(numpy.float32)
        for last in (neighbors.KNeighborsClassifier(3), neighbors.KNeighborsClassifier(p=1), neighbors.LocalOutlierFactor(novelty=True)):
            check_labels(pipeline.make_pipeline(preprocessing.StandardScaler(), last).fit(X, y), X, X_test, 0.02)
    X, X_test, y, y_test = split(datasets.load_digits)
    nearest = neighbors.KNeighborsClassifier(1).fit(X, y)
    document, all_of_them = whit.estimator_document(nearest, samples=X, condense=True), len(X)
    kept = len(document["steps"][0]["vectors"])
    right = numpy.mean(whit.compile(nearest, target="host", samples=X, condense=True).predict(X_test) == y_test)
    check(kept < all_of_them / 5 and right > 0.96, f"condensed neighbours: {kept} of {all_of_them} vectors, {right:.3f} right")


def check_preparing_steps():
    """Every step before every kind of estimator (but neighbours, of which discrete features have many equally near)."""
    X, X_test, y, _ = split(datasets.load_wine)
    X, X_test = X.astype(numpy.float32), X_test.astype(numpy.float32)
    for step in (preprocessing.MinMaxScaler(clip=True), preprocessing.Binarizer(threshold=2.005), preprocessing.QuantileTransformer(n_quantiles=50),
                 preprocessing.KBinsDiscretizer(encode="ordinal", n_bins=4), preprocessing.KBinsDiscretizer(encode="onehot-dense", n_bins=3),
                 feature_selection.SelectKBest(k=8), preprocessing.RobustScaler(), decomposition.PCA(5), preprocessing.Normalizer(), preprocessing.PowerTransformer(),
                 pipeline.make_pipeline(preprocessing.StandardScaler(), preprocessing.PolynomialFeatures(2))):
        for last in (linear_model.LogisticRegression(), ensemble.RandomForestClassifier(5, random_state=1), svm.SVC(),
                     neural_network.MLPClassifier((10,), random_state=1, max_iter=30), naive_bayes.GaussianNB()):
            check_labels(pipeline.make_pipeline(step, last).fit(X, y), X, X_test, 0.08)
    random = numpy.random.default_rng(1)
    X = numpy.stack([random.integers(0, 4, 300), random.integers(0, 3, 300) * 5], axis=1).astype(numpy.float32)
    y = (X[:, 0] % 2 + X[:, 1] > 5).astype(int)
    for step in (preprocessing.OneHotEncoder(), preprocessing.OneHotEncoder(drop="first"), preprocessing.OrdinalEncoder()):
        check_labels(pipeline.make_pipeline(step, linear_model.LogisticRegression()).fit(X, y), X, X, 0)


def check_coarse_integers():
    """Components have the range that samples show, and 16-bit weights; labels that change nevertheless give a warning."""
    X, X_test, y, _ = split(datasets.load_digits)
    fitted = pipeline.make_pipeline(preprocessing.StandardScaler(), decomposition.PCA(12), svm.SVC()).fit(X, y)
    for options in ({"input_type": "int16"}, {"input_type": "uint8"}, {"input_type": "int8"}, {"weight_bits": 8}, {"vector_bits": 16}):
        model, said = compiled_with_warnings(fitted, samples=X, **options)
        differ = numpy.count_nonzero(model.predict(X_test) != fitted.predict(X_test))
        check(differ <= (1 if "vector_bits" in options else 5) and not said, f"components and a vector machine, {options}: {differ} of {len(X_test)} labels differ, warned: {said}")
    said = compiled_with_warnings(fitted, samples=X, input_type="int8", input_scale=16)[1]
    steep = pipeline.make_pipeline(preprocessing.PowerTransformer(), linear_model.LogisticRegression()).fit(X, y)  # exponents down to -110
    differ = numpy.count_nonzero(whit.compile(steep, target="host", samples=X).predict(X_test) != steep.predict(X_test))
    check(differ <= 10, f"steep powers: {differ} of {len(X_test)} labels differ")
    check(len(said) == 1 and "of the samples another label than the Pipeline" in said[0], f"too coarse an input is told of: {said}")


def compiled_with_warnings(estimator, **options):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        model = whit.compile(estimator, target="host", **options)
    return model, [str(warning.message) for warning in caught]


def check_gaps():
    """Missing values filled in; the firmware takes them as floats."""
    X, X_test, y, _ = split(datasets.load_wine)
    random = numpy.random.default_rng(1)
    X, X_test = (numpy.where(random.random(values.shape) < 0.1, numpy.nan, values).astype(numpy.float32) for values in (X, X_test))
    fitted = pipeline.make_pipeline(impute.SimpleImputer(), preprocessing.StandardScaler(), linear_model.LogisticRegression()).fit(X, y)
    for target in ("host", "nucleo-l4r5zi"):
        said = whit.compile(fitted, target=target).verify(X_test[:20])
        check(said["bit_exact"] and said["labels_differ"] == 0, f"an imputer before a model: {said}")


def check_labels(estimator, X, X_test, allowed):
    """Floats answer as the estimator; integers all but a fraction of the samples."""
    name = " ".join(type(part).__name__ for _, part in estimator.steps) if hasattr(estimator, "steps") else type(estimator).__name__
    for samples, fraction in ((None, 0), (X, allowed)):
        differ = numpy.count_nonzero(whit.compile(estimator, target="host", samples=samples).predict(X_test) != estimator.predict(X_test.astype(numpy.float32)))
        check(differ <= fraction * len(X_test), f"{name}, {'floats' if samples is None else 'integers'}: {differ} of {len(X_test)} labels differ")


def check_values(estimator, X, X_test, allowed):
    """Real values: floats within 1e-5 of the largest, integers within a fraction of it."""
    expected = estimator.predict(X_test.astype(numpy.float32))
    for samples, bound in ((None, 1e-5), (X, allowed)):
        error = numpy.abs(whit.compile(estimator, target="host", samples=samples).predict(X_test) - expected).max() / numpy.abs(expected).max()
        check(error < bound, f"{type(estimator).__name__}, {'floats' if samples is None else 'integers'}: {error:.1e} of the largest value")


def check_missing_values():
    X, X_test, y, _ = split(datasets.load_iris)
    estimator = ensemble.HistGradientBoostingClassifier(max_iter=5, random_state=1).fit(X, y)
    holes = numpy.where(numpy.random.default_rng(1).random(X.shape) < 0.2, numpy.nan, X)
    trained_with = tree.DecisionTreeClassifier(random_state=1).fit(holes, y)
    holes = numpy.where(numpy.random.default_rng(2).random(X_test.shape) < 0.2, numpy.nan, X_test).astype(numpy.float32)
    for one in (trained_with, estimator):
        differ = numpy.count_nonzero(whit.compile(one, target="host").predict(holes) != one.predict(holes))
        check(differ == 0, f"{type(one).__name__} with missing values: {differ} of {len(holes)} labels differ")


def check_classes_by_name():
    X, X_test, y, _ = split(datasets.load_iris)
    names = numpy.array(["setosa", "versicolor", "virginica"])[y]
    estimator = tree.DecisionTreeClassifier(random_state=1).fit(X, names)
    check(set(whit.compile(estimator, target="host").predict(X_test)) <= set(names), "classes keep their names")


def check_refusals():
    class Unknown:
        pass

    for estimator, expected in ((Unknown(), "Unknown cannot be compiled; what can: "),
                                (tree.DecisionTreeClassifier(), "this DecisionTreeClassifier is not fitted")):
        try:
            whit.compile(estimator, target="host")
            check(False, f"{type(estimator).__name__} is refused")
        except whit.UnsupportedEstimator as error:
            check(expected in str(error), f"refused: {error}")


def check_what_is_given():
    """Samples, options, types and targets that make no sense are told of at once."""
    X, _, y, _ = split(datasets.load_iris)
    forest, line = ensemble.RandomForestClassifier(3, random_state=1).fit(X, y), linear_model.LogisticRegression().fit(X, y)
    stored = whit.compile(line, target="host", samples=X)
    holes = numpy.where(numpy.arange(X.size).reshape(X.shape) == 5, numpy.nan, X)
    for expected, ask in (
            ("the estimator takes (count, 4)", lambda: whit.compile(line, target="host", samples=X[:, :3])),
            ("the estimator takes (count, 4)", lambda: whit.compile(line, target="host", samples=X[0])),
            ("the estimator takes (count, 4)", lambda: stored.predict(X[0])),
            ("no target is called", lambda: whit.compile(line, target="arduino-duo")),
            ("weight_bits does not apply to this estimator, but to linear models", lambda: whit.compile(forest, target="host", weight_bits=8)),
            ("prune does not apply to this estimator, but to trees", lambda: whit.compile(line, target="host", prune=0.1)),
            ("condense does not apply", lambda: whit.compile(line, target="host", condense=True)),
            ("samples with a model file", lambda: whit.compile(stored.path, target="host", samples=X)),
            ("input_type 'int4'; known are float32, uint8, int8, int16", lambda: whit.compile(line, target="host", samples=X, input_type="int4")),
            ("integers cannot hold NaN", lambda: stored.predict(holes)),
            ("integers cannot hold NaN", lambda: stored.verify(X / 0)),
            ("integers cannot hold NaN", lambda: whit.compile(stored.path, target="host").predict(holes))):
        try:
            ask()
            check(False, f"refused with: {expected}")
        except (ValueError, whit.WhitError) as error:
            check(expected in str(error), f"refused: {error}"[:200])


def check_equal_files():
    """The same estimator gives the same bytes each time, and no path of this computer."""
    X, _, y, _ = split(datasets.load_iris)
    fitted = pipeline.make_pipeline(preprocessing.StandardScaler(), svm.SVC()).fit(X, y)
    with tempfile.TemporaryDirectory() as folder:
        written = [pathlib.Path(folder) / name for name in ("first", "second")]
        for one in written:
            whit.compile(fitted, target="nucleo-l4r5zi", samples=X, output=one)
        first, second = ({file.relative_to(one): file.read_bytes() for file in sorted(one.rglob("*")) if file.is_file()} for one in written)
    check(first and first == second, f"{len(first)} files are the same each time")


def check_other_results():
    """Probabilities are compared with the estimator's own; sums are no labels."""
    X, X_test, y, _ = split(datasets.load_digits)
    line = linear_model.LogisticRegression().fit(X, y)
    said = whit.compile(line, target="host", result="probabilities", samples=X).verify(X_test)
    check(said["bit_exact"] and said["largest_error"] < 0.01, f"probabilities: {said}")
    two = linear_model.LogisticRegression().fit(X, y > 4)
    model = whit.compile(two, target="host", result="reals")
    check(numpy.abs(model.predict(X_test) - two.decision_function(X_test)).max() < 1e-3 and "labels_differ" not in model.verify(X_test), "a sum of two classes")


def check_bench():
    """A period and a cell as on the command line; all targets by one word."""
    X, X_test, y, y_test = split(datasets.load_iris)
    model = whit.compile(linear_model.LogisticRegression().fit(X, y), target="nucleo-l4r5zi", samples=X)
    plain, cell = model.bench(X_test[:2])[0], model.bench(X_test[:2], period="1s", battery="220mAh@3V")[0]
    check(set(cell) > set(plain), f"a cell's life: {sorted(set(cell) - set(plain))}")
    check(len(model.bench(X_test[:2], targets="host")) == 1, "one target by its name")


def check_example():
    """The example as it stands in the README, for the Uno."""
    environment = dict(os.environ, PYTHONPATH=str(ROOT / "python"))
    with tempfile.TemporaryDirectory() as folder:
        result = subprocess.run([sys.executable, str(ROOT / "examples/forest/forest.py")], cwd=folder, env=environment,
                                capture_output=True, text=True, check=False)
        written = (pathlib.Path(folder) / "firmware/model.h").exists()
    check(result.returncode == 0 and written, f"the example runs: {result.stderr[-300:]}")
    check("'bit_exact': True, 'labels_differ': 0" in result.stdout, f"the example's chip agrees: {result.stdout[:120]}")
    example = (ROOT / "examples/forest/forest.py").read_text(encoding="utf-8").split('"""\n\n', 1)[1]
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    check(example.strip() in readme, "the README shows the example as it is")


check_classifiers()
check_boosting_packages()
check_regressors()
check_linear_models()
check_vector_machines()
check_networks()
check_densities()
check_neighbours()
check_preparing_steps()
check_coarse_integers()
check_gaps()
check_missing_values()
check_classes_by_name()
check_refusals()
check_what_is_given()
check_equal_files()
check_other_results()
check_bench()
check_example()
finish()
