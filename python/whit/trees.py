# SPDX-License-Identifier: Apache-2.0
"""Fitted trees of scikit-learn as steps of an estimator file (docs/formats/estimator.md)."""

import numpy

from .reading import name_of
from .thresholds import thresholds_of_doubles

JUST_INSIDE = 1e-6  # what lies at the limit itself is inside, also where float32 sums are a little less
SINGLE = ("DecisionTreeClassifier", "ExtraTreeClassifier", "DecisionTreeRegressor", "ExtraTreeRegressor")
HISTOGRAM_LOSSES = ("log_loss", "squared_error", "absolute_error", "quantile")


def tree_arrays(tree, values, output=None):
    """One sklearn.tree._tree.Tree; `values` has a row (or a number) for each of its nodes. A threshold of inf parts missing values from all others."""
    leaf = tree.children_left < 0
    missing_left = getattr(tree, "missing_go_to_left", None)
    arrays = {
        "feature": numpy.where(leaf, -1, tree.feature).tolist(),
        "threshold": numpy.where(leaf, 0.0, tree.threshold).tolist(),
        "left": tree.children_left.tolist(),
        "right": tree.children_right.tolist(),
        "cover": tree.weighted_n_node_samples.tolist(),
        "value": [value if is_leaf else None for value, is_leaf in zip(values.tolist(), leaf)],
    }
    if missing_left is not None and missing_left.any():
        arrays["missing_left"] = missing_left.astype(int).tolist()
    if output is not None:
        arrays["output"] = output
    return arrays


def class_shares(tree):
    """The share of each class in every node."""
    counts = tree.value[:, 0, :]
    return counts / counts.sum(axis=1, keepdims=True)


def classifier_trees(estimators):
    trees = [tree_arrays(e.tree_, class_shares(e.tree_)) for e in estimators]
    return {"kind": "trees", "outputs": len(estimators[0].classes_), "trees": trees}


def regressor_trees(estimators):
    outputs = estimators[0].tree_.value.shape[1]
    trees = [tree_arrays(e.tree_, e.tree_.value[:, :, 0] / len(estimators)) for e in estimators]
    return {"kind": "trees", "outputs": outputs, "trees": trees}


def decision_tree_classifier(estimator):
    return classifier_trees([estimator])


def forest_classifier(estimator):
    return classifier_trees(estimator.estimators_)


def decision_tree_regressor(estimator):
    return regressor_trees([estimator])


def forest_regressor(estimator):
    return regressor_trees(estimator.estimators_)


def gradient_boosting(estimator):
    if isinstance(estimator.init, str) or estimator.init is None:
        base = numpy.zeros(estimator.estimators_.shape[1])
        if estimator.init != "zero":
            row = numpy.zeros((1, estimator.n_features_in_))
            base = numpy.asarray(estimator._raw_predict_init(row)).reshape(-1)
    else:
        raise ValueError(f"init={estimator.init!r}; known are None, 'zero'")
    trees = [
        tree_arrays(tree.tree_, estimator.learning_rate * tree.tree_.value[:, 0, 0], output)
        for stage in estimator.estimators_
        for output, tree in enumerate(stage)
    ]
    return {"kind": "trees", "outputs": len(base), "base": base.tolist(), "trees": trees}


def adaptive_boosting(estimator):
    """Each tree's share of all weights counts for the class that it names and, spread among them, against the others; of two classes, twice for the second."""
    if getattr(estimator, "algorithm", "SAMME") == "SAMME.R":
        raise ValueError("algorithm='SAMME.R'; known is SAMME")
    check_trees(estimator.estimators_)
    classes, all_weights = len(estimator.classes_), estimator.estimator_weights_[:len(estimator.estimators_)].sum()
    votes = numpy.array([[-2.0], [2.0]]) if classes == 2 else (numpy.eye(classes) * classes - 1) / (classes - 1)
    trees = [tree_arrays(one.tree_, weight / all_weights * votes[class_shares(one.tree_).argmax(axis=1)])
             for one, weight in zip(estimator.estimators_, estimator.estimator_weights_)]
    return {"kind": "trees", "outputs": votes.shape[1], "trees": trees}


def check_trees(members):
    other = next((name_of(one) for one in members if name_of(one) not in SINGLE), None)
    if other:
        raise ValueError(f"members like {other}; known are {', '.join(SINGLE)}")


def bagging(estimator):
    """Trees that look at some of the features each, and may not have met all classes: their shares, or their mean."""
    check_trees(estimator.estimators_)
    classes, trees = len(getattr(estimator, "classes_", ())), []
    for one, features in zip(estimator.estimators_, estimator.estimators_features_):
        values = one.tree_.value[:, :, 0]
        if classes:
            values = numpy.zeros((one.tree_.node_count, classes))
            values[:, one.classes_] = class_shares(one.tree_)
        trees.append(with_features(tree_arrays(one.tree_, values if classes else values / len(estimator.estimators_)), features))
    return {"kind": "trees", "outputs": classes or values.shape[1], "trees": trees}


def with_features(arrays, features):
    """The same of a tree that was given those features alone."""
    return {**arrays, "feature": [int(features[feature]) if feature >= 0 else -1 for feature in arrays["feature"]]}


