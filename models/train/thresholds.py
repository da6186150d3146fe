"""Choose thresholds: `python -m models.train.thresholds --rows … --subjects … [--articles … …]`.

Scores are those of heads that never saw the sentence nor its article (five folds). Written
sentences are richer in topics and stances than news is, and thresholds tuned on them flag a quarter
of unrelated news. So where the real labelled sentences are at hand (`--articles`, `--leads`) only
those choose; else the written ones, with candidates without a stance weighing as much more as it
takes to make them as common as they are in news. Either are mixed with sentences of `--other`, a
file of texts that are about no negotiation, which count as neutral and as having no topic; whether
they make claims does not matter, since the gate keeps them out.
"""

from __future__ import annotations

import argparse
import itertools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import f1_score

from models.encoder import Encoder
from models.heads.analyst import HeadsAnalyst, sigmoid, softmax
from models.heads.features import named_topics, sentence_row
from models.heads.weights import Heads
from models.subject import Subject
from models.taxonomy import OUTLOOKS, STANCES, TOPICS
from models.train.corpus import FOLDS, Corpus, add_corpus_arguments, load_corpus
from models.train.heads import OUT, Matrix, asked, train
from models.train.rows import Row, read_subjects

OTHER_SHARE = 0.33  # of all sentences, where texts about no negotiation are given
STANCE_SHARE = 0.2  # candidates that hold a stance, of all in real news
GRID = np.arange(0.1, 0.97, 0.02)
WIDTH = 2 * len(TOPICS) + len(OUTLOOKS) + 1
Scores = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Held:
    """A candidate's score, whether the stance that is answered is right, and if any is held."""

    score: float
    right: bool
    held: bool


def scores(heads: Heads, texts: Sequence[str], vectors: Matrix) -> Scores:
    """Topics, outlooks, claim and which topics are named, side by side: (n, 15 + 3 + 1 + 15)."""
    found = []
    for text, vector in zip(texts, vectors, strict=True):
        x = sentence_row(text, vector)
        outlook = softmax(heads.outlook.logits(x))
        sure = [*sigmoid(heads.topics.logits(x)), *outlook, *sigmoid(heads.claim.logits(x))]
        found.append([*sure, *named_topics(x)])
    return np.array(found, dtype=np.float64).reshape(len(texts), WIDTH)


def held(
    heads: Heads,
    rows: Sequence[Row],
    vectors: Matrix,
    subjects: Mapping[str, Subject],
    analyst: HeadsAnalyst,
) -> list[Held]:
    """The answers to all candidates."""
    return [
        Held(
            score=float(sigmoid(heads.expressed.logits(one.features))[0]),
            right=STANCES[int(np.argmax(heads.stance.logits(one.features)))] == one.stance,
            held=one.stance is not None,
        )
        for one in asked(rows, vectors, subjects, heads.topics, analyst)
    ]


def best_topics(truth: Scores, found: Scores, named: Scores, weight: Scores) -> tuple[float, float]:
    """The thresholds, without and with a telling word, of the best macro-F1 over topics."""

    def macro(limits: tuple[float, float]) -> float:
        passes = found >= np.where(named > 0, limits[1], limits[0])
        return float(
            f1_score(truth, passes, average="macro", sample_weight=weight, zero_division=0)
        )

    return max(itertools.product(GRID[::2], GRID[::2]), key=macro)


def best_outlook(truth: Scores, found: Scores, weight: Scores) -> tuple[float, float]:
    """The thresholds of progress and of setback with the best macro-F1 of the three classes."""
    likelier = found[:, :2].argmax(axis=1)

    def macro(limits: tuple[float, float]) -> float:
        passes = found[:, :2].max(axis=1) >= np.array(limits)[likelier]
        label = np.where(passes, likelier, OUTLOOKS.index("neutral"))
        return float(f1_score(truth, label, average="macro", sample_weight=weight))

    return max(itertools.product(GRID[::2], GRID[::2]), key=macro)


def best_claim(truth: Scores, found: Scores) -> float:
    return max(GRID, key=lambda at: f1_score(truth, found >= at))


