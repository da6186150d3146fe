"""Fit the decision of novelty: `python -m models.train.novelty_decision --articles FILE`.

A logistic regression over what the rules say of real pairs of articles, read by careful readers
(FILE is what their labels belong to), and of written ones, which weigh little: their new sentences
are easier to tell from what was said before. Cross-validated with all pairs that share an
article in one fold. Writes `models/novelty/decision.json`.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from models.load import load_analyst
from models.novelty.decision import ARRAYS, PATH, Decision, Floats, likest, row_of
from models.novelty.judge import rule
from models.novelty.match import Statement
from models.novelty.thresholds import shipped
from models.novelty.tune import CLASSES, f1_of, rows
from models.taxonomy import NOVELTIES, Novelty
from models.train.labels import joined_pairs
from models.train.novelty_examples import Later, fold_of, laters, texts_of

FOLDS = 10
STRENGTH, WRITTEN = 0.1, 0.1  # of .03, .1, .3 and 0, .1, .3, 1 the best on real pairs


@dataclass(frozen=True, slots=True)
class Spoken:
    """A sentence's statement, and whether it is a claim by the analyst that ships."""

    statement: Statement
    claim: float
    is_claim: bool


@dataclass(frozen=True, slots=True)
class Case:
    """A later sentence as the rules see it; no `row` where they alone decide."""

    later: Later
    ruled: Novelty
    row: Floats | None

    @property
    def weight(self) -> float:
        return 1.0 if self.later.kind == "real" else WRITTEN


def spoken(pairs: Sequence[dict[str, Any]]) -> dict[str, Spoken]:
    """Every sentence of the pairs by its text."""
    texts = texts_of(pairs)
    judged = load_analyst().judge(texts, [])
    return {
        text: Spoken(Statement(text, vector), one.claim_score, one.is_claim)
        for text, vector, one in zip(texts, judged.vectors, judged.judgements, strict=True)
    }


def cases(pairs: Sequence[Mapping[str, Any]], known: Mapping[str, Spoken]) -> list[Case]:
    """All later sentences of the pairs, in their order."""
    found = laters(pairs, lambda text: known[text].statement, shipped())
    return [_case(one, known) for one in found]


def _case(later: Later, known: Mapping[str, Spoken]) -> Case:
    one = known[later.text]
    earlier = [known[text].statement for text in later.near]
    ruling = rule(one.statement, earlier, one.is_claim, shipped(), one.claim)
    row = row_of(ruling.facts) if ruling.facts else None
    return Case(later, ruling.verdict.novelty, row)


def fit(found: Sequence[Case]) -> Decision:
    """Fitted to the first label of every case on which more than the rules decides."""
    taught = [one for one in found if one.row is not None]
    x = np.stack([one.row for one in taught if one.row is not None])
    y = [NOVELTIES.index(one.later.labels[0]) for one in taught]
    scaler = StandardScaler().fit(x)
    model = LogisticRegression(C=STRENGTH, max_iter=3000)
    model.fit(scaler.transform(x), y, sample_weight=[one.weight for one in taught])
    return Decision(model.coef_, model.intercept_, scaler.mean_, scaler.scale_)


def out_of_fold(found: Sequence[Case]) -> list[Novelty]:
    """What is decided by weights that saw no sentence of the pair, nor of one that shares an
    article with it."""
    together = groups_of({one.later.pair for one in found if one.later.kind == "real"})
    folds = [fold_of(together.get(one.later.pair, one.later.pair), FOLDS) for one in found]
    answers = [one.ruled for one in found]
    for fold in range(FOLDS):
        fitted = fit([one for one, its in zip(found, folds, strict=True) if its != fold])
        for i, one in enumerate(found):
            if folds[i] == fold and one.row is not None:
                answers[i] = likest(fitted.probabilities(one.row))
    return answers


def groups_of(pairs: Iterable[str]) -> dict[str, str]:
    """The group of each real pair `<earlier>-<later>`: of those that share an article.

    Reports of one day are compared with each other, so that an article is in several pairs.
    """
    of: dict[str, str] = {}  # by article, any other of its group; the first one of a group has none

    def first(article: str) -> str:
        while article in of:
            article = of[article]
        return article

    pairs = sorted(set(pairs))
    for pair in pairs:
        one, *others = map(first, pair.split("-"))
        of |= {other: one for other in others if other != one}
    return {pair: first(pair.split("-")[0]) for pair in pairs}


def scores(found: Sequence[Case], answers: Sequence[str]) -> dict[str, dict[str, float]]:
    """F1 by class and macro, by kind of pair."""
    table = {}
    for kind in ("real", "independent", "near_copy", "short", None):
        mine = [(c, a) for c, a in zip(found, answers, strict=True) if kind in (None, c.later.kind)]
        counts = {(a, b): 0 for a in CLASSES for b in CLASSES}
        for case, given in mine:
            counts[given if given in case.later.labels else case.later.labels[0], given] += 1
        by_class = {name: round(f1_of(counts, name), 3) for name in CLASSES}
        macro = round(sum(by_class.values()) / len(CLASSES), 3)
        table[kind or "all"] = by_class | {"macro": macro, "n": len(mine)}
    return table


def main() -> None:
    options = _options()
    real, written = joined_pairs(options.articles), rows("train")
    known = spoken([*real, *written])
    found = [*cases(real, known), *cases(written, known)]
    _print("rules", scores(found, [one.ruled for one in found]))
    _print("weighed", scores(found, out_of_fold(found)))
    write(fit(found))


def _print(name: str, table: dict[str, dict[str, float]]) -> None:
    for kind, row in table.items():
        print(f"{name:<16} {kind:<12} {row}")


def write(decision: Decision) -> None:
    raw = {name: np.round(getattr(decision, name), 4).tolist() for name in ARRAYS}
    PATH.write_text(json.dumps(raw) + "\n", encoding="utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--articles", type=Path, required=True, help="articles of the real pairs")
    return parser.parse_args()


if __name__ == "__main__":
    main()
