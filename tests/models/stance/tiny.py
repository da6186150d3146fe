"""A stance net small enough to be made anew in a test: two layers of random numbers."""

import numpy as np
import numpy.typing as npt

from models.encoder.export_graph import BLOCK, BertShape

Floats = npt.NDArray[np.float32]
WIDTH, INNER, WORDS, POSITIONS = 2 * BLOCK, 4 * BLOCK, 50, 16
SHAPE = BertShape(layers=2, heads=4, epsilon=1e-12, positions=POSITIONS)
IDS = np.array([[1, 7, 9, 2, 5, 4, 2], [1, 49, 2, 8, 2, 0, 0]])
SEGMENTS = np.array([[0, 0, 0, 0, 1, 1, 1], [0, 0, 0, 1, 1, 0, 0]])
MASK = np.array([[1, 1, 1, 1, 1, 1, 1], [1, 1, 1, 1, 1, 0, 0]])


def tensors() -> dict[str, Floats]:
    """By the names that a BERT encoder in torch has, and both heads."""
    random = np.random.default_rng(7)

    def make(*shape: int) -> Floats:
        return random.normal(0, 0.3, shape).astype(np.float32)

    sizes = {
        "attention.self.query": (WIDTH, WIDTH),
        "attention.self.key": (WIDTH, WIDTH),
        "attention.self.value": (WIDTH, WIDTH),
        "attention.output.dense": (WIDTH, WIDTH),
        "intermediate.dense": (INNER, WIDTH),
        "output.dense": (WIDTH, INNER),
    }
    made = {
        "embeddings.word_embeddings.weight": make(WORDS, WIDTH),
        "embeddings.position_embeddings.weight": make(POSITIONS, WIDTH),
        "embeddings.token_type_embeddings.weight": make(2, WIDTH),
    }
    norms = ["embeddings.LayerNorm"]
    for layer in range(SHAPE.layers):
        prefix = f"encoder.layer.{layer}"
        norms += [f"{prefix}.attention.output.LayerNorm", f"{prefix}.output.LayerNorm"]
        for name, (outputs, inputs) in sizes.items():
            made[f"{prefix}.{name}.weight"] = make(outputs, inputs)
            made[f"{prefix}.{name}.bias"] = make(outputs)
    for name in norms:
        made[f"{name}.weight"], made[f"{name}.bias"] = 1 + make(WIDTH), make(WIDTH)
    for head, classes in (("expressed", 1), ("stance", 3)):
        made[f"heads.{head}.weight"], made[f"heads.{head}.bias"] = (
            make(classes, 2 * WIDTH),
            make(classes),
        )
    return made
