# SPDX-License-Identifier: Apache-2.0
"""How features are stored as integers: real = scale x (stored - zero), of each feature. In float32 the zero is an offset,
-scale x zero, as zeros may be large.

Trees only ask on which side of a threshold a feature lies. Where nothing but trees reads a feature, its integers span no more than
its thresholds with the samples next to them (values beyond are limited, which changes no side), in the grid that parts most of these
neighbours; and a threshold whose integer would part them elsewhere is moved between them. Means of two samples are met again where
values are decimals: what lies at a threshold itself goes its way, too. Other features span their samples with
half as much room again on both sides.
"""

import warnings

import numpy

from .checks import INTEGER_TYPES
from .paths import tell_of_paths
from .thresholds import at_thresholds, last_on_left
from .views import View, hands_on, sets_of

GRIDS = 24  # that are tried for a feature of trees
FINEST = 2.0 ** -26  # of a feature's size: float32 has nothing finer
LEAST_SCALE = float(numpy.finfo(numpy.float32).tiny)
LAST = ("linear", "kernel_machine", "gaussian", "neighbours", "features")  # kinds that give a result
FEWEST_STEPS = 32  # that most samples of a feature are to lie in


def stored(values, scale, offset, type):
    """Real values as the program and the firmware store them: float32, halves away from zero, limited to the type."""
    limits = numpy.iinfo(INTEGER_TYPES[type])
    with numpy.errstate(over="ignore"):
        steps = ((numpy.asarray(values, dtype=numpy.float32) - numpy.asarray(offset, dtype=numpy.float32)) / numpy.asarray(scale, dtype=numpy.float32)).astype(float)
    return numpy.clip(numpy.copysign(numpy.floor(numpy.abs(steps) + 0.5), steps), limits.min, limits.max)


class Readers:
    """The trees that look at features as they come in (or at scaled ones), and the features that other steps read."""

    def __init__(self, steps, features):
        self.trees = []  # (step, view)
        self.others = numpy.zeros(features, dtype=bool)
        self._look(steps, View.whole(features))

    def _look(self, steps, view):
        for step in steps:
            if step["kind"] == "trees":
                return self.trees.append((step, view))
            if step["kind"] == "parts":
                for part in step["parts"]:
                    self._look(part["steps"], view)
                if any(part["result"] != "features" for part in step["parts"]):
                    return self._read(view) if step.get("pass") else None
            elif not hands_on(step):
                self._read(view)
            if step["kind"] in LAST:
                return None
            view = view.after(step)
        return None

    def categories(self):
        """Features that are asked for categories as they come in."""
        return {int(view.sources[column]) for step, view in self.trees for tree in step["trees"] for column, categories in zip(tree["feature"], sets_of(tree))
                if categories is not None and view.sources[column] >= 0 and (view.factors[column], view.offsets[column]) == (1, 0)}

    def _read(self, view):
        self.others[view.sources[view.sources >= 0]] = True


