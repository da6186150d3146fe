"""Makes what `weights/` ships from a trained net: `python -m models.multitask.build STATE REPORT`.

Needs the extra `train`, and `torch` to read the state. The same state gives the same bytes.
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

from models.encoder.build import write_model
from models.encoder.export_graph import BertShape, Floats, quantise
from models.encoder.session import FILES as ENCODER_FILES
from models.encoder.session import MANIFEST, sha256
from models.encoder.session import WEIGHTS as ENCODER_WEIGHTS
from models.lexicon import lexicon_sha256
from models.multitask.export_graph import export
from models.multitask.files import DATA, FILES, GRAPH, HEADS, WORDS
from models.multitask.session import MAX_TOKENS, QUESTION_TOKENS, WEIGHTS

LAYERS = BertShape(12, heads=12, epsilon=1e-12, positions=MAX_TOKENS + QUESTION_TOKENS)
EMBEDDINGS = "bert.embeddings.word_embeddings.weight"
POSITIONS = "bert.embeddings.position_embeddings.weight"
SEGMENTS = "bert.embeddings.token_type_embeddings.weight"
NAMED = {  # the net's names of what the heads call otherwise
    "form_mean": "form.mean",
    "form_scale": "form.scale",
    "topic.weight": "topic",
    "topic_bias.weight": "topic.bias",
    "topic_score.weight": "topic.score.weight",
}


def read_state(path: Path) -> tuple[dict[str, Floats], dict[str, Any]]:
    """The arrays of a saved state by their names in the net, and what they were made of."""
    import torch

    state = torch.load(path, weights_only=True)
    return {name: value.float().numpy() for name, value in state["net"].items()}, state["source"]


def encoder_tensors(arrays: Mapping[str, Floats]) -> dict[str, Floats]:
    """The tensors of the layers, by the names that the export knows."""
    return {n.removeprefix("bert."): v for n, v in arrays.items() if n.startswith("bert.")}


def head_arrays(arrays: Mapping[str, Floats]) -> dict[str, Floats]:
    """The arrays of the heads, by the names that `models.multitask.heads` knows."""
    heads = {NAMED.get(n, n): v for n, v in arrays.items() if not n.startswith("bert.")}
    first, second = arrays[SEGMENTS]  # the graph adds the first to every token
    return heads | {"segment": second - first}


def packed(arrays: Mapping[str, Floats]) -> bytes:
    """An .npz file of halves (fp16), byte for byte the same for the same arrays."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, value in sorted(arrays.items()):
            buffer = io.BytesIO()
            np.save(buffer, value.astype(np.float16))
            archive.writestr(zipfile.ZipInfo(f"{name}.npy"), buffer.getvalue())
    return whole.getvalue()


def build(
    arrays: Mapping[str, Floats],
    folder: Path,
    thresholds: Mapping[str, float],
    source: Mapping[str, Any],
    *,
    shape: BertShape = LAYERS,
) -> None:
    """Writes graph, constants, heads, word embeddings and manifest to `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    write_model(export(encoder_tensors(arrays), shape, int8=True), folder / GRAPH, DATA)
    (folder / HEADS).write_bytes(packed(head_arrays(arrays)))
    words = write_words(folder / WORDS, arrays[EMBEDDINGS])
    manifest = {
        "name": "multitask",
        "storage": "int8",
        "words": words,
        "sha256": {file: sha256(folder / file) for file in FILES},
        "encoder_sha256": {file: sha256(ENCODER_WEIGHTS / file) for file in ENCODER_FILES},
        "lexicon_sha256": lexicon_sha256(),
        "thresholds": dict(thresholds),
        "source": dict(source),
    }
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n")


def write_words(file: Path, table: Floats) -> dict[str, int]:
    """The word embeddings as int8 rows, then a scale of each; how many there are, how wide."""
    codes, scales = quantise(table, axis=1)
    file.write_bytes(codes.tobytes() + scales.tobytes())
    rows, width = table.shape
    return {"rows": rows, "width": width}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("state", type=Path, help="multitask.pt of models.train.multitask")
    parser.add_argument(
        "report", type=Path, help="report.json of `parley train measure`: thresholds"
    )
    parser.add_argument("--to", type=Path, default=WEIGHTS, help="the folder to write to")
    options = parser.parse_args()
    arrays, source = read_state(options.state)
    build(arrays, options.to, json.loads(options.report.read_text())["thresholds"], source)
    for path in sorted(options.to.iterdir()):
        print(f"{path.stat().st_size:>10}  {path.name}")


if __name__ == "__main__":
    main()
