# SPDX-License-Identifier: Apache-2.0
"""Columns that are treated apart, functions of columns, bags of trees: computed, or refused by name.

    columns.py WHIT    exit code 77 without scikit-learn: skipped
"""

from judging import check, finish, refused, same

import numpy
from sklearn import compose, datasets, ensemble, impute, linear_model, pipeline, preprocessing

import whit

X, Y = datasets.load_iris(return_X_y=True)
X = X.astype(numpy.float32)


def check_bags():
    boosted = ensemble.AdaBoostClassifier(linear_model.LogisticRegression(), n_estimators=2).fit(X, Y)
    refused("AdaBoostClassifier of linear models", boosted, "members like LogisticRegression; known are DecisionTreeClassifier")
    some = ensemble.BaggingClassifier(n_estimators=8, max_samples=3, random_state=0).fit(X, Y)
    same("BaggingClassifier of members that know few classes", some, X)
    squares = preprocessing.FunctionTransformer(numpy.square).fit(X)
    refused("FunctionTransformer(square)", squares, "the function square; known are None, numpy.log, numpy.log1p")
    roots = preprocessing.FunctionTransformer(numpy.sqrt).fit(numpy.abs(X))
    same("FunctionTransformer(sqrt)", roots, numpy.abs(X))
    refused("the square root of negative samples", roots, "numpy.sqrt of samples down to -1", samples=X - X.min() - 1)


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
    nested = compose.ColumnTransformer([("u", pipeline.FeatureUnion([("a", bins), ("b", "passthrough")]), ["a", "b"])])
    refused("columns within columns", nested.fit(table), "FeatureUnion within it that has transformers side by side")
    refused("no column", compose.ColumnTransformer([("a", "drop", ["a"])]).fit(table), "no columns: all are dropped")


check_bags()
check_columns_by_name()
finish()
