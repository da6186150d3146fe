"""The trained heads as they ship: one .npz of matrices and one JSON of thresholds."""

import hashlib
import io
import json
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]
TASKS = ("topics", "outlook", "claim", "expressed", "stance")
THRESHOLDS = ("topics", "topics_named", "progress", "setback", "claim", "stance")


class HeadsError(Exception):
    """The files of the heads are damaged, or not those of this version of Parley."""


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
    """The heads that ship with Parley.

    Raises:
        HeadsError: see `heads_from`.
    """
    folder = files("models.heads")
    raw = folder.joinpath("heads.npz").read_bytes()
    settings = folder.joinpath("thresholds.json").read_bytes()
    return heads_from(raw, settings)


def heads_from(raw: bytes, settings: bytes) -> Heads:
    """Heads from the bytes of the two files; the version is a hash of both.

    Raises:
        HeadsError: one of them cannot be read, or holds less than it should; names the file.
    """
    digest = hashlib.sha256(raw + settings).hexdigest()[:8]
    return Heads(**_layers(raw), thresholds=_thresholds(settings), version=f"heads-{digest}")


def _layers(raw: bytes) -> dict[str, Linear]:
    try:
        arrays = np.load(io.BytesIO(raw), allow_pickle=False)
        return {
            task: Linear(
                *(arrays[f"{task}.{part}"] for part in ("weight", "bias", "mean", "scale"))
            )
            for task in TASKS
        }
    except (OSError, ValueError, LookupError, zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise HeadsError(f"heads.npz cannot be used: {error}") from error


def _thresholds(settings: bytes) -> dict[str, float]:
    try:
        given = json.loads(settings)["thresholds"]
        return {name: float(given[name]) for name in THRESHOLDS}
    except (ValueError, LookupError, TypeError) as error:
        raise HeadsError(f"thresholds.json cannot be used: {error!r}") from error
