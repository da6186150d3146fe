"""A pair net small enough to be made anew in a test: two layers of random numbers."""

import numpy as np
import numpy.typing as npt

from models.encoder.export_graph import BLOCK, BertShape

Floats = npt.NDArray[np.float32]
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
    random = np.random.default_rng(7)

    def make(*shape: int) -> Floats:
        return random.normal(0, 0.3, shape).astype(np.float32)

    sizes = {
        "attention.self.query": (width, width),
        "attention.self.key": (width, width),
        "attention.self.value": (width, width),
        "attention.output.dense": (width, width),
        "intermediate.dense": (inner, width),
        "output.dense": (width, inner),
    }
    made = {
        "embeddings.word_embeddings.weight": make(WORDS, width),
        "embeddings.position_embeddings.weight": make(shape.positions, width),
        "embeddings.token_type_embeddings.weight": make(2, width),
    }
    norms = ["embeddings.LayerNorm"]
    for layer in range(shape.layers):
        prefix = f"encoder.layer.{layer}"
        norms += [f"{prefix}.attention.output.LayerNorm", f"{prefix}.output.LayerNorm"]
        for name, (outputs, inputs) in sizes.items():
            made[f"{prefix}.{name}.weight"] = make(outputs, inputs)
            made[f"{prefix}.{name}.bias"] = make(outputs)
    for name in norms:
        made[f"{name}.weight"], made[f"{name}.bias"] = 1 + make(width), make(width)
    for head, classes in HEADS.items():
        made[f"heads.{head}.weight"], made[f"heads.{head}.bias"] = (
            make(classes, 2 * width),
            make(classes),
        )
    return made
