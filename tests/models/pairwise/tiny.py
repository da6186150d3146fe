"""A pair net small enough to be made anew in a test: two layers of random numbers."""

import numpy as np

from models.encoder.export_graph import BLOCK, BertShape
from tests.models.encoder.tiny import Floats, Random, encoder

WIDTH, INNER, WORDS, POSITIONS = 2 * BLOCK, 4 * BLOCK, 50, 16
HEADS = {"one": 1, "other": 3}  # classes of each
SHAPE = BertShape(layers=2, heads=4, epsilon=1e-12, positions=POSITIONS)
IDS = np.array([[1, 7, 9, 2, 5, 4, 2], [1, 49, 2, 8, 2, 0, 0]])
SEGMENTS = np.array([[0, 0, 0, 0, 1, 1, 1], [0, 0, 0, 1, 1, 0, 0]])
MASK = np.array([[1, 1, 1, 1, 1, 1, 1], [1, 1, 1, 1, 1, 0, 0]])


def tensors(
    shape: BertShape = SHAPE, *, width: int = WIDTH, inner: int = INNER
) -> dict[str, Floats]:
    """By the names that a BERT encoder in torch has, and both heads."""
    random = Random(7)
    made = encoder(random, shape, words=WORDS, width=width, inner=inner)
    for head, classes in HEADS.items():
        made[f"heads.{head}.weight"], made[f"heads.{head}.bias"] = (
            random(classes, 2 * width),
            random(classes),
        )
    return made
