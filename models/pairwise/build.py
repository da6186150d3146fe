"""Writes what a pair model ships: graph, constants and manifest. Needs the extra `train`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from models.encoder.build import write_manifest_beside, write_model
from models.encoder.export_graph import BertShape, Floats
from models.encoder.session import WEIGHTS as ENCODER_WEIGHTS
from models.pairwise.export_graph import export


def minilm(max_tokens: int) -> BertShape:
    return BertShape(layers=6, heads=12, epsilon=1e-12, positions=max_tokens)


def tensors_of(net: Mapping[str, Any]) -> dict[str, Floats]:
    """A net's trained state in torch, by the names that the export knows."""
    return {name.removeprefix("bert."): value.float().numpy() for name, value in net.items()}


def build(
    tensors: Mapping[str, Floats],
    folder: Path,
    name: str,
    heads: Sequence[str],
    shape: BertShape,
    facts: Mapping[str, Any],
    *,
    encoder: Path = ENCODER_WEIGHTS,
) -> None:
    """`name`.onnx and .bin, and a manifest with `facts`. The same state gives the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    graph, data = f"{name}.onnx", f"{name}.bin"
    write_model(export(tensors, shape, heads, name, int8=True), folder / graph, data)
    write_manifest_beside(name, folder, (graph, data), shape.positions, facts, encoder)
