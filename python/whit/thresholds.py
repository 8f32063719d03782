# SPDX-License-Identifier: Apache-2.0
"""What lies at the thresholds of trees. They are values of training, or means of two, and values that are decimals are met there again: such a sample
shall go the estimator's way, though packages compare other roundings of it than chips do."""

import numpy

HALF_WAY = 1e-6  # steps of float32
MOST_DIGITS = 6
FLOAT_STEPS = 2  # of float32, by which a mean of two may be off


def thresholds_of_doubles(thresholds):
    """Thresholds of packages that compare float64 numbers, for float32 ones: the nearest. A mean of two neighbouring float32 numbers stays between them."""
    thresholds = numpy.asarray(thresholds, dtype=float)
    with numpy.errstate(over="ignore"):
        nearest = thresholds.astype(numpy.float32)
    below = numpy.where(nearest <= thresholds, nearest, numpy.nextafter(nearest, numpy.float32(-numpy.inf))).astype(float)
    between = (thresholds - below) / numpy.spacing(numpy.abs(below).astype(numpy.float32))
    return numpy.where(numpy.isfinite(nearest) & (numpy.abs(between - 0.5) > HALF_WAY), nearest.astype(float), thresholds)


def float_steps(values):
    return numpy.spacing(numpy.abs(values).astype(numpy.float32)).astype(float)


def decimals_at(thresholds, steps):
    """The shortest decimal number that each threshold is but for the rounding of numbers of those steps; not-a-number where it is none."""
    found = numpy.full(len(thresholds), numpy.nan)
    for digits in range(1, MOST_DIGITS + 1):
        decimals = numpy.array([f"{threshold:.{digits}g}" for threshold in thresholds], dtype=float)
        near = numpy.abs(decimals - thresholds) <= (FLOAT_STEPS + 0.5) * steps
        found = numpy.where(numpy.isnan(found) & near, decimals, found)
    return found


def at_thresholds(thresholds):
    """What a sample at a threshold holds, as float32: that decimal number, or the nearest."""
    decimals = decimals_at(thresholds, float_steps(thresholds))
    return numpy.where(numpy.isnan(decimals), thresholds, decimals).astype(numpy.float32)


def settle(trees):
    """Thresholds behind scalers, a quarter of a float32 step beside the decimal number that lies there, on the side where the estimator puts it: it
    compares the scaled number, rounded to float32. `trees` are steps with what they see of the features."""
    for step, view in trees:
        scaled = (view.sources >= 0) & (view.factors > 0) & ((view.factors != 1) | (view.offsets != 0))
        for tree in step["trees"]:
            nodes = [node for node, column in enumerate(tree["feature"]) if column >= 0 and scaled[column] and numpy.isfinite(tree["threshold"][node])]
            columns = numpy.asarray(tree["feature"], dtype=int)[nodes]
            factors, offsets, real = view.factors[columns], view.offsets[columns], numpy.asarray(tree["threshold"], dtype=float)[nodes]
            raw = (real - offsets) / factors
            decimals = decimals_at(raw, numpy.maximum(float_steps(raw), float_steps(real) / factors))
            seen, single = (decimals * factors + offsets).astype(numpy.float32), decimals.astype(numpy.float32)
            on_left = seen < real if step.get("below") else seen <= real
            moved = (single + numpy.where(on_left, 0.25, -0.25) * float_steps(single)) * factors + offsets
            for index in numpy.flatnonzero(~numpy.isnan(decimals)):
                tree["threshold"][nodes[index]] = float(moved[index])


def last_on_left(thresholds, below):
    """The last integer that goes left, as the program rounds thresholds."""
    return numpy.where(below, numpy.ceil(thresholds) - 1, numpy.floor(thresholds))
