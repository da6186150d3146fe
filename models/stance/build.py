"""Makes what `weights/` ships from a trained net: `python -m models.stance.build STATE`.

Needs the extra `train`, and `torch` to read the state. The same state gives the same bytes.
"""

from __future__ import annotations

import argparse
import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx

from models.encoder.build import sha256, write_model
from models.encoder.export_graph import BertShape, Floats
from models.encoder.session import WEIGHTS as ENCODER_WEIGHTS
from models.stance.export_graph import export
from models.stance.reading import MAX_TOKENS
from models.stance.session import WEIGHTS

GRAPH, DATA, SIEVE, MANIFEST = "stance.onnx", "stance.bin", "sieve.npz", "manifest.json"
MINILM = BertShape(layers=6, heads=12, epsilon=1e-12, positions=MAX_TOKENS)
WORDS = {"words": "codes", "words.scales": "scales"}  # constants of the encoder's graph


@dataclass(frozen=True, slots=True)
class Trained:
    """What `models.train.stance` saves: tensors and the sieve's arrays by name, its threshold."""

    tensors: Mapping[str, Floats]
    sieve: Mapping[str, Floats]
    low: float
    source: Mapping[str, Any]


def read_state(path: Path) -> Trained:
    """A saved state, its tensors by the names that the export knows."""
    import torch

    state = torch.load(path, weights_only=True)
    tensors = {n.removeprefix("bert."): v.float().numpy() for n, v in state["net"].items()}
    sieve = {name: value.numpy() for name, value in state["sieve"].items()}
    return Trained(tensors, sieve, state["low"], state["source"])


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


def write_sieve(path: Path, sieve: Mapping[str, Floats]) -> None:
    """Byte for byte the same for the same arrays."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, value in sorted(sieve.items()):
            buffer = io.BytesIO()
            np.save(buffer, value)
            archive.writestr(zipfile.ZipInfo(f"{name}.npy"), buffer.getvalue())


def write_manifest(
    folder: Path, encoder: Path, thresholds: Mapping[str, float], source: Mapping[str, Any]
) -> None:
    manifest = {
        "name": "stance",
        "storage": "int8",
        "max_tokens": MAX_TOKENS,
        "thresholds": dict(thresholds),
        "words": words_in(encoder),
        "sha256": {name: sha256(folder / name) for name in (GRAPH, DATA, SIEVE)},
        "encoder_sha256": {n: sha256(encoder / n) for n in ("encoder.bin", "tokenizer.json")},
        "source": dict(source),
    }
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n")


def build(
    trained: Trained,
    folder: Path,
    threshold: float,
    *,
    shape: BertShape = MINILM,
    encoder: Path = ENCODER_WEIGHTS,
) -> None:
    """Writes graph, constants, sieve and manifest; `threshold` is that on expressed."""
    folder.mkdir(parents=True, exist_ok=True)
    write_model(export(trained.tensors, shape, int8=True), folder / GRAPH, DATA)
    write_sieve(folder / SIEVE, trained.sieve)
    thresholds = {"sieve": trained.low, "expressed": threshold}
    write_manifest(folder, encoder, thresholds, trained.source)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("state", type=Path, help="stance.pt of models.train.stance")
    parser.add_argument("--threshold", type=float, required=True, help="on expressed, by folds")
    parser.add_argument("--to", type=Path, default=WEIGHTS, help="the folder to write to")
    options = parser.parse_args()
    build(read_state(options.state), options.to, options.threshold)
    for path in sorted(options.to.iterdir()):
        print(f"{path.stat().st_size:>10}  {path.name}")


if __name__ == "__main__":
    main()
