# SPDX-License-Identifier: Apache-2.0
"""Tree ensembles pruned as little as a chip's flash asks for; held-out samples of the training data tell what that costs."""

import numbers
from dataclasses import dataclass

import numpy

from .checks import UnsupportedEstimator, labels_of
from .compiled_model import CompiledModel, compile
from .estimator_file import classes_of
from .program import WhitError

STEPS = 40  # fractions that are tried are multiples of 1 / STEPS


@dataclass
class PrunedModel:
    """`fraction` of the splits given up; `flash` bytes of the library; accuracies on held-out training samples of a like model
    without and with that pruning."""

    model: CompiledModel
    fraction: float
    flash: int
    validation_before: float
    validation_after: float


def flash_of(model, samples):
    """Code and constants of the library, infinite where the chip cannot hold it."""
    report = model.bench(samples[:1])[0]
    if report.get("does_not_fit"):
        return numpy.inf
    if report["flash"]["code"] is None:
        raise ValueError(f"target {model.target!r}, whose flash is not counted; known are those of `whit targets` with a chip")
    return report["flash"]["code"] + report["flash"]["constants"]


def accuracies(estimator, samples, labels, held_out, fractions, options):
    """Those on `held_out` of the training samples, by an estimator of the same settings that was fitted on the others."""
    from sklearn.base import clone
    from sklearn.model_selection import train_test_split

    train, test, train_labels, test_labels = train_test_split(samples, labels, test_size=held_out, random_state=1, stratify=labels)
    like = clone(estimator).fit(train, train_labels)
    models = [compile(like, target="host", samples=train, prune=fraction, **{**options, "result": "label"}) for fraction in fractions]
    return [float(numpy.mean(model.predict(test) == test_labels)) for model in models]


def prune_to_fit(estimator, samples, labels, target, flash, output=None, *, optimize="size", held_out=0.25, lost=0.01, **options):
    """The classifier with the fewest splits given up that takes no more than `flash` bytes on the target.

    samples, labels   those that the estimator was fitted on; no others are looked at
    output            the folder to write the firmware to; None: not yet
    held_out          the fraction of them that judges the pruning
    lost              accuracy that may be lost there; WhitError where the flash asks for more
    options           others of `whit.compile`
    """
    labels = labels_of(labels)
    if not isinstance(flash, numbers.Real):
        raise ValueError(f"flash {flash!r}; known are numbers of bytes")
    if classes_of(estimator) is None:
        raise UnsupportedEstimator(f"prune_to_fit judges labels, of which {type(estimator).__name__} gives none: use compile(..., prune=fraction)")

    def candidate(step):
        model = compile(estimator, target=target, optimize=optimize, samples=samples, prune=step / STEPS, **options)
        return model, flash_of(model, samples)

    too_few, step, found = -1, 0, candidate(0)
    while found[1] > flash and step < STEPS - 1:  # doubling, then halving between what is too few and what is enough
        too_few, step = step, min(STEPS - 1, max(1, 2 * step))
        found = candidate(step)
    if found[1] > flash:
        least = f"it still takes {found[1]:,} bytes" if numpy.isfinite(found[1]) else "the chip cannot hold it"
        raise WhitError(f"no pruning makes this model fit {flash:,} bytes of {target}: with {step / STEPS:.1%} of the splits given up {least}; "
                        "fit fewer trees, or ones of fewer leaves", 3)
    while step - too_few > 1:
        middle = (step + too_few) // 2
        tried = candidate(middle)
        if tried[1] <= flash:
            step, found = middle, tried
        else:
            too_few = middle
    before, after = accuracies(estimator, samples, labels, held_out, (0, step / STEPS), options)
    if after < before - lost:
        raise WhitError(f"to fit {flash:,} bytes of {target} (it takes {found[1]:,} then), {step / STEPS:.1%} of the splits would go, and held-out accuracy from {before:.4f} "
                        f"to {after:.4f}: {before - after:.4f} lost, where lost={lost} allows {before - lost:.4f}; allow more of either, or fit fewer trees", 3)
    if output is not None:
        found[0].write(output)
    return PrunedModel(found[0], step / STEPS, int(found[1]), before, after)
