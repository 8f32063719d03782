# SPDX-License-Identifier: Apache-2.0
"""Writes a fitted estimator as the file that the `whit` program reads (docs/formats/estimator.md)."""

import json

import numpy

from . import boosting, linear, trees

EXPORTERS = {**trees.EXPORTERS, **boosting.EXPORTERS, **linear.EXPORTERS}
INTEGER_TYPES = {"uint8": numpy.uint8, "int8": numpy.int8, "int16": numpy.int16}


class UnsupportedEstimator(ValueError):
    """An estimator, or a form of one, that cannot be written; the message lists what can."""


def input_of(samples, type=None, scale=None):
    """How features are stored: as given, or what holds all the samples.

    Samples of small whole numbers are stored as they are; other real samples as int16 with a scale for each feature
    that leaves as much room again on both sides. Without samples or a type, features stay float32.
    """
    if type == "float32" or (samples is None and type is None):
        return {"type": "float32"}
    if type is not None and scale is not None:
        return {"type": type, "scales": numpy.atleast_1d(scale).astype(float).tolist()}
    if samples is None:
        return {"type": type}
    values = numpy.asarray(samples, dtype=float)
    if not numpy.isfinite(values).all():
        return {"type": "float32"}
    whole = (values == numpy.round(values)).all()
    for name, dtype in INTEGER_TYPES.items():
        limits = numpy.iinfo(dtype)
        if whole and type in (None, name) and values.min() >= limits.min and values.max() <= limits.max:
            return {"type": name}
    limits = numpy.iinfo(INTEGER_TYPES[type or "int16"])
    largest = numpy.abs(values).max(axis=0)
    return {"type": type or "int16", "scales": (numpy.where(largest > 0, largest, 1) * 2 / limits.max).tolist()}


def estimator_document(estimator, samples=None, input_type=None, input_scale=None, result=None, **options):
    """The file's content as a dictionary."""
    name = estimator.__class__.__name__
    if name not in EXPORTERS:
        raise UnsupportedEstimator(f"{name} cannot be compiled; what can: {', '.join(sorted(EXPORTERS))}")
    if not hasattr(estimator, "n_features_in_"):
        raise UnsupportedEstimator(f"this {name} is not fitted: call fit first")
    try:
        step = EXPORTERS[name](estimator)
    except ValueError as error:
        raise UnsupportedEstimator(f"{name} cannot be compiled with {error}") from error
    step.update({key: value for key, value in options.items() if value is not None})
    classes = getattr(estimator, "classes_", None)
    document = {
        "format": "whit-estimator",
        "version": 1,
        "estimator": name,
        "features": int(estimator.n_features_in_),
        "input": input_of(samples, input_type, input_scale),
        "result": result or ("label" if classes is not None else "reals"),
        "steps": [step],
    }
    if classes is not None:
        document["classes"] = [str(label) for label in classes]
    return document


def export(estimator, path, **arguments):
    """Writes the estimator file; the arguments are those of `whit.compile`."""
    with open(path, "w", encoding="utf-8") as file:
        json.dump(estimator_document(estimator, **arguments), file, separators=(",", ":"), allow_nan=False)
        file.write("\n")
