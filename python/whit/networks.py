# SPDX-License-Identifier: Apache-2.0
"""Multi-layer perceptrons of scikit-learn as steps of an estimator file (docs/formats/estimator.md)."""

import numpy

from . import linear

ACTIVATIONS = {"relu": "relu", "tanh": "tanh", "logistic": "logistic", "identity": "none"}
FUNCTIONS = {"relu": lambda x: numpy.maximum(x, 0), "tanh": numpy.tanh, "logistic": lambda x: 1 / (1 + numpy.exp(-x)), "identity": lambda x: x}
OUTPUTS = ("identity", "logistic", "softmax")  # of which the sums alone tell the label
ROOM = 2  # sums of other samples may be as many times as large as those of training


def network(estimator, samples=None):
    """One step a layer. With samples the hidden layers' integers are as fine as these allow."""
    if estimator.activation not in ACTIVATIONS:
        raise ValueError(f"the activation {estimator.activation}; known are {', '.join(ACTIVATIONS)}")
    if estimator.out_activation_ not in OUTPUTS:
        raise ValueError(f"loss={estimator.loss!r}, whose answers are exponentials; known is squared_error")
    steps, values = [], samples
    for weights, bias in zip(estimator.coefs_[:-1], estimator.intercepts_[:-1]):
        step = {"kind": "project", "weights": weights.T.tolist(), "bias": bias.tolist(), "activation": ACTIVATIONS[estimator.activation]}
        if values is not None:
            sums = values @ weights + bias
            step["largest"] = ROOM * float(numpy.abs(sums).max())
            values = FUNCTIONS[estimator.activation](sums)
        steps.append(step)
    return [*steps, linear.step(estimator.coefs_[-1].T, estimator.intercepts_[-1])]


EXPORTERS = {"MLPClassifier": network, "MLPRegressor": network}
