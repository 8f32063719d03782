# SPDX-License-Identifier: Apache-2.0
"""Makes an LSTM model that classifies sequences, as float32 and quantised to int8, and runs both from file to chip.

    python lstm.py build/whit FOLDER

Only tf_keras exports the fused operator (UNIDIRECTIONAL_SEQUENCE_LSTM).
"""
from trained import check, converted, np, tf_keras, trained

STEPS, FEATURES, UNITS, CLASSES = 20, 6, 16, 4


def samples(generator, count):
    """Noise around a slow sine of one of four frequencies, and which."""
    labels = generator.integers(0, CLASSES, count)
    phase = np.arange(STEPS)[None, :, None] * (labels[:, None, None] + 1) * 0.25 + generator.uniform(0, 6, (count, 1, FEATURES))
    return (np.sin(phase) + generator.normal(0, 0.3, phase.shape)).astype(np.float32), labels


def files():
    tf_keras.utils.set_random_seed(1)
    generator = np.random.default_rng(1)
    model = tf_keras.Sequential([tf_keras.layers.LSTM(UNITS, input_shape=(STEPS, FEATURES)),
                                 tf_keras.layers.Dense(CLASSES, activation="softmax")])
    trained(model, *samples(generator, 2000), epochs=3)
    calibration, _ = samples(generator, 100)
    return {f"lstm_{kind}": converted(model, calibration, kind) for kind in ("float32", "int8")}


if __name__ == "__main__":
    check(files)
