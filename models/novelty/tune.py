"""Fits `thresholds.json` to the short written pairs: `python -m models.novelty.tune`.

The longer ones serve the decision over what the rules find (`models.train.novelty_decision`).

The score of a match is a logistic regression (ridge, Newton's method): does an earlier sentence
make this claim? Every pair is seen twice, alone and among sentences of other pairs, as in a long
article or an archive, and every later sentence once more against other pairs only, where nothing
matches. The limits are then chosen on a grid for the macro-F1 of the four classes. The grid begins
where few sentences of one real article are taken for repetitions of an unrelated one on the same
war (a match of 0.4: 7 in 100; 0.6: 2 in 100): written articles are too short to show this.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.encoder import Encoder
from models.novelty.judge import judge
from models.novelty.match import Statement, features
from models.novelty.thresholds import PATH, Thresholds, shipped
from models.sentences import split

DATA = Path(__file__).parents[1] / "data" / "novelty"
CLASSES = ("new", "changed", "repeated", "none")
_DISTRACTORS = 25
_RIDGE = 1.0
_GRID = {
    "same": (0.6, 0.65, 0.7),
    "changed": (0.4, 0.5, 0.6),
    "near": (0.55, 0.65, 0.75),
    "loose": (0.2, 0.3, 0.4),
    "extra": (0.8, 0.9, 0.97),
}

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Case:
    """A later sentence, what is known before it, and the labels that are right."""

    later: Statement
    earlier: tuple[Statement, ...]
    labels: tuple[str, ...]


def rows(name: str) -> list[dict[str, Any]]:
    """The written pairs of a split: `train`, `dev` or `test`."""
    texts = [path.read_text("utf-8") for path in sorted(DATA.glob("*.jsonl"))]
    found = [json.loads(line) for text in texts for line in text.split("\n") if line]
    return [row for row in found if row["split"] == name]


def short_rows(name: str) -> list[dict[str, Any]]:
    """Those of a split that hold single difficulties: the longer pairs tell their kind."""
    return [row for row in rows(name) if "kind" not in row]


def cases(
    pairs: Sequence[dict[str, Any]], encode: Callable[[Sequence[str]], Any], *, among: bool
) -> Iterator[Case]:
    """The later sentences of `pairs`, each against its earlier article, or also `among` others."""
    for pair in pairs:
        earlier = [pair["earlier"]["title"], *_sentences(pair)]
        if among:
            earlier = _others(pairs, pair) + earlier
        texts = [sentence["text"] for sentence in pair["later"]]
        known = tuple(map(Statement, earlier, encode(earlier)))
        for sentence, vector in zip(pair["later"], encode(texts), strict=True):
            label = sentence["novelty"]
            labels = (label,) if isinstance(label, str) else tuple(label)
            yield Case(Statement(sentence["text"], vector), known, labels)


def strangers(
    pairs: Sequence[dict[str, Any]], encode: Callable[[Sequence[str]], Any]
) -> Iterator[Case]:
    """Later sentences against the earlier articles of other pairs only: all new, or none."""
    for pair in pairs:
        earlier = _others(pairs, pair)
        known = tuple(map(Statement, earlier, encode(earlier)))
        for sentence in pair["later"]:
            label = "none" if sentence["novelty"] == "none" else "new"
            (vector,) = encode([sentence["text"]])
            yield Case(Statement(sentence["text"], vector), known, (label,))


def macro_f1(found: Sequence[Case], limits: Thresholds) -> dict[str, float]:
    """F1 by class, and `macro`. Whether a sentence is a claim is taken from its label."""
    counts = dict.fromkeys(itertools.product(CLASSES, CLASSES), 0)
    for case in found:
        verdict = judge(case.later, case.earlier, case.labels[0] != "none", limits).novelty
        right = verdict if verdict in case.labels else case.labels[0]
        counts[right, verdict] += 1
    scores = {name: f1_of(counts, name) for name in CLASSES}
    return scores | {"macro": sum(scores.values()) / len(CLASSES)}


def fit(encode: Callable[[Sequence[str]], Any], start: Thresholds) -> Thresholds:
    """Thresholds fitted to the train part of the short pairs."""
    pairs = short_rows("train")
    own = [*cases(pairs, encode, among=False), *cases(pairs, encode, among=True)]
    foreign = list(strangers(pairs, encode))
    limits = replace(start, imputed_cosine=_imputation(own, start))
    limits = replace(limits, coefficients=_coefficients([*own, *foreign], limits))
    tried = [Thresholds.of(asdict(limits) | at) for at in _grid()]
    return max(tried, key=lambda limits: macro_f1(own, limits)["macro"])


def _grid() -> Iterator[dict[str, float]]:
    for at in itertools.product(*_GRID.values()):
        yield dict(zip(_GRID, at, strict=True))


def _sentences(pair: dict[str, Any]) -> list[str]:
    return [sentence.text for sentence in split(pair["earlier"]["text"])]


def _others(pairs: Sequence[dict[str, Any]], own: dict[str, Any]) -> list[str]:
    """Sentences of the pairs that follow `own` in its dossier, round and round."""
    same = [pair for pair in pairs if pair["dossier"] == own["dossier"]]
    at = next(i for i, pair in enumerate(same) if pair["pair"] == own["pair"])
    texts = [text for pair in same[at + 1 :] + same[:at] for text in _sentences(pair)]
    return texts[:_DISTRACTORS]


def _design(found: Sequence[Case], limits: Thresholds) -> tuple[Array, Array]:
    x = [features(case.later, case.earlier, limits) for case in found if case.earlier]
    y = [bool({"changed", "repeated"} & set(case.labels)) for case in found if case.earlier]
    return np.array(x, dtype=float), np.array(y, dtype=float)


def _coefficients(found: Sequence[Case], limits: Thresholds) -> tuple[float, ...]:
    x, y = _design(found, limits)
    x = np.hstack([np.ones((len(x), 1)), x])
    ridge = np.diag([0.0] + [_RIDGE] * (x.shape[1] - 1))
    weights = np.zeros(x.shape[1])
    for _ in range(30):
        p = 1 / (1 + np.exp(-x @ weights))
        hessian = (x * (p * (1 - p))[:, None]).T @ x + ridge
        weights += np.linalg.solve(hessian, x.T @ (y - p) - ridge @ weights)
    return tuple(round(float(value), 3) for value in weights)


def _imputation(found: Sequence[Case], limits: Thresholds) -> tuple[float, float]:
    x, _ = _design(found, limits)
    slope, base = np.polyfit(x[:, 0], x[:, 2], 1)
    return round(float(base), 3), round(float(slope), 3)


def f1_of(counts: dict[tuple[str, str], int], name: str) -> float:
    hit = counts[name, name]
    wrong = sum(counts[other, name] + counts[name, other] for other in CLASSES if other != name)
    return 2 * hit / (2 * hit + wrong) if hit else 0.0


def main() -> None:
    encoder = Encoder.load()
    known: dict[str, Any] = {}

    def encode(texts: Sequence[str]) -> list[Any]:
        missing = [text for text in dict.fromkeys(texts) if text not in known]
        known.update(zip(missing, encoder.encode(missing), strict=True))
        return [known[text] for text in texts]

    limits = fit(encode, shipped())
    PATH.write_text(json.dumps(asdict(limits), indent=2) + "\n", encoding="utf-8")
    for name in ("train", "dev"):
        for among in (False, True):
            scores = macro_f1(list(cases(short_rows(name), encode, among=among)), limits)
            print(name, "among others" if among else "alone", scores)


if __name__ == "__main__":
    main()
