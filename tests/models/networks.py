# SPDX-License-Identifier: Apache-2.0
"""The networks that make.py turns into test models: each a TensorFlow function of one or a few operators.

A network has the shapes of its inputs, a line for the table in README.md, and `build(generator)`, which draws the
weights and returns the function. Shapes are small and, where it matters, odd and not square, so that a mixed-up
axis shows.
"""
import dataclasses
from collections.abc import Callable

import numpy as np
import tensorflow as tf


@dataclasses.dataclass
class Network:
    name: str
    what: str
    shapes: list          # of the inputs, without the batch
    build: Callable       # generator -> function of the inputs
    kinds: tuple = ("int8", "float32")
    spread: float = 2.0   # calibration draws the inputs from -spread..spread
    dynamic_batch: bool = False


def draw(generator, *shape, scale=0.5):
    """Normal weights; each output channel (last axis) at a scale of its own, so that per-axis scales differ."""
    return tf.constant(generator.normal(0, scale, shape) * generator.uniform(0.3, 1.5, shape[-1]), tf.float32)


def convolution(kernel, inputs, outputs, strides=1, padding="SAME", activation=tf.identity):
    def build(generator):
        filters, bias = draw(generator, *kernel, inputs, outputs), draw(generator, outputs)
        return lambda x: activation(tf.nn.bias_add(tf.nn.conv2d(x, filters, strides, padding), bias))
    return build


def depthwise(kernel, inputs, multiplier=1, stride=1, padding="SAME", activation=tf.identity):
    def build(generator):
        filters, bias = draw(generator, *kernel, inputs, multiplier), draw(generator, inputs * multiplier)
        return lambda x: activation(
            tf.nn.bias_add(tf.nn.depthwise_conv2d(x, filters, [1, stride, stride, 1], padding), bias))
    return build


def fully_connected(inputs, outputs, activation=tf.identity, bias=True):
    def build(generator):
        weights = draw(generator, inputs, outputs)
        offset = draw(generator, outputs) if bias else None
        def run(x):
            product = tf.matmul(tf.reshape(x, [-1, inputs]), weights)
            return activation(product if offset is None else tf.nn.bias_add(product, offset))
        return run
    return build


def plain(function):
    """A network without weights."""
    return lambda generator: function


def chain(*builders):
    def build(generator):
        layers = [builder(generator) for builder in builders]
        def run(x):
            for layer in layers:
                x = layer(x)
            return x
        return run
    return build


def grid_convolution(generator):
    """Weights of whole 128ths that reach 127 in each channel: int8 holds them exactly, so that the same network with
    float weights gives what the one with int8 weights must give. The converter leaves under 1,024 weights as they are."""
    steps = generator.integers(-127, 128, (3, 3, 8, 16))
    steps[0, 0, 0] = 127
    filters, bias = tf.constant(steps / 128, tf.float32), draw(generator, 16)
    return lambda x: tf.nn.relu(tf.nn.bias_add(tf.nn.conv2d(x, filters, 1, "SAME"), bias))


def residual(generator):
    branch = chain(convolution((3, 3), 4, 4, activation=tf.nn.relu), convolution((3, 3), 4, 4))(generator)
    return lambda x: tf.nn.relu(branch(x) + x)


def concatenated(generator):
    left, right = convolution((1, 1), 3, 2)(generator), convolution((3, 3), 3, 3, activation=tf.nn.relu)(generator)
    return lambda x: tf.concat([left(x), x, right(x)], axis=3)


def two_outputs(generator):
    trunk = convolution((3, 3), 2, 4, strides=2, activation=tf.nn.relu)(generator)
    classes, map_ = fully_connected(36, 3, tf.nn.softmax)(generator), convolution((1, 1), 4, 2)(generator)
    def run(x):
        shared = trunk(x)
        return {"classes": classes(shared), "map": map_(shared)}
    return run


def dead_channels(generator):
    """Of the first layer's eight channels, 1 is constant (bias 0.8), 3 is zero (bias -0.8 before ReLU), 5 is zero
    (no bias) and 6 is alive but read by nobody; of the depthwise layer's, 2 has zero weights. The depthwise and the
    last layer pad: a constant channel is not constant for them at the border."""
    filters, bias = draw(generator, 3, 3, 1, 8).numpy(), draw(generator, 8).numpy()
    filters[..., [1, 3, 5]] = 0
    bias[[1, 3, 5]] = 0.8, -0.8, 0
    middle, middle_bias = draw(generator, 3, 3, 8, 1).numpy(), draw(generator, 8).numpy()
    middle[:, :, 2], middle_bias[2] = 0, 0.5
    last = draw(generator, 3, 3, 8, 4).numpy()
    last[:, :, 6] = 0
    def run(x):
        x = tf.nn.relu(tf.nn.bias_add(tf.nn.conv2d(x, filters, 2, "SAME"), bias))
        x = tf.nn.relu(tf.nn.bias_add(tf.nn.depthwise_conv2d(x, middle, [1, 1, 1, 1], "SAME"), middle_bias))
        return tf.nn.conv2d(x, last, 1, "SAME")
    return run


