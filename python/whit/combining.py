# SPDX-License-Identifier: Apache-2.0
"""Estimators made of estimators (votes, stacks), and the probabilities of classes, as steps of an estimator file (docs/formats/estimator.md)."""

import numpy

from . import boosting, linear
from .reading import answer, name_of

SHARES = ("DecisionTreeClassifier", "ExtraTreeClassifier", "RandomForestClassifier", "ExtraTreesClassifier", "BaggingClassifier")
SOFTMAX = ("GradientBoostingClassifier", "HistGradientBoostingClassifier", "LogisticRegression", "LogisticRegressionCV", "LinearDiscriminantAnalysis", "MLPClassifier",
           "GaussianNB", "MultinomialNB", "BernoulliNB", "ComplementNB", "QuadraticDiscriminantAnalysis", "GaussianMixture", "BayesianGaussianMixture",
           "XGBClassifier", "LGBMClassifier", "SGDClassifier")


def sums_of(step):
    """How many sums the last step gives."""
    return len(step["bias"]) if "bias" in step else step.get("outputs") or len(step["classes"])


def form_of(estimator, step):
    """How sums of classes become probabilities."""
    if getattr(estimator, "loss", "log_loss") != "log_loss":
        raise ValueError(f"probabilities of the loss {estimator.loss}")
    if name_of(estimator) == "LGBMClassifier":
        boosting.check_probabilities(estimator)
    manner = getattr(estimator, "multi_class", "auto")  # of older scikit-learn's LogisticRegression
    if sums_of(step) == 1:
        if manner == "multinomial":
            raise ValueError("probabilities of multi_class='multinomial' with two classes; known are ovr, auto")
        return {"form": "logistic"}
    one_by_one = name_of(estimator) == "SGDClassifier" or getattr(estimator, "solver", None) == "liblinear" or manner == "ovr"
    return {"form": "each" if one_by_one else "softmax"}


def by_pairs(estimator):
    """Platt's logistic curves; of two classes scikit-learn turns the sum so that above 0 means the second."""
    slopes, offsets = numpy.asarray(estimator.probA_, dtype=float), numpy.asarray(estimator.probB_, dtype=float)
    if not len(slopes):
        raise ValueError("probabilities: fit with probability=True")
    return {"form": "pairs", "slopes": (-slopes if len(slopes) == 1 else slopes).tolist(), "offsets": offsets.tolist()}


def with_probabilities(estimator, steps):
    """The steps with what probabilities need said in the last one."""
    *before, last = steps
    name = name_of(estimator)
    if name in SHARES:
        return [*before, {**last, "probability": {"form": "shares"}}]
    if name in SOFTMAX:
        return [*before, {**last, "probability": form_of(estimator, last)}]
    if name in ("SVC", "NuSVC"):
        return [*before, {**last, "probability": by_pairs(estimator)}]
    if name == "KNeighborsClassifier":
        kinds = {key: value for key, value in last.items() if key != "classes"}
        values = numpy.eye(last["classes"])[numpy.asarray(last["values"])[:, 0].astype(int)]
        return [*before, {**kinds, "values": values.tolist(), "probability": {"form": "shares"}}]
    raise ValueError(f"probabilities of {name}; known are {', '.join(sorted([*SHARES, *SOFTMAX, 'SVC', 'NuSVC', 'KNeighborsClassifier']))}")


def weights_of(estimator):
    weights = estimator._weights_not_none
    weights = numpy.ones(len(estimator.estimators_)) if weights is None else numpy.asarray(weights, dtype=float)
    return weights / weights.sum()


def part_of(estimator, result, steps_of, samples):
    return {"result": result, "steps": steps_of(estimator, samples, result)}


def parts(estimators, result, steps_of, samples):
    return {"kind": "parts", "parts": [part_of(one, result, steps_of, samples) for one in estimators]}


def together(steps, weights):
    """One ensemble of all trees, where all parts are forests that share out classes."""
    trees = []
    for (last,), weight in zip(steps, weights):
        for tree in last["trees"]:
            values = [None if value is None else (weight / len(last["trees"]) * numpy.asarray(value)).tolist() for value in tree["value"]]
            trees.append({**tree, "value": values})
    return {"kind": "trees", "outputs": steps[0][0]["outputs"], "trees": trees}


