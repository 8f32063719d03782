# SPDX-License-Identifier: Apache-2.0
"""Parameters of estimators that change what they compute: each is computed, or refused by name.

    parameters.py WHIT    exit code 77 without scikit-learn: skipped
"""

import itertools
import tempfile
import warnings

from judging import answer_of, check, far_from, finish, refused, same

import numpy
from scipy import sparse
from sklearn import cluster, datasets, decomposition, discriminant_analysis, ensemble, feature_selection, impute, linear_model, mixture, model_selection, multiclass, naive_bayes, neighbors, neural_network, pipeline, preprocessing, svm, tree

import whit

warnings.simplefilter("ignore")  # models that have not converged are good enough here

RANDOM = numpy.random.default_rng(1)
X, Y = datasets.load_iris(return_X_y=True)
X = X.astype(numpy.float32)
REALS, TARGETS = (values.astype(numpy.float32) for values in datasets.load_diabetes(return_X_y=True))
HOLES = numpy.where(RANDOM.random(X.shape) < 0.3, numpy.nan, X).astype(numpy.float32)
MIXED = numpy.stack([X[:, 0], X[:, 2], RANDOM.integers(0, 3, len(X)), X[:, 3]], axis=1)  # the third are categories


def check_infinite():
    """Thresholds of inf, by which missing values go; other parameters that are not finite."""
    for make in (tree.DecisionTreeClassifier, tree.ExtraTreeClassifier, ensemble.RandomForestClassifier, ensemble.HistGradientBoostingClassifier):
        estimator = make(random_state=0)
        same(f"{type(estimator).__name__} trained with missing values", estimator.fit(HOLES, Y), HOLES)
        same(f"{type(estimator).__name__} trained with missing values, in integers", estimator, X, samples=X)
    few = tree.DecisionTreeClassifier(random_state=0).fit([[numpy.nan], [numpy.nan], [1], [2]], [0, 0, 1, 1])
    check(numpy.isinf(few.tree_.threshold[0]), "a threshold is infinite")
    same("a threshold of inf", few, numpy.array([[numpy.nan], [1], [3e38]], dtype=numpy.float32))
    absent = numpy.round(X) * (numpy.arange(4) != Y[:, None])
    for make in (naive_bayes.MultinomialNB, naive_bayes.BernoulliNB):
        refused(f"{make.__name__}(alpha=0)", make(alpha=0, force_alpha=True).fit(absent, Y), "infinite or undefined numbers")
    twice = numpy.hstack([X, X[:, :1] * 0])
    same("PCA(whiten=True) of a constant column", decomposition.PCA(whiten=True, svd_solver="full").fit(twice), twice)


def check_histograms():
    for loss in ("poisson", "gamma"):
        refused(f"loss={loss}", ensemble.HistGradientBoostingRegressor(loss=loss, max_iter=3).fit(REALS, TARGETS), f"loss='{loss}'")
    same("loss=quantile", ensemble.HistGradientBoostingRegressor(loss="quantile", quantile=0.3, max_iter=3).fit(REALS, TARGETS), REALS)
    numeric = ensemble.HistGradientBoostingRegressor(max_iter=3, max_leaf_nodes=3, categorical_features=[2]).fit(MIXED, MIXED[:, 1] * 3 + MIXED[:, 3])
    same("categorical_features that no tree tests", numeric, MIXED)


