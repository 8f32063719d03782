# SPDX-License-Identifier: Apache-2.0
"""Compares `whit run` with the reference interpreter (PyPI tflite-micro): integers bit for bit, floats within 1e-5 of
the largest value. The MLPerf Tiny models, the digits example, all of tests/models, and the keyword recordings.

    python compare.py build/whit --shared ../shared [NAME...]

NAME: some of the comparisons (mlperf_tiny, digits, small_models, keywords); all by default. Exit code 0 when all agree,
1 when one does not, 77 (skipped) when the packages are missing or none of the comparisons has its files.
"""
import argparse
import pathlib
import sys
import tempfile

SKIPPED = 77
try:
    import numpy as np
    from tflite_micro.python.tflite_micro import runtime
except ImportError as error:
    print(f"skipped: {error}; pip install numpy tflite-micro")
    sys.exit(SKIPPED)

import recordings
import whit_run

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))
from sample_stream import fill, xorshift32

# FNV-1a 32 of the outputs of the first xorshift32 sample.
MLPERF_TINY = {"vww_96_int8": 979336969, "ic_resnet8_int8": 3498707662, "kws_dscnn_int8": 3435343217,
               "ad_autoencoder_int8": 2101780126}
REFUSED_BY_REFERENCE = {"conv_hybrid"}


def fnv1a32(data):
    value = 2166136261
    for byte in data:
        value = (value ^ byte) * 16777619 & 0xFFFFFFFF
    return value


class Reference:
    """A model in the reference interpreter."""

    def __init__(self, model, inputs, outputs):
        self.interpreter = runtime.Interpreter.from_file(str(model))
        self.inputs = [self.interpreter.get_input_details(index) for index in range(inputs)]
        self.outputs = outputs

    def random_samples(self, count):
        """Of each input `count` samples from the one stream: a byte an element, int8(byte) / 64 for float32."""
        stream, samples = xorshift32(), [[] for _ in self.inputs]
        for _ in range(count):
            for place, details in zip(samples, self.inputs):
                place.append(fill(stream, details["shape"], details["dtype"])[0])
        return [np.array(values) for values in samples]

    def run(self, samples):
        """Of each output the values of all samples, a row a sample."""
        results = [[] for _ in range(self.outputs)]
        for index in range(len(samples[0])):
            for place, values in enumerate(samples):
                self.interpreter.set_input(values[index:index + 1], place)
            self.interpreter.invoke()
            for place, rows in enumerate(results):
                rows.append(self.interpreter.get_output(place).ravel().copy())
        return [np.array(rows) for rows in results]


def differences(ours, reference):
    """How many values differ: at all for integers, by more than 1e-5 of the largest for floats."""
    ours = ours.reshape(reference.shape)
    if reference.dtype != np.float32:
        return int((ours != reference).sum())
    bound = 1e-5 * np.abs(reference).max()
    return int((~(np.abs(ours - reference) <= bound)).sum())  # not-a-number differs from everything


class Comparison:
    def __init__(self, whit, shared):
        self.whit, self.shared = whit, shared
        self.compared, self.failures = 0, 0

    def check(self, what, holds, detail):
        self.compared += 1
        self.failures += 0 if holds else 1
        if not holds:
            print(f"FAILED {what}: {detail}")

    def model(self, path, samples=None, count=10):
        """Compares on the samples, or on random ones. Returns whit's outputs."""
        inputs, outputs = whit_run.ports(self.whit, path)
        reference = Reference(path, len(inputs), len(outputs))
        samples = reference.random_samples(count) if samples is None else samples
        with tempfile.TemporaryDirectory() as folder:
            outputs = whit_run.run(self.whit, path, samples, folder)
        for place, (ours, theirs) in enumerate(zip(outputs, reference.run(samples), strict=True)):
            wrong = differences(ours, theirs)
            self.check(path.stem, wrong == 0, f"{wrong} of {theirs.size} values of output {place} differ")
        return outputs

    def mlperf_tiny(self):
        for name, expected in MLPERF_TINY.items():
            path = self.shared / "models" / f"{name}.tflite"
            if not path.exists():
                print(f"skipped {name}: {path} is absent")
                continue
            first = self.model(path, count=100)[0][0]
            self.check(name, fnv1a32(first.tobytes()) == expected, "the first sample's outputs have another hash")
            print(f"{name}: 100 samples")

    def digits(self):
        folder = ROOT / "examples" / "digits"
        samples = np.load(folder / "samples.npy")
        outputs = self.model(folder / "digits.tflite", [samples])[0]
        right = int((outputs.reshape(len(samples), -1).argmax(1) == np.loadtxt(folder / "labels.txt", dtype=int)).sum())
        print(f"digits: {len(samples)} samples, {right} right")

    def small_models(self):
        names = sorted(path.stem for path in (ROOT / "tests" / "models").glob("*.tflite"))
        names = [name for name in names if name not in REFUSED_BY_REFERENCE]
        for name in names:
            self.model(ROOT / "tests" / "models" / f"{name}.tflite", count=100)
        print(f"small models: {len(names)} models, 100 samples each")

    def keywords(self):
        features, labels = recordings.load(self.shared)
        if features is None:
            print("skipped keywords: the recordings are absent")
            return
        outputs = self.model(self.shared / "models" / "kws_dscnn_int8.tflite", [features])[0]
        right = int((outputs.reshape(len(labels), -1).argmax(1) == labels).sum())
        self.check("keywords", right == 901, f"{right} right, not 901")
        print(f"keywords: {outputs.size} equal output bytes, {right} right")
        with tempfile.TemporaryDirectory() as folder:
            real = (features.astype(np.float32) - 83) * np.float32(0.5847029)
            scores = whit_run.run(self.whit, self.shared / "models" / "kws_dscnn_float.tflite", [real], folder)[0]
        right = int((scores.reshape(len(labels), -1).argmax(1) == labels).sum())
        self.check("float keywords", abs(right - 901) <= 1, f"{right} right, not 901 +- 1")
        print(f"float keywords: {right} right")


def main():
    names = ["mlperf_tiny", "digits", "small_models", "keywords"]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("whit", type=pathlib.Path)
    parser.add_argument("--shared", type=pathlib.Path, default=ROOT / ".." / "shared")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(names))
    arguments = parser.parse_intermixed_args()
    comparison = Comparison(arguments.whit, arguments.shared)
    for name in arguments.names or names:
        if name not in names:
            parser.error(f"{name} is none of {', '.join(names)}")
        getattr(comparison, name)()
    if comparison.compared == 0:
        sys.exit(SKIPPED)
    print(f"{comparison.compared - comparison.failures} of {comparison.compared} comparisons hold")
    sys.exit(1 if comparison.failures else 0)


if __name__ == "__main__":
    main()
