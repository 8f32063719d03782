# SPDX-License-Identifier: Apache-2.0
"""Makers of every estimator that whit compiles, by name, and what of whit's list has none."""

import functools
import importlib.util

import numpy
from sklearn import cluster, compose, covariance, decomposition, discriminant_analysis, ensemble, feature_selection, impute, linear_model, mixture, multiclass, naive_bayes, neighbors, neural_network, pipeline, preprocessing, svm, tree

from whit import boosting, estimator_file

XGBOOST, LIGHTGBM = ({"n_estimators": 8, "n_jobs": 1, **more} for more in ({}, {"verbose": -1}))
WITH_GAPS = ("DecisionTree", "ExtraTree", "RandomForest", "HistGradientBoosting", "XGBClassifier", "XGBRegressor", "LGBMClassifier", "LGBMRegressor")  # take missing values


def scaled(last):
    return lambda: pipeline.make_pipeline(preprocessing.StandardScaler(), decomposition.PCA(3), last())


def behind(first, last):
    return lambda: pipeline.make_pipeline(first(), last())


def trees():
    """Trees and ensembles of them."""
    return {
        "DecisionTreeClassifier": tree.DecisionTreeClassifier, "ExtraTreeClassifier": tree.ExtraTreeClassifier,
        "RandomForestClassifier": lambda: ensemble.RandomForestClassifier(10), "ExtraTreesClassifier": lambda: ensemble.ExtraTreesClassifier(10),
        "GradientBoostingClassifier": lambda: ensemble.GradientBoostingClassifier(n_estimators=8),
        "HistGradientBoostingClassifier": lambda: ensemble.HistGradientBoostingClassifier(max_iter=8),
        "AdaBoostClassifier": lambda: ensemble.AdaBoostClassifier(tree.DecisionTreeClassifier(max_depth=2), n_estimators=10),
        "BaggingClassifier": lambda: ensemble.BaggingClassifier(n_estimators=8, max_features=0.7, max_samples=0.5),
        "BaggingRegressor": lambda: ensemble.BaggingRegressor(n_estimators=8, max_features=0.7, bootstrap_features=True),
        "DecisionTreeRegressor": tree.DecisionTreeRegressor, "ExtraTreeRegressor": tree.ExtraTreeRegressor,
        "RandomForestRegressor": lambda: ensemble.RandomForestRegressor(10), "ExtraTreesRegressor": lambda: ensemble.ExtraTreesRegressor(10),
        "GradientBoostingRegressor": lambda: ensemble.GradientBoostingRegressor(n_estimators=8),
        "HistGradientBoostingRegressor": lambda: ensemble.HistGradientBoostingRegressor(max_iter=8),
    }


def boosted():
    """XGBoost's and LightGBM's, as far as they are installed."""
    made = {}
    if installed("xgboost"):
        import xgboost
        made |= {name: lambda make=getattr(xgboost, name): make(**XGBOOST) for name in boosting.EXPORTERS if name.startswith("XGB")}
    if installed("lightgbm"):
        import lightgbm
        made |= {name: lambda make=getattr(lightgbm, name): make(**LIGHTGBM) for name in boosting.EXPORTERS if name.startswith("LGBM")}
    return made


@functools.cache
def installed(package):
    there = importlib.util.find_spec(package) is not None
    if not there:
        print(f"left out: {package}")
    return there


def linear():
    """Linear models."""
    return {
        "LogisticRegression": linear_model.LogisticRegression, "LogisticRegressionCV": lambda: linear_model.LogisticRegressionCV(Cs=3, cv=3),
        "RidgeClassifierCV": linear_model.RidgeClassifierCV, "PassiveAggressiveClassifier": linear_model.PassiveAggressiveClassifier,
        "RidgeCV": linear_model.RidgeCV, "LassoCV": lambda: linear_model.LassoCV(cv=3), "ElasticNetCV": lambda: linear_model.ElasticNetCV(cv=3),
        "SGDRegressor": linear_model.SGDRegressor, "LinearSVR": svm.LinearSVR, "BayesianRidge": linear_model.BayesianRidge, "HuberRegressor": linear_model.HuberRegressor,
        "RidgeClassifier": linear_model.RidgeClassifier,
        "SGDClassifier": linear_model.SGDClassifier, "Perceptron": linear_model.Perceptron,
        "LinearDiscriminantAnalysis": discriminant_analysis.LinearDiscriminantAnalysis,
        "LinearSVC": svm.LinearSVC, "SVC linear": lambda: svm.SVC(kernel="linear"),
        "LinearRegression": linear_model.LinearRegression, "Ridge": linear_model.Ridge, "Lasso": lambda: linear_model.Lasso(alpha=0.01),
        "ElasticNet": lambda: linear_model.ElasticNet(alpha=0.01), "SVR linear": lambda: svm.SVR(kernel="linear"),
        "scaler, PCA, SVC linear": scaled(lambda: svm.SVC(kernel="linear")), "scaler, PCA, LogisticRegression": scaled(linear_model.LogisticRegression),
        "scaler, PCA, Ridge": scaled(linear_model.Ridge),
    }


