"""In which order and with which companions examples are read, by length and seed. Pure."""

from __future__ import annotations

import random
from collections.abc import Sequence


def shuffled(lengths: Sequence[int], size: int, seed: int, pool: int) -> list[list[int]]:
    """Indices in batches of `size` of like length, both drawn anew by each seed.

    Sorted within `pool` batches together, so that companions still change with the seed.
    """
    draw = random.Random(seed)
    order = list(range(len(lengths)))
    draw.shuffle(order)
    batches = []
    for start in range(0, len(order), size * pool):
        part = sorted(order[start : start + size * pool], key=lengths.__getitem__)
        batches += [part[at : at + size] for at in range(0, len(part), size)]
    draw.shuffle(batches)
    return batches


def by_length(lengths: Sequence[int], size: int) -> list[list[int]]:
    """Indices in batches of `size`, shortest first: for measuring, where order is nothing."""
    order = sorted(range(len(lengths)), key=lengths.__getitem__)
    return [order[at : at + size] for at in range(0, len(order), size)]
