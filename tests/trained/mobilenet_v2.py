# SPDX-License-Identifier: Apache-2.0
"""Makes a model of MobileNetV2's kind (inverted residuals, ReLU6, residual sums, global average) in two sizes, as float32
and quantised to int8 and int16x8, and runs all from file to chip.

    python mobilenet_v2.py build/whit FOLDER
"""
from trained import check, converted, np, tf_keras, trained

CLASSES = 4
layers = tf_keras.layers


def samples(generator, count, size):
    """A filled circle, a square, a cross or a bar somewhere in a noisy image, and which."""
    labels = generator.integers(0, CLASSES, count)
    y, x = np.mgrid[0:size, 0:size]
    images = generator.normal(0, 0.2, (count, size, size, 1))
    for image, label in zip(images, labels):
        radius = generator.uniform(size / 6, size / 4)
        row, column = np.abs(y - generator.uniform(size * 0.3, size * 0.7)), np.abs(x - generator.uniform(size * 0.3, size * 0.7))
        inside = [np.hypot(row, column) < radius, np.maximum(row, column) < radius,
                  (np.minimum(row, column) < radius / 3) & (np.maximum(row, column) < radius), (row < radius / 3) & (column < radius)]
        image[inside[label]] += 1
    return images.astype(np.float32), labels


def inverted_residual(x, channels, stride, expansion=4):
    inner = x
    for layer in (layers.Conv2D(expansion * x.shape[-1], 1, use_bias=False),
                  layers.DepthwiseConv2D(3, stride, "same", use_bias=False)):
        inner = layers.ReLU(6.0)(layers.BatchNormalization()(layer(inner)))
    inner = layers.BatchNormalization()(layers.Conv2D(channels, 1, use_bias=False)(inner))
    return layers.Add()([x, inner]) if stride == 1 and x.shape[-1] == channels else inner


def network(size, width, blocks):
    """`blocks`: channels (in units of `width`) and stride of each inverted residual."""
    image = tf_keras.Input((size, size, 1))
    x = layers.ReLU(6.0)(layers.BatchNormalization()(layers.Conv2D(width, 3, 2, "same", use_bias=False)(image)))
    for channels, stride in blocks:
        x = inverted_residual(x, channels * width, stride)
    x = layers.ReLU(6.0)(layers.BatchNormalization()(layers.Conv2D(4 * x.shape[-1], 1, use_bias=False)(x)))
    x = layers.GlobalAveragePooling2D()(x)
    return tf_keras.Model(image, layers.Dense(CLASSES, activation="softmax")(x))


SIZES = {"mobilenet_v2": (32, 8, [(1, 1), (2, 2), (2, 1), (3, 2), (3, 1), (4, 1)]),
         "mobilenet_v2_small": (12, 4, [(1, 2), (1, 1), (2, 2), (2, 1)])}


def files():
    tf_keras.utils.set_random_seed(1)
    generator = np.random.default_rng(1)
    contents = {}
    for name, (size, width, blocks) in SIZES.items():
        model = trained(network(size, width, blocks), *samples(generator, 1000, size), epochs=3)
        calibration, _ = samples(generator, 100, size)
        for kind in ("float32", "int8", "int16x8"):
            contents[f"{name}_{kind}"] = converted(model, calibration, kind)
    return contents


if __name__ == "__main__":
    check(files)
