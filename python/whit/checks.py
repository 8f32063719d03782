# SPDX-License-Identifier: Apache-2.0
"""What users give, looked at before anything is done: a ValueError says what is wrong."""

import math
import numbers
import os
import re

import numpy

from .reading import dense, name_of

INTEGER_TYPES = {"uint8": numpy.uint8, "int8": numpy.int8, "int16": numpy.int16}
TYPES = ("float32", *INTEGER_TYPES)
OPTIONS = {"prune": ("trees",), "leaf_levels": ("trees",), "weight_bits": ("linear", "kernel_machine", "neighbours"), "vector_bits": ("kernel_machine",), "condense": ("neighbours",)}
VALUES = {
    "prune": (lambda value: 0 <= value < 1, "fractions, 0 or more and below 1"),
    "leaf_levels": (lambda value: value == int(value) and 0 <= value <= 1 << 23, "whole numbers up to 8388608"),
    "weight_bits": (lambda value: value in (8, 16), "8, 16"),
    "vector_bits": (lambda value: value in (8, 16), "8, 16"),
}
RESULTS = ("label", "scores", "reals", "probabilities")
ABOVE_0 = r"(?=[0-9.]*[1-9])[0-9]{0,9}\.?[0-9]*"
CELL = {
    "period": (f"{ABOVE_0}(ms|s|min|h)", "times such as '250ms', '1s', '10min', '2h'"),
    "battery": (f"{ABOVE_0}m?Ah@{ABOVE_0}V", "charge and voltage such as '220mAh@3V'"),
}
MOST_NAMED = 8  # columns in a message
GOALS = ("speed", "size", "balanced", "ram")
MEANING = {"trees": "trees", "linear": "linear models and networks", "kernel_machine": "vector machines", "neighbours": "neighbours"}


class UnsupportedEstimator(ValueError):
    """An estimator, or a form of one, that cannot be written; the message lists what can."""


def checked_estimator(estimator):
    """An object, which is not a class."""
    if estimator is None or isinstance(estimator, type):
        raise UnsupportedEstimator(f"{estimator!r} cannot be compiled: give a fitted estimator, or the path of a model file")
    return estimator


def numbers_of(samples, kept="f"):
    """The samples as an array; of the kinds that are kept as wide as they are, which some estimators ask for, others as floats."""
    try:
        values = dense(samples, None)
        return values if values.dtype.kind in kept else values.astype(float)
    except (TypeError, ValueError) as error:
        raise ValueError(f"samples that are no table of numbers: {error}") from error


def labels_of(labels):
    """One label a sample, also of a table with one column."""
    values = numpy.asarray(labels)
    if values.ndim != 1 and values.shape[1:] != (1,):
        raise ValueError(f"labels of shape {values.shape}; known are (count,), one label a sample")
    return values.ravel()


def check_numbers(labels):
    """A model file knows its classes by number."""
    if labels.dtype.kind not in "iubf" or (labels != numpy.round(labels)).any():
        raise ValueError(f"labels such as {labels[0]!s}; a model file's are its classes' numbers, 0, 1, 2...")


def check_answers(estimator, classes, result):
    """Labels are compared with labels, or with the largest probability; sums may be of pairs of classes."""
    if classes is None:
        raise ValueError(f"labels for a {name_of(estimator)}, which gives none: leave them out; verify tells how far results are from the estimator's")
    if result not in ("label", "probabilities"):
        raise ValueError(f"labels with result={result!r}, which has sums: compile with result='label' or 'probabilities' to get the accuracy")


def check_samples(samples, features):
    """One row a sample, one column a feature."""
    shape = numpy.shape(samples)
    if samples is not None and (len(shape) != 2 or shape[1] != features or shape[0] == 0):
        raise ValueError(f"samples of shape {shape}; the estimator takes (count, {features}), also for one sample")


def check_columns(samples, fitted):
    """Columns with names are those of fitting, in that order: features go by their place. LightGBM writes _ for a space."""
    given = list(getattr(samples, "columns", ()))
    if fitted is None or not given or not all(isinstance(name, str) for name in given):
        return
    given, fitted = ([name.replace(" ", "_") for name in names] for names in (given, fitted))
    if given == fitted:
        return
    faults = {"missing": [name for name in fitted if name not in given], "unknown": [name for name in given if name not in fitted]}
    if not any(faults.values()):
        faults = {"out of place": [name for place, name in enumerate(given) if fitted[place:place + 1] != [name]]}
    said = "; ".join(f"{fault}: {', '.join(names[:MOST_NAMED])}{', ...' * (len(names) > MOST_NAMED)}" for fault, names in faults.items() if names)
    raise ValueError(f"samples whose columns are not those that the estimator was fitted with ({said}): give samples[list(estimator.feature_names_in_)]")


