# SPDX-License-Identifier: Apache-2.0
"""Fitted steps that prepare features, as steps of an estimator file (docs/formats/estimator.md)."""

import numpy


def scale(factors, offsets):
    return {"kind": "scale", "factors": numpy.asarray(factors, dtype=float).tolist(), "offsets": numpy.asarray(offsets, dtype=float).tolist()}


def divided(scaler, centre):
    """(x - centre) / scale, where either may be absent."""
    count = scaler.n_features_in_
    factors = numpy.ones(count) if scaler.scale_ is None else 1 / scaler.scale_
    return scale(factors, numpy.zeros(count) if centre is None else -centre * factors)


def standard(scaler):
    return divided(scaler, scaler.mean_ if scaler.with_mean else None)


def robust(scaler):
    return divided(scaler, scaler.center_)


def largest(scaler):
    return divided(scaler, None)


def range_of(scaler):
    if scaler.clip:
        raise ValueError("MinMaxScaler with clip=True")
    return scale(scaler.scale_, scaler.min_)


def components(scaler):
    matrix = scaler.components_
    if scaler.whiten:
        matrix = matrix / numpy.sqrt(scaler.explained_variance_)[:, None]
    return {"kind": "project", "weights": matrix.tolist(), "bias": (-matrix @ scaler.mean_).tolist()}


EXPORTERS = {"StandardScaler": standard, "MinMaxScaler": range_of, "MaxAbsScaler": largest, "RobustScaler": robust, "PCA": components}