def best_stance(found: Sequence[Held], positions: int, *, real: bool) -> float:
    """The threshold of the best F1 of positions, of which there are `positions` in all.

    Real sentences have the share of candidates without a stance that news has.
    """
    score, right, is_held = (
        np.array([getattr(one, name) for one in found]) for name in ("score", "right", "held")
    )
    without = is_held.sum() * (1 / STANCE_SHARE - 1) / max((~is_held).sum(), 1)
    weight = np.where(is_held | real, 1.0, max(without, 1.0))

    def f1(at: float) -> float:
        passes = score >= at
        return float(2 * (passes & right).sum() / ((weight * passes).sum() + positions))

    return max(GRID, key=f1)


def choose(
    corpus: Corpus,
    vectors: Matrix,
    subjects: Mapping[str, Subject],
    encoder: Encoder,
    other: tuple[Sequence[str], Matrix],
) -> dict[str, float]:
    """Thresholds of all tasks; `other` are texts about no negotiation and their vectors."""
    fold, rows = corpus.folds(), corpus.rows
    decides = corpus.real if corpus.real.any() else ~corpus.real
    found = np.zeros((len(rows), WIDTH))
    strange, answers = [], list[Held]()
    for number in range(FOLDS):
        seen = np.flatnonzero(fold != number).tolist()
        unseen = np.flatnonzero((fold == number) & decides).tolist()
        heads = train([rows[i] for i in seen], vectors[seen], subjects, encoder, {})
        analyst = HeadsAnalyst(encoder, heads)
        asked_of = [rows[i] for i in unseen]
        found[unseen] = scores(heads, [row.text for row in asked_of], vectors[unseen])
        answers += held(heads, asked_of, vectors[unseen], subjects, analyst)
        strange.append(scores(heads, other[0][number::FOLDS], other[1][number::FOLDS]))
    judged = [row for row, one in zip(rows, decides, strict=True) if one]
    real = bool(corpus.real.any())
    return _chosen(judged, np.vstack([found[decides], *strange]), answers, real)


def _chosen(
    rows: Sequence[Row], found: Scores, answers: Sequence[Held], real: bool
) -> dict[str, float]:
    """From the scores of all rows, then of other texts."""
    extra, outlooks = len(found) - len(rows), slice(len(TOPICS), len(TOPICS) + len(OUTLOOKS))
    topics = np.array([[float(topic in row.topics) for topic in TOPICS] for row in rows])
    outlook = np.array([OUTLOOKS.index(row.outlook) for row in rows])
    claim = np.array([row.claim for row in rows])
    share = len(rows) * OTHER_SHARE / (1 - OTHER_SHARE) / max(extra, 1)
    weight = np.concatenate([np.ones(len(rows)), np.full(extra, share)])
    neutral = np.full(extra, OUTLOOKS.index("neutral"))
    progress, setback = best_outlook(np.concatenate([outlook, neutral]), found[:, outlooks], weight)
    bare, named = best_topics(
        np.vstack([topics, np.zeros((extra, len(TOPICS)))]),
        found[:, : len(TOPICS)],
        found[:, -len(TOPICS) :],
        weight,
    )
    chosen = {
        "topics": bare,
        "topics_named": named,
        "progress": progress,
        "setback": setback,
        "claim": best_claim(claim, found[: len(rows), -len(TOPICS) - 1]),
        "stance": best_stance(answers, sum(len(row.positions) for row in rows), real=real),
    }
    return {name: round(float(value), 2) for name, value in chosen.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_corpus_arguments(parser)
    parser.add_argument("--other", type=Path, help="JSON Lines {text}: sentences on other matters")
    arguments = parser.parse_args()
    corpus = load_corpus(arguments.rows, arguments.articles, arguments.leads)
    lines = arguments.other.read_text("utf-8").splitlines() if arguments.other else []
    other = [json.loads(line)["text"] for line in lines]
    encoder = Encoder.load(threads=2)
    vectors = encoder.encode([row.text for row in corpus.rows])
    subjects = read_subjects(arguments.subjects)
    chosen = choose(corpus, vectors, subjects, encoder, (other, encoder.encode(other)))
    text = json.dumps({"thresholds": chosen}, indent=2)
    (OUT / "thresholds.json").write_text(text + "\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
