"""Sentences to token states: the fine-tuned graph in ONNX Runtime over the encoder's embeddings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime
from tokenizers import Encoding, Tokenizer

from models.encoder.beside import FilesError, WordEmbeddings, verified_manifest, version_of
from models.encoder.session import WEIGHTS as ENCODER_WEIGHTS
from models.encoder.session import open_graph, padded, small_batches
from models.encoder.text import encodable
from models.mentions import Mention
from models.multitask.heads import Heads, HeadsError

WEIGHTS = Path(__file__).parent / "weights"
MAX_TOKENS = 128
BATCH_TOKENS = 256
THRESHOLDS = ("topics", "topics_named", "progress", "setback", "claim", "stance")
Floats = npt.NDArray[np.float32]


class MultitaskError(Exception):
    """The weights are missing, incomplete or not those that the manifest names."""


@dataclass(frozen=True, slots=True)
class Read:
    """A sentence as the encoder left it: states fp32 (length, 384), and each token's characters.

    A token without characters ([CLS], [SEP]) has an empty place.
    """

    states: Floats
    places: Sequence[tuple[int, int]]


def tokens_of(places: Sequence[tuple[int, int]], mentions: Sequence[Mention]) -> list[int]:
    """Which of the tokens at `places` stand for any of the mentions; none beyond MAX_TOKENS."""
    return sorted({token for at in mentions for token in tokens_at(places, at.start, at.end)})


def tokens_at(places: Sequence[tuple[int, int]], start: int, end: int) -> list[int]:
    """Which of the tokens at `places` (characters from, to) hold any from `start` to `end`."""
    return [index for index, (a, b) in enumerate(places) if a < b and a < end and b > start]


class MultitaskSession:
    """A loaded graph with its heads. Safe to share between threads; load one for each process."""

    def __init__(
        self,
        graph: onnxruntime.InferenceSession,
        words: WordEmbeddings,
        tokenizer: Tokenizer,
        heads: Heads,
        manifest: dict[str, Any],
    ) -> None:
        self.version = version_of(manifest)
        self.thresholds: dict[str, float] = manifest["thresholds"]
        self.heads = heads
        self._graph, self._words, self._tokenizer = graph, words, tokenizer

    @classmethod
    def load(
        cls, path: Path | None = None, encoder: Path | None = None, threads: int = 1
    ) -> MultitaskSession:
        """The model in the folder `path` over the word embeddings of the encoder in `encoder`.

        Raises MultitaskError if a file is missing or is not the one that the manifest names.
        """
        folder, beside = path or WEIGHTS, encoder or ENCODER_WEIGHTS
        try:
            manifest = verified_manifest(folder, beside, ("words", "thresholds"))
            heads = Heads.parse((folder / "heads.npz").read_bytes())
            lacking = [name for name in THRESHOLDS if name not in manifest["thresholds"]]
            if lacking:
                raise FilesError(f"{folder / 'manifest.json'} has no threshold of {lacking[0]}")
        except (FilesError, HeadsError, OSError) as error:
            raise MultitaskError(f"no usable multitask model in {folder}: {error}") from error
        tokenizer = Tokenizer.from_file(str(beside / "tokenizer.json"))
        tokenizer.enable_truncation(MAX_TOKENS)
        words = WordEmbeddings.map(beside / "encoder.bin", manifest["words"])
        graph = open_graph(folder / "multitask.onnx", threads)
        return cls(graph, words, tokenizer, heads, manifest)

    def read(self, texts: Sequence[str]) -> list[Read]:
        """Each text's states, up to MAX_TOKENS tokens.

        They do not depend on the other texts beyond 1e-5.
        """
        tokens = self._tokenizer.encode_batch([encodable(text) for text in texts])
        found: dict[int, Read] = {}
        for chosen in small_batches([len(one.ids) for one in tokens], BATCH_TOKENS):
            rows = [tokens[index] for index in chosen]
            found |= zip(chosen, self._run(rows), strict=True)
        return [found[index] for index in range(len(texts))]

    def _run(self, rows: Sequence[Encoding]) -> Iterator[Read]:
        ids, mask = padded([row.ids for row in rows])
        feeds = {"words": self._words[ids], "attention_mask": mask.astype(np.int64)}
        states: Floats = self._graph.run(["states"], feeds)[0]
        for row, mine in zip(rows, states, strict=True):
            yield Read(mine[: len(row.ids)], row.offsets)
