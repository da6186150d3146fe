"""Sentences, alone or with a question, to token states: the fine-tuned graph in ONNX Runtime."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime
from tokenizers import Tokenizer

from models.encoder.session import (
    MANIFEST,
    TOKENIZER,
    FilesError,
    open_graph,
    padded,
    small_batches,
)
from models.encoder.session import WEIGHTS as ENCODER_WEIGHTS
from models.encoder.text import encodable
from models.errors import ModelError
from models.lexicon import lexicon_sha256
from models.mentions import Mention
from models.multitask.files import GRAPH, HEADS, WORDS, WordEmbeddings, read_manifest, version_of
from models.multitask.heads import Heads, HeadsError
from models.taxonomy import STANCES

WEIGHTS = Path(__file__).parent / "weights"
MAX_TOKENS = 128
QUESTION_TOKENS = 64
BATCH_TOKENS = 256
LIMITS = ("topics", "topics_named", "progress", "setback", "claim", "sieve", "stance")
WEIGHING = ("share", "about", "known")  # of a stance, see `heads.Weighing`
THRESHOLDS = (*LIMITS, *WEIGHING)
Floats = npt.NDArray[np.float32]


class MultitaskError(ModelError):
    """The weights are missing, incomplete or not those that the manifest names."""


@dataclass(frozen=True, slots=True)
class Read:
    """A sentence as the encoder left it: its tokens, their states fp32 (length, 384), and the
    characters of each.

    A token without characters ([CLS], [SEP]) has an empty place.
    """

    ids: Sequence[int]
    states: Floats
    places: Sequence[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Question:
    """A sentence to be read once more: its tokens, which of them stand for whom the question is
    about, and the question.
    """

    ids: Sequence[int]
    holder: Sequence[int]
    text: str


def question_tokens(tokenizer: Tokenizer, text: str) -> list[int]:
    """What follows the sentence's tokens: those of the question, at most QUESTION_TOKENS with the
    [SEP] that ends it.
    """
    *words, end = tokenizer.encode(encodable(text)).ids[1:]
    return [*words[: QUESTION_TOKENS - 1], end]


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
        thresholds: Mapping[str, float],
        version: str,
    ) -> None:
        self.thresholds, self.version, self.heads = thresholds, version, heads
        self._graph, self._words, self._tokenizer = graph, words, tokenizer

    @classmethod
    def load(cls, path: Path | None = None) -> MultitaskSession:
        """The model in the folder `path` (that which ships with Parley).

        Raises MultitaskError if a file is missing or is not the one that the manifest names, or if
        the model was made with another lexicon.
        """
        folder = path or WEIGHTS
        try:
            manifest = read_manifest(folder)
            limits = _thresholds(manifest, folder)
            heads = Heads.parse((folder / HEADS).read_bytes())
            words = _words(manifest, folder)
            _check_lexicon(manifest, folder)
        except (FilesError, HeadsError, OSError) as error:
            raise MultitaskError(f"no usable multitask model in {folder}: {error}") from error
        tokenizer = Tokenizer.from_file(str(ENCODER_WEIGHTS / TOKENIZER))
        tokenizer.enable_truncation(MAX_TOKENS)
        graph = open_graph(folder / GRAPH, threads=1)
        return cls(graph, words, tokenizer, heads, limits, version_of(manifest))

    def read(self, texts: Sequence[str]) -> list[Read]:
        """Each text's states, up to MAX_TOKENS tokens.

        They do not depend on the other texts beyond 1e-5.
        """
        tokens = self._tokenizer.encode_batch([encodable(text) for text in texts])
        found: dict[int, Read] = {}
        for chosen in small_batches([len(one.ids) for one in tokens], BATCH_TOKENS):
            rows = [tokens[index] for index in chosen]
            ids, mask = padded([row.ids for row in rows])
            states = self._states(self._words[ids], mask)
            for index, row, mine in zip(chosen, rows, states, strict=True):
                found[index] = Read(row.ids, mine[: len(row.ids)], row.offsets)
        return [found[index] for index in range(len(texts))]

    def ask(self, questions: Sequence[Question]) -> Floats:
        """Probabilities (questions, 4): none, supports, opposes, conditional.

        They do not depend on the other questions beyond 1e-5.
        """
        asked = [question_tokens(self._tokenizer, one.text) for one in questions]
        rows = [[*one.ids, *mine] for one, mine in zip(questions, asked, strict=True)]
        found = np.empty((len(rows), 1 + len(STANCES)), np.float32)
        for chosen in small_batches([len(row) for row in rows], BATCH_TOKENS):
            ids, mask = padded([rows[index] for index in chosen])
            segments, marks = np.zeros(ids.shape, np.float32), np.zeros(ids.shape, np.float32)
            for at, index in enumerate(chosen):
                segments[at, len(questions[index].ids) : len(rows[index])] = 1
                marks[at, list(questions[index].holder)] = 1
            states = self._states(self._words[ids] + self.heads.added(segments, marks), mask)
            for index, mine in zip(chosen, states, strict=True):
                found[index] = self.heads.question(mine[: len(rows[index])])
        return found

    def _states(self, words: Floats, mask: npt.NDArray[np.bool_]) -> Floats:
        """Of embeddings fp32 (batch, length, 384), in the same shape."""
        feeds = {"words": words, "attention_mask": mask.astype(np.int64)}
        states: Floats = self._graph.run(["states"], feeds)[0]
        return states


def _thresholds(manifest: Mapping[str, Any], folder: Path) -> dict[str, float]:
    given = manifest.get("thresholds")
    found = given if isinstance(given, dict) else {}
    for name in THRESHOLDS:
        if not isinstance(found.get(name), float | int):
            raise FilesError(f"{folder / MANIFEST} has no threshold of {name}")
    return {name: float(found[name]) for name in THRESHOLDS}


def _words(manifest: Mapping[str, Any], folder: Path) -> WordEmbeddings:
    try:
        return WordEmbeddings.map(folder / WORDS, **manifest["words"])
    except (KeyError, TypeError, ValueError) as error:
        raise FilesError(f"{folder / MANIFEST} does not tell the words: {error}") from error


def _check_lexicon(manifest: Mapping[str, Any], folder: Path) -> None:
    """The heads were trained with counts of other words where lexicon.yaml was changed since."""
    if manifest["lexicon_sha256"] != lexicon_sha256():
        raise FilesError(f"{folder / HEADS} was not made with this lexicon.yaml")