def vectors():
    """Vector machines."""
    return {
        "SVC rbf": svm.SVC, "SVC poly": lambda: svm.SVC(kernel="poly"), "SVC sigmoid": lambda: svm.SVC(kernel="sigmoid"), "NuSVC": lambda: svm.NuSVC(nu=0.2),
        "OneClassSVM": svm.OneClassSVM, "SVR rbf": lambda: svm.SVR(C=100.0), "SVR poly": lambda: svm.SVR(kernel="poly"), "NuSVR": lambda: svm.NuSVR(C=100.0),
        "scaler, PCA, SVC rbf": scaled(svm.SVC), "scaler, SVR rbf": lambda: pipeline.make_pipeline(preprocessing.StandardScaler(), svm.SVR()),
    }


def networks():
    """Perceptrons."""
    return {
        **{f"MLPClassifier {name}": lambda name=name: neural_network.MLPClassifier((12, 8), activation=name, max_iter=40)
           for name in ("relu", "tanh", "logistic", "identity")},
        "MLPRegressor": lambda: neural_network.MLPRegressor(hidden_layer_sizes=(16,), max_iter=40),
        "scaler, MLPClassifier": lambda: pipeline.make_pipeline(preprocessing.StandardScaler(), neural_network.MLPClassifier((16,), max_iter=40)),
    }


def positive(last):
    return behind(preprocessing.MinMaxScaler, last)


def densities():
    """Naive Bayes, clusters, mixtures, discriminants, outliers."""
    return {
        "GaussianNB": naive_bayes.GaussianNB, "MultinomialNB": positive(naive_bayes.MultinomialNB), "ComplementNB": positive(naive_bayes.ComplementNB),
        "BernoulliNB": naive_bayes.BernoulliNB, "NearestCentroid": neighbors.NearestCentroid, "KMeans": lambda: cluster.KMeans(5),
        "MiniBatchKMeans": lambda: cluster.MiniBatchKMeans(5),
        **{f"GaussianMixture {form}": lambda form=form: mixture.GaussianMixture(3, covariance_type=form) for form in ("full", "tied", "diag", "spherical")},
        "BayesianGaussianMixture": lambda: mixture.BayesianGaussianMixture(n_components=3, max_iter=20),
        "QuadraticDiscriminantAnalysis": discriminant_analysis.QuadraticDiscriminantAnalysis, "EllipticEnvelope": covariance.EllipticEnvelope,
        "IsolationForest": lambda: ensemble.IsolationForest(n_estimators=20),
    }


def near():
    """Neighbours."""
    return {
        "KNeighborsClassifier": neighbors.KNeighborsClassifier, "KNeighborsClassifier manhattan": lambda: neighbors.KNeighborsClassifier(p=1),
        "KNeighborsRegressor": neighbors.KNeighborsRegressor, "LocalOutlierFactor": lambda: neighbors.LocalOutlierFactor(novelty=True),
    }


def combined():
    """Votes, stacks, one against the rest."""
    members = [("a", linear_model.LogisticRegression()), ("b", tree.DecisionTreeClassifier(max_depth=6, random_state=1)), ("c", naive_bayes.GaussianNB()),
               ("d", svm.SVC())]
    values = [("a", linear_model.Ridge()), ("b", tree.DecisionTreeRegressor(max_depth=6, random_state=1)), ("c", svm.SVR(C=100.0))]
    return {
        "VotingClassifier hard": lambda: ensemble.VotingClassifier(members), "VotingClassifier soft": lambda: ensemble.VotingClassifier(members[:3], voting="soft", weights=[1, 2, 1]),
        "VotingClassifier forests": lambda: ensemble.VotingClassifier([("a", ensemble.RandomForestClassifier(5, random_state=1)), ("b", ensemble.ExtraTreesClassifier(8, random_state=1))], voting="soft"),
        "VotingRegressor": lambda: ensemble.VotingRegressor(values), "StackingClassifier": lambda: ensemble.StackingClassifier(members[:3], cv=3),
        "StackingClassifier predict": lambda: ensemble.StackingClassifier(members[:2], cv=3, stack_method="predict", passthrough=True),
        "OneVsRestClassifier": lambda: multiclass.OneVsRestClassifier(linear_model.LogisticRegression()),
        "OneVsRestClassifier of machines": lambda: multiclass.OneVsRestClassifier(svm.SVC()),
        "StackingRegressor": lambda: ensemble.StackingRegressor(values, final_estimator=linear_model.Ridge(), cv=3),
    }


def selected():
    """Choices of features that stand before a model only, and a discriminant analysis there."""
    line, select = linear_model.LogisticRegression, feature_selection
    return {
        "ColumnTransformer, LogisticRegression": behind(some_of_each, line), "ColumnTransformer, RandomForestClassifier": behind(some_of_each, lambda: ensemble.RandomForestClassifier(10)),
        "RFE, LogisticRegression": behind(lambda: select.RFE(line(), n_features_to_select=3), line),
        "RFECV, LogisticRegression": behind(lambda: select.RFECV(line(), cv=2), line),
        "LinearDiscriminantAnalysis, GaussianNB": behind(discriminant_analysis.LinearDiscriminantAnalysis, naive_bayes.GaussianNB),
    }