def check_classes(estimator, classes, result):
    """One label a sample, of two classes or more."""
    kind = getattr(getattr(estimator, "_label_binarizer", None), "y_type_", "")
    if isinstance(classes, list) or kind.startswith("multilabel"):
        raise UnsupportedEstimator(f"{name_of(estimator)} cannot be compiled with several labels a sample")
    if classes is not None and len(classes) == 1 and result in (None, "label", "probabilities"):
        raise UnsupportedEstimator(f"this {name_of(estimator)} knows one class only, {classes[0]}: there is nothing to compile. Fit it on samples of two or more")


def check_input(name, scale, features):
    """How features are stored."""
    if name not in (None, *TYPES):
        raise ValueError(f"input_type {name!r}; known are {', '.join(TYPES)}")
    if scale is None:
        return
    scales = numpy.ravel(numbers_of(scale))
    if len(scales) not in (1, features) or not (numpy.isfinite(scales) & (scales > 0)).all():
        raise ValueError(f"input_scale {scale!r}; known are one number above 0, or {features}")


def check_result(estimator, result, classes, is_transformer):
    """What can be asked of a regressor, of a transformer, of a classifier."""
    known = ("reals",) if is_transformer else ("scores", "reals") if classes is None else RESULTS
    if result not in (None, *known):
        raise UnsupportedEstimator(f"{name_of(estimator)} cannot be compiled with result={result!r}; known are {', '.join(known)}")


def check_name(name):
    if not re.fullmatch("[A-Za-z_][A-Za-z0-9_]*", str(name)):
        raise ValueError(f"name {name!r}; known are letters, digits and underscores, none of the digits first")


def check_optimize(optimize):
    if optimize not in GOALS:
        raise ValueError(f"optimize {optimize!r}; known are {', '.join(GOALS)}")


def check_cell(period, battery):
    """Of a device that sleeps between runs."""
    for name, value in (("period", period), ("battery", battery)):
        form, known = CELL[name]
        if value is not None and not re.fullmatch(form, str(value)):
            raise ValueError(f"{name} {value!r}; known are {known}")


def check_values(options):
    """Those of options, where they are given."""
    for name, (fits, known) in VALUES.items():
        value = options.get(name)
        if value is not None and (isinstance(value, bool) or not isinstance(value, numbers.Real) or not fits(value)):
            raise ValueError(f"{name} {value!r}; known are {known}")


def check_options(options, kind):
    """Each option says something about the last step of an estimator."""
    check_values(options)
    for name, kinds in OPTIONS.items():
        if options.get(name) and kind not in kinds:
            raise UnsupportedEstimator(f"{name} does not apply to this estimator, but to {', '.join(MEANING[one] for one in kinds)}")


def is_finite(value):
    """All numbers within, but thresholds, of which infinite ones have a meaning."""
    if isinstance(value, dict):
        return all(is_finite(inner) for key, inner in value.items() if key != "threshold")
    if isinstance(value, list):
        return all(map(is_finite, value))
    return not isinstance(value, float) or math.isfinite(value)


def check_finite(steps):
    """What was learnt of samples that say too little, such as naive Bayes without smoothing, is no model for others."""
    for step in steps:
        for member, value in step.items():
            if not is_finite(value):
                raise ValueError(f"infinite or undefined numbers in {member} ({step['kind']}): smooth or regularise more when fitting")


def check_for_file(path, arguments):
    """A model file is there, and says everything itself."""
    if not os.path.isfile(path):
        raise ValueError(f"{str(path)!r} is no file: give a fitted estimator, or the path of a model file")
    given = [name for name, value in arguments.items() if value is not None and value is not False]
    if given:
        raise ValueError(f"{', '.join(given)} with a model file: these are for estimators, a file is compiled as it is")


def check_holds(type, of_file):
    """Integers have no values for missing or infinite features."""
    if type != "float32":
        advice = "leave these samples out" if of_file else "compile it with input_type='float32'"
        raise ValueError(f"samples with NaN or infinite values; this model's features are stored as {type}, and integers cannot hold NaN: {advice}")
