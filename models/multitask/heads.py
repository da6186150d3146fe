"""The heads over the fine-tuned encoder's states, in numpy: what is said of a sentence, of each of
its holders on each proposition, and in answer to a question about one of them.

Sentence by sentence, so that companions change no digit.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from models.multitask.form import Form
from models.taxonomy import OUTLOOKS, STANCES, TOPICS, Stance

Floats = NDArray[np.float32]
HEADS = 4  # of the attention
LEAST = 1e-6  # probability that a logarithm is taken of
# By the class of the side that a holder is known to take: which classes speak against it.
AGAINST = np.array([[0, 0, 0, 0], [0, 0, 1, 0], [0, 1, 0, 0]], np.float32)
SENTENCE_LOGITS = len(TOPICS) + len(OUTLOOKS) + 1
NAMES = (
    "sentence.weight",  # (topics + outlooks + claim, 2 * width + form)
    "sentence.bias",
    "form.mean",  # (form,)
    "form.scale",
    "holder.weight",  # (hidden, 2 * width + 1): state of the holder's places, mean, is it named
    "holder.bias",
    "name.weight",  # (hidden, width): vector of the party's name
    "proposition.weight",  # (hidden, 2 * width): its vector, supporting less opposing glosses
    "topic",  # (topics, hidden)
    "topic.score.weight",  # (hidden, 1): of the topic's logit
    "key.weight",  # (hidden, width): of every token's state, and likewise
    "key.bias",
    "value.weight",
    "value.bias",
    "stance.weight",  # (none and the three stances, hidden)
    "stance.bias",
    "topic.bias",  # (topics, 4)
    "segment",  # (width,): added to every token of a question
    "mark",  # (width,): added to the tokens that stand for the holder asked about
    "question.weight",  # (4, 2 * width): [CLS] and mean of a sentence read with its question
    "question.bias",
)


class HeadsError(Exception):
    """The file of the heads is damaged, or not that of this version of Parley."""


@dataclass(frozen=True, slots=True)
class SentenceScores:
    """Probabilities: topics (15,) each by itself, outlooks (3,) adding up to 1, claim."""

    topics: Floats
    outlooks: Floats
    claim: float


@dataclass(frozen=True, slots=True)
class Asked:
    """Propositions as the heads see them: the topics' indices (n,), vectors (n, 2 * width)."""

    topics: NDArray[np.int64]
    vectors: Floats


@dataclass(frozen=True, slots=True)
class Held:
    """A holder as the heads see it: which tokens stand for it, its name's vector, is it named."""

    tokens: Sequence[int]
    name: Floats
    named: bool


