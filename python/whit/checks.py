# SPDX-License-Identifier: Apache-2.0
"""What users give, looked at before anything is done: a ValueError says what is wrong."""

import math

import numpy

from .reading import name_of

INTEGER_TYPES = {"uint8": numpy.uint8, "int8": numpy.int8, "int16": numpy.int16}
TYPES = ("float32", *INTEGER_TYPES)
OPTIONS = {"prune": ("trees",), "leaf_levels": ("trees",), "weight_bits": ("linear", "kernel_machine", "neighbours"), "condense": ("neighbours",)}
MEANING = {"trees": "trees", "linear": "linear models and networks", "kernel_machine": "vector machines", "neighbours": "neighbours"}


class UnsupportedEstimator(ValueError):
    """An estimator, or a form of one, that cannot be written; the message lists what can."""


def check_samples(samples, features):
    """One row a sample, one column a feature."""
    shape = numpy.shape(samples)
    if len(shape) != 2 or shape[1] != features or shape[0] == 0:
        raise ValueError(f"samples of shape {shape}; the estimator takes (count, {features}), also for one sample")


def check_classes(estimator, classes, result):
    """One label a sample, of two classes or more."""
    kind = getattr(getattr(estimator, "_label_binarizer", None), "y_type_", "")
    if isinstance(classes, list) or kind.startswith("multilabel"):
        raise UnsupportedEstimator(f"{name_of(estimator)} cannot be compiled with several labels a sample")
    if classes is not None and len(classes) == 1 and result in (None, "label", "probabilities"):
        raise UnsupportedEstimator(f"this {name_of(estimator)} knows one class only, {classes[0]}: there is nothing to compile. Fit it on samples of two or more")


def check_type(name):
    if name not in (None, *TYPES):
        raise ValueError(f"input_type {name!r}; known are {', '.join(TYPES)}")


def check_options(options, kind):
    """Each option says something about the last step of an estimator."""
    for name, kinds in OPTIONS.items():
        if options.get(name) and kind not in kinds:
            raise UnsupportedEstimator(f"{name} does not apply to this estimator, but to {', '.join(MEANING[one] for one in kinds)}")


def is_finite(value):
    if isinstance(value, (list, dict)):
        return all(is_finite(inner) for inner in (value.values() if isinstance(value, dict) else value))
    return not isinstance(value, float) or math.isfinite(value)


def check_finite(steps):
    """What was learnt of samples that say too little, such as naive Bayes without smoothing, is no model for others."""
    for step in steps:
        for member, value in step.items():
            if not is_finite(value):
                raise ValueError(f"infinite or undefined numbers in {member} ({step['kind']}): smooth or regularise more when fitting")


def check_for_file(arguments):
    """A model file says everything itself."""
    given = [name for name, value in arguments.items() if value is not None and value is not False]
    if given:
        raise ValueError(f"{', '.join(given)} with a model file: these are for estimators, a file is compiled as it is")


def check_holds(type):
    """Integers have no values for missing or infinite features."""
    if type in INTEGER_TYPES:
        raise ValueError(f"samples with NaN or infinite values; this model's features are stored as {type}, and integers cannot hold NaN: "
                         "compile it with input_type='float32'")
