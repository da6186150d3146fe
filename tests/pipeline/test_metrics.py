"""The table in deploy/METRICS.md is what the code exposes, no more and no less."""

import re
import subprocess
import sys
from pathlib import Path

from prometheus_client import CollectorRegistry

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


def test_alerts_name_metrics_that_exist() -> None:
    rules = TABLE.with_name("prometheus") / "parley.rules.yml"
    names = set(re.findall(r"parley_\w+", rules.read_text(encoding="utf-8")))
    assert len(names) == 7
    assert names <= {name for name, *_ in exposed()}


def test_what_is_not_known_at_the_start_has_no_sample() -> None:
    """An age counted from 0 would be that of 1970, and fire every alert at every start."""
    script = (
        "from prometheus_client import generate_latest; from pipeline import metrics; "
        "print(generate_latest(metrics.REGISTRY).decode())"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    lines = done.stdout.splitlines()
    assert "# TYPE parley_sweep_last_success_timestamp_seconds gauge" in lines
    names = {line.split()[0] for line in lines if not line.startswith("#") and line}
    assert not [name for name in names if "timestamp" in name or "pending" in name]


def test_a_gauge_that_was_set_has_a_sample_be_it_zero() -> None:
    registry = CollectorRegistry()
    gauge = metrics.SetGauge("waiting", "How many.", registry=registry)
    assert registry.get_sample_value("waiting") is None
    gauge.set(0)
    assert registry.get_sample_value("waiting") == 0


def test_labels_are_never_free_text() -> None:
    free = {"url", "title", "error", "article", "id", "text"}
    assert not [name for name, _, labels, _ in exposed() if free & set(labels)]
