"""Fit the decision of novelty: `python -m models.train.novelty_decision --out-of-fold FILE`.

FILE is what `models.train.novelty --cross-validate` wrote: what nets say of pairs that they did not
see. A logistic regression over that and the rules' features is fitted to it; designs are compared
by cross-validation with all sentences of a pair in one fold, near-copies and independent reports
apart. Writes `models/novelty/decision.json`.
"""

from __future__ import annotations

import argparse
import itertools
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from models.load import load_analyst
from models.novelty.decision import (
    ARRAYS,
    PATH,
    Decision,
    Ruled,
    Weights,
    full_row,
    likest,
    plain_row,
)
from models.novelty.judge import NoveltyVerdict, rule
from models.novelty.match import Statement
from models.novelty.pairs import JOINED, PairReading, reading
from models.novelty.thresholds import shipped
from models.novelty.tune import CLASSES, f1_of, rows
from models.taxonomy import NOVELTIES, Novelty
from models.train.novelty_examples import Later, fold_of, laters, texts_of

FOLDS = 10
STRENGTHS = (0.01, 0.03, 0.1, 0.3)
DOUBTS, DISTANCES = (0.7, 0.8, 0.9, 1.01), (-1.0, 0.2, 0.25, 0.3)
Floats = NDArray[np.float64]
Of = Callable[["Case"], Floats]


@dataclass(frozen=True, slots=True)
class Spoken:
    """A sentence's statement, and whether it is a claim by the analyst that ships."""

    statement: Statement
    claim: float
    is_claim: bool


@dataclass(frozen=True, slots=True)
class Case:
    """A later sentence as rules and net see it."""

    later: Later
    verdict: NoveltyVerdict
    ruled: Ruled | None
    read: PairReading

    @property
    def weighed(self) -> bool:
        """Whether more than the rules is to decide."""
        verbatim = self.later.text in self.later.near and self.verdict.novelty == "repeated"
        return self.ruled is not None and not verbatim


def plain_of(case: Case) -> Floats:
    assert case.ruled is not None
    return plain_row(case.ruled)


def full_of(case: Case) -> Floats:
    assert case.ruled is not None
    return full_row(case.ruled, case.read)


def read_of(case: Case) -> Floats:
    """The pair model alone."""
    return full_of(case)[len(plain_of(case)) :]


def spoken(pairs: Sequence[dict[str, Any]]) -> dict[str, Spoken]:
    """Every sentence of the pairs by its text."""
    texts = texts_of(pairs)
    judged = load_analyst().judge(texts, [])
    return {
        text: Spoken(Statement(text, vector), one.claim_score, one.is_claim)
        for text, vector, one in zip(texts, judged.vectors, judged.judgements, strict=True)
    }


def cases(found: Sequence[Later], known: Mapping[str, Spoken], logits: Any) -> list[Case]:
    """`logits`: float32 (len(found), 1 + JOINED, 7), as `models.train.novelty.read_all` gives."""
    return [_case(one, known, row) for one, row in zip(found, logits, strict=True)]


def _case(later: Later, known: Mapping[str, Spoken], logits: Any) -> Case:
    one = known[later.text]
    earlier = [known[text].statement for text in later.near]
    ruling = rule(one.statement, earlier, one.is_claim, shipped(), one.claim)
    read = reading(logits[: 1 + len(later.near[:JOINED])])
    return Case(later, ruling.verdict, ruling.facts, read)


def fit(found: Sequence[Case], of: Of, strength: float) -> Weights:
    taught = [one for one in found if one.weighed]
    x = np.stack([of(one) for one in taught])
    y = [NOVELTIES.index(one.later.labels[0]) for one in taught]
    scaler = StandardScaler().fit(x)
    model = LogisticRegression(C=strength, max_iter=3000, class_weight="balanced")
    model.fit(scaler.transform(x), y)
    return Weights(model.coef_, model.intercept_, scaler.mean_, scaler.scale_)


