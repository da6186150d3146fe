"""What the heads see of a sentence and of a stance candidate. Pure, and the same in training."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.lexicon import counts, hits
from models.mentions import Mention
from models.subject import Proposition
from models.taxonomy import TOPICS

Row = NDArray[np.float32]
GROUPS = ("topics", "hints", "outlook", "claim", "stance")
DIMENSIONS = 384
WINDOW = 60  # characters on each side of a mention, about ten words
_TARGET = ("with", "against", "on", "to", "for", "from", "by", "of", "at", "toward", "towards")


@dataclass(frozen=True, slots=True)
class Glosses:
    """A proposition in vectors, float32 of shape (384,) and (n, 384); n may be 0."""

    proposition: Row
    supports: NDArray[np.float32]
    opposes: NDArray[np.float32]


def sentence_row(text: str, vector: Row) -> Row:
    """Vector, lexicon counts and a few facts of form: float32 of shape (384 + k,)."""
    words = text.split()
    form = np.array(
        [
            np.log1p(len(words)),
            text.rstrip().endswith("?"),
            any(char.isdigit() for char in text),
            '"' in text or "“" in text,
            text.rstrip().endswith((".", '."', ".”")),
            text[:1].isupper(),
        ],
        dtype=np.float32,
    )
    groups = [counts(group, text) for group in GROUPS]
    return np.concatenate([vector * 4, *groups, form]).astype(np.float32)


def named_topics(row: Row) -> NDArray[np.bool_]:
    """Which topics a telling word speaks for, from a `sentence_row`: bool (topics,)."""
    found: NDArray[np.bool_] = row[DIMENSIONS : DIMENSIONS + len(TOPICS)] > 0
    return found


@dataclass(frozen=True, slots=True)
class Candidate:
    """A party that a sentence names and a proposition that it may take a stance on."""

    party: str
    mentions: tuple[Mention, ...]
    proposition: Proposition
    topic_score: float


def candidate_row(
    text: str, vector: Row, candidate: Candidate, parties_named: int, glosses: Glosses
) -> Row:
    """What decides a stance: cue words around the party, and how near the glosses are.

    The polarity of a cue depends on the topic (imposing sanctions opposes easing them), so cues
    are also crossed with the topic.
    """
    first = candidate.mentions[0]
    before = text[max(0, first.start - WINDOW) : first.start]
    after = text[first.end : first.end + WINDOW]
    everywhere = counts("stance", text)
    around = np.array(
        [
            hits("stance", label, part)
            for part in (before, after)
            for label in ("supports", "opposes", "conditional", "hedges")
        ],
        dtype=np.float32,
    )
    near = _similarities(vector, glosses)
    topic = np.array([float(name == candidate.proposition.topic) for name in TOPICS], np.float32)
    lean = np.float32(near[1] - near[2])
    cues = np.array([around[4], around[5], everywhere[0], everywhere[1], lean * 5], np.float32)
    place = np.array(
        [
            first.start / max(len(text), 1),
            first.start < 25,
            _previous_word(before) in _TARGET,
            len(candidate.mentions),
            parties_named,
            candidate.topic_score,
            _reports_speech(after),
        ],
        dtype=np.float32,
    )
    crossed = np.outer(topic, cues).ravel()
    parts = [everywhere, around, near * 4, place, topic, crossed, counts("outlook", text)]
    return np.concatenate(parts).astype(np.float32)


def _similarities(vector: Row, glosses: Glosses) -> Row:
    def nearest(rows: NDArray[np.float32]) -> float:
        return float((rows @ vector).max()) if len(rows) else 0.0

    supports, opposes = nearest(glosses.supports), nearest(glosses.opposes)
    return np.array(
        [float(glosses.proposition @ vector), supports, opposes, max(supports, opposes)], np.float32
    )


def _previous_word(before: str) -> str:
    words = before.split()
    return words[-1].casefold() if words else ""


def _reports_speech(after: str) -> bool:
    return hits("claim", "news", " ".join(after.split()[:4])) > 0
