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
    from sklearn import cluster, covariance, datasets, decomposition, discriminant_analysis, ensemble, feature_selection, impute, linear_model, mixture, naive_bayes, neighbors, neural_network, pipeline, preprocessing, svm, tree
except ImportError as error:
    print(f"skipped: {error}")
    sys.exit(77)

import whit

warnings.simplefilter("ignore")  # models that have not converged are good enough here
TIE = 1e-6  # of the largest decision value: closer than float32 sums tell apart


def scaled(last):
    return lambda: pipeline.make_pipeline(preprocessing.StandardScaler(), decomposition.PCA(3), last())


def kinds():
    """Name, maker, whether its integers are held to the bound of trees."""
    trees = {
        "DecisionTreeClassifier": tree.DecisionTreeClassifier, "ExtraTreeClassifier": tree.ExtraTreeClassifier,
        "RandomForestClassifier": lambda: ensemble.RandomForestClassifier(10), "ExtraTreesClassifier": lambda: ensemble.ExtraTreesClassifier(10),
        "GradientBoostingClassifier": lambda: ensemble.GradientBoostingClassifier(n_estimators=8),
        "HistGradientBoostingClassifier": lambda: ensemble.HistGradientBoostingClassifier(max_iter=8),
        "DecisionTreeRegressor": tree.DecisionTreeRegressor, "ExtraTreeRegressor": tree.ExtraTreeRegressor,
        "RandomForestRegressor": lambda: ensemble.RandomForestRegressor(10), "ExtraTreesRegressor": lambda: ensemble.ExtraTreesRegressor(10),
        "GradientBoostingRegressor": lambda: ensemble.GradientBoostingRegressor(n_estimators=8),
        "HistGradientBoostingRegressor": lambda: ensemble.HistGradientBoostingRegressor(max_iter=8),
    }
    linear = {
        "LogisticRegression": linear_model.LogisticRegression, "RidgeClassifier": linear_model.RidgeClassifier,
        "SGDClassifier": linear_model.SGDClassifier, "Perceptron": linear_model.Perceptron,
        "LinearDiscriminantAnalysis": discriminant_analysis.LinearDiscriminantAnalysis,
        "LinearSVC": svm.LinearSVC, "SVC linear": lambda: svm.SVC(kernel="linear"),
        "LinearRegression": linear_model.LinearRegression, "Ridge": linear_model.Ridge, "Lasso": lambda: linear_model.Lasso(alpha=0.01),
        "ElasticNet": lambda: linear_model.ElasticNet(alpha=0.01), "SVR linear": lambda: svm.SVR(kernel="linear"),
        "scaler, PCA, SVC linear": scaled(lambda: svm.SVC(kernel="linear")), "scaler, PCA, LogisticRegression": scaled(linear_model.LogisticRegression),
        "scaler, PCA, Ridge": scaled(linear_model.Ridge),
    }
    vectors = {
        "SVC rbf": svm.SVC, "SVC poly": lambda: svm.SVC(kernel="poly"), "SVC sigmoid": lambda: svm.SVC(kernel="sigmoid"), "NuSVC": lambda: svm.NuSVC(nu=0.2),
        "OneClassSVM": svm.OneClassSVM, "SVR rbf": lambda: svm.SVR(C=100.0), "SVR poly": lambda: svm.SVR(kernel="poly"), "NuSVR": lambda: svm.NuSVR(C=100.0),
        "scaler, PCA, SVC rbf": scaled(svm.SVC), "scaler, SVR rbf": lambda: pipeline.make_pipeline(preprocessing.StandardScaler(), svm.SVR()),
    }
    networks = {
        **{f"MLPClassifier {name}": lambda name=name: neural_network.MLPClassifier((12, 8), activation=name, max_iter=40)
           for name in ("relu", "tanh", "logistic", "identity")},
        "MLPRegressor": lambda: neural_network.MLPRegressor(hidden_layer_sizes=(16,), max_iter=40),
        "scaler, MLPClassifier": lambda: pipeline.make_pipeline(preprocessing.StandardScaler(), neural_network.MLPClassifier((16,), max_iter=40)),
    }
    positive = lambda last: lambda: pipeline.make_pipeline(preprocessing.MinMaxScaler(), last())
    densities = {
        "GaussianNB": naive_bayes.GaussianNB, "MultinomialNB": positive(naive_bayes.MultinomialNB), "ComplementNB": positive(naive_bayes.ComplementNB),
        "BernoulliNB": naive_bayes.BernoulliNB, "NearestCentroid": neighbors.NearestCentroid, "KMeans": lambda: cluster.KMeans(5),
        **{f"GaussianMixture {form}": lambda form=form: mixture.GaussianMixture(3, covariance_type=form) for form in ("full", "tied", "diag", "spherical")},
        "BayesianGaussianMixture": lambda: mixture.BayesianGaussianMixture(n_components=3, max_iter=20),
        "QuadraticDiscriminantAnalysis": discriminant_analysis.QuadraticDiscriminantAnalysis, "EllipticEnvelope": covariance.EllipticEnvelope,
        "IsolationForest": lambda: ensemble.IsolationForest(n_estimators=20),
    }
    near = {
        "KNeighborsClassifier": neighbors.KNeighborsClassifier, "KNeighborsClassifier manhattan": lambda: neighbors.KNeighborsClassifier(p=1),
        "KNeighborsRegressor": neighbors.KNeighborsRegressor, "LocalOutlierFactor": lambda: neighbors.LocalOutlierFactor(novelty=True),
    }
    members = [("a", linear_model.LogisticRegression()), ("b", tree.DecisionTreeClassifier(max_depth=6, random_state=1)), ("c", naive_bayes.GaussianNB()),
               ("d", svm.SVC())]
    values = [("a", linear_model.Ridge()), ("b", tree.DecisionTreeRegressor(max_depth=6, random_state=1)), ("c", svm.SVR(C=100.0))]
    combined = {
        "VotingClassifier hard": lambda: ensemble.VotingClassifier(members), "VotingClassifier soft": lambda: ensemble.VotingClassifier(members[:3], voting="soft", weights=[1, 2, 1]),
        "VotingClassifier forests": lambda: ensemble.VotingClassifier([("a", ensemble.RandomForestClassifier(5, random_state=1)), ("b", ensemble.ExtraTreesClassifier(8, random_state=1))], voting="soft"),
        "VotingRegressor": lambda: ensemble.VotingRegressor(values), "StackingClassifier": lambda: ensemble.StackingClassifier(members[:3], cv=3),
        "StackingClassifier predict": lambda: ensemble.StackingClassifier(members[:2], cv=3, stack_method="predict", passthrough=True),
        "StackingRegressor": lambda: ensemble.StackingRegressor(values, final_estimator=linear_model.Ridge(), cv=3),
    }
    try:
        import xgboost
        trees["XGBClassifier"] = lambda: xgboost.XGBClassifier(n_estimators=8, n_jobs=1)
        trees["XGBRegressor"] = lambda: xgboost.XGBRegressor(n_estimators=8, n_jobs=1)
    except ImportError:
        print("left out: xgboost")
    try:
        import lightgbm
        trees["LGBMClassifier"] = lambda: lightgbm.LGBMClassifier(n_estimators=8, verbose=-1, n_jobs=1)
        trees["LGBMRegressor"] = lambda: lightgbm.LGBMRegressor(n_estimators=8, verbose=-1, n_jobs=1)
    except ImportError:
        print("left out: lightgbm")
    return [(name, make, name in trees) for name, make in {**trees, **linear, **vectors, **networks, **densities, **near, **combined}.items()]


