# SPDX-License-Identifier: Apache-2.0
"""Writes a fitted estimator as the file that the `whit` program reads (docs/formats/estimator.md)."""

import json
import warnings

import numpy

from . import boosting, columns, combining, densities, linear, neighbours, networks, preparing, trees, vectors
from .checks import (UnsupportedEstimator, check_classes, check_columns, check_finite, check_input, check_options, check_result, check_samples,
                     checked_estimator, numbers_of)
from .reading import answer, dense, features_of, name_of
from .storage import Readers, input_of
from .thresholds import settle

EXPORTERS = {**trees.EXPORTERS, **boosting.EXPORTERS, **linear.EXPORTERS, **vectors.EXPORTERS, **networks.EXPORTERS,
             **densities.EXPORTERS, **neighbours.EXPORTERS, **combining.EXPORTERS}
TRANSFORMERS = {**preparing.EXPORTERS, **columns.EXPORTERS}
BEFORE = {**preparing.BEFORE, **columns.EXPORTERS}  # other steps
WITH_SAMPLES = {*networks.EXPORTERS.values(), *densities.WITH_SAMPLES.values(), *preparing.WITH_SAMPLES.values(), preparing.discriminants}  # exporters that look at samples
OUTLIERS = ("OneClassSVM", "IsolationForest", "EllipticEnvelope", "LocalOutlierFactor")  # which tell inliers (1) from outliers (-1)
CLUSTERS = {"KMeans": "cluster_centers_", "MiniBatchKMeans": "cluster_centers_", "GaussianMixture": "means_", "BayesianGaussianMixture": "means_"}


def hint_of(estimator, exporters):
    """What to do with an estimator that no exporter is for."""
    name = name_of(estimator)
    if name.startswith("CatBoost"):
        return "save it by save_model(path, format='json') and compile that file"
    if hasattr(estimator, "best_estimator_"):
        return "compile its best_estimator_"
    if name in EXPORTERS:
        return f"before other steps of a pipeline can be: {', '.join(sorted(exporters))}"
    return f"what can: {', '.join(sorted([*EXPORTERS, *TRANSFORMERS, 'Pipeline']))}"


def exported(exporters, estimator, samples=None):
    """The steps of one estimator by those exporters; `samples` are what it reads."""
    name = name_of(estimator)
    if name not in exporters:
        raise UnsupportedEstimator(f"{name} cannot be compiled; {hint_of(estimator, exporters)}")
    if callable(getattr(estimator, "kernel", None)):
        raise UnsupportedEstimator(f"{name} cannot be compiled with a kernel that is a function; known are linear, {', '.join(vectors.KERNELS)}")
    if features_of(estimator) is None:
        raise UnsupportedEstimator(f"this {name} is not fitted: call fit first")
    exporter = exporters[name]
    try:
        if name in combining.EXPORTERS:
            return exporter(estimator, samples, steps_of)
        if name in columns.EXPORTERS:
            return exporter(estimator, samples, lambda inner, values: prepared(parts_of(inner), values)[0])
        steps = exporter(estimator, samples) if exporter in WITH_SAMPLES else exporter(estimator)
        steps = steps if isinstance(steps, list) else [steps]
        check_finite(steps)
    except UnsupportedEstimator:  # of a part, which it names
        raise
    except ValueError as error:
        raise UnsupportedEstimator(f"{name} cannot be compiled with {error}") from error
    return steps


def options_of(step, is_last, options):
    """Those that a step takes: the last all; before it layers of networks their weights' bits, while components need 16."""
    return options if is_last else {key: options[key] for key in ("weight_bits",) if key in options and "activation" in step}


def parts_of(estimator):
    """The steps of a pipeline, also of one within another; an estimator alone is one."""
    if name_of(estimator) != "Pipeline":
        return [checked_estimator(estimator)]
    parts = [inner for _, part in estimator.steps if part is not None and not isinstance(part, str) for inner in parts_of(part)]
    if not parts:
        raise UnsupportedEstimator("a Pipeline with nothing but passthrough: there is nothing to compile")
    return parts


def joined(steps):
    """The same with scalers and projections before a linear step taken into its weights."""
    while len(steps) > 1 and steps[-1]["kind"] == "linear" and steps[-2]["kind"] in ("scale", "project") and steps[-2].get("activation", "none") == "none":
        before = steps[-2]
        matrix, offset = (numpy.diag(before["factors"]), before["offsets"]) if before["kind"] == "scale" else (before["weights"], before["bias"])
        steps = [*steps[:-2], linear.joined(numpy.asarray(matrix), numpy.asarray(offset), steps[-1])]
    return steps


