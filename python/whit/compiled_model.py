# SPDX-License-Identifier: Apache-2.0
"""A model that whit has compiled: its firmware, its answers, its costs."""

import json
import pathlib
import shutil
import tempfile
import warnings
import weakref

import numpy

from . import program
from .checks import (check_answers, check_cell, check_columns, check_for_file, check_holds, check_name, check_numbers, check_optimize, check_samples, labels_of,
                     numbers_of)
from .estimator_file import classes_of, columns_of, export
from .reading import answer

CHECK_FAILED = 4  # exit code of `whit`: chip and host differ
MOST_COMPARED = 1000  # samples of training whose labels are compared
CHANGED_SILENTLY = 0.01  # share of labels that integers may change without a warning


def one_row_each(values):
    """A row for each sample, or a number where the rows have one."""
    rows = values.reshape(len(values), -1)
    return rows[:, 0] if rows.shape[1] == 1 else rows


def numbers_by_name(labels, classes):
    """What classes are called, as their numbers."""
    numbers = {label: number for number, label in enumerate(numpy.asarray(classes).tolist())}
    unknown = [label for label in labels.tolist() if label not in numbers]
    if unknown:
        raise ValueError(f"the label {unknown[0]!r}; the estimator's are {', '.join(map(repr, numbers))}")
    return [numbers[label] for label in labels.tolist()]


