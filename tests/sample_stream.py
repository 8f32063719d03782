# SPDX-License-Identifier: Apache-2.0
"""The inputs that reference outputs are made from, the same as `whit bench` takes without --input."""
import numpy as np


def xorshift32():
    """Yields the top byte of each state, seed 0x12345678."""
    state = 0x12345678
    while True:
        state ^= state << 13 & 0xFFFFFFFF
        state ^= state >> 17
        state ^= state << 5 & 0xFFFFFFFF
        yield state >> 24


def fill(stream, shape, dtype):
    """An input tensor from the stream: the bytes as they are for integers, int8(byte) / 64 for each element of float32."""
    size = 1 if dtype == np.float32 else np.dtype(dtype).itemsize
    raw = np.array([next(stream) for _ in range(np.prod(shape) * size)], np.uint8)
    if dtype == np.float32:
        return (raw.view(np.int8).astype(np.float32) / 64).reshape(shape)
    return raw.view(dtype).reshape(shape)
