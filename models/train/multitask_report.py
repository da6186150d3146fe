"""How right nets are on what they did not see: scores by task and part, thresholds, reliability.

Thresholds are chosen on all that is measured. Scores are not: what is said of the articles of one
half is judged by thresholds chosen on the other, so that they do not flatter.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.evaluate import SENTENCE_TASKS, evaluate
from models.train.corpus import Corpus
from models.train.multitask_examples import Answers, Example, Material
from models.train.multitask_thresholds import answered, choose, tables
from models.train.rows import Row


def report(
    material: Material, corpus: Corpus, measured: Sequence[int], said: Answers
) -> dict[str, Any]:
    """Thresholds, scores by task with intervals over articles, and reliability tables."""
    is_real, is_other = corpus.are("real")[measured], corpus.are("other")[measured]
    is_first = corpus.first_half()[measured]

    def of(which: NDArray[np.bool_]) -> tuple[list[Example], Answers]:
        chosen = np.flatnonzero(which).tolist()
        return [material.examples[measured[n]] for n in chosen], said.of(chosen)

    rows: dict[int, dict[str, Any]] = {}  # by place in `measured`
    for here in (is_first, ~is_first):
        limits = choose(material, *of(~here & is_real), *of(~here & is_other))
        found = answered(material, *of(here), limits)
        rows |= zip(np.flatnonzero(here).tolist(), found, strict=True)
    examples, answers = of(is_real)
    real, other = (np.flatnonzero(which).tolist() for which in (is_real, is_other))
    judged, groups = [rows[n] for n in real], [corpus.groups[measured[n]] for n in real]
    limits = choose(material, examples, answers, *of(is_other))
    return {
        "thresholds": limits,
        "scores": scores(examples, judged, groups),
        "by part": by_part(examples, judged, groups),
        "other with a topic": round(
            sum(bool(rows[n]["topics"]) for n in other) / max(len(other), 1), 4
        ),
        "reliability": tables(material, examples, answers, limits),
    }


def keep(found: Mapping[str, Any], file: Path) -> None:
    """Write a report, and print its scores."""
    file.write_text(json.dumps(found, indent=2) + "\n")
    print(json.dumps(found["scores"], indent=2))


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