class Splits:
    """The splits of all trees that read a feature as it comes in: their real thresholds, and the samples next to them."""

    def __init__(self, readers, values):
        self.places = []  # (tree, node, feature, factor, offset)
        for step, view in readers.trees:
            for tree in step["trees"]:
                for node, (column, categories) in enumerate(zip(tree["feature"], sets_of(tree))):
                    if column >= 0 and categories is None and view.sources[column] >= 0 and view.factors[column] > 0 and numpy.isfinite(tree["threshold"][node]):
                        self.places.append((tree, node, view.sources[column], view.factors[column], view.offsets[column], bool(step.get("below"))))
        self.features = numpy.array([place[2] for place in self.places], dtype=int)
        self.thresholds = numpy.array([(tree["threshold"][node] - offset) / factor for tree, node, _, factor, offset, _ in self.places])
        self.below = below = numpy.array([place[5] for place in self.places], dtype=bool)
        self.left, self.right = numpy.full(len(below), -numpy.inf), numpy.full(len(below), numpy.inf)
        for feature in numpy.unique(self.features):
            mine, column = self.features == feature, numpy.unique(values[:, feature])
            at = numpy.where(below[mine], numpy.searchsorted(column, self.thresholds[mine], "left"), numpy.searchsorted(column, self.thresholds[mine], "right"))
            padded = numpy.concatenate([[-numpy.inf], column, [numpy.inf]])
            self.left[mine], self.right[mine] = padded[at], padded[at + 1]

    def of(self, feature):
        mine = self.features == feature
        return self.thresholds[mine], self.left[mine], self.right[mine]

    def not_parted(self, feature, scale, offset, type):
        """How many thresholds of the feature have neighbours that become the same integer."""
        _, left, right = self.of(feature)
        return int(numpy.count_nonzero(stored(left, scale, offset, type) == stored(right, scale, offset, type)))

    def parted(self, low, high, own):
        """The integers that thresholds are to part: of their neighbours, or where it lies at the threshold, of what lies there."""
        at = at_thresholds(self.thresholds)
        on_left = numpy.where(self.below, at < self.thresholds, at <= self.thresholds)
        closer_low = numpy.where(on_left, numpy.maximum(low, own), low)
        closer_high = numpy.where(~on_left, numpy.minimum(high, own), high)
        return numpy.where(closer_low < closer_high, (closer_low, closer_high), (low, high))

    def move(self, scales, offsets, type):
        """Thresholds to between their neighbours where what is stored asks for it."""
        scale, offset = numpy.asarray(scales)[self.features], numpy.asarray(offsets)[self.features]
        last = last_on_left((self.thresholds - offset) / scale, self.below)
        low, high = self.parted(*(stored(values, scale, offset, type) for values in (self.left, self.right, self.thresholds)))
        places = scale * (numpy.clip(last, low, high - 1) + 0.5) + offset
        for index in numpy.flatnonzero((low < high) & ((last < low) | (last >= high))):
            tree, node, _, factor, shift, _ = self.places[index]
            tree["threshold"][node] = float(places[index] * factor + shift)


def as_float32(value):
    return float(numpy.float32(value))


def offset_of(scale, zero):
    return as_float32(-scale * zero)


def spanning(low, high, type, part):
    """Scale and zero so that low to high take that part of the type's integers, in the middle of them."""
    limits = numpy.iinfo(INTEGER_TYPES[type])
    low, high = float(low), float(high)
    middle = (int(limits.max) + int(limits.min) + 1) // 2
    if low == high:  # stored exactly: 0, or the value by a power of two
        scale = as_float32(abs(low) / 2 ** (numpy.iinfo(limits.dtype).bits - 2) or 1.0)
        return scale, middle - round(low / scale)
    size = max(high - low, FINEST * max(abs(low), abs(high)))
    scale = as_float32(max(size / ((float(limits.max) - limits.min) * part), LEAST_SCALE))
    return scale, middle - round((low + high) / 2 / scale)


def for_others(column, type, of_categories):
    """Half as much room again on both sides; whole numbers that are categories stay whole, even where that takes all the room."""
    low, high, limits = column.min(), column.max(), numpy.iinfo(INTEGER_TYPES[type])
    if of_categories and (column == numpy.round(column)).all() and high - low <= limits.max - limits.min:
        return 1.0, (int(limits.max) + int(limits.min) + 1) // 2 - int(numpy.floor((low + high + 1) / 2))
    return spanning(low, high, type, 0.5)


def for_trees(splits, feature, type):
    """The finest grid over the thresholds of the feature, or one a little coarser that parts more of their neighbours."""
    thresholds, left, right = splits.of(feature)
    ends = numpy.concatenate([thresholds, left[numpy.isfinite(left)], right[numpy.isfinite(right)]])
    best, best_lost = None, numpy.inf
    for grid in range(GRIDS):
        scale, zero = spanning(ends.min(), ends.max(), type, 0.98 - 0.01 * grid)
        lost = splits.not_parted(feature, scale, offset_of(scale, zero), type)
        if lost < best_lost:
            best, best_lost = (scale, zero), lost
        if lost == 0:
            break
    return best


