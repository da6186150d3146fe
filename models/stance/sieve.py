"""A cheap first look at candidates: which are worth a pass of the stance model.

Linear over facts that cost nothing: topics from the sentence's vector, cue words around the holder,
how near the glosses are. It has its own topic scores, kept low and calibrated on real news, so that
what is asked does not change with the thresholds of the heads.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.lexicon import counts, hits
from models.stance.candidates import Candidate, candidates
from models.stance.reading import Glossed
from models.subject import Proposition, Subject
from models.taxonomy import TOPICS

Floats = NDArray[np.float32]
WINDOW = 60  # characters on each side of a holder, about ten words
LABELS = ("supports", "opposes", "conditional", "hedges")
_TARGET = ("with", "against", "on", "to", "for", "from", "by", "of", "at", "toward", "towards")
PARTS = ("weight", "bias", "mean", "scale")


@dataclass(frozen=True, slots=True)
class Scores:
    """Logistic regressions over standardised features: weight (classes, k), bias (classes,)."""

    weight: Floats
    bias: Floats
    mean: Floats
    scale: Floats

    def probabilities(self, row: Floats) -> Floats:
        """Of one row of features, float32 (classes,)."""
        logits = self.weight @ ((row - self.mean) / self.scale) + self.bias
        return np.asarray(1 / (1 + np.exp(-logits.astype(np.float64))), dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Seen:
    """A sentence as the sieve sees it: text, its vector, float32 (384,), and counts of cues."""

    text: str
    vector: Floats
    cues: Floats
    around: Floats

    @classmethod
    def of(cls, text: str, vector: Floats) -> Seen:
        around = np.concatenate([counts("outlook", text), counts("claim", text)])
        return cls(text, vector, counts("stance", text), around)


def topic_row(text: str, vector: Floats) -> Floats:
    """What the topic scores see: float32 (384 + 15,)."""
    return np.concatenate([vector * 4, counts("topics", text)]).astype(np.float32)


def sieve_row(
    seen: Seen, candidate: Candidate, glossed: Glossed, topic_score: float, holders: int
) -> Floats:
    """What the sieve sees of a candidate among a sentence's `holders`: float32 (k,).

    What a cue means depends on the topic (imposing sanctions opposes easing them), so cues are also
    crossed with it.
    """
    first, text = candidate.places[0], seen.text
    before, after = text[max(0, first.start - WINDOW) : first.start], text[first.end :][:WINDOW]
    near = _similarities(seen.vector, glossed)
    nearby = np.array([hits("stance", label, part) for part in (before, after) for label in LABELS])
    topic = np.array([float(name == candidate.proposition.topic) for name in TOPICS])
    crossed = np.outer(topic, [nearby[4], nearby[5], *seen.cues[:2], (near[1] - near[2]) * 5])
    facts = [
        first.start / max(len(text), 1),
        first.start < 25,
        before.split()[-1:] != [] and before.split()[-1].casefold() in _TARGET,
        hits("claim", "news", " ".join(after.split()[:4])) > 0,
        len(candidate.places),
        holders,
        candidate.named,
        np.log(topic_score + 1e-3),
        hits("topics", candidate.proposition.topic, text) > 0,
    ]
    parts = [seen.cues, seen.around, nearby, near * 4, facts, topic, crossed.ravel()]
    return np.concatenate([np.asarray(part, dtype=np.float32) for part in parts])


def _similarities(vector: Floats, glossed: Glossed) -> Floats:
    """To the proposition, to the nearest gloss of either side, and to the nearer of the two."""
    supports, opposes = (
        float((side @ vector).max()) if len(side) else 0.0
        for side in (glossed.supports, glossed.opposes)
    )
    return np.array([glossed.vector @ vector, supports, opposes, max(supports, opposes)])


@dataclass(frozen=True, slots=True)
class Sieve:
    """Topic scores, and of each candidate the chance that it expresses a stance."""

    topics: Scores
    worth: Scores
    low: float  # candidates below are not asked

    def topic_scores(self, text: str, vector: Floats) -> dict[str, float]:
        scores = self.topics.probabilities(topic_row(text, vector))
        return dict(zip(TOPICS, map(float, scores), strict=True))

    def kept(
        self,
        text: str,
        vector: Floats,
        subject: Subject,
        glossary: Glossary,
        before: Sequence[str] = (),
    ) -> list[tuple[Candidate, float]]:
        """The candidates of a sentence that are worth asking, with their scores."""
        scores = self.topic_scores(text, vector)
        found = candidates(text, scores, subject, before)
        seen, holders = Seen.of(text, vector), len({one.party.id for one in found})
        judged = [
            (one, self._worth(seen, one, glossary[one.proposition], scores, holders))
            for one in found
        ]
        return [(one, score) for one, score in judged if score >= self.low]

    def _worth(
        self,
        seen: Seen,
        candidate: Candidate,
        glossed: Glossed,
        scores: dict[str, float],
        holders: int,
    ) -> float:
        topic_score = scores[candidate.proposition.topic]
        row = sieve_row(seen, candidate, glossed, topic_score, holders)
        return float(self.worth.probabilities(row)[0])


Glossary = dict[Proposition, Glossed]


def sieve_from(raw: bytes, low: float) -> Sieve:
    """The sieve from the bytes of its .npz file."""
    arrays = np.load(io.BytesIO(raw))
    topics, worth = (
        Scores(*(arrays[f"{name}.{part}"].astype(np.float32) for part in PARTS))
        for name in ("topics", "worth")
    )
    return Sieve(topics, worth, low)
