"""Candidates of labelled sentences as the stance model will meet them, with their labels.

Topic scores and the sieve's are out of fold: a sentence is scored by fits that saw no sentence of
its article. Otherwise the candidates that survive in training would be other ones than at run time.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from models.encoder import Encoder
from models.stance.candidates import Candidate, candidates
from models.stance.reading import glossed
from models.stance.sieve import Glossary, Scores, Seen, sieve_row, topic_row
from models.subject import Subject
from models.taxonomy import TOPICS
from models.train.rows import Row, read_rows

FOLDS = 5
TOPIC_STRENGTH, WORTH_STRENGTH = 0.003, 0.002  # inverse L2; of .0005 and .002 the better
Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Source:
    """A labelled sentence, whether it is a real one, and its fold of cross-validation.

    Sentences of one article share a fold; a written sentence is an article of its own.
    """

    row: Row
    real: bool
    fold: int


@dataclass(frozen=True, slots=True)
class Example:
    """A candidate of the sentence `source`; `stance` is None where none is expressed."""

    source: int
    candidate: Candidate
    worth: float
    stance: str | None


@dataclass(frozen=True, slots=True)
class Material:
    """All sentences with their vectors, float32 (n, 384), their candidates and the glossary."""

    sources: Sequence[Source]
    vectors: Floats
    examples: Sequence[Example]
    glossary: Glossary
    topics: Scores
    worth: Scores


def fold_of(article: str) -> int:
    return int(hashlib.sha256(article.encode()).hexdigest(), 16) % FOLDS


def read_sources(written: Sequence[Path], real: Sequence[Path]) -> list[Source]:
    """Written rows and real ones; the latter name their `article`."""
    found = [Source(row, False, fold_of(row.id)) for row in read_rows(written)]
    for path in real:
        lines = path.read_text(encoding="utf-8").splitlines()
        articles = [json.loads(line)["article"] for line in lines if line.strip()]
        pairs = zip(read_rows([path]), articles, strict=True)
        found += [Source(row, True, fold_of(article)) for row, article in pairs]
    return found


def gather(
    sources: Sequence[Source], subjects: Mapping[str, Subject], encoder: Encoder
) -> Material:
    """All candidates of all sentences, with out-of-fold scores, and the fits over all of them."""
    vectors = encoder.encode([source.row.text for source in sources])
    glossary = {
        proposition: glossed(proposition, encoder)
        for subject in subjects.values()
        for proposition in subject.propositions.values()
    }
    folds = np.array([source.fold for source in sources])
    x = np.stack([topic_row(s.row.text, v) for s, v in zip(sources, vectors, strict=True)])
    y = np.array([[topic in s.row.topics for topic in TOPICS] for s in sources])
    topics, scores = fit_scores(x, y, TOPIC_STRENGTH), out_of_fold(x, y, folds, TOPIC_STRENGTH)
    asked = _asked(sources, vectors, scores, subjects, glossary)
    held = np.array([[stance is not None] for _, _, _, stance in asked])
    rows = np.stack([row for _, _, row, _ in asked])
    of = folds[[index for index, _, _, _ in asked]]
    worth = out_of_fold(rows, held, of, WORTH_STRENGTH)[:, 0]
    examples = [
        Example(index, candidate, float(score), stance)
        for (index, candidate, _, stance), score in zip(asked, worth, strict=True)
    ]
    return Material(
        sources, vectors, examples, glossary, topics, fit_scores(rows, held, WORTH_STRENGTH)
    )


def _asked(
    sources: Sequence[Source],
    vectors: Floats,
    scores: Floats,
    subjects: Mapping[str, Subject],
    glossary: Glossary,
) -> list[tuple[int, Candidate, Floats, str | None]]:
    """Index of the sentence, candidate, the sieve's features and the stance."""
    found = []
    for index, (source, vector) in enumerate(zip(sources, vectors, strict=True)):
        row, likely = source.row, dict(zip(TOPICS, map(float, scores[index]), strict=True))
        asked = candidates(row.text, likely, subjects[row.dossier])
        seen, holders = Seen.of(row.text, vector), len({one.party.id for one in asked})
        for one in asked:
            topic = one.proposition.topic
            features = sieve_row(seen, one, glossary[one.proposition], likely[topic], holders)
            found.append((index, one, features, row.positions.get((one.party.id, topic))))
    return found


def fit_scores(x: Floats, y: Bools, strength: float) -> Scores:
    """A logistic regression for each column of y, bool (n, classes)."""
    scaler = StandardScaler().fit(x)
    scaled = scaler.transform(x)
    fits = [LogisticRegression(C=strength, max_iter=200).fit(scaled, column) for column in y.T]
    return Scores(
        weight=np.concatenate([one.coef_ for one in fits]).astype(np.float32),
        bias=np.concatenate([one.intercept_ for one in fits]).astype(np.float32),
        mean=scaler.mean_.astype(np.float32),
        scale=scaler.scale_.astype(np.float32),
    )


def out_of_fold(x: Floats, y: Bools, folds: NDArray[np.int64], strength: float) -> Floats:
    """Probabilities (n, classes), each row's from a fit on the other folds."""
    scores = np.zeros(y.shape, dtype=np.float32)
    for fold in range(FOLDS):
        fit = fit_scores(x[folds != fold], y[folds != fold], strength)
        for index in np.flatnonzero(folds == fold):
            scores[index] = fit.probabilities(x[index])
    return scores


def recall(material: Material, kept: Callable[[Example], bool], *, real: bool) -> float:
    """The share of labelled positions among the examples kept: the classifier's ceiling."""
    chosen = {i for i, source in enumerate(material.sources) if source.real == real}
    total = sum(len(material.sources[i].row.positions) for i in chosen)
    found = sum(e.stance is not None and e.source in chosen and kept(e) for e in material.examples)
    return found / max(total, 1)
