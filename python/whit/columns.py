# SPDX-License-Identifier: Apache-2.0
"""Transformers of some of the columns each, or side by side, as steps of an estimator file (docs/formats/estimator.md)."""

import numpy

from .preparing import scale, select
from .reading import features_of, name_of
from .views import View

VIEWS = ("scale", "select")


def is_passed(transformer):
    """Whether columns stay as they are: also through a pipeline of nothing else."""
    if name_of(transformer) == "Pipeline":
        return all(is_passed(part) for _, part in transformer.steps)
    return transformer is None or isinstance(transformer, str) and transformer == "passthrough"


def is_dropped(transformer):
    return isinstance(transformer, str) and transformer == "drop"


def in_parallel(features, branches):
    """One choice of columns and one scaler where the branches are no more than that."""
    if not branches:
        raise ValueError("no columns: all are dropped")
    if any(step["kind"] not in VIEWS for branch in branches for step in branch):
        return [{"kind": "parts", "parts": [{"result": "features", "steps": branch} for branch in branches]}]
    view = View.joined([View.whole(features).after_all(branch) for branch in branches])
    steps = [] if numpy.array_equal(view.sources, numpy.arange(features)) else [select(view.sources)]
    return steps if (view.factors == 1).all() and (view.offsets == 0).all() else [*steps, scale(view.factors, view.offsets)]


def columns(estimator, samples, steps_before):
    """ColumnTransformer; columns that nobody takes are its remainder, which stands behind the others."""
    branches = []
    for name, transformer, _ in estimator.transformers_:
        chosen = list(estimator._transformer_to_input_indices.get(name, ()))
        if chosen and not is_dropped(transformer):
            steps = [] if is_passed(transformer) else steps_before(transformer, None if samples is None else samples[:, chosen])
            branches.append([select(chosen), *steps])
    return in_parallel(estimator.n_features_in_, branches)


def weighted(features, steps, name, weight):
    """The steps with all that comes out of them multiplied."""
    if not weight > 0:
        raise ValueError(f"the weight {weight} of {name}; known are those above 0, and 'drop'")
    count = len(View.whole(features).after_all(steps).sources)
    return steps if weight == 1 else [*steps, scale(numpy.full(count, weight), numpy.zeros(count))]


def union(estimator, samples, steps_before):
    """FeatureUnion, each with its weight."""
    features, weights, branches = features_of(estimator), estimator.transformer_weights or {}, []
    for name, transformer in estimator.transformer_list:
        if not is_dropped(transformer):
            steps = [] if is_passed(transformer) else steps_before(transformer, samples)
            branches.append(weighted(features, steps, name, weights.get(name, 1)))
    return in_parallel(features, branches)


EXPORTERS = {"ColumnTransformer": columns, "FeatureUnion": union}
