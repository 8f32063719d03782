# SPDX-License-Identifier: Apache-2.0
"""Columns that are treated apart, functions of columns, bags of trees: computed, or refused by name.

    columns.py WHIT    exit code 77 without scikit-learn: skipped
"""

from judging import check, far_from, finish, refused, same

import numpy
from sklearn import compose, datasets, ensemble, impute, linear_model, pipeline, preprocessing, tree

import whit

X, Y = datasets.load_iris(return_X_y=True)
X = X.astype(numpy.float32)


def check_bags():
    boosted = ensemble.AdaBoostClassifier(linear_model.LogisticRegression(), n_estimators=2).fit(X, Y)
    refused("AdaBoostClassifier of linear models", boosted, "members like LogisticRegression; known are DecisionTreeClassifier")
    some = ensemble.BaggingClassifier(n_estimators=8, max_samples=3, random_state=0).fit(X, Y)
    same("BaggingClassifier of members that know few classes", some, X)
    for members in ([("b", ensemble.BaggingClassifier(n_estimators=20, random_state=0)), ("t", tree.DecisionTreeClassifier(max_depth=1))],
                    [("v", ensemble.VotingClassifier([("t", tree.DecisionTreeClassifier(max_depth=2)), ("l", linear_model.LogisticRegression())])), ("t", tree.DecisionTreeClassifier(max_depth=1))]):
        voting = "soft" if hasattr(members[0][1], "predict_proba") else "hard"
        same(f"a {voting} vote of {type(members[0][1]).__name__}", ensemble.VotingClassifier(members, voting=voting, weights=[3, 1]).fit(X, Y), X)
    for classes in (2, 3):
        few = ensemble.AdaBoostClassifier(tree.DecisionTreeClassifier(max_depth=1), n_estimators=7, random_state=0).fit(X[Y < classes], numpy.where(X[:, 0] > 5.8, 0, Y)[Y < classes])
        far = far_from(few.decision_function(X), whit.compile(few, target="host", result="reals").predict(X).astype(float))
        check(far < 1e-6, f"AdaBoostClassifier's decision values of {classes} classes: {far:.1e} apart")
        stack = ensemble.StackingClassifier([("a", few), ("l", linear_model.LogisticRegression())], tree.DecisionTreeClassifier(max_depth=3), stack_method="decision_function", cv=3)
        same(f"a stack on them, {classes} classes", stack.fit(X[Y < classes], Y[Y < classes]), X)
    squares = preprocessing.FunctionTransformer(numpy.square).fit(X)
    refused("FunctionTransformer(square)", squares, "the function square; known are None, numpy.log, numpy.log1p")
    roots = preprocessing.FunctionTransformer(numpy.sqrt).fit(numpy.abs(X))
    same("FunctionTransformer(sqrt)", roots, numpy.abs(X))
    refused("the square root of negative samples", roots, "numpy.sqrt of samples down to -1", samples=X - X.min() - 1)
    error = far_from(roots.transform(X - X.min()), whit.compile(roots, target="host", samples=X - X.min()).predict(X - X.min()))
    check(error < 1e-3, f"square roots of samples down to 0, in integers: {error:.1e} apart")
    refused("a function's arguments", preprocessing.FunctionTransformer(numpy.log1p, kw_args={"where": True}).fit(X), "kw_args={'where': True}; known are none")
    weighted = pipeline.FeatureUnion([("d", "drop"), ("r", preprocessing.FunctionTransformer(numpy.sqrt)), ("p", "passthrough")], transformer_weights={"r": 0.5, "p": 3})
    same("a FeatureUnion with weights", weighted.fit(X), X)
    refused("a weight of 0", pipeline.FeatureUnion([("a", preprocessing.StandardScaler()), ("b", "passthrough")], transformer_weights={"a": 0}).fit(X), "the weight 0 of a; known are those above 0")


def check_columns_by_name():
    """Of a table: some scaled, some in bins, some dropped, the others as they are."""
    try:
        import pandas
    except ImportError as error:
        return print(f"left out: {error}")
    table = pandas.DataFrame(X, columns=list("abcd"))
    bins = preprocessing.KBinsDiscretizer(3, encode="onehot-dense", quantile_method="averaged_inverted_cdf")
    inner = pipeline.make_pipeline(impute.SimpleImputer(), preprocessing.StandardScaler())
    for parts in ([("n", inner, ["c", "a"]), ("b", bins, ["b"])], [("n", preprocessing.StandardScaler(), ["c", "a"]), ("d", "drop", ["b"])]):
        for last in (linear_model.LogisticRegression(), ensemble.RandomForestClassifier(5, random_state=0)):
            estimator = pipeline.make_pipeline(compose.ColumnTransformer(parts, remainder="passthrough"), last).fit(table, Y)
            title = f"{type(last).__name__} behind {len(estimator[0].transformers_)} groups of columns"
            model = whit.compile(estimator, target="nucleo-g0b1re", samples=table)
            check((model.predict(table) == estimator.predict(table)).mean() >= 0.99 and model.verify(table[:20])["bit_exact"], f"{title}, in integers")
            same(title, estimator, table)
    nested = compose.ColumnTransformer([("u", pipeline.FeatureUnion([("a", bins), ("b", "passthrough")]), ["a", "b"]), ("p", pipeline.Pipeline([("a", "passthrough")]), ["d"])])
    same("columns within columns", nested.fit(table), table)
    coded = table.assign(e=Y + (X[:, 1] > 3))
    kinds = compose.ColumnTransformer([("n", preprocessing.StandardScaler(), ["a", "c"]), ("k", preprocessing.OneHotEncoder(handle_unknown="ignore"), ["e"])])
    members = [("l", pipeline.make_pipeline(kinds, linear_model.LogisticRegression())), ("t", tree.DecisionTreeClassifier(max_depth=2))]
    for estimator in (ensemble.VotingClassifier(members), ensemble.StackingClassifier(members, cv=3)):
        for samples in (None, coded):
            model = whit.compile(estimator.fit(coded, Y), target="host", samples=samples)
            differ = numpy.count_nonzero(model.predict(coded) != estimator.predict(coded))
            check(differ == 0, f"{type(estimator).__name__} of columns by name, {'floats' if samples is None else 'integers'}: {differ} labels differ")
    refused("no column", compose.ColumnTransformer([("a", "drop", ["a"])]).fit(table), "no columns: all are dropped")


check_bags()
check_columns_by_name()
finish()
