"""Fit the decision of novelty: `python -m models.train.novelty_decision --articles FILE`.

A logistic regression over what the rules say of real pairs of articles, read by careful readers
(FILE is what their labels belong to), and of written ones, which weigh little: their new sentences
are easier to tell from what was said before. Cross-validated with all sentences of a pair in one
fold. Writes `models/novelty/decision.json`.

With `--out-of-fold`, what `models.train.novelty --cross-validate` wrote, it also says what the pair
model would add on the written pairs, near-copies and independent reports apart.
"""

from __future__ import annotations

import argparse
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
from models.train.labels import joined_pairs
from models.train.novelty_examples import Later, fold_of, laters, texts_of

FOLDS = 10
STRENGTH, WRITTEN = 0.1, 0.1  # of .03, .1, .3 and 0, .1, .3, 1 the best on real pairs
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


def fit(
    found: Sequence[Case], of: Of, strength: float, weights: Sequence[float] | None = None
) -> Weights:
    """`weights` of the cases, 1 where not given."""
    kept = [(one, w) for one, w in zip(found, weights or [1.0] * len(found), strict=True)]
    taught = [one for one, _ in kept if one.weighed]
    x = np.stack([of(one) for one in taught])
    y = [NOVELTIES.index(one.later.labels[0]) for one in taught]
    scaler = StandardScaler().fit(x)
    model = LogisticRegression(C=strength, max_iter=3000)
    model.fit(scaler.transform(x), y, sample_weight=[w for one, w in kept if one.weighed])
    return Weights(model.coef_, model.intercept_, scaler.mean_, scaler.scale_)


def out_of_fold(
    found: Sequence[Case], of: Of, strength: float, weights: Sequence[float] | None = None
) -> list[dict[Novelty, float] | None]:
    """Probabilities by weights that saw no sentence of the pair; None where the rules decide."""
    answers: list[dict[Novelty, float] | None] = [None] * len(found)
    for fold in range(FOLDS):
        rest = [i for i, one in enumerate(found) if fold_of(one.later.pair, FOLDS) != fold]
        mine = [weights[i] for i in rest] if weights else None
        fitted = fit([found[i] for i in rest], of, strength, mine)
        for i, one in enumerate(found):
            if one.weighed and fold_of(one.later.pair, FOLDS) == fold:
                answers[i] = fitted.probabilities(of(one))
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
    real = joined_pairs(options.articles)
    written = rows("train")
    if options.out_of_fold:
        compare(written, np.load(options.out_of_fold))
    known = spoken([*real, *written])

    def unread(pairs: Sequence[Mapping[str, Any]]) -> list[Case]:
        later = laters(pairs, lambda text: known[text].statement, shipped())
        return cases(later, known, np.zeros((len(later), 1 + JOINED, 7), np.float32))

    on_real, on_written = unread(real), unread(written)
    both = [*on_real, *on_written]
    weights = [1.0] * len(on_real) + [WRITTEN] * len(on_written)
    _print("rules", scores(both, [one.verdict.novelty for one in both]))
    weighed = out_of_fold(both, plain_of, STRENGTH, weights)
    _print("weighed", scores(both, verdicts(both, weighed, weighed, 2, -1)[0]))
    write(Decision(fit(both, plain_of, STRENGTH, weights), None, 0.0, 1.0))


def compare(pairs: Sequence[dict[str, Any]], kept: Any) -> None:
    """What the pair model adds on written pairs, by nets that did not see them."""
    mine = [row for row in pairs if row["pair"] in set(kept["pairs"])]
    known = spoken(mine)
    later = laters(mine, lambda text: known[text].statement, shipped())
    found = cases(later, known, kept["logits"])
    for name, of in (("rules weighed", plain_of), ("pair model", read_of), ("both", full_of)):
        given = out_of_fold(found, of, STRENGTH)
        _print(name, scores(found, verdicts(found, given, given, 2, -1)[0]))


def _print(name: str, table: dict[str, dict[str, float]]) -> None:
    for kind, row in table.items():
        print(f"{name:<16} {kind:<12} {row}")


def write(decision: Decision) -> None:
    raw: dict[str, Any] = {
        part: {n: np.round(getattr(weights, n), 4).tolist() for n in ARRAYS}
        for part, weights in (("plain", decision.plain), ("full", decision.full))
        if weights is not None
    }
    raw |= {"doubt": decision.doubt, "distant": decision.distant}
    PATH.write_text(json.dumps(raw) + "\n", encoding="utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--articles", type=Path, required=True, help="articles of the real pairs")
    parser.add_argument("--out-of-fold", type=Path, help="compare the pair model too")
    return parser.parse_args()


if __name__ == "__main__":
    main()