def check_boosting_packages():
    try:
        import lightgbm
        import xgboost
    except ImportError as error:
        print(f"left out: {error}")
        return
    small = {"n_estimators": 3, "n_jobs": 1}
    random = numpy.random.default_rng(0)
    halves = random.integers(0, 2, len(REALS))
    for booster in ("gbtree", "dart"):
        stopped = xgboost.XGBClassifier(n_estimators=40, n_jobs=1, booster=booster, early_stopping_rounds=3, num_parallel_tree=2, subsample=0.5)
        stopped.fit(REALS[:300], halves[:300], eval_set=[(REALS[300:], halves[300:])], verbose=False)
        check(stopped.best_iteration + 1 < stopped.get_booster().num_boosted_rounds(), "some rounds are behind the best")
        same(f"early_stopping_rounds, {booster}", stopped, REALS)
        with tempfile.TemporaryDirectory() as folder:
            stopped.save_model(f"{folder}/model.json")
            differ = numpy.count_nonzero(whit.compile(f"{folder}/model.json", target="host").predict(REALS) != stopped.predict(REALS))
            check(differ == 0, f"early_stopping_rounds by file, {booster}: {differ} labels differ")
    refused("missing=-999", xgboost.XGBClassifier(missing=-999.0, **small).fit(X, Y), "missing=-999.0; known is NaN")
    both = numpy.stack([Y == 0, Y == 1], axis=1).astype(int)
    refused("several labels", xgboost.XGBClassifier(**small).fit(X, both), "several labels a sample")
    refused("multi_output_tree", xgboost.XGBRegressor(multi_strategy="multi_output_tree", tree_method="hist", **small).fit(X, both), "multi_output_tree")
    refused("binary:logitraw", xgboost.XGBClassifier(objective="binary:logitraw", **small).fit(REALS, halves), "binary:logitraw")
    for package, prefix in ((xgboost, "XGB"), (lightgbm, "LGBM")):
        of_labels, of_reals = ("binary:logistic", "reg:squarederror") if package is xgboost else ("binary", "regression")
        more = {} if package is xgboost else {"verbose": -1}
        regressor, classifier = getattr(package, f"{prefix}Regressor"), getattr(package, f"{prefix}Classifier")
        refused("a regressor's probabilities", regressor(objective=of_labels, **small, **more).fit(REALS, halves), f"the objective {of_labels}, which is one of classifiers")
        refused("a classifier's real numbers", classifier(objective=of_reals, **small, **more).fit(REALS, halves), f"the objective {of_reals}, which is one of regressors")
    refused("zero_as_missing", lightgbm.LGBMClassifier(zero_as_missing=True, verbose=-1, **small).fit(X * (X > 1), Y), "zero_as_missing=True")
    refused("gblinear", xgboost.XGBRegressor(booster="gblinear", **small).fit(REALS, TARGETS), "booster='gblinear'; known are gbtree, dart")
    refused("linear_tree", lightgbm.LGBMRegressor(linear_tree=True, verbose=-1, **small).fit(REALS, TARGETS), "linear_tree=True")


def check_networks():
    refused("MLPRegressor(loss=poisson)", neural_network.MLPRegressor(hidden_layer_sizes=(4,), loss="poisson", max_iter=5).fit(REALS, TARGETS), "loss='poisson'")


def check_encoders():
    """Categories that training did not have."""
    for categories, unknown in (([0.0, 2.0, 5.0], [1.0, -4.0, 99.0, 2.5]), ([0.1, 0.25, 30.0], [0.2, -1.0, 1e6, 0.0])):
        known = RANDOM.choice(categories, (60, 2)).astype(numpy.float32)
        given = numpy.stack([[*categories, *unknown], [*unknown, *categories]], axis=1).astype(numpy.float32)
        for encoder in (preprocessing.OneHotEncoder(handle_unknown="ignore"), preprocessing.OneHotEncoder(handle_unknown="ignore", drop="first"),
                        preprocessing.OneHotEncoder(handle_unknown="infrequent_if_exist", sparse_output=False),
                        preprocessing.OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-7), preprocessing.OrdinalEncoder()):
            title = f"{encoder} of {categories}"
            same(title, encoder.fit(known), known if encoder.handle_unknown == "error" else given)
            same(f"{title}, in integers", encoder, known, samples=known)
    whole = numpy.array([[0, 3], [2, 1], [5, 3]], dtype=numpy.float32)
    encoder = preprocessing.OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-7).fit(whole)
    same("unknown whole numbers in integers", encoder, numpy.array([[1, 3], [2, 2], [6, 0]], dtype=numpy.float32), samples=whole)
    same("samples, but floats", encoder, numpy.array([[0.25, 3.2]], dtype=numpy.float32).repeat(2, axis=0), samples=whole, input_type="float32")
    refused("unknown_value=nan", preprocessing.OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=numpy.nan).fit(whole), "unknown_value=nan")


def check_centroids():
    for parameter, value in (("metric", "manhattan"), ("priors", "empirical"), ("priors", [0.2, 0.3, 0.5]), ("shrink_threshold", 0.3)):
        if parameter in neighbors.NearestCentroid().get_params():
            refused(f"NearestCentroid({parameter})", neighbors.NearestCentroid(**{parameter: value}).fit(X, Y), parameter)
    begun = ensemble.GradientBoostingClassifier(init=linear_model.LogisticRegression(), n_estimators=2).fit(X, Y > 0)
    refused("GradientBoostingClassifier(init)", begun, "init=LogisticRegression(); known are None, 'zero'")


