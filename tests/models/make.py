# SPDX-License-Identifier: Apache-2.0
"""Makes the importer's test models: *.tflite, their expected outputs, and the table in README.md.

    pip install tensorflow-cpu==2.21.0 tflite-micro==0.dev20261023182759
    python make.py            all models
    python make.py NAME...    only these networks, without the table

Weights are drawn from a seed made of the network's name, so that a new network changes no other file.
"""
import pathlib
import sys
import zlib

import numpy as np
import tensorflow as tf
from tflite_micro.python.tflite_micro import runtime

from networks import NETWORKS

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
from sample_stream import fill, xorshift32

SAMPLES = 10
INPUT_TYPES = {"int8": tf.int8, "int8 with uint8 input and output": tf.uint8,
               "int8 with float32 input and output": tf.float32}


def file_name(network, kind):
    return network.name + ("_" + kind if kind in ("int8", "float32") else "")


def concrete(network, generator):
    batch = None if network.dynamic_batch else 1
    names = ["input"] if len(network.shapes) == 1 else ["first", "second"]
    specs = [tf.TensorSpec((batch, *shape), tf.float32, name) for name, shape in zip(names, network.shapes)]
    return tf.function(network.build(generator)).get_concrete_function(*specs)


def calibration(network, generator):
    shapes = [(1, *shape) for shape in network.shapes]
    for _ in range(50):
        yield [generator.uniform(-network.spread, network.spread, shape).astype(np.float32) for shape in shapes]


def convert(network, kind):
    """The network as the bytes of a .tflite file."""
    generator = np.random.default_rng(zlib.crc32(network.name.encode()))
    function = concrete(network, generator)
    converter = tf.lite.TFLiteConverter.from_concrete_functions([function])
    if kind == "hybrid":
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
    elif kind != "float32":
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        converter.representative_dataset = lambda: calibration(network, generator)
        converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
        converter.inference_input_type = converter.inference_output_type = INPUT_TYPES[kind]
        converter._experimental_disable_per_channel_quantization_for_dense_layers = "per_tensor" in network.name
    return converter.convert()


def expected_outputs(content, inputs, outputs):
    """TensorFlow Lite Micro's outputs for the samples: for each output tensor an array, first axis = samples."""
    interpreter = runtime.Interpreter.from_bytes(content)
    stream = xorshift32()
    results = [[] for _ in range(outputs)]
    for _ in range(SAMPLES):
        for index in range(inputs):
            details = interpreter.get_input_details(index)
            interpreter.set_input(fill(stream, details["shape"], details["dtype"]), index)
        interpreter.invoke()
        for index in range(outputs):
            results[index].append(interpreter.get_output(index).copy())
    return [np.concatenate(arrays) for arrays in results]


def make(network, kind):
    """Writes one model and its expected outputs; returns its line of the table."""
    content, name = convert(network, kind), file_name(network, kind)
    accepted = convert(network, "float32") if kind == "hybrid" else content
    lite = tf.lite.Interpreter(model_content=content)
    operators = [operator["op_name"] for operator in lite._get_ops_details() if operator["op_name"] != "DELEGATE"]
    inputs, outputs = lite.get_input_details(), lite.get_output_details()
    (HERE / f"{name}.tflite").write_bytes(content)
    for index, array in enumerate(expected_outputs(accepted, len(inputs), len(outputs))):
        np.save(HERE / "expected" / f"{name}.{index}.npy", array)
    shapes = ", ".join("x".join(map(str, tensor["shape"][1:])) for tensor in inputs)
    return f"| `{name}` | {', '.join(operators)} | {shapes} | {network.what} |"


def main():
    (HERE / "expected").mkdir(exist_ok=True)
    chosen = [network for network in NETWORKS if len(sys.argv) == 1 or network.name in sys.argv[1:]]
    lines = [make(network, kind) for network in chosen for kind in network.kinds]
    if len(sys.argv) > 1:
        print("\n".join(lines))
        return
    readme = HERE / "README.md"
    head = readme.read_text().split("\n| model |")[0]
    readme.write_text("\n".join([head, "| model | operators | inputs | what |", "|---|---|---|---|", *lines, ""]))


if __name__ == "__main__":
    main()
