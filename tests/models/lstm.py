# SPDX-License-Identifier: Apache-2.0
"""Makes an LSTM model that classifies sequences, as float32 and quantised to int8, and runs both from file to chip.

    pip install tensorflow-cpu==2.21.0 tf_keras==2.21.0
    python lstm.py build/whit FOLDER

Writes FOLDER/lstm_float32.tflite and FOLDER/lstm_int8.tflite; exit code 0 when host and emulated chips agree bit for bit.
Only tf_keras exports the fused operator (UNIDIRECTIONAL_SEQUENCE_LSTM).
"""
import pathlib
import subprocess
import sys

import numpy as np
import tensorflow as tf
import tf_keras

STEPS, FEATURES, UNITS, CLASSES = 20, 6, 16, 4
TARGETS = ["nucleo-l4r5zi", "nucleo-g0b1re", "arduino-uno"]


def samples(generator, count):
    """Noise around a slow sine of one of four frequencies, and which."""
    labels = generator.integers(0, CLASSES, count)
    phase = np.arange(STEPS)[None, :, None] * (labels[:, None, None] + 1) * 0.25 + generator.uniform(0, 6, (count, 1, FEATURES))
    return (np.sin(phase) + generator.normal(0, 0.3, phase.shape)).astype(np.float32), labels


def trained(generator):
    tf_keras.utils.set_random_seed(1)
    model = tf_keras.Sequential([tf_keras.layers.LSTM(UNITS, input_shape=(STEPS, FEATURES)),
                                 tf_keras.layers.Dense(CLASSES, activation="softmax")])
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(*samples(generator, 2000), epochs=3, verbose=0)
    return model


def converted(model, calibration, quantised):
    function = tf.function(model).get_concrete_function(tf.TensorSpec((1, STEPS, FEATURES), tf.float32))
    converter = tf.lite.TFLiteConverter.from_concrete_functions([function], model)
    if quantised:
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        converter.representative_dataset = lambda: ([sequence[None]] for sequence in calibration)
        converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
        converter.inference_input_type = converter.inference_output_type = tf.int8
    return converter.convert()


def main():
    whit, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    generator = np.random.default_rng(1)
    model = trained(generator)
    calibration, _ = samples(generator, 100)
    agree = True
    for name, quantised in [("lstm_float32", False), ("lstm_int8", True)]:
        path = folder / f"{name}.tflite"
        path.write_bytes(converted(model, calibration, quantised))
        for target in TARGETS:
            result = subprocess.run([whit, "verify", path, "--target", target], capture_output=True, text=True, check=False)
            print(f"{name} on {target}: {result.stdout.strip() or result.stderr.strip()}")
            agree = agree and result.returncode == 0
    sys.exit(0 if agree else 1)


if __name__ == "__main__":
    main()
