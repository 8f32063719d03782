# SPDX-License-Identifier: Apache-2.0
"""Makes the keyword spotter of MLPerf Tiny's shape (DS-CNN: 49x10 features, four blocks of 64 channels, 12 classes) as
float32 and quantised to int8 and int16x8, runs all from file to chip, and holds the cycles on a Cortex-M4F of 16-bit
data against those of 8-bit data.

    python ds_cnn.py build/whit FOLDER

The two quantised files of this folder are made so; tests/budgets/ds_cnn.json holds what they cost.
"""
import json
import subprocess

from trained import check, converted, np, tf_keras, trained

MOST_CYCLES = 1.35  # of int16x8, in cycles of int8
STEPS, FEATURES, CHANNELS, BLOCKS, CLASSES = 49, 10, 64, 4, 12
layers = tf_keras.layers


def samples(generator, count):
    """Noise around one of twelve slow ripples over time and features, and which."""
    labels = generator.integers(0, CLASSES, count)
    step, feature = np.arange(STEPS)[None, :, None], np.arange(FEATURES)[None, None, :]
    ripple = np.sin(step * (labels % 4 + 1)[:, None, None] * 0.12 + feature * (labels // 4 + 1)[:, None, None] * 0.5
                    + generator.uniform(0, 6, (count, 1, 1)))
    return (ripple + generator.normal(0, 0.5, ripple.shape))[..., None].astype(np.float32), labels


def normalised(x, layer):
    return layers.ReLU()(layers.BatchNormalization()(layer(x)))


def network():
    features = tf_keras.Input((STEPS, FEATURES, 1))
    x = normalised(features, layers.Conv2D(CHANNELS, (10, 4), 2, "same"))
    for _ in range(BLOCKS):
        x = normalised(x, layers.DepthwiseConv2D(3, padding="same"))
        x = normalised(x, layers.Conv2D(CHANNELS, 1))
    x = layers.Flatten()(layers.AveragePooling2D(x.shape[1:3])(x))
    return tf_keras.Model(features, layers.Dense(CLASSES, activation="softmax")(x))


def files():
    tf_keras.utils.set_random_seed(1)
    generator = np.random.default_rng(1)
    model = trained(network(), *samples(generator, 1000), epochs=2)
    calibration, _ = samples(generator, 100)
    return {f"ds_cnn_{kind}": converted(model, calibration, kind) for kind in ("float32", "int8", "int16x8")}


def cycles_hold(whit, folder):
    models = [folder / f"ds_cnn_{kind}.tflite" for kind in ("int8", "int16x8")]
    report = subprocess.run([whit, "bench", *models, "--target", "nucleo-l4r5zi", "--json"], check=True, capture_output=True).stdout
    narrow, wide = (model["cycles"] for model in json.loads(report))
    print(f"cycles on nucleo-l4r5zi: int8 {narrow:,}, int16x8 {wide:,}, {wide / narrow:.3f} times as many (at most {MOST_CYCLES})")
    return wide <= MOST_CYCLES * narrow


if __name__ == "__main__":
    check(files, targets=["nucleo-l4r5zi", "nucleo-g0b1re"], also=cycles_hold)