def check_limits():
    constant = numpy.array([[1, 2], [1, 4], [1, 6]], dtype=numpy.float32)
    beyond = numpy.array([[1.5, 3], [2.5, 9], [0, -9]], dtype=numpy.float32)
    for scaler in (preprocessing.MinMaxScaler(clip=True), preprocessing.MinMaxScaler((-1, 3), clip=True)):
        same(f"{scaler} of a constant feature", scaler.fit(constant), beyond)
    if "clip" in preprocessing.MaxAbsScaler().get_params():
        same("MaxAbsScaler(clip=True)", preprocessing.MaxAbsScaler(clip=True).fit(constant), beyond)
    refused("SimpleImputer(missing_values=words)", impute.SimpleImputer(missing_values="none", strategy="most_frequent").fit([["a"], ["b"]]), "missing_values='none'")
    same("SimpleImputer(fill_value=-3.5)", impute.SimpleImputer(strategy="constant", fill_value=-3.5).fit(HOLES), HOLES)


def check_metrics():
    weighted = neighbors.KNeighborsClassifier(3, metric_params={"w": numpy.array([1, 9, 1, 1])})
    refused("metric_params of weights", weighted.fit(X, Y), "metric_params={'w': ")
    same("metric_params of p", neighbors.KNeighborsRegressor(3, p=1).fit(REALS, TARGETS), REALS)


def form(estimator):
    return whit.estimator_document(estimator, result="probabilities")["steps"][-1]["probability"]["form"]


def check_probabilities():
    """Of older scikit-learn's LogisticRegression, which tells by `multi_class`, and of LightGBM."""
    three, two = linear_model.LogisticRegression().fit(X, Y), linear_model.LogisticRegression().fit(X, Y > 0)
    check(form(three) == "softmax" and form(two) == "logistic", "LogisticRegression without multi_class")
    three.multi_class = two.multi_class = "ovr"
    check(form(three) == "each" and form(two) == "logistic", "LogisticRegression with multi_class=ovr")
    two.multi_class = "multinomial"
    refused("multi_class=multinomial of two classes", two, "multi_class='multinomial'", result="probabilities")
    try:
        import lightgbm
    except ImportError as error:
        print(f"left out: {error}")
        return
    small = {"n_estimators": 3, "n_jobs": 1, "verbose": -1}
    refused("multiclassova", lightgbm.LGBMClassifier(objective="multiclassova", **small).fit(X, Y), "multiclassova", result="probabilities")
    refused("sigmoid", lightgbm.LGBMClassifier(sigmoid=3.0, **small).fit(X, Y > 0), "sigmoid:3", result="probabilities")
    check(form(lightgbm.LGBMClassifier(**small).fit(X, Y > 0)) == "logistic" and form(lightgbm.LGBMClassifier(**small).fit(X, Y)) == "softmax", "LightGBM's other forms")


def check_members():
    """Labels of members that were fitted before the stack keep their names."""
    for labels, refusal in ((numpy.array([3, 7, 11])[Y], "labels are 3, 7, 11"), (Y, None)):
        members = [("a", tree.DecisionTreeClassifier(max_depth=3).fit(X, labels)), ("b", naive_bayes.GaussianNB().fit(X, labels))]
        stack = ensemble.StackingClassifier(members, cv="prefit", stack_method="predict", final_estimator=tree.DecisionTreeClassifier()).fit(X, labels)
        if refusal:
            refused("prefit members' labels", stack, refusal)
        else:
            same("prefit members' labels 0, 1, 2", stack, X)


    vote = ensemble.VotingClassifier([("a", svm.LinearSVC()), ("b", naive_bayes.GaussianNB())])
    same("a vote of votes", ensemble.VotingClassifier([("a", vote), ("b", naive_bayes.GaussianNB())]).fit(X, Y), X)


def check_outliers():
    """Samples at the limit itself are inside."""
    same("an IsolationForest of two samples a tree", ensemble.IsolationForest(n_estimators=5, max_samples=2, random_state=1).fit(X), X)
    same("an IsolationForest that a sample bounds", ensemble.IsolationForest(n_estimators=9, contamination=0.5, random_state=1).fit(X[:99]), X[:99])


def check_few_labels():
    """One class or cluster; several labels a sample."""
    sevens, both = numpy.full(len(X), 7), numpy.stack([Y, (Y + 1) % 2], axis=1)
    for estimator in (tree.DecisionTreeClassifier(), ensemble.RandomForestClassifier(2), naive_bayes.ComplementNB(), naive_bayes.GaussianNB(),
                      neighbors.KNeighborsClassifier(3), pipeline.make_pipeline(preprocessing.StandardScaler(), neighbors.KNeighborsClassifier(3))):
        refused(f"{estimator} of one class", estimator.fit(X, sevens), "knows one class only, 7")
    for estimator in (cluster.KMeans(1), mixture.GaussianMixture(1, covariance_type="tied"), mixture.GaussianMixture(1)):
        refused(str(estimator), estimator.fit(X), "knows one class only, 0")
    for estimator in (tree.DecisionTreeClassifier(), ensemble.RandomForestClassifier(2), neighbors.KNeighborsClassifier(3)):
        refused(f"{estimator} of several labels", estimator.fit(X, both), "several labels a sample")
    for estimator in (linear_model.RidgeClassifier(), neural_network.MLPClassifier((3,), max_iter=3)):
        refused(f"{estimator} of several labels", estimator.fit(X, both > 0), "several labels a sample")


