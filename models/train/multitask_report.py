"""How right nets are on what they did not see: scores by task and part, thresholds, reliability."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from models.evaluate import SENTENCE_TASKS, evaluate
from models.train.corpus import Corpus
from models.train.multitask_examples import Answers, Example, Material
from models.train.multitask_thresholds import answered, choose, tables
from models.train.rows import Row


def report(
    material: Material, corpus: Corpus, measured: Sequence[int], said: Answers
) -> dict[str, Any]:
    """Thresholds, scores by task with intervals over articles, and reliability tables."""
    real = [n for n, index in enumerate(measured) if corpus.kinds[index] == "real"]
    other = [n for n, index in enumerate(measured) if corpus.kinds[index] == "other"]
    examples, others = ([material.examples[measured[n]] for n in part] for part in (real, other))
    answered_real, answered_other = said.of(real), said.of(other)
    limits = choose(material, examples, answered_real, others, answered_other)
    rows = answered(material, examples, answered_real, limits)
    groups = [corpus.groups[measured[n]] for n in real]
    strange = answered(material, others, answered_other, limits)
    return {
        "thresholds": limits,
        "scores": scores(examples, rows, groups),
        "by part": by_part(examples, rows, groups),
        "other with a topic": round(float(np.mean([bool(row["topics"]) for row in strange])), 4),
        "reliability": tables(material, examples, answered_real, limits),
    }


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
