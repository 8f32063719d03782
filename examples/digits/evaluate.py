# SPDX-License-Identifier: Apache-2.0
"""Measures digits.tflite on the held-out samples with TensorFlow Lite Micro's reference interpreter.

Packages: pip install numpy tflite-micro (versions in requirements.txt).

    python evaluate.py           checks that the figures in expected.json still hold; exit code 1 when not
    python evaluate.py --write   writes expected.json
"""
import hashlib
import json
import pathlib
import sys

import numpy as np
from tflite_micro.python.tflite_micro import runtime

HERE = pathlib.Path(__file__).resolve().parent


def fnv1a32(data):
    """FNV-1a with the 32-bit offset basis 2166136261 and prime 16777619."""
    value = 2166136261
    for byte in data:
        value = (value ^ byte) * 16777619 & 0xFFFFFFFF
    return value


def quantisation(details):
    parameters = details["quantization_parameters"]
    return {"shape": [int(size) for size in details["shape"]], "type": np.dtype(details["dtype"]).name,
            "scale": float(parameters["scales"][0]), "zero_point": int(parameters["zero_points"][0])}


def evaluate():
    """Runs every sample; returns the content of expected.json."""
    samples = np.load(HERE / "samples.npy")
    labels = np.loadtxt(HERE / "labels.txt", dtype=int)
    model = (HERE / "digits.tflite").read_bytes()
    interpreter = runtime.Interpreter.from_bytes(model)
    outputs = []
    for sample in samples:
        interpreter.set_input(sample[np.newaxis], 0)
        interpreter.invoke()
        outputs.append(interpreter.get_output(0)[0].copy())
    right = int((np.argmax(outputs, axis=1) == labels).sum())
    return {
        "model_sha256": hashlib.sha256(model).hexdigest(),
        "samples_sha256": hashlib.sha256((HERE / "samples.npy").read_bytes()).hexdigest(),
        "input": quantisation(interpreter.get_input_details(0)),
        "output": quantisation(interpreter.get_output_details(0)),
        "samples": len(samples),
        "right": right,
        "accuracy": right / len(samples),
        "outputs_fnv1a32": fnv1a32(np.array(outputs, np.int8).tobytes()),
        "interpreter": "tflite-micro (reference kernels)",
    }


def main():
    measured = evaluate()
    text = json.dumps(measured, indent=2) + "\n"
    print(text, end="")
    if "--write" in sys.argv[1:]:
        (HERE / "expected.json").write_text(text)
        return 0
    return 0 if json.loads((HERE / "expected.json").read_text()) == measured else 1


if __name__ == "__main__":
    sys.exit(main())