def votes(estimator, samples, steps_of):
    """Hard: each part's label counts its weight for its class. Soft: the probabilities are added."""
    classes, weights, members = len(estimator.classes_), weights_of(estimator), estimator.estimators_
    if estimator.voting == "hard":
        chosen = [{"feature": part, "places": [one - 1, one, one + 1], "values": [0, 1, 0]} for part in range(len(members)) for one in range(classes)]
        return [parts(members, "label", steps_of, samples), {"kind": "map", "outputs": chosen}, linear.step(numpy.kron(weights, numpy.eye(classes)), numpy.zeros(classes))]
    if all(name_of(one) in SHARES for one in members):
        return [together([steps_of(one, samples, "label") for one in members], weights)]
    return [parts(members, "probabilities", steps_of, samples), linear.step(numpy.kron(weights, numpy.eye(classes)), numpy.zeros(classes))]


def mean(estimator, samples, steps_of):
    return [parts(estimator.estimators_, "reals", steps_of, samples), linear.step(weights_of(estimator)[None], numpy.zeros(1))]


def has_values_of(step, classes):
    """Whether the sums are the decision values: not those of pairs, not one a class where there are two."""
    return not step.get("pairs") and not step.get("counts") and sums_of(step) == (classes if classes > 2 else 1)


def member_of(one, method, samples, steps_of):
    """A part, how many numbers it gives, and which of them count: of two classes the second's probability tells all."""
    classes = len(getattr(one, "classes_", ()))
    result = {"predict_proba": "probabilities", "decision_function": "reals"}.get(method, "label" if classes else "reals")
    part = part_of(one, result, steps_of, samples)
    if method == "predict_proba":
        return part, classes, range(int(classes == 2), classes)
    if method == "predict" and classes and not numpy.array_equal(one.classes_, numpy.arange(classes)):
        raise ValueError(f"stack_method='predict' of members whose labels are {', '.join(map(str, one.classes_))}; known are 0, 1 ...: use 'predict_proba'")
    if method == "decision_function" and not has_values_of(part["steps"][-1], classes):
        raise ValueError(f"decision values of {name_of(one)} for {classes} classes: use stack_method='predict_proba' or 'predict'")
    count = classes if method == "decision_function" and classes > 2 else 1
    return part, count, range(count)


def side_by_side(members, methods, samples, steps_of, features=0):
    """The members' results, then as many of the features themselves."""
    written, columns, at = [], [], 0
    for one, method in zip(members, methods):
        part, count, used = member_of(one, method, samples, steps_of)
        written.append(part)
        columns += [at + column for column in used]
        at += count
    columns += range(at, at + features)
    return [{"kind": "parts", "parts": written, "pass": features > 0}, {"kind": "select", "features": columns}]


def stack(estimator, samples, steps_of):
    """The parts' results are the features of the last one."""
    parts_first = side_by_side(estimator.estimators_, estimator.stack_method_, samples, steps_of, estimator.n_features_in_ if estimator.passthrough else 0)
    values = None if samples is None else answer(estimator.transform, samples)
    return [*parts_first, *steps_of(estimator.final_estimator_, values, None)]


def one_against_rest(estimator, samples, steps_of):
    """The class whose member says most; of two classes there is one member."""
    members = estimator.estimators_
    if estimator.multilabel_:
        raise ValueError("several labels a sample")
    by_sums = all(hasattr(one, "decision_function") for one in members)
    limit = 0.5 if len(members) == 1 and not by_sums else 0.0
    if all(name_of(one) in linear.EXPORTERS for one in members):
        rows = [linear.linear(one) for one in members]
        return [linear.step(numpy.vstack([row["weights"] for row in rows]), numpy.concatenate([row["bias"] for row in rows]) - limit)]
    method = "decision_function" if by_sums else "predict_proba"
    return [*side_by_side(members, [method] * len(members), samples, steps_of), linear.step(numpy.eye(len(members)), numpy.full(len(members), -limit))]


EXPORTERS = {"VotingClassifier": votes, "VotingRegressor": mean, "StackingClassifier": stack, "StackingRegressor": stack,
             "OneVsRestClassifier": one_against_rest}