def integers_of(values, type, steps):
    """Type, scales and zeros for these samples; thresholds of the steps are moved where that keeps samples on their paths."""
    readers = Readers(steps, values.shape[1])
    splits = Splits(readers, values)
    of_trees = set(splits.features.tolist()) - set(numpy.flatnonzero(readers.others).tolist())
    categories = readers.categories() - of_trees - set(numpy.flatnonzero(readers.others).tolist())
    pairs = [for_trees(splits, feature, type) if feature in of_trees else for_others(values[:, feature], type, feature in categories)
             for feature in range(values.shape[1])]
    scales, zeros = (list(column) for column in zip(*pairs))
    tell_of_outliers(values, numpy.array(scales), [feature for feature in range(values.shape[1]) if feature not in of_trees | categories])
    offsets = [offset_of(*pair) for pair in pairs]
    real = [[list(tree["threshold"]) for tree in step["trees"]] for step, _ in readers.trees]
    splits.move(scales, offsets, type)
    tell_of_paths(readers.trees, real, values, stored(values, scales, offsets, type), numpy.array(scales), numpy.array(offsets), type)
    return {"type": type, "scales": scales, "zeros": zeros}


def tell_of_outliers(values, scales, features):
    """Features of which a few samples take almost all integers."""
    low, high = numpy.percentile(values, [2, 98], axis=0)
    coarse = [feature for feature in features if high[feature] > low[feature] and high[feature] - low[feature] < FEWEST_STEPS * scales[feature]]
    if coarse:
        worst = coarse[0]
        warnings.warn(f"of features {', '.join(map(str, coarse))} a few samples lie so far out that the others share less than {FEWEST_STEPS} steps (feature {worst}: up to "
                      f"{numpy.abs(values[:, worst]).max():.3g}, while most lie from {low[worst]:.3g} to {high[worst]:.3g}): leave them out of samples", stacklevel=5)


def tell_of_limits(values, type, scales):
    """Values that a scale from the user limits: negative ones of an unsigned type are a mistake, others are counted."""
    limits = numpy.iinfo(INTEGER_TYPES[type])
    steps = values / numpy.asarray(scales, dtype=float)
    if limits.min == 0 and steps.min() < -0.5:
        raise ValueError(f"negative samples with input_type='{type}' and that scale: take a signed type, or leave the scale to whit")
    beyond = int(numpy.count_nonzero(((steps > limits.max + 0.5) | (steps < limits.min - 0.5)).any(axis=1)))
    if beyond:
        warnings.warn(f"{beyond} of {len(values)} samples have features beyond what {type} holds with that scale; they are limited to it", stacklevel=5)


def input_of(samples, type=None, scale=None, steps=()):
    """How features are stored: as given, or what holds all the samples.

    Samples of small whole numbers are stored as they are; other real samples as int16 with a scale and a zero for each
    feature. Without samples or a type, and with missing values, features stay float32. `steps` are what reads the features.
    """
    if type == "float32" and scale is not None:
        raise ValueError("input_scale with input_type='float32': real numbers have no scale")
    with numpy.errstate(over="ignore"):
        values = None if samples is None else numpy.asarray(samples).astype(numpy.float32).astype(float)  # as the firmware gets them
    finite = values is not None and bool(numpy.isfinite(values).all())
    if values is not None and not finite and (type in INTEGER_TYPES or scale is not None):
        raise ValueError(f"samples with NaN or infinite values: integers cannot hold NaN; take input_type='float32'")
    if scale is not None:
        scales = numpy.atleast_1d(scale).astype(float)
        if finite:
            tell_of_limits(values, type or "int16", scales)
        return {"type": type or "int16", "scales": scales.tolist()}
    if type == "float32" or (values is None and type is None) or (values is not None and not finite):
        return {"type": "float32"}
    if values is None:
        return {"type": type}
    if (values == numpy.round(values)).all():
        for name, dtype in INTEGER_TYPES.items():
            limits = numpy.iinfo(dtype)
            if type in (None, name) and values.min() >= limits.min and values.max() <= limits.max:
                return {"type": name}
    return integers_of(values, type or "int16", steps)