def out_of_fold(
    found: Sequence[Case], of: Of, strength: float
) -> list[dict[Novelty, float] | None]:
    """Probabilities by weights that saw no sentence of the pair; None where the rules decide."""
    answers: list[dict[Novelty, float] | None] = [None] * len(found)
    for fold in range(FOLDS):
        rest = [one for one in found if fold_of(one.later.pair, FOLDS) != fold]
        weights = fit(rest, of, strength)
        for i, one in enumerate(found):
            if one.weighed and fold_of(one.later.pair, FOLDS) == fold:
                answers[i] = weights.probabilities(of(one))
    return answers


def verdicts(
    found: Sequence[Case],
    plain: Sequence[dict[Novelty, float] | None],
    full: Sequence[dict[Novelty, float] | None],
    doubt: float,
    distant: float,
) -> tuple[list[Novelty], float]:
    """What is decided, and the share of sentences on which the pair model is asked."""
    answers: list[Novelty] = []
    asked = 0
    for case, words, both in zip(found, plain, full, strict=True):
        if words is None or both is None or case.ruled is None:
            answers.append(case.verdict.novelty)
            continue
        asks = max(words.values()) < doubt and case.ruled.cosine >= distant
        answers.append(likest(both if asks else words))
        asked += asks
    return answers, asked / len(found)


def scores(found: Sequence[Case], answers: Sequence[str]) -> dict[str, dict[str, float]]:
    """F1 by class and macro, by kind of pair."""
    table = {}
    for kind in ("independent", "near_copy", "short", None):
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
    kept = np.load(options.out_of_fold)
    pairs = [row for row in rows("train") if row["pair"] in set(kept["pairs"])]
    known = spoken(pairs)
    later = laters(pairs, lambda text: known[text].statement, shipped())
    found = cases(later, known, kept["logits"])
    _print("rules", scores(found, [one.verdict.novelty for one in found]))
    tried = {}
    for strength in STRENGTHS:
        full = out_of_fold(found, full_of, strength)
        tried[strength] = scores(found, verdicts(found, full, full, 2, -1)[0])["all"]["macro"]
    best = max(tried, key=tried.__getitem__)
    print("macro-F1 by strength", tried)
    plain, alone, full = (out_of_fold(found, of, best) for of in (plain_of, read_of, full_of))
    for name, given in (("rules weighed", plain), ("pair model", alone), ("both", full)):
        _print(name, scores(found, verdicts(found, given, given, 2, -1)[0]))
    for doubt, distant in itertools.product(DOUBTS, DISTANCES):
        answers, asked = verdicts(found, plain, full, doubt, distant)
        macro = scores(found, answers)["all"]["macro"]
        print(f"doubt {doubt} distant {distant}: asked {asked:.2f}, macro-F1 {macro}")
    answers, _ = verdicts(found, plain, full, options.doubt, options.distant)
    _print("as it ships", scores(found, answers))
    words, both = (fit(found, of, best) for of in (plain_of, full_of))
    write(Decision(words, both, options.doubt, options.distant))


def _print(name: str, table: dict[str, dict[str, float]]) -> None:
    for kind, row in table.items():
        print(f"{name:<16} {kind:<12} {row}")


def write(decision: Decision) -> None:
    raw: dict[str, Any] = {
        part: {n: np.round(getattr(weights, n), 4).tolist() for n in ARRAYS}
        for part, weights in (("plain", decision.plain), ("full", decision.full))
    }
    raw |= {"doubt": decision.doubt, "distant": decision.distant}
    PATH.write_text(json.dumps(raw) + "\n", encoding="utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out-of-fold", type=Path, required=True)
    parser.add_argument("--doubt", type=float, default=0.8)
    parser.add_argument("--distant", type=float, default=0.25)
    return parser.parse_args()


if __name__ == "__main__":
    main()
