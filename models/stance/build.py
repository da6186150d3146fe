"""Makes what `weights/` ships from a trained net: `python -m models.stance.build STATE`.

Needs the extra `torch` to read the state. The same state gives the same bytes.
"""

from __future__ import annotations

import argparse
import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch

from models.encoder.build import sha256
from models.encoder.export_graph import BertShape, Floats
from models.encoder.session import WEIGHTS as ENCODER_WEIGHTS
from models.stance.export_graph import export
from models.stance.reading import MAX_TOKENS
from models.stance.session import WEIGHTS
from models.stance.sieve import PARTS, Scores

GRAPH, DATA, SIEVE, MANIFEST = "stance.onnx", "stance.bin", "sieve.npz", "manifest.json"
INLINE_BYTES = 1024  # smaller constants stay in the graph
WORDS = ("words.codes", "words.scales")


def tensors_of(net: Mapping[str, torch.Tensor]) -> dict[str, Floats]:
    """A trained state by the names that the export knows."""
    return {name.removeprefix("bert."): value.float().numpy() for name, value in net.items()}


def words_in(encoder: Path) -> dict[str, int]:
    """Where the encoder's file holds the word embeddings, in bytes from its start.

    Raises ValueError if they are not stored as int8.
    """
    model = onnx.load(str(encoder / "encoder.onnx"), load_external_data=False)
    found = {one.name: one for one in model.graph.initializer if one.name in WORDS}
    if len(found) != len(WORDS):
        raise ValueError(f"{encoder} does not store its word embeddings as int8")
    places = {name.split(".")[1]: _offset(one) for name, one in found.items()}
    rows, width = found[WORDS[0]].dims
    return {"rows": rows, "width": width, **places}


def _offset(tensor: onnx.TensorProto) -> int:
    return int({one.key: one.value for one in tensor.external_data}.get("offset", "0"))


def write_model(model: onnx.ModelProto, folder: Path) -> None:
    (folder / DATA).unlink(missing_ok=True)  # onnx appends to what is there
    onnx.save(
        model,
        str(folder / GRAPH),
        save_as_external_data=True,
        all_tensors_to_one_file=True,
        location=DATA,
        size_threshold=INLINE_BYTES,
    )
    (folder / DATA).chmod(0o644)


def write_sieve(path: Path, topics: Scores, worth: Scores) -> None:
    """Byte for byte the same for the same scores."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, scores in (("topics", topics), ("worth", worth)):
            for part in PARTS:
                buffer = io.BytesIO()
                np.save(buffer, getattr(scores, part))
                archive.writestr(zipfile.ZipInfo(f"{name}.{part}.npy"), buffer.getvalue())


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
    state: Mapping[str, Any], folder: Path, threshold: float, encoder: Path = ENCODER_WEIGHTS
) -> None:
    """Writes graph, constants, sieve and manifest from what `models.train.stance` saved."""
    folder.mkdir(parents=True, exist_ok=True)
    shape = BertShape(layers=6, heads=12, epsilon=1e-12, positions=MAX_TOKENS)  # MiniLM-L6
    write_model(export(tensors_of(state["net"]), shape, int8=True), folder)
    topics, worth = (
        Scores(**{part: state["sieve"][f"{name}.{part}"].numpy() for part in PARTS})
        for name in ("topics", "worth")
    )
    write_sieve(folder / SIEVE, topics, worth)
    thresholds = {"sieve": state["low"], "expressed": threshold}
    write_manifest(folder, encoder, thresholds, state["source"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("state", type=Path, help="stance.pt of models.train.stance")
    parser.add_argument("--threshold", type=float, required=True, help="on expressed, by folds")
    parser.add_argument("--to", type=Path, default=WEIGHTS, help="the folder to write to")
    options = parser.parse_args()
    build(torch.load(options.state, weights_only=True), options.to, options.threshold)
    for path in sorted(options.to.iterdir()):
        print(f"{path.stat().st_size:>10}  {path.name}")


if __name__ == "__main__":
    main()
