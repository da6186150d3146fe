"""How right nets are on what they did not see: scores by task and part, thresholds, reliability.

Thresholds are chosen on all that is measured. Scores are not: what is said of the articles of one
half is judged by thresholds chosen on the other, so that they do not flatter.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from models.evaluate import SENTENCE_TASKS, evaluate
from models.train.corpus import FOLDS, Corpus
from models.train.multitask_examples import Answers, Example, Material
from models.train.multitask_thresholds import answered, choose, tables
from models.train.pool import digest
from models.train.rows import Row


def report(
    material: Material, corpus: Corpus, measured: Sequence[int], said: Answers
) -> dict[str, Any]:
    """Thresholds, scores by task with intervals over articles, and reliability tables."""
    real = [n for n, index in enumerate(measured) if corpus.kinds[index] == "real"]
    other = [n for n, index in enumerate(measured) if corpus.kinds[index] == "other"]
    examples, others = ([material.examples[measured[n]] for n in part] for part in (real, other))
    answered_real, answered_other = said.of(real), said.of(other)
    groups, strange = ([corpus.groups[measured[n]] for n in part] for part in (real, other))
    limits = choose(material, examples, answered_real, others, answered_other)
    rows: list[dict[str, Any]] = [{}] * len(examples)
    topical = 0
    for half in (0, 1):
        mine, theirs = halves(groups, half)
        my_others, their_others = halves(strange, half)
        by = choose(
            material,
            [examples[i] for i in theirs],
            answered_real.of(theirs),
            [others[i] for i in their_others],
            answered_other.of(their_others),
        )
        found = answered(material, [examples[i] for i in mine], answered_real.of(mine), by)
        for at, row in zip(mine, found, strict=True):
            rows[at] = row
        off = [others[i] for i in my_others]
        said_off = answered(material, off, answered_other.of(my_others), by)
        topical += sum(bool(row["topics"]) for row in said_off)
    return {
        "thresholds": limits,
        "scores": scores(examples, rows, groups),
        "by part": by_part(examples, rows, groups),
        "other with a topic": round(topical / max(len(others), 1), 4),
        "reliability": tables(material, examples, answered_real, limits),
    }


def halves(groups: Sequence[str], half: int) -> tuple[list[int], list[int]]:
    """The indices of the groups of this half of the articles, and of the other."""
    mine = np.array([int(digest(group), 16) // FOLDS % 2 == half for group in groups], dtype=bool)
    return np.flatnonzero(mine).tolist(), np.flatnonzero(~mine).tolist()


def scores(
    examples: Sequence[Example], rows: Sequence[Mapping[str, Any]], groups: Sequence[str]
) -> dict[str, Any]:
    """By task: F1 with its interval, and each class."""
    right = [_as_row(one.row) for one in examples]
    return {task.name: asdict(evaluate(task, right, rows, groups)) for task in SENTENCE_TASKS}


def by_part(
    examples: Sequence[Example], rows: Sequence[Mapping[str, Any]], groups: Sequence[str]
) -> dict[str, dict[str, float]]:
    """F1 by task for each dossier, source (articles, leads) and length in words."""
    of = defaultdict[str, list[int]](list)
    for index, one in enumerate(examples):
        words = len(one.row.text.split())
        length = "words: to 20" if words <= 20 else "words: 21-35" if words <= 35 else "words: 36-"
        for part in (one.row.dossier, one.row.id.split(":")[0], length):
            of[part].append(index)
    found = {}
    for part, chosen in sorted(of.items()):
        mine, said = [examples[i] for i in chosen], [rows[i] for i in chosen]
        by_task = scores(mine, said, [groups[i] for i in chosen])
        f1 = {name: round(score["f1"], 3) for name, score in by_task.items()}
        found[part] = {"rows": len(chosen)} | f1
    return found


def _as_row(row: Row) -> dict[str, Any]:
    positions = [
        {"party": party, "topic": topic, "stance": stance}
        for (party, topic), stance in row.positions.items()
    ]
    return {
        "topics": list(row.topics),
        "outlook": row.outlook,
        "claim": row.claim,
        "positions": positions,
    }
