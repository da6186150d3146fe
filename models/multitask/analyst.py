"""The analyst made of the sentence encoder, for vectors, and the multitask model, for the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from models.encoder import Encoder
from models.encoder.text import encodable
from models.judgement import HeldPosition, Judged, Judgement
from models.multitask.form import Form, form, named_topics
from models.multitask.heads import (
    Asked,
    Floats,
    Held,
    SentenceScores,
    Weighing,
    class_of,
    likeliest,
    scores_of,
    weighed,
)
from models.multitask.holders import holders
from models.multitask.questions import question
from models.multitask.session import MultitaskSession, Question, Read, tokens_of
from models.multitask.vectors import Vectors
from models.subject import Party, Subject
from models.taxonomy import OUTLOOKS, STANCES, TOPICS, Outlook

T = TypeVar("T")
MOST = 4000  # characters of a "sentence" that are read; a megabyte of words costs minutes
MOST_ASKED = 24  # questions of a subject about a sentence; one that names everybody has hundreds


@dataclass(frozen=True, slots=True, eq=False)
class _Candidate:
    """A party that may hold a stance on a topic, how likely the first reading thinks each stance
    (4,), the topic's logit, the side that the party is known to take, and what is asked to make
    sure.
    """

    subject: str
    party: str
    topic: str
    chances: Floats
    logit: np.float32
    known: int
    question: Question


@dataclass(frozen=True, slots=True)
class _First:
    """What the first reading of a sentence says of it, and what it leaves to the second."""

    form: Form
    scores: SentenceScores
    candidates: Sequence[_Candidate]


class MultitaskAnalyst:
    """See `models.judgement.Analyst`. Thread-safe."""

    def __init__(self, encoder: Encoder, session: MultitaskSession) -> None:
        self._encoder, self._session = encoder, session
        self._weighing = Weighing.of(session.thresholds)
        self._vectors = Vectors(encoder)

    @property
    def versions(self) -> Mapping[str, str]:
        tasks = ("topics", "outlook", "claim", "stance")
        return {"encoder": self._encoder.version} | dict.fromkeys(tasks, self._session.version)

    def judge(self, sentences: Sequence[str], subjects: Sequence[Subject]) -> Judged:
        sentences = _read_of(sentences)  # places are counted in these
        vectors = self._encoder.encode(sentences)
        first = [
            self._first(text, read, subjects)
            for text, read in zip(sentences, self._session.read(sentences), strict=True)
        ]
        candidates = [one for reading in first for one in reading.candidates]
        second = iter(self._session.ask([one.question for one in candidates]))
        judgements = tuple(self._judgement(reading, second) for reading in first)
        return Judged(judgements, vectors)

    def encode(self, sentences: Sequence[str]) -> Floats:
        return self._encoder.encode(_read_of(sentences))

    def _first(self, text: str, read: Read, subjects: Sequence[Subject]) -> _First:
        row = form(text)
        logits = self._session.heads.logits(read.states, row)
        found = [
            one
            for subject in subjects
            for one in likest(
                list(self._candidates(text, read, logits, subject)), lambda one: -one.chances[0]
            )
        ]
        return _First(row, scores_of(logits), found)

    def _judgement(self, first: _First, second: Iterator[Floats]) -> Judgement:
        limits, scores = self._session.thresholds, first.scores
        outlook, outlook_score = outlook_of(scores.outlooks, limits)
        held = (self._weighed(one, next(second)) for one in first.candidates)
        return Judgement(
            topics=topics_of(scores, first.form, limits),
            outlook=outlook,
            outlook_score=outlook_score,
            is_claim=scores.claim >= limits["claim"],
            claim_score=scores.claim,
            positions=tuple(one for one in held if one.score >= limits["stance"]),
        )

    def _weighed(self, one: _Candidate, second: Floats) -> HeldPosition:
        logit, known = np.array(one.logit), np.array(one.known)
        which, score = likeliest(weighed(one.chances, second, logit, known, self._weighing))
        return HeldPosition(
            one.subject, one.party, one.topic, STANCES[int(which) - 1], float(score)
        )

    def _candidates(
        self, text: str, read: Read, logits: Floats, subject: Subject
    ) -> Iterator[_Candidate]:
        """Who may hold what, so far as the first reading does not rule it out."""
        held = self._held(text, read, subject)
        if not held or not subject.propositions:
            return
        topics = sorted(subject.propositions)
        asked = self._asked(subject, topics)
        chances = self._session.heads.stances(read.states, logits, [one for _, one in held], asked)
        for (party, one), mine in zip(held, chances, strict=True):
            for topic, chance in zip(topics, mine, strict=True):
                if 1 - chance[0] >= self._session.thresholds["sieve"]:
                    asks = question(party.name, subject.propositions[topic])
                    again = Question(read.ids, one.tokens, asks)
                    logit = logits[TOPICS.index(topic)]
                    known = class_of(subject.known.get((party.id, topic)))
                    yield _Candidate(subject.name, party.id, topic, chance, logit, known, again)

    def _held(self, text: str, read: Read, subject: Subject) -> list[tuple[Party, Held]]:
        """Who may hold a stance, as far as the tokens read hold a place of theirs."""
        found = []
        for one in holders(text, subject):
            tokens = tokens_of(read.places, one.places)
            if tokens:
                name = self._vectors.name(one.party.name)
                found.append((one.party, Held(tokens, name, one.named)))
        return found

    def _asked(self, subject: Subject, topics: Sequence[str]) -> Asked:
        rows = [self._vectors.proposition(subject.propositions[topic]) for topic in topics]
        return Asked(np.array([TOPICS.index(topic) for topic in topics]), np.stack(rows))


def _read_of(sentences: Sequence[str]) -> list[str]:
    return [encodable(text[:MOST]) for text in sentences]


def likest(candidates: Sequence[T], score: Callable[[T], float]) -> list[T]:
    """At most MOST_ASKED, those of the greatest score, in their order."""
    kept = sorted(range(len(candidates)), key=lambda at: -score(candidates[at]))[:MOST_ASKED]
    return [candidates[at] for at in sorted(kept)]


def topics_of(scores: SentenceScores, row: Form, limits: Mapping[str, float]) -> dict[str, float]:
    """The topics above their threshold, best first; where a telling word speaks for one it is
    another threshold.
    """
    found = {
        topic: float(score)
        for topic, score, named in zip(TOPICS, scores.topics, named_topics(row), strict=True)
        if score >= limits["topics_named" if named else "topics"]
    }
    return dict(sorted(found.items(), key=lambda item: -item[1]))


def outlook_of(scores: Iterable[float], limits: Mapping[str, float]) -> tuple[Outlook, float]:
    """The likelier of progress and setback where it passes its threshold, else neutral."""
    of = dict(zip(OUTLOOKS, map(float, scores), strict=True))
    label: Outlook = "progress" if of["progress"] >= of["setback"] else "setback"
    return (label, of[label]) if of[label] >= limits[label] else ("neutral", of["neutral"])