def probable():
    """Classifiers whose probabilities are compared."""
    return {f"{name}, probabilities": make for name, make in {
        "SVC": lambda: svm.SVC(probability=True), "SVC linear": lambda: svm.SVC(kernel="linear", probability=True),
        "RandomForestClassifier": lambda: ensemble.RandomForestClassifier(10), "GradientBoostingClassifier": lambda: ensemble.GradientBoostingClassifier(n_estimators=8),
        "LogisticRegression": linear_model.LogisticRegression, "SGDClassifier": lambda: linear_model.SGDClassifier(loss="log_loss"),
        "LinearDiscriminantAnalysis": discriminant_analysis.LinearDiscriminantAnalysis, "QuadraticDiscriminantAnalysis": discriminant_analysis.QuadraticDiscriminantAnalysis,
        "MLPClassifier": lambda: neural_network.MLPClassifier((12,), max_iter=40), "GaussianNB": naive_bayes.GaussianNB,
        "KNeighborsClassifier": neighbors.KNeighborsClassifier,
    }.items()}


def transformers():
    """Steps that prepare features, alone: their results are numbers."""
    pre = preprocessing
    return {
        "StandardScaler": pre.StandardScaler, "MinMaxScaler": pre.MinMaxScaler, "MinMaxScaler clip": lambda: pre.MinMaxScaler(clip=True), "MaxAbsScaler": pre.MaxAbsScaler,
        "RobustScaler": pre.RobustScaler, "Binarizer": pre.Binarizer, "PCA": lambda: decomposition.PCA(3), "PCA whiten": lambda: decomposition.PCA(3, whiten=True),
        **{f"Normalizer {norm}": lambda norm=norm: pre.Normalizer(norm) for norm in ("l1", "l2", "max")},
        "PolynomialFeatures": lambda: pre.PolynomialFeatures(2), "PolynomialFeatures 3": lambda: pre.PolynomialFeatures(3, interaction_only=True, include_bias=False),
        "PowerTransformer": pre.PowerTransformer,
        "PowerTransformer box-cox": lambda: pipeline.make_pipeline(pre.MinMaxScaler((1, 9), clip=True), pre.PowerTransformer(method="box-cox")),
        "QuantileTransformer": lambda: pre.QuantileTransformer(n_quantiles=100),
        "KBinsDiscretizer": lambda: pre.KBinsDiscretizer(encode="ordinal"), "KBinsDiscretizer onehot": lambda: pre.KBinsDiscretizer(encode="onehot-dense"),
        "OneHotEncoder": lambda: pre.OneHotEncoder(sparse_output=False, handle_unknown="ignore"), "OrdinalEncoder": pre.OrdinalEncoder,
        "SimpleImputer": impute.SimpleImputer, "SimpleImputer of 0": lambda: impute.SimpleImputer(missing_values=0, strategy="median"),
        "SelectKBest": lambda: feature_selection.SelectKBest(k=3), "VarianceThreshold": lambda: feature_selection.VarianceThreshold(0.5),
    }


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


