"""The files that ship: what the manifest says of them, and the word embeddings.

The manifest names by hash the model's files and those of the encoder, whose tokenizer cuts the
sentences and whose vectors are names and propositions.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from models.encoder.session import MANIFEST, TOKENIZER, verified_manifest, verify_files
from models.encoder.session import WEIGHTS as ENCODER_WEIGHTS

GRAPH, DATA, HEADS, WORDS = "multitask.onnx", "multitask.bin", "heads.npz", "words.bin"
FILES = (GRAPH, DATA, HEADS, WORDS)
Floats = npt.NDArray[np.float32]


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


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest in `folder`, all of whose files are there, as are those of the encoder.

    Raises FilesError naming the file, or what the manifest lacks.
    """
    manifest = verified_manifest(
        folder, FILES, {"name": str, "encoder_sha256": dict, "lexicon_sha256": str}
    )
    hashes = manifest["encoder_sha256"]
    verify_files(ENCODER_WEIGHTS, hashes, (TOKENIZER,), folder / MANIFEST)
    return manifest


def version_of(manifest: Mapping[str, Any]) -> str:
    """The model's name and a short hash of its files, its lexicon and its thresholds."""
    parts = [manifest[key] for key in ("sha256", "encoder_sha256", "lexicon_sha256", "thresholds")]
    digest = hashlib.sha256(json.dumps(parts, sort_keys=True).encode())
    return f"{manifest['name']}-{digest.hexdigest()[:8]}"