def prepared(transformers, values):
    """The steps of transformers one after the other, and what comes out of them."""
    steps = []
    for one in transformers:
        steps += exported(BEFORE, one, values)
        values = None if values is None else dense(answer(one.transform, values))
    return steps, values


def steps_of(estimator, samples=None, result=None):
    """The steps of a fitted estimator, transformer or pipeline, for that result."""
    *before, last = parts_of(estimator)
    if name_of(last) in TRANSFORMERS:
        if hasattr(last, "predict"):
            raise UnsupportedEstimator(f"{name_of(last)} can stand before an estimator only: give make_pipeline(it, its estimator_)")
        before, last = [*before, last], None
    if hasattr(last, "n_features_in_"):
        check_classes(last, classes_of(last), result)
    steps, values = prepared(before, None if samples is None or not numpy.isfinite(samples).all() else numpy.asarray(samples, dtype=float))
    if last is None:
        return [*steps, {"kind": "features"}]
    steps = joined(steps + exported(EXPORTERS, last, values))
    if result != "probabilities":
        return steps
    try:
        return combining.with_probabilities(last, steps)
    except ValueError as error:
        raise UnsupportedEstimator(f"{name_of(last)} cannot be compiled with {error}") from error


def classes_of(estimator):
    """What the labels 0, 1... stand for; none for regressors."""
    last = parts_of(estimator)[-1]
    if name_of(last) in OUTLIERS:
        return numpy.array([-1, 1])
    if name_of(last) in CLUSTERS:
        return numpy.arange(len(getattr(last, CLUSTERS[name_of(last)])))
    return None if name_of(last) in TRANSFORMERS else getattr(last, "classes_", None)


def columns_of(estimator):
    """Names of the features, if it was fitted with a table."""
    return getattr(parts_of(estimator)[0], "feature_names_in_", None)


def tell_of_gaps(samples):
    """Why features stay float32 though there are samples."""
    with numpy.errstate(over="ignore"):
        count = int(numpy.count_nonzero(~numpy.isfinite(samples.astype(numpy.float32)).all(axis=1)))
    warnings.warn(f"features are stored as float32, as {count} of {len(samples)} samples have missing or infinite values, which integers cannot hold; without floating point in "
                  "the chip that takes more time and flash: fill them in before the estimator, or give input_type='float32' to say that it is meant", stacklevel=6)


def estimator_document(estimator, samples=None, input_type=None, input_scale=None, result=None, condense=False, **options):
    """The file's content as a dictionary."""
    parts = parts_of(estimator)
    features = features_of(parts[0])  # none: not fitted, which the steps tell
    if samples is not None:
        check_columns(samples, columns_of(estimator))
        samples = numbers_of(samples)
    if features is not None:
        check_input(input_type, input_scale, features)
        check_samples(samples, features)
    steps = steps_of(estimator, samples if input_type != "float32" else None, result)
    classes = classes_of(estimator)
    check_result(parts[-1], result, classes, steps[-1]["kind"] == "features")
    check_options({**options, "condense": condense}, steps[-1]["kind"])
    if condense:
        steps[-1] = neighbours.condensed(steps[-1])
    for step in steps:
        taken = options_of(step, step is steps[-1], options)
        step.update({key: value for key, value in taken.items() if value is not None})
    settle(Readers(steps, features).trees)
    document = {
        "format": "whit-estimator",
        "version": 1,
        "estimator": name_of(estimator),
        "features": int(features),
        "input": input_of(samples, input_type, input_scale, steps),
        "result": result or ("label" if classes is not None else "reals"),
        "steps": steps,
    }
    if samples is not None and input_type is None and document["input"]["type"] == "float32":
        tell_of_gaps(samples)
    if classes is not None:
        document["classes"] = [str(label) for label in classes]
    return document


def written(value):
    """The same with infinite numbers, which JSON does not have, as texts, and numpy's numbers as Python's."""
    if isinstance(value, numpy.generic):
        value = value.item()
    if isinstance(value, dict):
        return {key: written(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [written(inner) for inner in value]
    return str(value) if isinstance(value, float) and abs(value) == float("inf") else value


def export(estimator, path, **arguments):
    """Writes the estimator file and returns its content; the arguments are those of `whit.compile`."""
    document = estimator_document(estimator, **arguments)
    with open(path, "w", encoding="utf-8") as file:
        json.dump(written(document), file, separators=(",", ":"), allow_nan=False)
        file.write("\n")
    return document
