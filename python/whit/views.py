# SPDX-License-Identifier: Apache-2.0
"""What steps of an estimator file see of the features that come in, and how many columns come out of them."""

import numpy

COUNTED = {"map": "outputs", "project": "bias", "products": "terms"}  # members with one element for each column that comes out; other steps keep their number


class View:
    """Column i is factors[i] x feature sources[i] + offsets[i]; a source of -1 is computed of others."""

    def __init__(self, sources, factors, offsets):
        self.sources, self.factors, self.offsets = sources, factors, offsets

    @staticmethod
    def whole(features):
        return View(numpy.arange(features), numpy.ones(features), numpy.zeros(features))

    @staticmethod
    def computed(count):
        return View(numpy.full(count, -1), numpy.ones(count), numpy.zeros(count))

    @staticmethod
    def joined(views):
        return View(*(numpy.concatenate([getattr(view, member) for view in views]) for member in ("sources", "factors", "offsets")))

    def after(self, step):
        """What comes out of a step that prepares features."""
        if step["kind"] == "scale":
            factors, offsets = numpy.asarray(step["factors"], dtype=float), numpy.asarray(step["offsets"], dtype=float)
            return View(self.sources, self.factors * factors, self.offsets * factors + offsets)
        if step["kind"] == "select":
            chosen = step["features"]
            return View(self.sources[chosen], self.factors[chosen], self.offsets[chosen])
        if step["kind"] == "parts":
            return View.joined([self.after_all(part["steps"]) for part in step["parts"]])
        if hands_on(step):
            return self
        return View.computed(len(step[COUNTED[step["kind"]]]) if step["kind"] in COUNTED else len(self.sources))

    def after_all(self, steps):
        view = self
        for step in steps:
            view = view.after(step)
        return view


def hands_on(step):
    """Whether the step reads no feature that is an integer: it chooses, scales later, or fills in what integers never lack."""
    return step["kind"] in ("scale", "select") or step["kind"] == "impute" and step["missing"] is None


def sets_of(tree):
    """The categories that each node asks for; None where it asks for a threshold."""
    return tree.get("categories") or [None] * len(tree["feature"])
