# SPDX-License-Identifier: Apache-2.0
"""Transformers of some of the columns each, or side by side, as steps of an estimator file (docs/formats/estimator.md)."""

import numpy

from .preparing import scale
from .reading import name_of
from .storage import View

KEPT_AS_THEY_ARE = ("scale", "select")


def selected(columns):
    return {"kind": "select", "features": [int(column) for column in columns]}


def is_passed(transformer):
    return isinstance(transformer, str) and transformer == "passthrough"


def steps_within(transformer, samples, steps_before):
    steps = [] if is_passed(transformer) else steps_before(transformer, samples)
    if any(step["kind"] == "parts" for step in steps):
        raise ValueError(f"{name_of(transformer)} within it that has transformers side by side of its own; known is one such level")
    return steps


def view_of(features, steps):
    """Which feature each column is, scaled how."""
    view = View.whole(features)
    for step in steps:
        view = view.scaled(step) if step["kind"] == "scale" else view.selected(step)
    return view


def side_by_side(features, branches):
    """One choice of columns and one scaler where the branches are no more than that."""
    if not branches:
        raise ValueError("no columns: all are dropped")
    if any(step["kind"] not in KEPT_AS_THEY_ARE for branch in branches for step in branch):
        return [{"kind": "parts", "parts": [{"result": "features", "steps": branch} for branch in branches]}]
    view = View.side_by_side([view_of(features, branch) for branch in branches])
    steps = [] if numpy.array_equal(view.sources, numpy.arange(features)) else [selected(view.sources)]
    return steps if (view.factors == 1).all() and (view.offsets == 0).all() else [*steps, scale(view.factors, view.offsets)]


def columns(estimator, samples, steps_before):
    """ColumnTransformer; columns that nobody takes are its remainder, which stands behind the others."""
    branches = []
    for name, transformer, _ in estimator.transformers_:
        chosen = list(estimator._transformer_to_input_indices.get(name, ()))
        if chosen and not (isinstance(transformer, str) and transformer == "drop"):
            branches.append([selected(chosen), *steps_within(transformer, None if samples is None else samples[:, chosen], steps_before)])
    return side_by_side(estimator.n_features_in_, branches)


def union(estimator, samples, steps_before):
    """FeatureUnion, each with its weight."""
    branches, weights = [], estimator.transformer_weights or {}
    for name, transformer in estimator.transformer_list:
        if isinstance(transformer, str) and transformer == "drop":
            continue
        steps = steps_within(transformer, samples, steps_before)
        weight = weights.get(name, 1)
        if weight != 1:
            count = estimator.n_features_in_ if is_passed(transformer) else len(transformer.get_feature_names_out())
            steps = [*steps, scale(numpy.full(count, weight), numpy.zeros(count))]
        branches.append(steps)
    return side_by_side(estimator.n_features_in_, branches)


EXPORTERS = {"ColumnTransformer": columns, "FeatureUnion": union}
