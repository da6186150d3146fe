"""Makes what `weights/` ships from a trained net: `python -m models.stance.build STATE`.

Needs the extra `train`, and `torch` to read the state. The same state gives the same bytes.
"""

from __future__ import annotations

import argparse
import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from models.encoder.export_graph import BertShape, Floats
from models.encoder.session import WEIGHTS as ENCODER_WEIGHTS
from models.pairwise.build import build as build_pairs
from models.pairwise.build import minilm, tensors_of
from models.stance.export_graph import HEADS
from models.stance.reading import MAX_TOKENS
from models.stance.session import WEIGHTS

SIEVE = "sieve.npz"
MINILM = minilm(MAX_TOKENS)


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
    tensors = tensors_of(state["net"])
    sieve = {name: value.numpy() for name, value in state["sieve"].items()}
    return Trained(tensors, sieve, state["low"], state["source"])


def write_sieve(path: Path, sieve: Mapping[str, Floats]) -> None:
    """Byte for byte the same for the same arrays."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, value in sorted(sieve.items()):
            buffer = io.BytesIO()
            np.save(buffer, value)
            archive.writestr(zipfile.ZipInfo(f"{name}.npy"), buffer.getvalue())


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
    write_sieve(folder / SIEVE, trained.sieve)
    thresholds = {"sieve": trained.low, "expressed": threshold}
    facts = {"thresholds": thresholds, "source": dict(trained.source)}
    build_pairs(
        trained.tensors, folder, "stance", HEADS, shape, facts, encoder=encoder, beside=[SIEVE]
    )


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