class Tally:
    """What the models of one estimator gave."""

    def __init__(self, name, is_tree):
        self.name, self.is_tree = name, is_tree
        self.samples = self.differ = self.ties = self.integers_differ = 0
        self.error, self.integer_error, self.classify = 0.0, 0.0, False

    def add(self, estimator, train, X):
        expected = estimator.predict(X)
        answers = whit.compile(estimator, target="host").predict(X)
        self.samples += len(X)
        self.classify = whit.classes_of(estimator) is not None
        if not self.classify:
            self.error = max(self.error, float(numpy.abs(answers - expected).max() / numpy.abs(expected).max()))
            return
        near = ties(estimator, X)
        wrong = answers != expected
        self.ties += int(numpy.count_nonzero(wrong & near))
        self.differ += int(numpy.count_nonzero(wrong & ~near))
        self.integers_differ += int(numpy.count_nonzero(whit.compile(estimator, target="host", samples=train).predict(X) != expected))

    def add_transformer(self, transformer, train, X):
        """Values; and of integers the error on samples like those of training."""
        wanted = "probabilities" if "probabilities" in self.name else None
        expected = numpy.asarray(transformer.predict_proba(X) if wanted else transformer.transform(X))
        largest = float(numpy.abs(expected).max()) or 1.0
        self.samples += len(X)
        errors = numpy.abs(whit.compile(transformer, target="host", result=wanted).predict(X) - expected).reshape(len(X), -1).max(axis=1) / largest
        if self.name.startswith("SVC") and len(transformer.classes_) > 2:  # a round more or less of the coupling, at the very limit where it stops
            self.ties += int(numpy.count_nonzero(errors >= 1e-5))
            errors = errors[errors < 1e-5]
        self.error = max(self.error, float(errors.max()))
        if numpy.isfinite(train).all():
            integers = whit.compile(transformer, target="host", samples=train, result=wanted).predict(X)
            self.integer_error = max(self.integer_error, float(numpy.percentile(numpy.abs(integers - expected), 99)) / largest)

    def sound(self):
        return self.differ == 0 and self.error < 1e-5 and (self.classify or self.ties <= 0.001 * self.samples) and (not self.is_tree or self.integers_differ <= 0.001 * self.samples)

    def line(self):
        figures = (f"{self.differ} labels differ, {self.ties} at ties; in integers {self.integers_differ} "
                   f"({100 * self.integers_differ / self.samples:.3f} %)" if self.classify else f"largest error {self.error:.1e}" + (f"; in integers, of 99 % {self.integer_error:.1e}" if self.integer_error else "")
                   + (f"; {self.ties} samples where the coupling stops a round sooner or later" if self.ties else ""))
        return f"{'ok   ' if self.sound() else 'WRONG'} {self.name:32} {self.samples:7} samples  {figures}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("whit")
    parser.add_argument("--models", type=int, default=20)
    parser.add_argument("--samples", type=int, default=1000)
    parser.add_argument("--only", default="*")
    arguments = parser.parse_args()
    os.environ["WHIT"] = os.path.abspath(arguments.whit)
    sound = True
    made = [(name, make, is_tree, False) for name, make, is_tree in kinds()] + [(name, make, False, True) for name, make in {**transformers(), **probable()}.items()]
    for name, make, is_tree, transforms in made:
        if not fnmatch.fnmatch(name, arguments.only):
            continue
        tally = Tally(name, is_tree)
        for seed in range(arguments.models):
            estimator = make()
            classify = transforms or "Classifi" in name or any(word in name for word in ("SVC", "Logistic", "Perceptron", "Discriminant", "NB", "Centroid"))
            X, y = random_problem(seed, classify)
            X = samples_for(name, X, numpy.random.default_rng(seed)) if transforms else X
            parameters = estimator.get_params()
            estimator.set_params(**{key: seed for key in parameters if key.endswith("random_state")})
            estimator.fit(X[:-1000], y[:-1000])
            (tally.add_transformer if transforms else tally.add)(estimator, X[:-1000], X[-arguments.samples:])
        print(tally.line(), flush=True)
        sound = sound and tally.sound()
    return 0 if sound else 1


if __name__ == "__main__":
    sys.exit(main())