def told(title, expected, ask, kind=ValueError):
    try:
        ask()
        check(False, f"{title} is told of")
    except kind as error:
        check(expected in str(error), f"{title}: {error}"[:250])


def check_tables():
    """Samples with names, sparse ones, lists; steps that hand on tables; a pipeline that begins with nothing."""
    chain = pipeline.make_pipeline(preprocessing.StandardScaler(), decomposition.PCA(3), svm.SVC()).fit(X, Y)
    line = linear_model.Ridge().fit(REALS, TARGETS)
    given = [("lists", REALS.tolist())]
    try:
        import pandas
        named = pandas.DataFrame(X, columns=list("abcd"))
        given.append(("a table", pandas.DataFrame(REALS)))
        chain = pipeline.make_pipeline(preprocessing.StandardScaler(), decomposition.PCA(3), svm.SVC()).set_output(transform="pandas").fit(named, Y)
        told("a table of words", "no table of numbers", lambda: whit.compile(line, target="host", samples=pandas.DataFrame([["a"] * 10])))
    except ImportError as error:
        print(f"left out: {error}")
    given.append(("a sparse matrix", sparse.csr_matrix(REALS)))
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        whit.compile(chain, target="host", samples=X)
    check([one for one in caught if "feature names" in str(one.message)] == [], "no warning of names")
    same("a pipeline of tables", chain, X, samples=X)
    for title, samples in given:
        model = whit.compile(line, target="host", samples=samples)
        far = far_from(line.predict(REALS), model.predict(samples))
        check(far < 1e-4 and model.verify(samples)["bit_exact"], f"{title}: {far:.1e} apart")
    classifier = linear_model.LogisticRegression().fit(X, Y)
    check(whit.compile(classifier, target="host", samples=sparse.csr_matrix(X)).verify(sparse.csr_matrix(X))["labels_differ"] < 3, "a sparse matrix of a classifier")
    for steps in ([("a", "passthrough"), ("b", classifier)], [("a", preprocessing.StandardScaler()), ("n", None), ("b", classifier)]):
        same(f"a pipeline of {steps[0][1]}", pipeline.Pipeline(steps).fit(X, Y), X)


def check_shapes():
    line, scaler = linear_model.Ridge().fit(REALS, TARGETS), preprocessing.StandardScaler().fit(REALS[:, :1])
    for estimator, samples in ((line, REALS), (scaler, REALS[:, :1]), (linear_model.LogisticRegression().fit(X, Y), X), (preprocessing.StandardScaler().fit(X), X)):
        for count in (1, 5):
            same(f"{estimator}, {count} samples", estimator, samples[:count])


