# SPDX-License-Identifier: Apache-2.0
"""Trains the shipped example: a small int8 CNN for scikit-learn's digits (8x8 images, ten classes).

Packages: Python 3.11, pip install -r requirements.txt (in a virtual environment).

    python train.py                    trains, quantises and writes the model, samples and labels beside this file
    python train.py --cross-validate   prints the accuracy of four folds of the development set, writes nothing

The held-out samples are split off first and never looked at here: architecture and training schedule were chosen
by cross-validation on the rest, the development set. `evaluate.py --write` then measures the model on them.
"""
import argparse
import pathlib

import keras
import numpy as np
import tensorflow as tf
from keras import layers
from scipy.ndimage import affine_transform
from sklearn.datasets import load_digits
from sklearn.model_selection import StratifiedKFold, train_test_split

SEED = 2024
CLASSES = 10
HELD_OUT = 450
EPOCHS = 400
BATCH = 32
HERE = pathlib.Path(__file__).resolve().parent


def load():
    """Returns images (N x 8 x 8 x 1, float32 in 0..1) and labels, as (development, held_out) pairs."""
    digits = load_digits()
    images = (digits.images / 16).astype(np.float32)[..., np.newaxis]
    development, held_out = train_test_split(
        np.arange(len(images)), test_size=HELD_OUT, stratify=digits.target, random_state=SEED)
    return [(images[rows], digits.target[rows]) for rows in (development, held_out)]


def distort(images, generator):
    """One randomly rotated, scaled, sheared and shifted copy of each image: 1,347 images are few."""
    distorted = np.empty_like(images)
    centre = np.array([3.5, 3.5])
    for index, image in enumerate(images[..., 0]):
        angle, shear = generator.normal(0, 0.12), generator.normal(0, 0.08)
        scale, shift = 1 + generator.normal(0, 0.08, 2), generator.normal(0, 0.4, 2)
        rotation = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        matrix = rotation @ np.array([[scale[0], shear], [0, scale[1]]])
        distorted[index, ..., 0] = affine_transform(image, matrix, centre - matrix @ centre + shift, order=1)
    return distorted


def network(batch=None):
    """About 26,000 multiply-accumulates and 2,058 parameters; the largest pair of tensors takes 576 bytes as int8."""
    return keras.Sequential([
        layers.Input((8, 8, 1), batch_size=batch, name="image"),
        layers.Conv2D(8, 3, padding="same", activation="relu"),
        layers.MaxPooling2D(2),
        layers.Conv2D(16, 3, padding="same", activation="relu"),
        layers.DepthwiseConv2D(3, padding="same", activation="relu"),
        layers.MaxPooling2D(2),
        layers.Flatten(),
        layers.Dense(CLASSES, activation="softmax"),
    ])


def train(images, labels, seed):
    """Trains a fresh network; each epoch sees newly distorted images."""
    keras.utils.set_random_seed(seed)
    generator = np.random.default_rng(seed)
    rows = np.concatenate([generator.permutation(len(images)) for _ in range(EPOCHS)])
    distorted = distort(images[rows], generator)
    targets = np.eye(CLASSES, dtype=np.float32)[labels[rows]]
    rate = keras.optimizers.schedules.CosineDecay(4e-3, -(-len(rows) // BATCH))
    model = network()
    model.compile(keras.optimizers.AdamW(rate, weight_decay=1e-3),
                  keras.losses.CategoricalCrossentropy(label_smoothing=0.1))
    model.fit(distorted, targets, batch_size=BATCH, epochs=1, shuffle=False, verbose=1)
    return model


def cross_validate(images, labels):
    """Prints how many images of each fold the float network, trained on the other folds, gets wrong."""
    wrong = []
    for seed, (rest, fold) in enumerate(StratifiedKFold(4, shuffle=True, random_state=SEED).split(images, labels)):
        predicted = train(images[rest], labels[rest], seed).predict(images[fold], verbose=0).argmax(1)
        wrong.append(int((predicted != labels[fold]).sum()))
    print(f"wrong in each fold: {wrong}; accuracy {1 - sum(wrong) / len(labels):.4f}")


def quantise(model, images):
    """Full-integer int8 conversion with a batch of one; `images` calibrate the activation ranges."""
    weights = model.get_weights()
    keras.backend.clear_session()  # restarts the counters in the names that Keras gives the layers
    single = network(batch=1)
    single.set_weights(weights)
    converter = tf.lite.TFLiteConverter.from_keras_model(single)
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.representative_dataset = lambda: ([image[np.newaxis]] for image in images)
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    converter.inference_input_type = converter.inference_output_type = tf.int8
    return converter.convert()


def quantise_samples(content, images):
    """The images in the model's own input type: round(x / scale) + zero point."""
    scale, zero_point = tf.lite.Interpreter(model_content=content).get_input_details()[0]["quantization"]
    return np.clip(np.round(images / scale) + zero_point, -128, 127).astype(np.int8)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cross-validate", action="store_true")
    arguments = parser.parse_args()
    tf.config.experimental.enable_op_determinism()
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    (images, labels), (held_out_images, held_out_labels) = load()
    if arguments.cross_validate:
        cross_validate(images, labels)
        return
    content = quantise(train(images, labels, SEED), images)
    (HERE / "digits.tflite").write_bytes(content)
    np.save(HERE / "samples.npy", quantise_samples(content, held_out_images))
    (HERE / "labels.txt").write_text("".join(f"{label}\n" for label in held_out_labels))


if __name__ == "__main__":
    main()
