"""The trained heads as they ship: one .npz of matrices and one JSON of thresholds."""

import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Linear:
    """A linear layer over standardised features: weight (classes, features), bias (classes,)."""

    weight: Matrix
    bias: Matrix
    mean: Matrix
    scale: Matrix

    def logits(self, row: Matrix) -> Matrix:
        """Of one row, float32 (classes,). Row by row, so that companions change no digit."""
        result: Matrix = self.weight @ ((row - self.mean) / self.scale) + self.bias
        return result


@dataclass(frozen=True, slots=True)
class Heads:
    """All heads and the thresholds above which their labels count."""

    topics: Linear
    outlook: Linear
    claim: Linear
    expressed: Linear
    stance: Linear
    thresholds: Mapping[str, float]
    version: str


def load_heads() -> Heads:
    """The heads that ship with Parley."""
    folder = files("models.heads")
    raw = folder.joinpath("heads.npz").read_bytes()
    settings = folder.joinpath("thresholds.json").read_bytes()
    return heads_from(raw, settings)


def heads_from(raw: bytes, settings: bytes) -> Heads:
    """Heads from the bytes of the two files; the version is a hash of both."""
    arrays = np.load(io.BytesIO(raw))
    layers = {
        name: Linear(*(arrays[f"{name}.{part}"] for part in ("weight", "bias", "mean", "scale")))
        for name in ("topics", "outlook", "claim", "expressed", "stance")
    }
    digest = hashlib.sha256(raw + settings).hexdigest()[:8]
    return Heads(**layers, thresholds=json.loads(settings)["thresholds"], version=f"heads-{digest}")
