"""The analyst made of the sentence encoder and its heads."""

import threading
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from models.encoder import Encoder
from models.heads.candidates import candidates
from models.heads.features import Glosses, Row, candidate_row, named_topics, sentence_row
from models.heads.weights import Heads, Linear
from models.judgement import HeldPosition, Judged, Judgement
from models.subject import Proposition, Subject
from models.taxonomy import OUTLOOKS, STANCES, TOPICS, Outlook

MOST = 4000  # characters of a "sentence" that are read; a megabyte of words costs minutes


class HeadsAnalyst:
    """See `models.judgement.Analyst`. Thread-safe; glosses are encoded once and kept."""

    def __init__(self, encoder: Encoder, heads: Heads) -> None:
        self._encoder, self._heads = encoder, heads
        self._glosses: dict[Proposition, Glosses] = {}
        self._lock = threading.Lock()

    @property
    def versions(self) -> Mapping[str, str]:
        tasks = ("topics", "outlook", "claim", "stance")
        return {"encoder": self._encoder.version} | dict.fromkeys(tasks, self._heads.version)

    def judge(self, sentences: Sequence[str], subjects: Sequence[Subject]) -> Judged:
        sentences = [text[:MOST] for text in sentences]
        vectors = self._encoder.encode(sentences)
        judgements = tuple(
            self._judge_one(text, vector, subjects)
            for text, vector in zip(sentences, vectors, strict=True)
        )
        return Judged(judgements, vectors)

    def _judge_one(self, text: str, vector: Row, subjects: Sequence[Subject]) -> Judgement:
        row, limits = sentence_row(text, vector), self._heads.thresholds
        topics = topic_scores(self._heads.topics, row)
        outlook, outlook_score = outlook_of(self._heads, row)
        claim_score = float(sigmoid(self._heads.claim.logits(row))[0])
        named = dict(zip(TOPICS, named_topics(row), strict=True))
        above = {
            topic: score
            for topic, score in topics.items()
            if score >= limits["topics_named" if named[topic] else "topics"]
        }
        return Judgement(
            topics=dict(sorted(above.items(), key=lambda item: -item[1])),
            outlook=outlook,
            outlook_score=outlook_score,
            is_claim=claim_score >= limits["claim"],
            claim_score=claim_score,
            positions=tuple(
                held
                for subject in subjects
                for held in self._positions(text, vector, topics, subject)
            ),
        )

    def _positions(
        self, text: str, vector: Row, topics: Mapping[str, float], subject: Subject
    ) -> list[HeldPosition]:
        asked = candidates(text, topics, subject)
        named = len({candidate.party for candidate in asked})
        found = []
        for candidate in asked:
            glosses = self.glosses(candidate.proposition)
            row = candidate_row(text, vector, candidate, named, glosses)
            score = float(sigmoid(self._heads.expressed.logits(row))[0])
            if score >= self._heads.thresholds["stance"]:
                stance = STANCES[int(np.argmax(self._heads.stance.logits(row)))]
                topic = candidate.proposition.topic
                found.append(HeldPosition(subject.name, candidate.party, topic, stance, score))
        return found

    def glosses(self, proposition: Proposition) -> Glosses:
        """The vectors of a proposition and its glosses, encoded at the first call."""
        with self._lock:
            known = self._glosses.get(proposition)
            if known is None:
                n = len(proposition.supports_when)
                texts = [
                    proposition.text,
                    *proposition.supports_when,
                    *proposition.opposes_when,
                ]
                vectors = self._encoder.encode(texts)
                known = Glosses(vectors[0], vectors[1 : 1 + n], vectors[1 + n :])
                self._glosses[proposition] = known
        return known


def topic_scores(head: Linear, row: Row) -> dict[str, float]:
    """The probability of every topic, before any threshold."""
    return dict(zip(TOPICS, map(float, sigmoid(head.logits(row))), strict=True))


def outlook_of(heads: Heads, row: Row) -> tuple[Outlook, float]:
    """The likelier of progress and setback where it passes its threshold, else neutral."""
    scores = dict(zip(OUTLOOKS, map(float, softmax(heads.outlook.logits(row))), strict=True))
    label: Outlook = "progress" if scores["progress"] >= scores["setback"] else "setback"
    if scores[label] >= heads.thresholds[label]:
        return label, scores[label]
    return "neutral", scores["neutral"]


def sigmoid(x: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(1 / (1 + np.exp(-x.astype(np.float64))), dtype=np.float32)


def softmax(x: NDArray[np.float32]) -> NDArray[np.float32]:
    powers = np.exp(x.astype(np.float64) - float(x.max()))
    return np.asarray(powers / powers.sum(), dtype=np.float32)
