"""The analyst made of the sentence encoder, for vectors, and the multitask model, for the rest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from models.encoder import Encoder
from models.encoder.text import encodable
from models.judgement import HeldPosition, Judged, Judgement
from models.multitask.form import Form, form, named_topics
from models.multitask.heads import Asked, Floats, Held, SentenceScores, scores_of
from models.multitask.holders import holders
from models.multitask.session import MultitaskSession, Read, tokens_of
from models.multitask.vectors import Vectors
from models.subject import Subject
from models.taxonomy import OUTLOOKS, STANCES, TOPICS, Outlook

MOST = 4000  # characters of a "sentence" that are read; a megabyte of words costs minutes


class MultitaskAnalyst:
    """See `models.judgement.Analyst`. Thread-safe."""

    def __init__(self, encoder: Encoder, session: MultitaskSession) -> None:
        self._encoder, self._session = encoder, session
        self._vectors = Vectors(encoder)

    @property
    def versions(self) -> Mapping[str, str]:
        tasks = ("topics", "outlook", "claim", "stance")
        return {"encoder": self._encoder.version} | dict.fromkeys(tasks, self._session.version)

    def judge(self, sentences: Sequence[str], subjects: Sequence[Subject]) -> Judged:
        sentences = [encodable(text[:MOST]) for text in sentences]  # places are counted in these
        vectors = self._encoder.encode(sentences)
        read = self._session.read(sentences)
        judgements = tuple(
            self._judge_one(text, one, subjects) for text, one in zip(sentences, read, strict=True)
        )
        return Judged(judgements, vectors)

    def _judge_one(self, text: str, read: Read, subjects: Sequence[Subject]) -> Judgement:
        row, limits = form(text), self._session.thresholds
        logits = self._session.heads.logits(read.states, row)
        scores = scores_of(logits)
        outlook, outlook_score = outlook_of(scores.outlooks, limits)
        return Judgement(
            topics=topics_of(scores, row, limits),
            outlook=outlook,
            outlook_score=outlook_score,
            is_claim=scores.claim >= limits["claim"],
            claim_score=scores.claim,
            positions=tuple(
                held
                for subject in subjects
                for held in self._positions(text, read, logits, subject)
            ),
        )

    def _positions(
        self, text: str, read: Read, logits: Floats, subject: Subject
    ) -> list[HeldPosition]:
        parties, held = self._held(text, read, subject)
        if not held or not subject.propositions:
            return []
        topics = sorted(subject.propositions)
        asked = self._asked(subject, topics)
        chances = self._session.heads.stances(read.states, logits, held, asked)
        found = []
        for party, mine in zip(parties, chances, strict=True):
            for topic, chance in zip(topics, mine, strict=True):
                score = float(1 - chance[0])
                if score >= self._session.thresholds["stance"]:
                    stance = STANCES[int(chance[1:].argmax())]
                    found.append(HeldPosition(subject.name, party, topic, stance, score))
        return found

    def _held(self, text: str, read: Read, subject: Subject) -> tuple[list[str], list[Held]]:
        """Who may hold a stance, as far as the tokens read hold a place of theirs."""
        parties, held = [], []
        for one in holders(text, subject):
            tokens = tokens_of(read.places, one.places)
            if tokens:
                parties.append(one.party.id)
                held.append(Held(tokens, self._vectors.name(one.party.name), one.named))
        return parties, held

    def _asked(self, subject: Subject, topics: Sequence[str]) -> Asked:
        rows = [self._vectors.proposition(subject.propositions[topic]) for topic in topics]
        return Asked(np.array([TOPICS.index(topic) for topic in topics]), np.stack(rows))


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
