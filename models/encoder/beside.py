"""For models that ship beside the encoder and look words up in its embeddings.

Their word embeddings are frozen in training, so that they need not ship again. The manifest of such
a model names its files and the encoder's by hash, and says where the embeddings are.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]


class FilesError(Exception):
    """A file is missing, damaged or not the one that the manifest names."""


class WordEmbeddings:
    """The encoder's word embeddings, mapped from its file: int8 rows with a scale for each."""

    def __init__(self, codes: npt.NDArray[np.int8], scales: Floats) -> None:
        self._codes, self._scales = codes, scales

    @classmethod
    def map(cls, file: Path, place: Mapping[str, int]) -> WordEmbeddings:
        """`place` has `rows`, `width` and the offsets in bytes of `codes` and `scales`."""
        rows, width = place["rows"], place["width"]
        codes = np.memmap(file, np.int8, "r", place["codes"], (rows, width))
        scales = np.memmap(file, np.float32, "r", place["scales"], (rows, 1))
        return cls(codes, np.asarray(scales))

    def __getitem__(self, ids: npt.NDArray[np.int64]) -> Floats:
        """float32 (*ids.shape, width)."""
        return self._codes[ids].astype(np.float32) * self._scales[ids]


def verified_manifest(folder: Path, encoder: Path, needs: Sequence[str]) -> dict[str, Any]:
    """The manifest in `folder`, all of whose files are there, as are those of the encoder.

    Raises FilesError naming the file, or what the manifest lacks of what it `needs`.
    """
    file = folder / "manifest.json"
    try:
        manifest: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        lacking = [key for key in ("sha256", "encoder_sha256", *needs) if key not in manifest]
        if lacking:
            raise FilesError(f"{file} has no {lacking[0]}")
        _verify(folder, manifest["sha256"])
        _verify(encoder, manifest["encoder_sha256"])
    except OSError as error:
        raise FilesError(str(error)) from error
    except (ValueError, TypeError, AttributeError) as error:
        raise FilesError(f"{file} is damaged: {error}") from error
    return manifest


def _verify(folder: Path, digests: Mapping[str, str]) -> None:
    for name, expected in digests.items():
        with (folder / name).open("rb") as stream:
            if hashlib.file_digest(stream, "sha256").hexdigest() != expected:
                raise FilesError(f"{folder / name} is not the file that the manifest names")


def version_of(manifest: Mapping[str, Any]) -> str:
    """The model's name and a short hash of everything that an answer depends on."""
    parts = [manifest[key] for key in ("sha256", "encoder_sha256", "thresholds") if key in manifest]
    digest = hashlib.sha256(json.dumps(parts, sort_keys=True).encode())
    return f"{manifest['name']}-{digest.hexdigest()[:8]}"