class Heads:
    """Linear heads for the sentence; attention and one hidden layer for stances."""

    def __init__(self, arrays: Mapping[str, Floats]) -> None:
        self._of = {name: arrays[name].astype(np.float32) for name in NAMES}

    @classmethod
    def parse(cls, raw: bytes) -> Self:
        """From the bytes of the .npz file.

        Raises:
            HeadsError: it cannot be read, or an array is missing.
        """
        try:
            return cls(np.load(io.BytesIO(raw), allow_pickle=False))
        except (
            OSError,
            ValueError,
            LookupError,
            EOFError,
            zipfile.BadZipFile,
            zlib.error,
        ) as error:
            raise HeadsError(f"heads.npz cannot be used: {error}") from error

    def logits(self, states: Floats, row: Form) -> Floats:
        """Of a sentence, (19,), from the states of its tokens (length, width) and its form."""
        of = self._of
        facts = (row - of["form.mean"]) / of["form.scale"]
        pooled = np.concatenate([states[0], states.mean(axis=0), facts])
        found: Floats = of["sentence.weight"] @ pooled + of["sentence.bias"]
        return found

    def stances(self, states: Floats, logits: Floats, held: Sequence[Held], asked: Asked) -> Floats:
        """Probabilities (holders, propositions, 4): none, supports, opposes, conditional.

        `logits` are the sentence's. Each pair of a holder and a proposition looks at the tokens
        once more, by attention.
        """
        of, mean = self._of, states.mean(axis=0)
        hidden = np.stack([self._hidden(states, mean, one) for one in held])
        wanted = asked.vectors @ of["proposition.weight"].T + of["topic"][asked.topics]
        query = hidden[:, None] + wanted[None]
        topics = logits[asked.topics]
        seen = self._attention(states, query) + topics[:, None] * of["topic.score.weight"].T
        bias = of["stance.bias"] + of["topic.bias"][asked.topics]
        return softmax(gelu(query + seen) @ of["stance.weight"].T + bias)

    def question(self, states: Floats) -> Floats:
        """Probabilities (4,) of the stances from the states of a sentence and a question."""
        pooled = np.concatenate([states[0], states.mean(axis=0)])
        return softmax(self._of["question.weight"] @ pooled + self._of["question.bias"])

    def added(self, segments: Floats, marks: Floats) -> Floats:
        """What the places of questions (…) and of holders (…) add to embeddings (…, width)."""
        return segments[..., None] * self._of["segment"] + marks[..., None] * self._of["mark"]

    def _hidden(self, states: Floats, mean: Floats, one: Held) -> Floats:
        of = self._of
        places = states[list(one.tokens)].mean(axis=0)
        seen = np.concatenate([places, mean, [np.float32(one.named)]])
        hidden: Floats = (
            of["holder.weight"] @ seen + of["holder.bias"] + of["name.weight"] @ one.name
        )
        return hidden

    def _attention(self, states: Floats, query: Floats) -> Floats:
        """What each query (…, hidden) finds in the tokens, in HEADS parts of its width."""
        keys, values = (
            _parts(states @ self._of[f"{name}.weight"].T + self._of[f"{name}.bias"])
            for name in ("key", "value")
        )
        parts = _parts(query)
        scores = np.einsum("hpcd,lcd->hpcl", parts, keys) / np.sqrt(np.float32(parts.shape[-1]))
        found: Floats = np.einsum("hpcl,lcd->hpcd", softmax(scores), values)
        return found.reshape(query.shape)


def _parts(rows: Floats) -> Floats:
    return rows.reshape(*rows.shape[:-1], HEADS, -1)


def scores_of(logits: Floats) -> SentenceScores:
    """Of one sentence's logits (19,): topics, outlooks, claim."""
    topics, outlooks, claim = np.split(logits, [len(TOPICS), SENTENCE_LOGITS - 1])
    return SentenceScores(sigmoid(topics), softmax(outlooks), float(sigmoid(claim)[0]))


@dataclass(frozen=True, slots=True)
class Weighing:
    """How a stance is weighed: `share` is that of the second reading, the rest being that of the
    first; `about` that of the log-odds that the sentence is about the topic; and `known` is how
    many log-odds less a side has where its holder is known for the other.
    """

    share: float
    about: float
    known: float

    @classmethod
    def of(cls, limits: Mapping[str, float]) -> Self:
        return cls(limits["share"], limits["about"], limits["known"])


def weighed(
    first: Floats, second: Floats, logit: Floats, known: NDArray[np.int64], by: Weighing
) -> Floats:
    """Stances (…, 4) of both readings as one: their geometric mean, and what else is known.

    `logit` (…) is the topic's, `known` (…) the class of the side that the holder is known to take,
    0 for none.
    """
    logs = (1 - by.share) * _log(first) + by.share * _log(second)
    logs[..., 0] -= by.about * logit
    return softmax(logs - by.known * AGAINST[known])


def likeliest(chances: Floats) -> tuple[NDArray[np.int64], Floats]:
    """Of stances (…, 4) the class of the likeliest but none, and its probability (…) each."""
    found = 1 + chances[..., 1:].argmax(axis=-1)
    return found, np.take_along_axis(chances, found[..., None], axis=-1)[..., 0]


def class_of(stance: Stance | None) -> int:
    """Its index among none, supports, opposes and conditional."""
    return 0 if stance is None else 1 + STANCES.index(stance)


def _log(chances: Floats) -> Floats:
    return np.asarray(np.log(np.maximum(chances, LEAST)), dtype=np.float32)


def sigmoid(x: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-x.astype(np.float64))), dtype=np.float32)


def softmax(x: Floats) -> Floats:
    """Over the last axis."""
    powers = np.exp(x.astype(np.float64) - x.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True), dtype=np.float32)


def gelu(x: Floats) -> Floats:
    """The approximation by tanh, as in training (Hendrycks and Gimpel, arXiv:1606.08415)."""
    return np.asarray(0.5 * x * (1 + np.tanh(0.7978845608 * (x + 0.044715 * x**3))), np.float32)
