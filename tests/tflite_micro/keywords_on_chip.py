# SPDX-License-Identifier: Apache-2.0
"""Keyword spotting on the emulated Cortex-M4: all 1,000 recordings through `whit bench`, 901 right, bit for bit the
host's answers.

    python keywords_on_chip.py build/whit --shared ../shared

Exit code 77 (skipped) when numpy or the recordings are missing.
"""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

try:
    import numpy as np
except ImportError as error:
    print(f"skipped: {error}; pip install numpy")
    sys.exit(77)

import recordings


def bench(whit, model, features, labels):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        np.save(folder / "features.npy", features)
        np.savetxt(folder / "labels.txt", labels, "%d")
        command = [whit, "bench", model, "--target", "nucleo-l4r5zi", "--input", folder / "features.npy",
                   "--labels", folder / "labels.txt", "--json"]
        return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)[0]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("whit", type=pathlib.Path)
    parser.add_argument("--shared", type=pathlib.Path, required=True)
    arguments = parser.parse_args()
    features, labels = recordings.load(arguments.shared)
    if features is None:
        print(f"skipped: no recordings in {arguments.shared}")
        sys.exit(77)
    result = bench(arguments.whit, arguments.shared / "models" / "kws_dscnn_int8.tflite", features, labels)
    print(f"{result['samples']} recordings, accuracy {result['accuracy']}, bit_exact {result['bit_exact']}, "
          f"{result['cycles']} cycles an inference")
    sys.exit(0 if result["bit_exact"] and result["samples"] == 1000 and result["accuracy"] == 0.901 else 1)


if __name__ == "__main__":
    main()