class HistogramColumns:
    """The features in the order in which the trees number them, those of categories first; and what the categories' numbers there stand for."""

    def __init__(self, estimator):
        preprocessor = getattr(estimator, "_preprocessor", None)
        categorical = numpy.zeros(estimator.n_features_in_, dtype=bool) if preprocessor is None else estimator.is_categorical_
        self.order = numpy.concatenate([numpy.flatnonzero(categorical), numpy.flatnonzero(~categorical)])
        self.values = preprocessor.named_transformers_["encoder"].categories_ if categorical.any() else []

    def categories(self, node, bits):
        """The node's categories, those that its set of bits sends left and those that go right."""
        values = whole_numbers(self.values[node["feature_idx"]])
        left = numpy.array([bits[number // 32] >> (number % 32) & 1 for number in range(len(values))], dtype=bool)
        return values[left].tolist(), values[~left].tolist()


def whole_numbers(categories):
    """Of a column; a missing value is none."""
    try:
        values = numpy.asarray(categories, dtype=float)
    except (TypeError, ValueError) as error:
        raise ValueError(f"categories that are no numbers, such as {categories[0]!r}") from error
    values = values[~numpy.isnan(values)]
    if (values != numpy.round(values)).any():
        raise ValueError(f"categories that are no whole numbers, such as {values[values != numpy.round(values)][0]}")
    return values.astype(int)


def histogram_tree(predictor, output, columns):
    """Unknown categories go where missing values go: those that go the other way are asked for."""
    nodes = predictor.nodes
    leaf = nodes["is_leaf"].astype(bool)
    left, right = (numpy.where(leaf, -1, nodes[side].astype(numpy.int64)) for side in ("left", "right"))
    missing_left, categories = nodes["missing_go_to_left"].astype(bool), [None] * len(nodes)
    for index in numpy.flatnonzero(nodes["is_categorical"]):
        goes_left, goes_right = columns.categories(nodes[index], predictor.raw_left_cat_bitsets[nodes[index]["bitset_idx"]])
        categories[index] = goes_right if missing_left[index] else goes_left
        if missing_left[index]:
            left[index], right[index], missing_left[index] = right[index], left[index], False
    return {
        "feature": numpy.where(leaf, -1, columns.order[nodes["feature_idx"]]).tolist(),
        "threshold": numpy.where(leaf | (nodes["is_categorical"] != 0), 0.0, thresholds_of_doubles(nodes["num_threshold"])).tolist(),
        "left": left.tolist(),
        "right": right.tolist(),
        "missing_left": missing_left.astype(int).tolist(),
        "cover": nodes["count"].astype(float).tolist(),
        "value": [value if is_leaf else None for value, is_leaf in zip(nodes["value"].tolist(), leaf)],
        "output": output,
        **({"categories": categories} if any(categories) else {}),
    }


def histogram_boosting(estimator):
    if estimator.loss not in HISTOGRAM_LOSSES:
        raise ValueError(f"loss={estimator.loss!r}, whose answers are exponentials; known are {', '.join(HISTOGRAM_LOSSES)}")
    base, columns = numpy.asarray(estimator._baseline_prediction).reshape(-1), HistogramColumns(estimator)
    trees = [
        histogram_tree(predictor, output, columns)
        for stage in estimator._predictors
        for output, predictor in enumerate(stage)
    ]
    return {"kind": "trees", "outputs": len(base), "base": base.tolist(), "trees": trees}


def isolation_forest(estimator):
    """Inside where the paths of all trees together are long enough: 2^(-sum / scale) <= -offset."""
    values, trees = list(zip(estimator._decision_path_lengths, estimator._average_path_length_per_tree)), []
    for one, features, (path, average) in zip(estimator.estimators_, estimator.estimators_features_, values):
        trees.append(with_features(tree_arrays(one.tree_, path + average - 1.0, 0), features))
    scale = len(trees) * float(average_path(estimator._max_samples))
    limit = float(numpy.log2(-estimator.offset_)) + JUST_INSIDE
    return {"kind": "trees", "outputs": 1, "base": [scale * limit], "trees": trees}


def average_path(samples):
    """The average path of a search among so many samples that fails."""
    if samples <= 2:
        return float(samples == 2)
    return 2 * (numpy.log(samples - 1) + numpy.euler_gamma) - 2 * (samples - 1) / samples


EXPORTERS = {
    "IsolationForest": isolation_forest,
    "DecisionTreeClassifier": decision_tree_classifier,
    "ExtraTreeClassifier": decision_tree_classifier,
    "RandomForestClassifier": forest_classifier,
    "ExtraTreesClassifier": forest_classifier,
    "DecisionTreeRegressor": decision_tree_regressor,
    "ExtraTreeRegressor": decision_tree_regressor,
    "RandomForestRegressor": forest_regressor,
    "ExtraTreesRegressor": forest_regressor,
    "AdaBoostClassifier": adaptive_boosting,
    "BaggingClassifier": bagging,
    "BaggingRegressor": bagging,
    "GradientBoostingClassifier": gradient_boosting,
    "GradientBoostingRegressor": gradient_boosting,
    "HistGradientBoostingClassifier": histogram_boosting,
    "HistGradientBoostingRegressor": histogram_boosting,
}
