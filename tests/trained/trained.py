# SPDX-License-Identifier: Apache-2.0
"""From a trained tf_keras model to a file, and from the file to the chips: what the scripts of this folder share.

`converted` makes float32, int8 or int16x8 files. `check` holds each file against the reference interpreter on the host
and against the host on every chip that it fits.
"""
import argparse
import pathlib
import subprocess
import sys

SKIPPED = 77
TARGETS = ["nucleo-l4r5zi", "nucleo-g0b1re", "arduino-uno"]
DOES_NOT_FIT = 3
ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "tflite_micro"))

try:
    import numpy as np
    import tensorflow as tf
    import tf_keras
    from compare import Comparison
except ImportError as error:
    print(f"skipped: {error}; make conformance-trained installs what it needs")
    sys.exit(SKIPPED)


def trained(model, samples, labels, epochs, loss="sparse_categorical_crossentropy"):
    model.compile("adam", loss)
    model.fit(samples, labels, epochs=epochs, verbose=0)
    return model


def converted(model, calibration, kind):
    """The file's bytes; `calibration` are some of the samples that it was trained on."""
    function = tf.function(model).get_concrete_function(tf.TensorSpec((1, *calibration.shape[1:]), tf.float32))
    converter = tf.lite.TFLiteConverter.from_concrete_functions([function], model)
    if kind != "float32":
        sets, stored = tf.lite.OpsSet, tf.int8
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        converter.representative_dataset = lambda: ([sample[None]] for sample in calibration)
        converter.target_spec.supported_ops = [sets.TFLITE_BUILTINS_INT8]
        if kind == "int16x8":
            stored = tf.int16
            converter.target_spec.supported_ops = [sets.EXPERIMENTAL_TFLITE_BUILTINS_ACTIVATIONS_INT16_WEIGHTS_INT8]
        converter.inference_input_type = converter.inference_output_type = stored
    return converter.convert()


def agrees_with_reference(whit, path, samples):
    comparison = Comparison(whit, ROOT)
    comparison.model(path, count=samples)
    print(f"{path.stem}: {samples} samples, {comparison.compared - comparison.failures} of {comparison.compared} outputs as the reference's")
    return comparison.failures == 0


def fits_and_agrees(whit, path, target):
    """Whether the model fits that chip, and whether the chip then computes what the host does."""
    result = subprocess.run([whit, "verify", path, "--target", target], capture_output=True, text=True, check=False)
    lines = (result.stdout + result.stderr).strip().splitlines()
    print(f"{path.stem} on {target}: {lines[0] if lines else f'exit code {result.returncode}'}")
    return result.returncode != DOES_NOT_FIT, result.returncode in (0, DOES_NOT_FIT)


def check(files, targets=TARGETS, also=lambda whit, folder: True):
    """Writes `files` (name without ending -> bytes) and checks them; every target must be reached by one of them, and `also`
    hold. Ends the script: exit code 0 when all agree."""
    parser = argparse.ArgumentParser(description=sys.modules["__main__"].__doc__)
    parser.add_argument("whit", type=lambda text: pathlib.Path(text).resolve())
    parser.add_argument("folder", type=pathlib.Path)
    arguments = parser.parse_args()
    agree, reached = True, set()
    for name, content in files().items():
        path = arguments.folder / f"{name}.tflite"
        path.write_bytes(content)
        agree = agrees_with_reference(arguments.whit, path, 20) and agree
        for target in targets:
            fits, agrees = fits_and_agrees(arguments.whit, path, target)
            agree = agree and agrees
            if fits:
                reached.add(target)
    for target in set(targets) - reached:
        print(f"no file fits {target}")
    sys.exit(0 if agree and reached == set(targets) and also(arguments.whit, arguments.folder) else 1)