def prelu(generator):
    slopes = draw(generator, 1, 1, 3)
    return lambda x: tf.nn.relu(x) + -slopes * tf.nn.relu(-x)  # the form that the converter knows as PRELU


def multiply_by_channel(generator):
    factors = draw(generator, 1, 1, 1, 3)
    return lambda x: x * factors


def add_by_channel(generator):
    terms = draw(generator, 1, 1, 1, 3)
    return lambda x: x + terms


def pool(function, size, strides, padding):
    return plain(lambda x: function(x, size, strides, padding))


def flatten(size):
    return plain(lambda x: tf.reshape(x, [-1, size]))


MAP = [(5, 4, 3)]
TINY_CNN = chain(convolution((3, 3), 1, 4, 2, activation=tf.nn.relu6), depthwise((3, 3), 4, activation=tf.nn.relu6),
                 convolution((1, 1), 4, 6, activation=tf.nn.relu6), plain(lambda x: tf.reduce_mean(x, [1, 2])),
                 fully_connected(6, 3, tf.nn.softmax))

NETWORKS = [
    Network("conv_same", "3x3, SAME", MAP, convolution((3, 3), 3, 4)),
    Network("conv_valid", "3x3, VALID, ReLU", [(6, 5, 2)], convolution((3, 3), 2, 5, 1, "VALID", tf.nn.relu)),
    Network("conv_stride2", "3x3, SAME on an odd and an even axis, stride 2, ReLU6", [(7, 6, 3)],
            convolution((3, 3), 3, 4, 2, activation=tf.nn.relu6)),
    Network("conv_stride_2x1", "3x2, VALID, stride 2 down and 1 across", [(7, 5, 2)],
            convolution((3, 2), 2, 3, (2, 1), "VALID")),
    Network("conv_10x4", "10x4 on one channel, SAME, stride 2, ReLU", [(17, 10, 1)],
            convolution((10, 4), 1, 4, 2, activation=tf.nn.relu)),
    Network("conv_pointwise", "1x1, ReLU", [(4, 3, 8)], convolution((1, 1), 8, 6, activation=tf.nn.relu)),
    Network("conv_relu_n1_to_1", "3x3, VALID, clipped to -1 and 1", [(5, 4, 2)],
            convolution((3, 3), 2, 3, 1, "VALID", lambda x: tf.minimum(tf.maximum(x, -1.0), 1.0))),
    Network("conv_hybrid", "3x3, SAME, ReLU: int8 weights, a scale for each channel, on float activations",
            [(3, 2, 8)], grid_convolution, ("hybrid",)),
    Network("conv_no_bias", "1x1 without bias, odd channel counts", [(3, 3, 5)],
            lambda g: (lambda weights: lambda x: tf.nn.conv2d(x, weights, 1, "SAME"))(draw(g, 1, 1, 5, 3))),
    Network("depthwise_same", "3x3, SAME, ReLU", MAP, depthwise((3, 3), 3, activation=tf.nn.relu)),
    Network("depthwise_valid", "3x3, VALID", [(5, 5, 4)], depthwise((3, 3), 4, padding="VALID")),
    Network("depthwise_stride2", "3x3, SAME on an odd and an even axis, stride 2, ReLU6", [(7, 6, 4)],
            depthwise((3, 3), 4, stride=2, activation=tf.nn.relu6)),
    Network("depthwise_multiplier2", "3x3, SAME, two outputs a channel", MAP, depthwise((3, 3), 3, 2)),
    Network("depthwise_one_channel", "3x3, SAME, one input channel, four outputs", [(5, 4, 1)],
            depthwise((3, 3), 1, 4)),
    Network("fully_connected", "ReLU, a scale for each row", [(12,)], fully_connected(12, 7, tf.nn.relu)),
    Network("fully_connected_per_tensor", "one scale for all weights", [(12,)], fully_connected(12, 7), ("int8",)),
    Network("fully_connected_no_bias", "without bias", [(9,)], fully_connected(9, 4, bias=False)),
    Network("average_pool", "2x2, VALID, an odd row left over", [(5, 4, 3)],
            pool(tf.nn.avg_pool2d, 2, 2, "VALID")),
    Network("average_pool_same", "3x3, SAME, stride 2: windows cut by the border", [(5, 4, 3)],
            pool(tf.nn.avg_pool2d, 3, 2, "SAME")),
    Network("max_pool", "2x2, VALID", [(4, 6, 3)], pool(tf.nn.max_pool2d, 2, 2, "VALID")),
    Network("max_pool_same", "3x2, SAME, stride 2 down and 1 across", [(5, 4, 3)],
            pool(tf.nn.max_pool2d, (3, 2), (2, 1), "SAME")),
    Network("add_residual", "two convolutions beside a shortcut, ReLU on the sum", [(4, 4, 4)], residual),
    Network("add_constant", "a constant for each channel", MAP, add_by_channel),
    Network("mul_constant", "a constant for each channel", MAP, multiply_by_channel),
    Network("mul_broadcast", "an input for each channel times a map", [(5, 4, 3), (1, 1, 3)],
            plain(lambda x, y: x * y)),
    Network("two_inputs", "sum of two inputs", [(4, 3, 2), (4, 3, 2)], plain(lambda x, y: x + y)),
    Network("two_outputs", "a softmax and a map from one trunk", [(6, 6, 2)], two_outputs),
    Network("concatenation", "three parts of different scales along the channels", [(4, 3, 3)], concatenated),
    Network("concatenation_rows", "two inputs along the rows", [(2, 3, 2), (3, 3, 2)],
            plain(lambda x, y: tf.concat([x, y], axis=1))),
    Network("reshape", "a map to a vector and back to another map", [(4, 3, 2)],
            plain(lambda x: tf.reshape(tf.nn.relu(tf.reshape(x, [1, 24])), [1, 2, 6, 2]))),
    Network("pad", "one row above, two below, one column right", MAP,
            plain(lambda x: tf.pad(x, [[0, 0], [1, 2], [0, 1], [0, 0]]))),
    Network("pad_conv", "one pixel all round before a VALID convolution of stride 2", [(6, 6, 2)],
            chain(plain(lambda x: tf.pad(x, [[0, 0], [1, 1], [1, 1], [0, 0]])),
                  convolution((3, 3), 2, 4, 2, "VALID", tf.nn.relu))),
    Network("mean", "over height and width", MAP, plain(lambda x: tf.reduce_mean(x, [1, 2]))),
    Network("mean_kept", "over height and width, axes kept", [(4, 4, 5)],
            plain(lambda x: tf.reduce_mean(x, [1, 2], keepdims=True))),
    Network("softmax", "ten classes", [(10,)], plain(tf.nn.softmax), spread=8.0),
    Network("logistic", "input -8 to 8 in the int8 model", [(24,)], plain(tf.sigmoid), spread=8.0),
    Network("tanh", "input -4 to 4 in the int8 model", [(24,)], plain(tf.tanh), spread=4.0),
    Network("relu", "input -2 to 2", [(24,)], plain(tf.nn.relu)),
    Network("relu6", "input -8 to 8 in the int8 model", [(24,)], plain(tf.nn.relu6), spread=8.0),
    Network("leaky_relu", "slope 0.2", [(24,)], plain(lambda x: tf.nn.leaky_relu(x, 0.2))),
    Network("prelu", "a slope for each channel", MAP, prelu),
    Network("hard_swish", "input -5 to 5 in the int8 model", [(24,)], plain(lambda x: x * tf.nn.relu6(x + 3) * (1 / 6)), spread=5.0),
    Network("float_input", "float32 input and output around an int8 convolution", [(4, 4, 2)],
            convolution((3, 3), 2, 3), ("int8 with float32 input and output",)),
    Network("uint8_input", "uint8 input and output around an int8 convolution", [(4, 4, 2)],
            convolution((3, 3), 2, 3), ("int8 with uint8 input and output",)),
    Network("dynamic_batch", "the first axis is -1", [(4, 4, 2)],
            chain(convolution((3, 3), 2, 3, 2, activation=tf.nn.relu), flatten(12), fully_connected(12, 4)),
            dynamic_batch=True),
    Network("dead_channels", "channels that are constant, zero or unread, with SAME padding after them", [(9, 8, 1)],
            dead_channels),
    Network("tiny_cnn", "conv, depthwise, pointwise, mean, fully connected, softmax", [(9, 8, 1)], TINY_CNN),
]