class CompiledModel:
    """What `compile` returns. `path` is the model file; it lives as long as this object.

    `samples` of its methods are real values where an estimator was compiled, integers, too; columns with names are those that it was fitted with. Where a model file was, they are what the
    `whit` program takes from a .npy file: floats are real values, which a quantised input quantises with its scale; integers are
    stored values of the input, and reach it as they are.
    """

    def __init__(self, estimator, target, optimize, name, arguments):
        check_name(name)
        check_optimize(optimize)
        program.run("targets", target)  # tells of one that is not known
        self.target = target
        self.optimize = optimize
        self._folder = pathlib.Path(tempfile.mkdtemp(prefix="whit-"))
        weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
        self._estimator = estimator
        if isinstance(estimator, (str, pathlib.Path)):
            check_for_file(estimator, arguments)
            self._estimator = self._classes = self._document = None
            self.path = pathlib.Path(estimator)
        else:
            self.path = self._folder / f"{name}.json"
            self._document = export(estimator, self.path, **arguments)
            self._classes = classes_of(estimator)
        self.name = name

    def names_classes(self):
        """Whether the estimator gives labels to compare with."""
        return self._classes is not None and self._document["result"] == "label" and hasattr(self._estimator, "predict")

    def write(self, folder):
        """Writes the firmware library; what whit says about it."""
        return self._run("compile", self.path, "--target", self.target, "--optimize", self.optimize,
                           "--name", self.name, "--output", folder).strip()

    def predict(self, samples):
        """The firmware's answers, evaluated on this computer: classes by name, or real values. `samples` as in `CompiledModel`."""
        results = self._folder / "results.npy"
        self._run("run", self.path, "--input", self._samples_file(samples), "--output", results, "--dequantize")
        values = numpy.load(results)
        if self._classes is None or self._document["result"] != "label":
            return values.reshape(len(values), -1) if self._is_transformer() else one_row_each(values)
        return numpy.asarray(self._classes)[values.reshape(-1).astype(int)]

    def _is_transformer(self):
        return self._document is not None and self._document["steps"][-1]["kind"] == "features"

    def changed_labels(self, samples):
        """The share of the samples, or of up to 1000 evenly spaced ones, that get another label than by the estimator."""
        some = samples[::-(-len(samples) // MOST_COMPARED)]
        return float(numpy.mean(self.predict(some) != answer(self._estimator.predict, some)))

    def largest_change(self, samples):
        """Of real results (of up to 1000 evenly spaced samples) the largest difference from the estimator's, over its largest value."""
        some = samples[::-(-len(samples) // MOST_COMPARED)]
        expected = self._expected(some)
        return 0.0 if expected is None else float(numpy.abs(self.predict(some) - expected).max() / (numpy.abs(expected).max() or 1))

    def verify(self, samples):
        """Whether the emulated chip answers as this computer does, and how often both answer as the estimator. `samples` as in `CompiledModel`."""
        samples = self._numbers(samples)
        try:
            self._run("verify", self.path, "--target", self.target, "--optimize", self.optimize,
                        "--input", self._samples_file(samples))
            bit_exact = True
        except program.WhitError as error:
            if error.code != CHECK_FAILED:
                raise
            bit_exact = False
        report = {"target": self.target, "samples": len(samples), "bit_exact": bit_exact}
        expected = self._expected(samples)
        if self.names_classes():
            report["labels_differ"] = int(numpy.count_nonzero(self.predict(samples) != expected))
        elif expected is not None:
            report["largest_error"] = float(numpy.abs(self.predict(samples) - expected).max())
        return report

    def _expected(self, samples):
        """What the estimator answers; none for sums, which have units of their own, and for model files."""
        result = self._document and self._document["result"]
        method = "predict_proba" if result == "probabilities" else "predict" if result in ("label", None if self._classes is not None else "reals") else None
        asked = getattr(self._estimator, method or "", None)
        return asked and one_row_each(numpy.asarray(answer(asked, samples)))

    def bench(self, samples, labels=None, targets=None, *, period=None, battery=None):
        """Flash, RAM, cycles, time, energy and accuracy on each target: the objects of `whit bench --json`.

        samples   as in `CompiledModel`
        labels    the right class of each sample, by name as the estimator gives it, or by number for a model file: gives the accuracy
        targets   names or board files, "all" of them; None: the one that the model was compiled for
        period    "250ms", "1s", "10min": one run each such time, which gives the average current
        battery   a cell such as "220mAh@3V": how long it lasts
        """
        check_cell(period, battery)
        targets = [self.target] if targets is None else [targets] if isinstance(targets, (str, pathlib.Path)) else targets
        if not targets:
            raise ValueError(f"targets {targets!r}; known are names of `whit targets`, board files, 'all', or None for the one of compile")
        arguments = ["bench", self.path, "--json", "--optimize", self.optimize, "--target", *targets, "--input", self._samples_file(samples)]
        arguments += [word for name, value in (("--period", period), ("--battery", battery)) if value is not None for word in (name, value)]
        if labels is not None:
            arguments += ["--labels", self._labels_file(labels)]
        return json.loads(self._run(*arguments, accepted=(0, 3, CHECK_FAILED)))

    def _run(self, *arguments, accepted=(0,)):
        """The program, whose errors name the files that are made here without their folder."""
        try:
            return program.run(*arguments, accepted=accepted)
        except program.WhitError as error:
            raise program.WhitError(str(error).replace(f"{self._folder}/", ""), error.code) from None

    def _input_type(self):
        if self._document is not None:
            return self._document["input"]["type"]
        return self._run("inspect", self.path).split()[1]  # "input:  int8 1x64..."

    def _numbers(self, samples):
        """An array of the samples: of real values, or for a model file of integers where integers are given."""
        if self._document is None:
            return numbers_of(samples, "fiub")
        check_columns(samples, columns_of(self._estimator))
        values = numbers_of(samples)
        check_samples(values, self._document["features"])
        return values

    def _samples_file(self, samples):
        values = self._numbers(samples)
        values = numpy.ascontiguousarray(values, dtype=numpy.float32 if values.dtype.kind == "f" else values.dtype.newbyteorder("<"))
        if not numpy.isfinite(values).all():  # as they are stored: missing values, too
            check_holds(self._input_type(), self._document is None)
            path = self._folder / "samples.bin"
            path.write_bytes(values.tobytes())
            return path
        path = self._folder / "samples.npy"
        numpy.save(path, values)
        return path

    def _labels_file(self, labels):
        labels = labels_of(labels)
        if self._document is None:
            check_numbers(labels)
        else:
            check_answers(self._estimator, self._classes, self._document["result"])
            labels = numbers_by_name(labels, self._classes)
        path = self._folder / "labels.npy"
        numpy.save(path, numpy.asarray(labels, dtype=numpy.int64))
        return path


def compile(estimator, target, output=None, *, optimize="speed", name="model", samples=None, input_type=None,
            input_scale=None, result=None, prune=None, leaf_levels=None,
            weight_bits=None, vector_bits=None, condense=False):
    """Compiles a fitted estimator (or a model file, whose samples are given otherwise: see `CompiledModel`) for a target.

    target       a name of `whit targets`, or a board file
    output       the folder to write the firmware to; None: not yet (`CompiledModel.write`)
    optimize     speed, size, balanced or ram
    name         of the library's functions and files: letters, digits and underscores
    samples      samples like those of training (an array, a sparse matrix, or a table, with its columns as when fitting): features are then stored in integers that hold them
    input_type, input_scale   how features are stored, if it is to be given: float32, int16, int8, uint8; real = scale x stored
    result       label (classifiers' default), scores, reals (regressors' default), or probabilities of the classes
    prune        fraction of a tree model's splits to give up
    leaf_levels  how many steps the leaves of a tree model are rounded to
    weight_bits  8 or 16: integers that the weights of a linear model, the coefficients of a vector machine or the vectors of neighbours become
    vector_bits  8 or 16: integers that the vectors of a vector machine with a kernel become (labels' default 8, values' 16)
    condense     nearest neighbours keep only the vectors that it takes to give all others the same label

    Labels of the samples are compared with the estimator's own, and real results; where more than 1 % changed (of the largest
    value) there is a warning (but not with `prune`, which changes them on purpose). Samples that go another way through trees
    that read features as they come in, or scaled, are told of always, with their number.
    """
    arguments = {"samples": samples, "input_type": input_type, "input_scale": input_scale, "result": result,
                 "prune": prune, "leaf_levels": leaf_levels, "weight_bits": weight_bits, "vector_bits": vector_bits, "condense": condense}
    model = CompiledModel(estimator, target, optimize, name, arguments)
    if output is not None:
        model.write(output)
    samples = None if samples is None else numbers_of(samples)
    if samples is not None and prune is None and model.names_classes():
        warn_of_changes(f"{{:.1%}} of the samples another label than the {type(estimator).__name__}", model.changed_labels(samples), model._document)
    elif samples is not None and prune is None and not model.names_classes() and numpy.isfinite(samples).all():
        warn_of_changes(f"values that differ by up to {{:.1%}} of the largest from those of the {type(estimator).__name__}", model.largest_change(samples), model._document)
    return model


def finer(document):
    """Those options that would make this model's numbers finer."""
    last, features = document["steps"][-1], document["input"]
    advice = []
    if last.get("weight_bits", 8 if "limit" in last else 16) == 8:
        advice.append("weight_bits=16")
    if last["kind"] == "kernel_machine" and features["type"] != "float32" and last.get("vector_bits", 8 if document["result"] == "label" else 16) == 8:
        advice.append("vector_bits=16")
    if last.get("leaf_levels"):
        advice.append("more leaf_levels")
    if "scales" in features and features["type"] != "int16":
        advice.append("input_type='int16'")
    if "scales" in features and "zeros" not in features:
        advice.append("another input_scale, or none")
    if features["type"] != "float32":
        advice.append("input_type='float32'")
    return advice


def warn_of_changes(what, share, document):
    if share > CHANGED_SILENTLY:
        advice = finer(document)
        warnings.warn(f"the compiled model gives {what.format(share)}: its {'integers' if advice else 'float32 numbers'} are too coarse. "
                      + (f"Finer are {'; '.join(advice)}" if advice else "Scale the features before it, such as by a StandardScaler, and fit again"), stacklevel=3)
