# SPDX-License-Identifier: Apache-2.0
"""`whit run` on arrays: one array an input, samples first; one array an output in return."""
import pathlib
import re
import subprocess

import numpy as np


def ports(whit, model):
    """Names of the model's inputs and outputs, in its order."""
    text = subprocess.run([whit, "inspect", model], check=True, capture_output=True, text=True).stdout
    return [re.findall(rf'^{kind}:.*?"([^"]*)"', text, re.MULTILINE) for kind in ("input", "output")]


def run(whit, model, samples, folder):
    folder = pathlib.Path(folder)
    inputs, outputs = ports(whit, model)
    command = [whit, "run", model]
    for index, (name, values) in enumerate(zip(inputs, samples, strict=True)):
        np.save(folder / f"input_{index}.npy", values)
        command += ["--input", f"{name}={folder / f'input_{index}.npy'}" if len(inputs) > 1 else folder / "input_0.npy"]
    for index, name in enumerate(outputs):
        command += ["--output", f"{name}={folder / f'output_{index}.npy'}" if len(outputs) > 1 else folder / "output_0.npy"]
    subprocess.run(command, check=True, capture_output=True)
    return [np.load(folder / f"output_{index}.npy") for index in range(len(outputs))]