def check_options():
    """All that is given is looked at when it is given."""
    classifier, line = linear_model.LogisticRegression().fit(X, Y), linear_model.Ridge().fit(REALS, TARGETS)
    forest, rejected = ensemble.RandomForestRegressor(3).fit(REALS, TARGETS), feature_selection.RFE(line, n_features_to_select=2).fit(REALS, TARGETS)
    nothing = pipeline.Pipeline([("a", "passthrough")])
    for estimator, options, expected in (
            (None, {}, "None cannot be compiled: give a fitted estimator"), (linear_model.Ridge, {}, "give a fitted estimator"), (nothing, {}, "nothing but passthrough"),
            (line, {"name": "a/b"}, "name 'a/b'"), (line, {"name": "9 x"}, "name '9 x'"), (line, {"optimize": "fast"}, "optimize 'fast'; known are speed, size, balanced, ram"),
            (line, {"result": "foo"}, "result='foo'; known are scores, reals"), (line, {"result": "label"}, "result='label'; known are scores, reals"),
            (preprocessing.StandardScaler().fit(X), {"result": "label"}, "result='label'; known are reals"), (rejected, {}, "its estimator_"),
            (line, {"input_scale": 0.25, "input_type": "float32"}, "input_scale with input_type='float32'"),
            (line, {"input_scale": [1, 2], "input_type": "int8"}, "input_scale [1, 2]"), (line, {"input_scale": 0, "input_type": "int8"}, "input_scale 0"),
            (line, {"weight_bits": 4}, "weight_bits 4; known are 8, 16"), (line, {"vector_bits": 16}, "vector_bits does not apply to this estimator, but to vector machines"), (line, {"weight_bits": "x"}, "weight_bits 'x'"), (forest, {"prune": 2}, "prune 2"),
            (forest, {"prune": True}, "prune True"), (forest, {"leaf_levels": 0.5}, "leaf_levels 0.5"), (forest, {"leaf_levels": -1}, "leaf_levels -1"),
            (line, {"samples": [["a"] * 10]}, "no table of numbers"), (line, {"samples": [[1, 2], [3]]}, "no table of numbers")):
        told(f"{type(estimator).__name__}, {options}", expected, lambda: whit.compile(estimator, target="host", **options))
    same("options that are numpy's numbers", forest, REALS, leaf_levels=numpy.int64(1 << 22), prune=numpy.float32(0))
    told("words to predict", "no table of numbers", lambda: whit.compile(line, target="host").predict([["a"] * 10]))
    told("pruning by labels of a regressor", "prune_to_fit judges labels", lambda: whit.prune_to_fit(forest, REALS, TARGETS, "arduino-uno", 20000))
    told("a label that is none", "the label 99; the estimator's are 0, 1, 2", lambda: whit.compile(classifier, target="host").bench(X[:2], [0, 99]))


def check_one_against_rest():
    """Linear members become one step; others are parts with decision values or probabilities."""
    for one in (linear_model.LogisticRegression(), svm.SVC(), tree.DecisionTreeClassifier(max_depth=3), linear_model.Ridge(), naive_bayes.GaussianNB(),
                ensemble.GradientBoostingClassifier(n_estimators=3), pipeline.make_pipeline(preprocessing.StandardScaler(), svm.LinearSVC())):
        for labels in (numpy.array(["a", "b", "c"])[Y], Y > 1):
            same(f"OneVsRestClassifier of {one} for {len(set(labels))} classes", multiclass.OneVsRestClassifier(one).fit(X, labels), X)
    both = numpy.stack([Y == 0, Y == 1], axis=1).astype(int)
    refused("OneVsRestClassifier of several labels", multiclass.OneVsRestClassifier(svm.LinearSVC()).fit(X, both), "several labels a sample")


def check_directions():
    """A linear discriminant analysis before another step; what else cannot stand there."""
    for solver, last in itertools.product(("svd", "eigen"), (linear_model.LogisticRegression(), neighbors.KNeighborsClassifier())):
        chain = pipeline.make_pipeline(discriminant_analysis.LinearDiscriminantAnalysis(solver=solver), last).fit(X, Y)
        same(f"a discriminant analysis by {solver} before {last}", chain, X)
        far = far_from(chain.predict(X), whit.compile(chain, target="host", samples=X).predict(X))
        check(far < 0.02, f"the same in integers: {far:.1e} apart")
    for first, expected in ((cluster.KMeans(3), "KMeans cannot be compiled; before other steps of a pipeline can be: "), (decomposition.FastICA(), "FastICA cannot be compiled; what can: ")):
        refused(f"{first} before a step", pipeline.make_pipeline(first, linear_model.LogisticRegression()).fit(X, Y), expected)


def check_hints():
    """Refusals say what to do instead."""
    search = model_selection.GridSearchCV(tree.DecisionTreeClassifier(), {"max_depth": [2]}).fit(X, Y)
    refused("GridSearchCV", search, "GridSearchCV cannot be compiled; compile its best_estimator_")
    refused("a kernel that is a function", svm.SVC(kernel=lambda a, b: a @ b.T).fit(X, Y), "a kernel that is a function; known are linear, rbf")
    try:
        import catboost
        refused("CatBoost", catboost.CatBoostClassifier(iterations=2, verbose=0, allow_writing_files=False).fit(X, Y), "save_model(path, format='json')")
    except ImportError as error:
        print(f"left out: {error}")
    try:
        import xgboost
        refused("XGBClassifier of one class", xgboost.XGBClassifier(n_estimators=2, n_jobs=1).fit(X, Y * 0), "knows one class only, 0")
    except ImportError as error:
        print(f"left out: {error}")


check_infinite()
check_histograms()
check_boosting_packages()
check_networks()
check_encoders()
check_limits()
check_centroids()
check_metrics()
check_probabilities()
check_members()
check_outliers()
check_few_labels()
check_tables()
check_shapes()
check_options()
check_one_against_rest()
check_directions()
check_hints()
finish()
