"""Thresholds of the multitask model from what its nets say of articles they did not see. Pure."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import f1_score

from models.multitask.analyst import outlook_of, topics_of
from models.multitask.form import named_topics
from models.multitask.heads import Floats, Weighing, likeliest, scores_of, weighed
from models.multitask.session import WEIGHING
from models.taxonomy import STANCES, TOPICS
from models.train.multitask_examples import Answers, Example, Material

OTHER_SHARE = 0.33  # of all sentences that a threshold of topics or outlook is chosen on
GRID = np.arange(0.1, 0.97, 0.02)
SHARES = np.arange(0.0, 1.01, 0.1)  # of the second reading
ABOUT = (0.0, 0.2, 0.4)  # of the topic's log-odds
KNOWN = (0.0, 1.0, 2.0)  # log-odds: more scores better and hides that a party turns round
# Of the first reading; nobody below the least is asked.
SIEVES = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1)
NONE = np.array([1, 0, 0, 0], np.float32)
FLAT = 0.006  # a threshold whose F1 is this near the best is as good
Limits = Mapping[str, float]


def choose(
    material: Material,
    examples: Sequence[Example],
    said: Answers,
    other: Sequence[Example],
    said_of_other: Answers,
) -> dict[str, float]:
    """The thresholds of the best F1 over `examples`; `other` are on other matters.

    Thresholds tuned on articles about negotiations alone flag too much of all other news. Where F1
    is flat, the peak is chance and the middle of the plateau is taken.
    """
    scores = [scores_of(row) for row in (*said.sentence, *said_of_other.sentence)]
    every = [*examples, *other]
    share = len(examples) * OTHER_SHARE / (1 - OTHER_SHARE) / max(len(other), 1)
    weight = np.concatenate([np.ones(len(examples)), np.full(len(other), share)])
    bare, named = _topics(every, np.stack([one.topics for one in scores]), weight)
    progress, setback = _outlooks(every, np.stack([one.outlooks for one in scores]), weight)
    claim = np.array([one.claim for one in scores[: len(examples)]])
    right = [one.row.claim for one in examples]
    found = {
        "topics": bare,
        "topics_named": named,
        "progress": progress,
        "setback": setback,
        "claim": _middle(GRID, lambda at: f1_score(right, claim >= at, zero_division=0)),
        **_stances(material, examples, said),
    }
    return {name: round(float(value), 3) for name, value in found.items()}


def _middle(points: Iterable[Any], score: Callable[[Any], float]) -> Any:
    """Of the points that score nearly as well as the best, that nearest to their medians, each
    coordinate measured by its range.
    """
    scored = [(score(point), np.array(point)) for point in points]
    best = max(value for value, _ in scored)
    plateau = [point for value, point in scored if value >= best - FLAT]
    middle, width = np.median(plateau, axis=0), np.ptp([point for _, point in scored], axis=0)
    return min(plateau, key=lambda point: float((np.abs(point - middle) / width).sum()))


def _topics(
    examples: Sequence[Example], found: Floats, weight: NDArray[np.float64]
) -> tuple[float, float]:
    """Without and with a telling word."""
    truth = np.array([[topic in one.row.topics for topic in TOPICS] for one in examples])
    named = np.array([named_topics(one.form) for one in examples])

    def macro(limits: tuple[float, float]) -> float:
        passes = found >= np.where(named, limits[1], limits[0])
        score = f1_score(truth, passes, average="macro", sample_weight=weight, zero_division=0)
        return float(score)

    bare, named = _middle(itertools.product(GRID[::2], GRID[::2]), macro)
    return bare, named


def _outlooks(
    examples: Sequence[Example], found: Floats, weight: NDArray[np.float64]
) -> tuple[float, float]:
    truth = [one.row.outlook for one in examples]

    def macro(limits: tuple[float, float]) -> float:
        given = {"progress": limits[0], "setback": limits[1]}
        labels = [outlook_of(row, given)[0] for row in found]
        return float(
            f1_score(truth, labels, average="macro", sample_weight=weight, zero_division=0)
        )

    progress, setback = _middle(itertools.product(GRID[::3], GRID[::3]), macro)
    return progress, setback


def _stances(material: Material, examples: Sequence[Example], said: Answers) -> dict[str, float]:
    """The sieve, what counts for a stance, and its threshold, of the best F1 of positions.

    Those of who is no holder count as missed. Of the sieves that cost no F1 the highest is taken:
    it leaves the fewest questions.
    """
    gold = sum(len(one.row.positions) for one in examples)
    right, known = (
        np.concatenate([getattr(one, part).ravel() for one in examples])
        for part in ("stances", "known")
    )
    first, second = (
        np.concatenate([row.reshape(-1, 1 + len(STANCES)) for row in part])
        for part in (said.first, said.second)
    )
    logit = np.concatenate([row.ravel() for row in topic_logits(material, examples, said)])
    if np.isnan(second[1 - first[:, 0] >= min(SIEVES)]).any():
        raise ValueError(f"the second reading was not asked for all above {min(SIEVES)}")

    def f1(sieve: float) -> dict[tuple[float, ...], float]:
        """By share, about, known and threshold."""
        asked, found = 1 - first[:, 0] >= sieve, {}
        every = first[asked], second[asked], logit[asked], known[asked]
        for by in itertools.product(SHARES, ABOUT, KNOWN):
            which, score = likeliest(weighed(*every, Weighing(*by)))
            hit = which == right[asked]
            for limit in GRID:
                passes = score >= limit
                found[*by, limit] = float(2 * (passes & hit).sum() / (passes.sum() + gold))
        return found

    by_sieve = {sieve: f1(sieve) for sieve in SIEVES}
    best = {sieve: max(found.values()) for sieve, found in by_sieve.items()}
    sieve = max(at for at, value in best.items() if value >= max(best.values()) - FLAT)
    chosen = _middle(by_sieve[sieve], by_sieve[sieve].__getitem__)
    return {"sieve": sieve} | dict(zip((*WEIGHING, "stance"), chosen, strict=True))


def topic_logits(material: Material, examples: Sequence[Example], said: Answers) -> list[Floats]:
    """Of each example's stances (holders, propositions) the logit of the proposition's topic."""
    return [
        np.broadcast_to(row[material.topics[list(one.asked)]], one.stances.shape)
        for one, row in zip(examples, said.sentence, strict=True)
    ]


def answered(
    material: Material, examples: Sequence[Example], said: Answers, limits: Limits
) -> list[dict[str, Any]]:
    """What the analyst would answer, as rows that `models.evaluate` reads."""
    return [
        {
            "topics": list(topics_of(scores, one.form, limits)),
            "outlook": outlook_of(scores.outlooks, limits)[0],
            "claim": scores.claim >= limits["claim"],
            "positions": _positions(material, one, chances, limits["stance"]),
        }
        for one, scores, chances in zip(
            examples,
            map(scores_of, said.sentence),
            joint(material, examples, said, limits),
            strict=True,
        )
    ]


def joint(
    material: Material, examples: Sequence[Example], said: Answers, limits: Limits
) -> list[Floats]:
    """Of each example its stances (holders, propositions, 4) by both readings, weighed."""
    by, logits = Weighing.of(limits), topic_logits(material, examples, said)
    return [
        np.where(
            1 - first[..., :1] >= limits["sieve"],
            weighed(first, second, logit, one.known, by),
            NONE,
        )
        for one, first, second, logit in zip(examples, said.first, said.second, logits, strict=True)
    ]


def _positions(
    material: Material, example: Example, chances: Floats, limit: float
) -> list[dict[str, str]]:
    which, score = likeliest(chances)
    return [
        {
            "party": example.holders[holder].party,
            "topic": TOPICS[material.topics[example.asked[at]]],
            "stance": STANCES[which[holder, at] - 1],
        }
        for holder, at in np.argwhere(score >= limit)
    ]


def reliability(score: NDArray[np.float64], right: NDArray[np.bool_]) -> list[dict[str, float]]:
    """Mean score, share that is right and number, of tenths of the scores' range."""
    tenths = np.minimum((score * 10).astype(int), 9)
    return [
        {
            "score": round(float(score[tenths == t].mean()), 3),
            "right": round(float(right[tenths == t].mean()), 3),
            "n": int((tenths == t).sum()),
        }
        for t in range(10)
        if (tenths == t).any()
    ]


def tables(
    material: Material, examples: Sequence[Example], said: Answers, limits: Limits
) -> dict[str, list[dict[str, float]]]:
    """Reliability of the scores of topics, of claims and of each candidate's likeliest stance."""
    scores = [scores_of(row) for row in said.sentence]
    stances = [likeliest(row) for row in joint(material, examples, said, limits)]
    right = [which == one.stances for one, (which, _) in zip(examples, stances, strict=True)]
    topics = [[topic in one.row.topics for topic in TOPICS] for one in examples]
    return {
        "topics": reliability(np.concatenate([s.topics for s in scores]), np.ravel(topics)),
        "claim": reliability(
            np.array([s.claim for s in scores]), np.array([one.row.claim for one in examples])
        ),
        "stance": reliability(
            np.concatenate([score.ravel() for _, score in stances]),
            np.concatenate([row.ravel() for row in right]),
        ),
    }
