"""A BERT encoder small enough to be made anew in a test: layers of random numbers."""

from typing import Any

import numpy as np
import numpy.typing as npt

from models.encoder.export_graph import BertShape

Floats = npt.NDArray[np.float32]


class Random:
    """Numbers drawn in the order of the calls, the same in every run."""

    def __init__(self, seed: int, spread: float = 0.3) -> None:
        self._draw, self._spread = np.random.default_rng(seed), spread

    def __call__(self, *shape: int) -> Floats:
        return self._draw.normal(0, self._spread, shape).astype(np.float32)


def encoder(
    random: Random, shape: BertShape, *, words: int, width: int, inner: int
) -> dict[str, Floats]:
    """By the names that a BERT encoder in torch has."""
    sizes = {
        "attention.self.query": (width, width),
        "attention.self.key": (width, width),
        "attention.self.value": (width, width),
        "attention.output.dense": (width, width),
        "intermediate.dense": (inner, width),
        "output.dense": (width, inner),
    }
    made = {
        "embeddings.word_embeddings.weight": random(words, width),
        "embeddings.position_embeddings.weight": random(shape.positions, width),
        "embeddings.token_type_embeddings.weight": random(2, width),
    }
    norms = ["embeddings.LayerNorm"]
    for layer in range(shape.layers):
        prefix = f"encoder.layer.{layer}"
        norms += [f"{prefix}.attention.output.LayerNorm", f"{prefix}.output.LayerNorm"]
        for name, (outputs, inputs) in sizes.items():
            made[f"{prefix}.{name}.weight"] = random(outputs, inputs)
            made[f"{prefix}.{name}.bias"] = random(outputs)
    for name in norms:
        made[f"{name}.weight"], made[f"{name}.bias"] = 1 + random(width), random(width)
    return made


def settings(shape: BertShape, *, words: int, width: int, inner: int) -> dict[str, Any]:
    """Of the same encoder, for transformers' BertConfig."""
    return {
        "vocab_size": words,
        "hidden_size": width,
        "intermediate_size": inner,
        "num_hidden_layers": shape.layers,
        "num_attention_heads": shape.heads,
        "max_position_embeddings": shape.positions,
        "layer_norm_eps": shape.epsilon,
        "attn_implementation": "eager",
    }
