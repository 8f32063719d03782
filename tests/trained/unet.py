# SPDX-License-Identifier: Apache-2.0
"""Makes segmentation models of the U-Net's kind (encoder, decoder, skip connections by concatenation) in two sizes: the
larger one grows its maps by transposed convolutions, the small one by resizing. As float32 and quantised to int8, the
larger one also to int16x8 (the reference resizes no 16-bit data between lines); runs all from file to chip.

    python unet.py build/whit FOLDER
"""
from trained import check, converted, np, tf_keras, trained

layers = tf_keras.layers


def samples(generator, count, size):
    """Noise with a brighter ellipse, and the mask of the ellipse."""
    y, x = np.mgrid[0:size, 0:size]
    middle, radius = generator.uniform(0.3, 0.7, (2, count, 1, 1)) * size, generator.uniform(0.1, 0.4, (2, count, 1, 1)) * size
    mask = ((y - middle[0]) / radius[0]) ** 2 + ((x - middle[1]) / radius[1]) ** 2 < 1
    images = mask + generator.normal(0, 0.5, mask.shape)
    return images[..., None].astype(np.float32), mask[..., None].astype(np.float32)


def convolution(x, channels):
    return layers.Conv2D(channels, 3, padding="same", activation="relu")(x)


def grown_by_weights(x, channels):
    return layers.Conv2DTranspose(channels, 2, 2, activation="relu")(x)


def grown_by_lines(x, channels):
    return layers.Conv2D(channels, 1, activation="relu")(layers.UpSampling2D(2, interpolation="bilinear")(x))


def grown_by_copies(x, channels):
    return layers.Conv2D(channels, 1, activation="relu")(layers.UpSampling2D(2, interpolation="nearest")(x))


def network(size, width, growths):
    """As many levels as `growths`, which double the maps on the way back."""
    image = x = tf_keras.Input((size, size, 1))
    skipped = []
    for level in range(len(growths)):
        x = convolution(x, width << level)
        skipped.append(x)
        x = layers.MaxPooling2D(2)(x)
    x = convolution(x, width << len(growths))
    for level, grown in reversed(list(enumerate(growths))):
        x = layers.Concatenate()([grown(x, width << level), skipped[level]])
        x = convolution(x, width << level)
    return tf_keras.Model(image, layers.Conv2D(1, 1, activation="sigmoid")(x))


SIZES = {"unet": (32, 8, [grown_by_weights, grown_by_weights], ("float32", "int8", "int16x8")),
         "unet_small": (8, 4, [grown_by_lines, grown_by_copies], ("float32", "int8"))}


def files():
    tf_keras.utils.set_random_seed(1)
    generator = np.random.default_rng(1)
    contents = {}
    for name, (size, width, growths, kinds) in SIZES.items():
        model = trained(network(size, width, growths), *samples(generator, 500, size), epochs=3, loss="binary_crossentropy")
        calibration, _ = samples(generator, 100, size)
        for kind in kinds:
            contents[f"{name}_{kind}"] = converted(model, calibration, kind)
    return contents


if __name__ == "__main__":
    check(files)
