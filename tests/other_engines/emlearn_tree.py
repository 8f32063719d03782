# SPDX-License-Identifier: Apache-2.0
"""A loop of another tool's own code, measured by `whit bench --elf` on Uno, Cortex-M0+ and Cortex-M4, and counted by hand.

    python emlearn_tree.py build/whit

scikit-learn trains a decision tree, emlearn turns it into C, the harness of bench/harness/other_engine surrounds it. The loop
that walks the tree must take the cycles that emlearn_tree.txt counts, instruction by instruction, on each of the different
ways through it. Exit code 77 (skipped) when emlearn, scikit-learn or a cross compiler is missing, or when the compiler is
another one, which made other instructions.
"""
import argparse
import pathlib
import re
import subprocess
import sys
import tempfile

import firmware

try:
    import emlearn
    from sklearn.datasets import load_iris
    from sklearn.tree import DecisionTreeClassifier
except ImportError as error:
    print(f"skipped: {error}; pip install emlearn scikit-learn")
    sys.exit(77)

ENGINE = """
#include <stdint.h>
#include "tree.h"
volatile int16_t engine_result;
__attribute__((noinline)) int16_t walk_tree(const int16_t *features) { return eml_trees_predict_tree(&tree, 0, features, 4); }
void engine_setup(void) {}
void engine_run(void) {
  static int16_t sample[4];
  static const volatile int16_t values[4] = {%s};
  for (int i = 0; i < 4; ++i) sample[i] = values[i];
  engine_result = walk_tree(sample);
}
"""


def read_hand_counts():
    """By target: the mnemonics, which of them `loop:` and `done:` stand before, and (cycles, times) of the loop's lines."""
    counts = {}
    for line in (pathlib.Path(__file__).parent / "emlearn_tree.txt").read_text().splitlines():
        words = line.split("#")[0].split()
        if not words:
            continue
        if words[0].startswith("["):
            count = counts[words[0].strip("[]")] = {"mnemonics": [], "costs": []}
        elif words[0].endswith(":"):
            count[words[0][:-1]] = len(count["mnemonics"])
        else:
            count["mnemonics"].append(words[0])
            numbers = [word for word in words[1:] if word != "taken"]
            count["costs"] += list(zip(map(int, numbers[::2]), numbers[1::2]))
    return counts


def walk(header, sample):
    """How often a walk of the tree in emlearn's header does what the lines of emlearn_tree.txt are for."""
    nodes = [tuple(map(int, row)) for row in re.findall(r"\{ (-?\d+), (-?\d+), (-?\d+), (-?\d+) \}", header)]
    turns, node = "", 0
    while True:
        feature, threshold, left, right = nodes[node]
        turn, child = ("l", left) if sample[feature] < threshold else ("r", right)
        turns += turn
        if child < 0:
            break
        node += child
    times = {"nodes": len(turns), "left": turns.count("l"), "right": turns.count("r"), "again": len(turns) - 1}
    times |= {"last_left": int(turns[-1] == "l"), "last_right": int(turns[-1] == "r")}
    return times | {"left_again": times["left"] - times["last_left"], "right_again": times["right"] - times["last_right"]}


def instructions_of(target, elf, function):
    """(address, mnemonic) of each instruction of a function."""
    listing = subprocess.run([firmware.binutils(target) + "objdump", "-d", "--no-show-raw-insn", elf], check=True,
                             stdout=subprocess.PIPE, text=True).stdout
    body = re.search(rf"<{function}>:\n(.*?)(\n\n|\Z)", listing, re.DOTALL).group(1)
    rows = re.findall(r"^\s*([0-9a-f]+):\s+(\S+)", body, re.MULTILINE)
    return [(int(address, 16), mnemonic) for address, mnemonic in rows]


def check(whit, target, hand, header, sample, folder):
    """True where the loop's cycles are those counted by hand, None where the compiler made other instructions."""
    (folder / "engine.c").write_text(ENGINE % ", ".join(map(str, sample)))
    elf = firmware.build(whit, target, folder, [folder / "engine.c"], [f"-I{folder}", f"-I{emlearn.includedir}"])
    code = instructions_of(target, elf, "walk_tree")[:len(hand["mnemonics"])]
    if [mnemonic for _, mnemonic in code] != hand["mnemonics"]:
        print(f"{target}: skipped, the compiler made other instructions: {' '.join(mnemonic for _, mnemonic in code)}")
        return None
    times = walk(header, sample)
    by_hand = sum(cycles * times[name] for cycles, name in hand["costs"])
    begin, end = (hex(code[hand[place]][0]) for place in ("loop", "done"))
    cycles = firmware.bench(whit, target, elf, begin, "--to", end)["cycles"]
    print(f"{target}: {times['left']} times left, {times['right']} right: {cycles} cycles, by hand {by_hand}")
    return cycles == by_hand


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("whit", type=pathlib.Path)
    whit = parser.parse_args().whit.resolve()
    firmware.skip_without_compilers()
    iris = load_iris()
    features = (iris.data * 10).round().astype(int)
    tree = DecisionTreeClassifier(random_state=0).fit(features, iris.target)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        emlearn.convert(tree, method="loadable", dtype="int16_t").save(file=str(folder / "tree.h"), name="tree")
        header = (folder / "tree.h").read_text()
        samples = {tuple(walk(header, sample).values()): sample for sample in features}.values()
        results = [check(whit, target, hand, header, sample, folder)
                   for target, hand in read_hand_counts().items() for sample in samples]
    sys.exit(1 if False in results else 77 if None in results else 0)


if __name__ == "__main__":
    main()