def kinds():
    """Name, maker, whether its integers are held to the bound of trees."""
    of_trees = {**trees(), **boosted()}
    of_trees |= {f"{name}, missing values": make for name, make in of_trees.items() if name.startswith(WITH_GAPS)}
    others = {**linear(), **vectors(), **networks(), **densities(), **near(), **combined(), **selected()}
    return [(name, make, name in of_trees) for name, make in {**of_trees, **others}.items()]


def probable():
    """Classifiers whose probabilities are compared."""
    return {f"{name}, probabilities": make for name, make in {
        "SVC": lambda: svm.SVC(probability=True), "SVC linear": lambda: svm.SVC(kernel="linear", probability=True),
        "RandomForestClassifier": lambda: ensemble.RandomForestClassifier(10), "GradientBoostingClassifier": lambda: ensemble.GradientBoostingClassifier(n_estimators=8),
        "BaggingClassifier": lambda: ensemble.BaggingClassifier(n_estimators=8, max_samples=0.1),
        "LogisticRegression": linear_model.LogisticRegression, "SGDClassifier": lambda: linear_model.SGDClassifier(loss="log_loss"),
        "LinearDiscriminantAnalysis": discriminant_analysis.LinearDiscriminantAnalysis, "QuadraticDiscriminantAnalysis": discriminant_analysis.QuadraticDiscriminantAnalysis,
        "MLPClassifier": lambda: neural_network.MLPClassifier((12,), max_iter=40), "GaussianNB": naive_bayes.GaussianNB,
        "KNeighborsClassifier": neighbors.KNeighborsClassifier,
    }.items()}


def some_of_each():
    """Scaled, cut into bins, projected, dropped and other columns."""
    return compose.ColumnTransformer([("scaled", preprocessing.StandardScaler(), [3, 0]), ("bins", preprocessing.KBinsDiscretizer(encode="onehot-dense"), [1]),
                                      ("projected", pipeline.make_pipeline(preprocessing.StandardScaler(), decomposition.PCA(2)), [0, 1, 2]), ("dropped", "drop", [2])], remainder="passthrough")


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
        **{f"FunctionTransformer {function.__name__}": lambda function=function: pipeline.make_pipeline(pre.MinMaxScaler((1, 9), clip=True), pre.FunctionTransformer(function))
           for function in (numpy.log, numpy.log1p, numpy.log2, numpy.log10, numpy.sqrt)},
        "FunctionTransformer": lambda: pipeline.make_pipeline(pre.StandardScaler(), pre.FunctionTransformer()),
        "SimpleImputer": impute.SimpleImputer, "SimpleImputer of 0": lambda: impute.SimpleImputer(missing_values=0, strategy="median"),
        "SelectPercentile": lambda: feature_selection.SelectPercentile(percentile=50), "GenericUnivariateSelect": lambda: feature_selection.GenericUnivariateSelect(param=50),
        **{name: lambda name=name: getattr(feature_selection, name)(alpha=0.5) for name in ("SelectFpr", "SelectFdr", "SelectFwe")},
        "SelectFromModel": lambda: feature_selection.SelectFromModel(tree.DecisionTreeClassifier()),
        "SequentialFeatureSelector": lambda: feature_selection.SequentialFeatureSelector(tree.DecisionTreeClassifier(max_depth=2), n_features_to_select=2, cv=2),
        "ColumnTransformer": some_of_each, "ColumnTransformer of scalers": lambda: compose.ColumnTransformer([("a", pre.StandardScaler(), [2, 0]), ("b", pre.MaxAbsScaler(), [1])], remainder="passthrough"),
        "FeatureUnion": lambda: pipeline.FeatureUnion([("a", pre.StandardScaler()), ("b", decomposition.PCA(2)), ("c", "passthrough"), ("d", "drop")], transformer_weights={"b": 0.5, "c": 2}),
        "SelectKBest": lambda: feature_selection.SelectKBest(k=3), "VarianceThreshold": lambda: feature_selection.VarianceThreshold(0.5),
    }


def names_of(estimator):
    return [type(part).__name__ for part in ([part for _, part in estimator.steps] if hasattr(estimator, "steps") else [estimator])]


def without_maker():
    """What whit compiles and no maker makes, last or before other steps; of packages that are installed."""
    made = [names_of(make()) for make in [*(make for _, make, _ in kinds()), *probable().values(), *transformers().values()]]
    last, before = {names[-1] for names in made}, {name for names in made for name in names[:-1] + names[-1:] * (names[-1] in estimator_file.TRANSFORMERS)}
    left_out = {name for name in boosting.EXPORTERS if name not in boosted()}
    return sorted(((set(estimator_file.EXPORTERS) - left_out) - last) | (set(estimator_file.BEFORE) - before))
