# SPDX-License-Identifier: Apache-2.0
"""A firmware with a model that another tool generated, measured by `whit bench --elf` on Uno, Cortex-M0+ and Cortex-M4.

    python m2cgen_tree.py build/whit

scikit-learn trains a decision tree, m2cgen turns it into C, the harness of bench/harness/other_engine surrounds it. In the
same firmware stands a loop with a hand count (dot_product.S); its cycles must be equal, and the whole must be what its
functions sum up to. Exit code 77 (skipped) when m2cgen, scikit-learn or a cross compiler is missing.
"""
import argparse
import pathlib
import sys
import tempfile

import firmware

try:
    import m2cgen
    from sklearn.datasets import load_iris
    from sklearn.tree import DecisionTreeClassifier
except ImportError as error:
    print(f"skipped: {error}; pip install m2cgen scikit-learn")
    sys.exit(77)

ELEMENTS = 100
HAND_COUNTS = {"arduino-uno": 11 * ELEMENTS + 3, "nucleo-g0b1re": 11 * ELEMENTS + 4, "nucleo-l4r5zi": 11 * ELEMENTS + 3}

ENGINE = """
#include <stdint.h>
#include <string.h>
uint16_t dot_product(const uint8_t *a, const uint8_t *b, uint8_t count);
void score(double *input, double *output);
static double sample[4];
static uint8_t a[%(elements)d], b[%(elements)d];
double engine_result[3];
volatile uint16_t engine_check;
void engine_setup(void) {
  static const double values[4] = {%(sample)s};
  for (int i = 0; i < 4; ++i) sample[i] = values[i];
}
void engine_run(void) {
  score(sample, engine_result);
  engine_check = dot_product(a, b, %(elements)d);
}
"""


def generate(folder):
    iris = load_iris()
    tree = DecisionTreeClassifier(max_depth=4, random_state=0).fit(iris.data, iris.target)
    (folder / "score.c").write_text(m2cgen.export_to_c(tree))
    sample = ", ".join(repr(float(value)) for value in iris.data[100])
    (folder / "engine.c").write_text(ENGINE % {"elements": ELEMENTS, "sample": sample})


def check(whit, target, folder):
    elf = firmware.build(whit, target, folder, [firmware.HARNESS / "other_engine/dot_product.S", folder / "engine.c", folder / "score.c"])
    loop = firmware.bench(whit, target, elf, "dot_product", "--to", "dot_product_done")
    whole = firmware.bench(whit, target, elf, "engine_run")
    tree = firmware.bench(whit, target, elf, "score")
    print(f"{target}: loop {loop['cycles']} cycles (by hand {HAND_COUNTS[target]}), tree {tree['cycles']}, "
          f"inference {whole['cycles']}, flash {whole['flash']}, static RAM {whole['ram']['static']}, stack {whole['ram']['stack']}")
    by_function = {function["name"]: function["cycles"] for function in whole["functions"]}
    return (loop["cycles"] == HAND_COUNTS[target] and by_function["dot_product"] > HAND_COUNTS[target] and "score" in by_function
            and sum(by_function.values()) == whole["cycles"] and tree["cycles"] > 0)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("whit", type=pathlib.Path)
    whit = parser.parse_args().whit.resolve()
    firmware.skip_without_compilers()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        generate(folder)
        good = [check(whit, target, folder) for target in HAND_COUNTS]
    sys.exit(0 if all(good) else 1)


if __name__ == "__main__":
    main()
