"""The files that ship: what the manifest says of them, and the word embeddings.

The manifest names the model's files, and the tokenizer of the encoder, by hash.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from models.encoder.session import TOKENIZER, sha256

GRAPH, DATA, HEADS, WORDS = "multitask.onnx", "multitask.bin", "heads.npz", "words.bin"
MANIFEST = "manifest.json"
Floats = npt.NDArray[np.float32]


class FilesError(Exception):
    """A file is missing, damaged or not the one that the manifest names."""


class WordEmbeddings:
    """Word embeddings, mapped from their file: int8 rows, then a scale for each."""

    def __init__(self, codes: npt.NDArray[np.int8], scales: Floats) -> None:
        self._codes, self._scales = codes, scales

    @classmethod
    def map(cls, file: Path, rows: int, width: int) -> WordEmbeddings:
        """Raises ValueError if the file is too small for that."""
        codes = np.memmap(file, np.int8, "r", 0, (rows, width))
        scales = np.memmap(file, np.float32, "r", codes.nbytes, (rows, 1))
        return cls(codes, np.asarray(scales))

    def __getitem__(self, ids: npt.NDArray[np.int64]) -> Floats:
        """float32 (*ids.shape, width)."""
        return self._codes[ids].astype(np.float32) * self._scales[ids]


def verified_manifest(folder: Path, encoder: Path) -> dict[str, Any]:
    """The manifest in `folder`, all of whose files are there, as is the encoder's tokenizer.

    Raises FilesError naming the file, or what the manifest lacks.
    """
    file = folder / MANIFEST
    try:
        manifest: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        for name in (GRAPH, DATA, HEADS, WORDS):
            _verify(folder / name, manifest["sha256"][name])
        _verify(encoder / TOKENIZER, manifest["encoder_sha256"][TOKENIZER])
    except OSError as error:
        raise FilesError(str(error)) from error
    except KeyError as error:
        raise FilesError(f"{file} has no {error.args[0]}") from error
    except (ValueError, TypeError, AttributeError) as error:
        raise FilesError(f"{file} is damaged: {error}") from error
    return manifest


def _verify(file: Path, expected: str) -> None:
    if sha256(file) != expected:
        raise FilesError(f"{file} is not the file that the manifest names")


def version_of(manifest: Mapping[str, Any]) -> str:
    """The model's name and a short hash of its files and thresholds."""
    parts = [manifest[key] for key in ("sha256", "encoder_sha256", "thresholds")]
    digest = hashlib.sha256(json.dumps(parts, sort_keys=True).encode())
    return f"{manifest['name']}-{digest.hexdigest()[:8]}"
