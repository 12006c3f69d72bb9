"""Inputs that the reference scripts and the tests share: a formula instead of stored numbers."""

import torch


def integers(count, seed, limit):
    """The same whole numbers as `integers` in src/plugins/testing/reference.ts."""
    return [(i * 7919 + seed * 104729 + 13 * i * i) % 2003 % limit for i in range(count)]


def fill(shape, seed, scale=1.0):
    """Values in [-scale / 2, scale / 2), as `fill` in src/plugins/testing/reference.ts."""
    count = 1
    for size in shape:
        count *= size
    values = [scale * (value / 2003 - 0.5) for value in integers(count, seed, 2003)]
    return torch.tensor(values, dtype=torch.float32).reshape(shape)
