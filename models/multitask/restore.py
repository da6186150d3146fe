"""The weights in a folder as a state to go on training from: what `build` wrote, read back.

Exact but for the rounding to int8 and halves that `build` did; built again they are the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import onnx
from onnx import numpy_helper

from models.encoder.export_graph import Array, Floats
from models.multitask.build import EMBEDDINGS, NAMED, POSITIONS, SEGMENTS
from models.multitask.files import GRAPH, HEADS, WORDS, WordEmbeddings, read_manifest

DENSE = ("attention.output", "intermediate", "output")  # a layer's matrices but for attention's own
NORMED = ("attention.output", "output")


def restored(folder: Path, attention_heads: int) -> dict[str, Floats]:
    """The arrays by their names in the net, which has so many attention heads in a layer.

    Position embeddings end where the graph's end, and the first segment is folded into them.

    Raises:
        FilesError: a file is missing or is not the one that the manifest names.
    """
    words = read_manifest(folder)["words"]
    graph = onnx.load(str(folder / GRAPH)).graph
    stored = {one.name: numpy_helper.to_array(one) for one in graph.initializer}
    table = WordEmbeddings.map(folder / WORDS, **words)
    found = _embeddings(stored) | {EMBEDDINGS: table[np.arange(words["rows"])]}
    layer = 0
    while f"encoder.layer.{layer}.output.bias" in stored:
        found |= _layer(stored, f"encoder.layer.{layer}", attention_heads)
        layer += 1
    found |= _heads(folder)
    return {name: np.array(value) for name, value in found.items()}  # copies, to be written in


def _heads(folder: Path) -> dict[str, Floats]:
    called = {theirs: ours for ours, theirs in NAMED.items()}
    arrays = {name: value.astype(np.float32) for name, value in np.load(folder / HEADS).items()}
    segment = arrays.pop("segment")
    segments = {SEGMENTS: np.stack([np.zeros_like(segment), segment])}
    return {called.get(name, name): value for name, value in arrays.items()} | segments


def _embeddings(stored: Mapping[str, Array]) -> dict[str, Floats]:
    found = {POSITIONS: stored["positions"]}
    for part in ("weight", "bias"):
        found[f"bert.embeddings.LayerNorm.{part}"] = stored[f"embeddings.norm.{part}"]
    return found


def _layer(stored: Mapping[str, Array], layer: str, heads: int) -> dict[str, Floats]:
    found: dict[str, Floats] = {}
    joint = f"{layer}.attention.self.qkv"
    weights = np.split(_matrix(stored, joint), 3)
    biases = np.split(stored[f"{joint}.bias"], 3)
    root = float(weights[0].shape[1] // heads) ** 0.5  # the query was divided by it
    for part, factor, weight, bias in zip(
        ("query", "key", "value"), (root, 1.0, 1.0), weights, biases, strict=True
    ):
        found[f"bert.{layer}.attention.self.{part}.weight"] = np.float32(factor) * weight
        found[f"bert.{layer}.attention.self.{part}.bias"] = np.float32(factor) * bias
    for part in DENSE:
        found[f"bert.{layer}.{part}.dense.weight"] = _matrix(stored, f"{layer}.{part}")
        found[f"bert.{layer}.{part}.dense.bias"] = stored[f"{layer}.{part}.bias"]
    for part in NORMED:
        for kind in ("weight", "bias"):
            found[f"bert.{layer}.{part}.LayerNorm.{kind}"] = stored[f"{layer}.{part}.norm.{kind}"]
    return found


def _matrix(stored: Mapping[str, Array], name: str) -> Floats:
    """As torch stores it, (outputs, inputs)."""
    codes, scales = stored[f"{name}.weight.codes"], stored[f"{name}.weight.scales"]
    blocks: Floats = codes.astype(np.float32) * scales
    return blocks.reshape(-1, blocks.shape[-1]).T
