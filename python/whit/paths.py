# SPDX-License-Identifier: Apache-2.0
"""Which samples go another way through trees by the integers that are stored than by real numbers."""

import warnings

import numpy

from .thresholds import last_on_left
from .views import sets_of

MOST_WALKED = 1000  # samples whose paths are compared


class Walk:
    """Samples on their way through trees, by real and by stored values; beyond splits of columns that are computed both ways are looked at."""

    def __init__(self, view, values, integers, scales, offsets, below):
        known = numpy.maximum(view.sources, 0)
        integers = integers[:, known]
        self.known, self.below = view.sources >= 0, below
        self.factors, self.shifts = view.factors * scales[known], view.factors * offsets[known] + view.offsets
        self.real, self.integers = values[:, known] * view.factors + view.offsets, integers
        self.wholes, self.stored_wholes = (numpy.floor(column + 0.5) for column in (self.real, integers * self.factors + self.shifts))

    def goes_left(self, rows, column, categories, before, after):
        """By real values and their threshold, and by what is stored."""
        if categories is not None:
            return numpy.isin(self.wholes[rows, column], categories), numpy.isin(self.stored_wholes[rows, column], categories)
        real = self.real[rows, column]
        last = last_on_left((after - self.shifts[column]) / self.factors[column], self.below)
        return (real < before if self.below else real <= before), self.integers[rows, column] <= last

    def changed(self, tree, before):
        """Which samples take another way than by the thresholds as they were before."""
        changed, sets, left_out = numpy.zeros(len(self.real), dtype=bool), sets_of(tree), [(0, numpy.arange(len(self.real)))]
        while left_out:
            node, rows = left_out.pop()
            column = tree["feature"][node]
            if column < 0 or not len(rows):
                continue
            if not self.known[column]:
                left_out += [(tree["left"][node], rows), (tree["right"][node], rows)]
                continue
            left, now = self.goes_left(rows, column, sets[node], before[node], tree["threshold"][node])
            changed[rows[left != now]] = True
            left_out += [(tree["left"][node], rows[left]), (tree["right"][node], rows[~left])]
        return changed


def changed_paths(trees, real, values, integers, scales, offsets):
    """Which samples end at another leaf of any tree by what is stored than by what is real."""
    changed = numpy.zeros(len(values), dtype=bool)
    for (step, view), thresholds in zip(trees, real):
        walk = Walk(view, values, integers, scales, offsets, bool(step.get("below")))
        for tree, before in zip(step["trees"], thresholds):
            changed |= walk.changed(tree, before)
    return changed


def tell_of_paths(trees, real, values, integers, scales, offsets, type):
    """`trees` are steps with what they see, `real` their thresholds before any was moved for what is stored."""
    each = -(-len(values) // MOST_WALKED)
    some = values[::each]
    count = int(numpy.count_nonzero(changed_paths(trees, real, some, integers[::each], scales, offsets)))
    if count:
        warnings.warn(f"{count} of {len(some)} samples go another way through the trees: {type} cannot part all values that thresholds lie between; "
                      f"input_type='{'int16' if type != 'int16' else 'float32'}' is finer", stacklevel=5)
