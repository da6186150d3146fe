"""Two texts to logits: a pair model's graph in ONNX Runtime, over the encoder's word embeddings."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime
from tokenizers import Encoding, Tokenizer

from models.encoder.session import WEIGHTS as ENCODER_WEIGHTS
from models.encoder.session import open_graph, small_batches
from models.encoder.text import encodable

BATCH_TOKENS = 512
Floats = npt.NDArray[np.float32]


class PairError(Exception):
    """The weights are missing, incomplete or not those that the manifest names."""


class WordEmbeddings:
    """The encoder's word embeddings, mapped from its file: int8 rows with a scale for each."""

    def __init__(self, codes: npt.NDArray[np.int8], scales: Floats) -> None:
        self._codes, self._scales = codes, scales

    @classmethod
    def map(cls, file: Path, place: dict[str, int]) -> WordEmbeddings:
        """`place` has `rows`, `width` and the offsets in bytes of `codes` and `scales`."""
        rows, width = place["rows"], place["width"]
        codes = np.memmap(file, np.int8, "r", place["codes"], (rows, width))
        scales = np.memmap(file, np.float32, "r", place["scales"], (rows, 1))
        return cls(codes, np.asarray(scales))

    def __getitem__(self, ids: npt.NDArray[np.int64]) -> Floats:
        """float32 (*ids.shape, width)."""
        return self._codes[ids].astype(np.float32) * self._scales[ids]


class PairSession:
    """A loaded graph. Safe to share between threads; load one for each process."""

    def __init__(
        self,
        graph: onnxruntime.InferenceSession,
        words: WordEmbeddings,
        tokenizer: Tokenizer,
        manifest: dict[str, Any],
    ) -> None:
        self.version = _version(manifest)
        self.manifest = manifest
        self._graph, self._words, self._tokenizer = graph, words, tokenizer
        self._classes: int = graph.get_outputs()[0].shape[1]

    @classmethod
    def load(
        cls, name: str, folder: Path, encoder: Path | None = None, threads: int = 1
    ) -> PairSession:
        """The graph `name` in `folder` over the word embeddings of the encoder in `encoder`.

        Raises PairError if a file is missing or is not the one that the manifest names.
        """
        beside = encoder or ENCODER_WEIGHTS
        manifest = _verified_manifest(name, folder, beside)
        tokenizer = Tokenizer.from_file(str(beside / "tokenizer.json"))
        tokenizer.enable_truncation(manifest["max_tokens"], strategy="longest_first")
        words = WordEmbeddings.map(beside / "encoder.bin", manifest["words"])
        graph = open_graph(folder / f"{name}.onnx", threads)
        return cls(graph, words, tokenizer, manifest)

    def read(self, pairs: Sequence[tuple[str, str]]) -> Floats:
        """Logits float32 (len(pairs), classes).

        An answer does not depend on the other pairs beyond 1e-5.
        """
        found = np.empty((len(pairs), self._classes), dtype=np.float32)
        tokens = self._tokenizer.encode_batch([(encodable(a), encodable(b)) for a, b in pairs])
        for chosen in small_batches([len(one.ids) for one in tokens], BATCH_TOKENS):
            found[chosen] = self._run([tokens[index] for index in chosen])
        return found

    def _run(self, rows: list[Encoding]) -> Floats:
        lengths = np.array([len(row.ids) for row in rows])
        mask = np.arange(lengths.max()) < lengths[:, None]
        ids, segments = np.zeros(mask.shape, np.int64), np.zeros(mask.shape, np.int64)
        ids[mask] = np.concatenate([row.ids for row in rows])
        segments[mask] = np.concatenate([row.type_ids for row in rows])
        feeds = {
            "words": self._words[ids],
            "segments": segments,
            "attention_mask": mask.astype(np.int64),
        }
        logits: Floats = self._graph.run(["logits"], feeds)[0]
        return logits


def _verified_manifest(name: str, folder: Path, encoder: Path) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_text())
        files = {folder / file: digest for file, digest in manifest["sha256"].items()}
        files |= {encoder / file: digest for file, digest in manifest["encoder_sha256"].items()}
        for path, expected in files.items():
            with path.open("rb") as stream:
                if hashlib.file_digest(stream, "sha256").hexdigest() != expected:
                    raise PairError(f"{path} is not the file that the manifest names")
    except (OSError, ValueError, KeyError) as error:
        raise PairError(f"no usable {name} model in {folder}: {error}") from error
    return manifest


def _version(manifest: dict[str, Any]) -> str:
    """A short hash of everything that an answer depends on."""
    parts = [manifest[key] for key in ("sha256", "encoder_sha256", "thresholds") if key in manifest]
    digest = hashlib.sha256(json.dumps(parts, sort_keys=True).encode())
    return f"{manifest['name']}-{digest.hexdigest()[:8]}"
