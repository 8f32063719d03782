# SPDX-License-Identifier: Apache-2.0
"""XGBoost's and LightGBM's fitted models as steps of an estimator file (docs/formats/estimator.md).

Their own files (`whit compile model.ubj`, `model.txt`) are read too, with float32 features; from here features may be
stored in integers.
"""

import json
import math

import numpy

from .thresholds import thresholds_of_doubles

LOGISTIC = ("binary:logistic", "binary:logitraw")
XGBOOST_OBJECTIVES = LOGISTIC + ("multi:softprob", "multi:softmax", "reg:squarederror", "reg:absoluteerror",
                                 "reg:pseudohubererror", "reg:quantileerror", "reg:linear", "rank:pairwise", "rank:ndcg", "rank:map")
LIGHTGBM_OBJECTIVES = ("binary", "multiclass", "multiclassova", "regression", "regression_l1", "huber", "fair", "quantile",
                       "mape", "lambdarank", "rank_xendcg")


def single(values):
    """Decimals of float32 values, as the float32 values they stand for."""
    return numpy.asarray(values, dtype=numpy.float32).astype(float)


def xgboost_sets(tree):
    """By the nodes that ask for them, categories that go right."""
    ends = zip(tree["categories_nodes"], tree["categories_segments"], tree["categories_sizes"])
    return {node: tree["categories"][first:first + count] for node, first, count in ends}


def xgboost_tree(tree, output, weight):
    """Where categories are asked for the children are exchanged: those asked for go left here."""
    left, right, missing_left = numpy.asarray(tree["left_children"]), numpy.asarray(tree["right_children"]), numpy.asarray(tree["default_left"], dtype=int)
    leaf = left < 0
    conditions, sets = single(tree["split_conditions"]), xgboost_sets(tree)
    by_category = numpy.isin(numpy.arange(len(left)), list(sets))
    if int(tree["tree_param"].get("size_leaf_vector", 1)) > 1:
        raise ValueError("multi_strategy='multi_output_tree'; known is one_output_per_tree")
    return {
        "feature": numpy.where(leaf, -1, tree["split_indices"]).tolist(),
        "threshold": numpy.where(leaf | by_category, 0.0, conditions).tolist(),
        "left": numpy.where(by_category, right, left).tolist(),
        "right": numpy.where(by_category, left, right).tolist(),
        "missing_left": numpy.where(by_category, 1 - missing_left, missing_left).tolist(),
        "cover": tree["sum_hessian"],
        "value": [weight * value if is_leaf else None for value, is_leaf in zip(conditions.tolist(), leaf)],
        "output": output,
        **({"categories": [sets.get(node) for node in range(len(left))]} if sets else {}),
    }


def xgboost_base(parameters, outputs, objective):
    scores = numpy.atleast_1d(numpy.asarray(json.loads(parameters["base_score"]), dtype=float))
    if objective in LOGISTIC:
        scores = numpy.asarray([math.log(score / (1 - score)) for score in scores])
    return numpy.broadcast_to(scores, outputs).tolist()


def check_task(estimator, objective, names_classes):
    """A classifier's answers are labels and a regressor's are sums: with an objective of the other kind they would be something else."""
    if names_classes != hasattr(estimator, "classes_"):
        raise ValueError(f"the objective {objective}, which is one of {'classifiers' if names_classes else 'regressors'}")


def check_categories(of_a_table):
    """A table numbers its categories anew wherever it is made."""
    if of_a_table:
        raise ValueError("categories of a table, which stand for numbers that only the table knows; known are columns of whole numbers in an array "
                         "(XGBoost's feature_types, LightGBM's categorical_feature)")


def check_xgboost(estimator, objective, parameters):
    """What the trees alone do not say."""
    if objective not in XGBOOST_OBJECTIVES:
        raise ValueError(f"the objective {objective}; known are {', '.join(XGBOOST_OBJECTIVES)}")
    check_task(estimator, objective, objective.startswith(("binary:", "multi:")))
    missing = getattr(estimator, "missing", None)
    if missing is not None and not math.isnan(missing):
        raise ValueError(f"missing={missing}; known is NaN")
    if objective == "binary:logitraw":
        raise ValueError("the objective binary:logitraw, whose labels part at a sum of 0.5; known is binary:logistic")
    check_categories(hasattr(estimator, "feature_names_in_") and "c" in (estimator.get_booster().feature_types or ()))
    if int(parameters.get("num_target", 1)) > 1 and objective.startswith(("binary:", "multi:")):
        raise ValueError("several labels a sample")


