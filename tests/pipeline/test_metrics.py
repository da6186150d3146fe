"""The table in deploy/METRICS.md is what the code exposes, no more and no less."""

import re
from pathlib import Path

from pipeline import metrics

TABLE = Path(__file__).parents[2] / "deploy" / "METRICS.md"


def documented() -> set[tuple[str, str, tuple[str, ...], str]]:
    rows = re.findall(
        r"^\| `(parley_\w+)` \| (\w+) \| (.*?) ?\| (.*?) \|$",
        TABLE.read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    return {
        (name, kind, tuple(re.findall(r"`(\w+)`", labels)), text)
        for name, kind, labels, text in rows
    }


def exposed() -> set[tuple[str, str, tuple[str, ...], str]]:
    return {
        (
            family.name + ("_total" if family.type == "counter" else ""),
            family.type,
            tuple(metrics.REGISTRY._names_to_collectors[family.name]._labelnames),
            family.documentation,
        )
        for family in metrics.REGISTRY.collect()
    }


def test_every_metric_is_documented_as_it_is() -> None:
    assert documented() == exposed()


def test_labels_are_never_free_text() -> None:
    free = {"url", "title", "error", "article", "id", "text"}
    assert not [name for name, _, labels, _ in exposed() if free & set(labels)]
