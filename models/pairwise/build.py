"""Writes what a pair model ships: graph, constants and manifest. Needs the extra `train`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import onnx

from models.encoder.build import sha256, write_model
from models.encoder.export_graph import BertShape, Floats
from models.encoder.session import WEIGHTS as ENCODER_WEIGHTS
from models.pairwise.export_graph import export

MANIFEST = "manifest.json"
WORDS = {"words": "codes", "words.scales": "scales"}  # constants of the encoder's graph


def minilm(max_tokens: int) -> BertShape:
    return BertShape(layers=6, heads=12, epsilon=1e-12, positions=max_tokens)


def tensors_of(net: Mapping[str, Any]) -> dict[str, Floats]:
    """A net's trained state in torch, by the names that the export knows."""
    return {name.removeprefix("bert."): value.float().numpy() for name, value in net.items()}


def words_in(encoder: Path) -> dict[str, int]:
    """Where the encoder's file holds the word embeddings, in bytes from its start.

    Raises ValueError if they are not stored as int8.
    """
    model = onnx.load(str(encoder / "encoder.onnx"), load_external_data=False)
    found = {one.name: one for one in model.graph.initializer if one.name in WORDS}
    if len(found) != len(WORDS):
        raise ValueError(f"{encoder} does not store its word embeddings as int8")
    places = {WORDS[name]: _offset(one) for name, one in found.items()}
    rows, width = found["words"].dims
    return {"rows": rows, "width": width, **places}


def _offset(tensor: onnx.TensorProto) -> int:
    return int({one.key: one.value for one in tensor.external_data}.get("offset", "0"))


def build(
    tensors: Mapping[str, Floats],
    folder: Path,
    name: str,
    heads: Sequence[str],
    shape: BertShape,
    facts: Mapping[str, Any],
    *,
    encoder: Path = ENCODER_WEIGHTS,
    beside: Sequence[str] = (),
) -> None:
    """Writes `name`.onnx and .bin, and a manifest with `facts` and the hashes of all files.

    `beside` are files of the model that are in the folder already. The same state gives the same
    bytes.
    """
    folder.mkdir(parents=True, exist_ok=True)
    graph, data = f"{name}.onnx", f"{name}.bin"
    write_model(export(tensors, shape, heads, name, int8=True), folder / graph, data)
    manifest = {
        "name": name,
        "storage": "int8",
        "max_tokens": shape.positions,
        "words": words_in(encoder),
        "sha256": {file: sha256(folder / file) for file in (graph, data, *beside)},
        "encoder_sha256": {n: sha256(encoder / n) for n in ("encoder.bin", "tokenizer.json")},
        **facts,
    }
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n")
