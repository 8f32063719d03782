# SPDX-License-Identifier: Apache-2.0
"""Makes a keyword spotter that sees a stream frame by frame through two SVDF layers, as float32 and quantised to int8, and
runs both from file to chip.

    python svdf.py build/whit FOLDER

Keras has no such layer, but its equal: features mixed by a dense layer, then each filter weighing its last frames, a depthwise
convolution over time. That is trained; the trained weights are written as SVDF operators, which TensorFlow's calibrator
quantises (8-bit weights over features, 16-bit weights over time, state of 16 bits).
"""
from trained import check, np, tf, tf_keras, trained

import flatbuffers
from tensorflow.lite.python import schema_py_generated as schema
from tensorflow.lite.python.optimize.calibrator import Calibrator

FRAMES, FEATURES, FILTERS, MEMORY, CLASSES = 30, 10, 16, 8, 4
LAST_FRAMES = FRAMES - 2 * (MEMORY - 1)  # those for which both layers' memories are full
layers = tf_keras.layers


def samples(generator, count):
    """Noise around a ripple that runs through the features at one of four speeds, and which."""
    labels = generator.integers(0, CLASSES, count)
    frame, feature = np.arange(FRAMES)[None, :, None], np.arange(FEATURES)[None, None, :]
    ripple = np.sin(frame * (labels + 1)[:, None, None] * 0.2 + feature * 0.6 + generator.uniform(0, 6, (count, 1, 1)))
    return (ripple + generator.normal(0, 0.4, ripple.shape)).astype(np.float32), np.repeat(labels[:, None], LAST_FRAMES, 1)


def network():
    """Stages of one SVDF layer each, and the classes of each of the last frames."""
    frames = x = tf_keras.Input((FRAMES, FEATURES))
    for _ in range(2):
        x = layers.Dense(FILTERS, use_bias=False)(x)
        x = layers.DepthwiseConv1D(MEMORY, padding="valid", activation="relu")(x)
    return tf_keras.Model(frames, layers.Dense(CLASSES, activation="softmax")(x))


class File:
    """A model file as it grows: float32 tensors and the operators between them."""

    def __init__(self):
        self.graph = schema.SubGraphT()
        self.graph.tensors, self.graph.operators = [], []
        self.model = schema.ModelT()
        self.model.version, self.model.subgraphs, self.model.buffers, self.model.operatorCodes = 3, [self.graph], [schema.BufferT()], []

    def tensor(self, name, shape, values=None, is_variable=False):
        tensor = schema.TensorT()
        tensor.name, tensor.shape, tensor.type, tensor.isVariable = name, list(shape), schema.TensorType.FLOAT32, is_variable
        tensor.buffer = 0
        if values is not None:
            buffer = schema.BufferT()
            buffer.data = np.frombuffer(values.astype(np.float32).tobytes(), np.uint8)
            tensor.buffer = len(self.model.buffers)
            self.model.buffers.append(buffer)
        self.graph.tensors.append(tensor)
        return len(self.graph.tensors) - 1

    def constant(self, name, values):
        return self.tensor(name, values.shape, values)

    def operator(self, builtin, inputs, output, options_type, options):
        code, operator = schema.OperatorCodeT(), schema.OperatorT()
        code.builtinCode, code.deprecatedBuiltinCode, code.version = builtin, builtin, 1
        operator.opcodeIndex = len(self.model.operatorCodes)
        operator.inputs, operator.outputs = inputs, [output]
        operator.builtinOptionsType, operator.builtinOptions = options_type, options
        self.model.operatorCodes.append(code)
        self.graph.operators.append(operator)
        return output

    def svdf(self, x, name, features, times, bias):
        options = schema.SVDFOptionsT()
        options.rank, options.fusedActivationFunction = 1, schema.ActivationFunctionType.RELU
        state = self.tensor(f"{name}_state", (1, FILTERS * MEMORY), is_variable=True)
        inputs = [x, self.constant(f"{name}_features", features), self.constant(f"{name}_times", times), self.constant(f"{name}_bias", bias), state]
        return self.operator(schema.BuiltinOperator.SVDF, inputs, self.tensor(name, (1, FILTERS)), schema.BuiltinOptions.SVDFOptions, options)

    def fully_connected(self, x, weights, bias):
        inputs = [x, self.constant("classes_weights", weights), self.constant("classes_bias", bias)]
        return self.operator(schema.BuiltinOperator.FULLY_CONNECTED, inputs, self.tensor("classes", (1, CLASSES)),
                             schema.BuiltinOptions.FullyConnectedOptions, schema.FullyConnectedOptionsT())

    def softmax(self, x):
        options = schema.SoftmaxOptionsT()
        options.beta = 1.0
        return self.operator(schema.BuiltinOperator.SOFTMAX, [x], self.tensor("output", (1, CLASSES)),
                             schema.BuiltinOptions.SoftmaxOptions, options)

    def content(self, x, output):
        self.graph.inputs, self.graph.outputs = [x], [output]
        builder = flatbuffers.Builder()
        builder.Finish(self.model.Pack(builder), b"TFL3")
        return bytes(builder.Output())


def written(model):
    """The trained network with its pairs of layers as SVDF operators, a frame a run."""
    first, first_times, first_bias, second, second_times, second_bias, classes, classes_bias = model.get_weights()
    file = File()
    frame = x = file.tensor("frame", (1, FEATURES))
    for name, features, times, bias in (("first", first, first_times, first_bias), ("second", second, second_times, second_bias)):
        x = file.svdf(x, name, features.T, times[:, :, 0].T, bias)
    return file.content(frame, file.softmax(file.fully_connected(x, classes.T, classes_bias)))


def quantised(content, frames):
    return Calibrator(content).calibrate_and_quantize(lambda: ([frame[None]] for frame in frames), tf.int8, tf.int8, False)


def right_answers(content, sequences, labels):
    """Of the sequences, those whose last frame is told right, by TensorFlow's interpreter."""
    interpreter = tf.lite.Interpreter(model_content=content)
    interpreter.allocate_tensors()
    port, output = interpreter.get_input_details()[0], interpreter.get_output_details()[0]
    scale, zero = port["quantization"]
    right = 0
    for sequence, label in zip(sequences, labels):
        stored = np.clip(np.round(sequence / scale + zero), -128, 127).astype(np.int8) if scale else sequence
        for frame in stored:
            interpreter.set_tensor(port["index"], frame[None])
            interpreter.invoke()
        right += int(interpreter.get_tensor(output["index"]).argmax() == label)
    return right


def files():
    tf_keras.utils.set_random_seed(1)
    generator = np.random.default_rng(1)
    model = trained(network(), *samples(generator, 2000), epochs=8)
    calibration, _ = samples(generator, 100)
    whole = written(model)
    narrow = quantised(whole, calibration.reshape(-1, FEATURES))
    sequences, labels = samples(generator, 200)
    told = (model.predict(sequences, verbose=0)[:, -1].argmax(1) == labels[:, -1]).sum()
    for name, content in (("float32", whole), ("int8", narrow)):
        right = right_answers(content, sequences, labels[:, -1])
        print(f"svdf_{name}: {right} of {len(labels)} sequences right, the trained network {told}")
        if abs(right - told) > 5:
            raise SystemExit("the written model is not the trained one")
    return {"svdf_float32": whole, "svdf_int8": narrow}


if __name__ == "__main__":
    check(files)
