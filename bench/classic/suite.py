# SPDX-License-Identifier: Apache-2.0
"""Classic models on emulated chips, by whit and by the packaged peers: trains, generates, builds, runs, compares.

    suite.py classic|uno --whit build/whit --output build/bench-classic [--only PATTERN]

Writes OUTPUT.json (an array of {data, model, target, tool, format, accuracy, labels_differ, flash, ram, cycles}), OUTPUT.txt
(the table) and OUTPUT.png (the plot). Rows that do not fit have null figures.
"""

import argparse
import fnmatch
import json
import os
import pathlib
import sys
import tempfile

import numpy

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "python"))

import models
import report
import tools
from chip import Chip, DoesNotFit, ToolFailed

FLAGS = {("whit", "speed"): ["-O2"]}
SIZE_FLAGS = ["-Os"]


def empty_row(data, name, chip, form):
    """What does not fit."""
    tool, format_name = form
    return {"data": data.name, "model": name, "target": chip.name, "tool": tool, "format": format_name,
            "accuracy": None, "labels_differ": None, "flash": None, "ram": None, "cycles": None}


def row_of(data, name, fitted, chip, form, make):
    """The row, or None where the tool cannot do the estimator."""
    tool, format_name = form
    row = empty_row(data, name, chip, form)
    flags = FLAGS.get(form, SIZE_FLAGS)
    with tempfile.TemporaryDirectory(prefix="whit-classic-") as text:
        folder = pathlib.Path(text)
        try:
            sources, places = make(fitted, chip, folder)
            empty_flash, empty_ram = chip.empty_sizes(folder, flags)
            program = chip.build(folder, sources, flags)
            flash, ram = chip.sizes(program)
            labels, cycles, stack = chip.simulate(folder, program, data.test_features, places)
        except DoesNotFit:
            return row
        except tools.Unsupported:
            return None
        except ToolFailed as error:
            print(f"{tool} {format_name}, {data.name} {name} on {chip.name}: {error}", file=sys.stderr)
            return row
    if ram + stack > chip.memory("ram")["size"]:
        return row
    expected = fitted.predict(data.test_features)
    row.update(accuracy=float(numpy.mean(labels == data.test_labels)), labels_differ=int(numpy.count_nonzero(labels != expected)),
               flash=flash - empty_flash, ram=ram - empty_ram + stack, cycles=round(cycles))
    return row


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("suite", choices=models.SUITES)
    parser.add_argument("--whit", required=True)
    parser.add_argument("--output", required=True)
    parser.add_argument("--only", default="*", help="rows whose 'data model target' matches this pattern")
    arguments = parser.parse_args()
    os.environ["WHIT"] = os.path.abspath(arguments.whit)
    suite = models.SUITES[arguments.suite]
    chips = [Chip(target, os.environ["WHIT"]) for target in suite.targets]
    rows = []
    for data in suite.datasets():
        tools.set_samples(data.train_features, data.train_labels)
        too_large = set()  # forms whose smaller model of the same family did not fit
        for model in suite.models():
            cells = [chip for chip in chips if fnmatch.fnmatch(f"{data.name} {model.name} {chip.name}", arguments.only)]
            fitted = model.fitted(data) if cells else None
            for chip in cells:
                for form, make in {**tools.OURS, **tools.PEERS}.items():
                    key = (model.family, chip.name, form)
                    row = empty_row(data, model.name, chip, form) if key in too_large else row_of(data, model.name, fitted, chip, form, make)
                    if row and row["flash"] is None:
                        too_large.add(key)
                    rows += [row] if row else []
                print(report.line(rows, data.name, model.name, chip.name), flush=True)
                pathlib.Path(arguments.output + ".json").write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    text = report.table(rows)
    pathlib.Path(arguments.output + ".txt").write_text(text, encoding="utf-8")
    report.plot(rows, arguments.output + ".png")
    print(text)


if __name__ == "__main__":
    main()