def xgboost_trees(estimator, model, outputs):
    """Up to the best iteration, where training was stopped early."""
    best = json.loads(estimator.get_booster().attr("best_iteration") or "null")
    if best is None:
        return model["trees"]
    return model["trees"][:(best + 1) * outputs * max(1, int(model["gbtree_model_param"].get("num_parallel_tree", 1)))]


def xgboost(estimator):
    learner = json.loads(estimator.get_booster().save_raw("json"))["learner"]
    objective, booster, parameters = learner["objective"]["name"], learner["gradient_booster"], learner["learner_model_param"]
    check_xgboost(estimator, objective, parameters)
    if booster["name"] not in ("gbtree", "dart"):
        raise ValueError(f"booster={booster['name']!r}; known are gbtree, dart")
    model = (booster["gbtree"] if booster["name"] == "dart" else booster)["model"]
    weights = booster.get("weight_drop", [1.0] * len(model["trees"]))
    outputs = max(1, int(parameters["num_class"])) * max(1, int(parameters.get("num_target", 1)))
    trees = [xgboost_tree(tree, output, weight) for tree, output, weight in zip(xgboost_trees(estimator, model, outputs), model["tree_info"], weights)]
    return {"kind": "trees", "outputs": outputs, "below": True, "base": xgboost_base(parameters, outputs, objective), "trees": trees}


def lightgbm_nodes(structure):
    """The nodes of a nested tree, parents first, each with the numbers of its children."""
    nodes, following = [], [structure]
    while following:
        node = following.pop(0)
        children = [node[side] for side in ("left_child", "right_child") if side in node]
        first = len(nodes) + len(following) + 1
        nodes.append((node, [first + index for index in range(len(children))]))
        following.extend(children)
    return nodes


def lightgbm_missing_left(node):
    if node["missing_type"] == "None":
        return int(0 <= node["threshold"])
    if node["missing_type"] == "Zero":
        raise ValueError("zero_as_missing=True; known is False")
    return int(node["default_left"])


def lightgbm_set(node):
    """Categories that go left; missing values and all others go right."""
    return [int(category) for category in node["threshold"].split("||")] if node.get("decision_type") == "==" else None


def lightgbm_tree(structure, output, share):
    nodes = lightgbm_nodes(structure)
    sets = [lightgbm_set(node) for node, _ in nodes]
    if any("leaf_coeff" in node for node, _ in nodes):
        raise ValueError("linear_tree=True; known are constant leaves")
    return {
        "feature": [node["split_feature"] if children else -1 for node, children in nodes],
        "threshold": thresholds_of_doubles([node["threshold"] if children and categories is None else 0.0 for (node, children), categories in zip(nodes, sets)]).tolist(),
        "left": [children[0] if children else -1 for _, children in nodes],
        "right": [children[1] if children else -1 for _, children in nodes],
        "missing_left": [lightgbm_missing_left(node) if children and categories is None else 0 for (node, children), categories in zip(nodes, sets)],
        "cover": [node["internal_count" if children else "leaf_count"] if len(nodes) > 1 else 0 for node, children in nodes],
        "value": [None if children else node["leaf_value"] / share for node, children in nodes],
        "output": output,
        **({"categories": sets} if any(sets) else {}),
    }


def check_probabilities(estimator):
    """The usual rules, of LightGBM's sums as they are."""
    objective = estimator.booster_.dump_model()["objective"]
    if objective.startswith("multiclassova"):
        raise ValueError("probabilities of the objective multiclassova, which do not add up to 1; known are binary, multiclass")
    if objective.startswith("binary") and objective != "binary sigmoid:1":
        raise ValueError(f"probabilities of the objective {objective}; known is sigmoid:1")


def lightgbm(estimator):
    model = estimator.booster_.dump_model()
    objective = model.get("objective", "").split(" ")
    if objective[0] not in LIGHTGBM_OBJECTIVES or "sqrt" in objective:
        raise ValueError(f"the objective {' '.join(objective)}; known are {', '.join(LIGHTGBM_OBJECTIVES)}")
    check_categories(bool(estimator.booster_.pandas_categorical))
    check_task(estimator, objective[0], objective[0] in ("binary", "multiclass", "multiclassova"))
    outputs = model["num_tree_per_iteration"]
    share = len(model["tree_info"]) / outputs if model.get("average_output") else 1
    trees = [lightgbm_tree(tree["tree_structure"], index % outputs, share) for index, tree in enumerate(model["tree_info"])]
    return {"kind": "trees", "outputs": outputs, "trees": trees}


EXPORTERS = {
    "XGBClassifier": xgboost, "XGBRegressor": xgboost, "XGBRanker": xgboost, "XGBRFClassifier": xgboost, "XGBRFRegressor": xgboost,
    "LGBMClassifier": lightgbm, "LGBMRegressor": lightgbm, "LGBMRanker": lightgbm,
}
