"""The alerts of deploy/prometheus, by `promtool test rules`: when they fire, and when not.

Where no `promtool` is on the path the test is skipped, but not in CI.
"""

import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.integration.prometheus.programs import on_path

RULES = Path(__file__).parents[3] / "deploy" / "prometheus" / "parley.rules.yml"
UP = "up"
BUGS = "parley_dead_letters_total"
NEWS = "parley_developments_total"
RUN = {"job": "parley", "instance": "one:9464"}
SWEEP = "parley_sweep_last_success_timestamp_seconds"
PENDING = "parley_pending_entries"
FAILURES = "parley_feed_consecutive_failures"
READ = "parley_feed_last_success_timestamp_seconds"
NEWEST = "parley_feed_newest_entry_timestamp_seconds"

# Sample by sample, one a minute: `_` is none, `0+60x9` grows by 60 nine times.
QUIET = [
    ("ParleyDown", UP, "1x20 0x5 1x215", "a restart"),
    ("ParleyNoSweep", SWEEP, "_x10 600+60x230", "a restart whose first sweep takes ten minutes"),
    ("ParleySweepsFail", SWEEP, "0x20 _x20 2400+60x200", "a restart: no age since 1970"),
    ("ParleyEntriesWait", PENDING, "0x9 7x50 0x180", "taken up within the hour"),
    ("ParleyEntriesWait", PENDING, "_x9 7x50 0x180", "taken up by a run that has just begun"),
    ("ParleyBug", BUGS, "0x240", "none"),
    ("ParleyFeedsFail", FAILURES, "0x60 1x9 0x170", "the network is away for a while"),
    ("ParleyBurst", NEWS, "0x60 1x60 3x120", "a quiet day"),
    ("ParleyFeedNotRead", READ, "-100000x20 1200+60x220", "a start after a day without a run"),
]
FIRING = [
    ("ParleyDown", UP, "1x20 0x220", "the process died"),
    ("ParleyDown", UP, "_x240", "nobody is asked"),
    ("ParleyNoSweep", SWEEP, "_x240", "the first sweep does not end"),
    ("ParleySweepsFail", SWEEP, "0+60x20 1200x240", "sweep after sweep fails"),
    ("ParleyEntriesWait", PENDING, "0x9 7x240", "failed sweeps leave them"),
    ("ParleyBug", BUGS, "0x220 1x20", "the first one since the start"),
    ("ParleyFeedsFail", FAILURES, "0x60 1+1x180", "the network is away"),
    ("ParleyBurst", NEWS, "0x200 12x40", "the first ones since the start"),
    ("ParleyFeedNotRead", READ, "-100000x240", "not for a day"),
    ("ParleyFeedNeverRead", FAILURES, "0x60 1x60 2x120", "every poll fails"),
    ("ParleyFeedNeverRead", FAILURES, "0x240", "never reached"),
]


@pytest.fixture(scope="module")
def promtool() -> str:
    return on_path("promtool", "whether the alerts work")


MORE = {
    BUGS: {"stage": "analyse", "reason": "bug"},
    NEWS: {"dossier": "iran", "topic": "sanctions", "party": "none", "kind": "new_claim"},
}


def labels(metric: str) -> dict[str, str]:
    return RUN | ({"feed": "paper"} if "_feed_" in metric else MORE.get(metric, {}))


def expected(alert: str, metric: str, samples: str) -> dict[str, str]:
    """The labels that an alert has."""
    if alert == "ParleyDown" and samples.startswith("_"):
        return {"job": "parley"}
    if alert == "ParleyBurst":
        return {"dossier": "iran", "topic": "sanctions", "severity": "news"}
    return RUN if alert in ("ParleyNoSweep", "ParleyFeedsFail") else labels(metric)


def selector(metric: str) -> str:
    given = (f'{key}="{value}"' for key, value in labels(metric).items())
    return f"{metric}{{{','.join(given)}}}"


def complaint(promtool: str, folder: Path, alert: str, series: dict[str, str], fires: bool) -> str:
    """What promtool says where the alert does not fire after four hours, or else at any time.

    The first of `series` is that of which the alert tells; a name may have labels of its own.
    """
    metric, samples = next(iter(series.items()))
    times = ["4h"] if fires else [f"{minute}m" for minute in range(0, 241, 5)]
    given = {name if "{" in name else selector(name): values for name, values in series.items()}
    given.setdefault(selector(UP), "1x240")
    rules = yaml.safe_load(RULES.read_text(encoding="utf-8"))
    for group in rules["groups"]:
        for rule in group["rules"]:
            del rule["annotations"]  # words for people, with values in them
    (folder / "rules.yaml").write_text(yaml.safe_dump(rules))
    case: dict[str, Any] = {
        "interval": "1m",
        "input_series": [{"series": name, "values": values} for name, values in given.items()],
        "alert_rule_test": [
            {
                "eval_time": time,
                "alertname": alert,
                "exp_alerts": [{"exp_labels": expected(alert, metric, samples)}] if fires else [],
            }
            for time in times
        ],
    }
    test = {"rule_files": ["rules.yaml"], "evaluation_interval": "1m", "tests": [case]}
    (folder / "test.yaml").write_text(yaml.safe_dump(test))
    return refusal(promtool, "test", "rules", str(folder / "test.yaml"))


def refusal(promtool: str, *arguments: str) -> str:
    """What promtool says where it is not content, else nothing."""
    done = subprocess.run([promtool, *arguments], capture_output=True, text=True)
    return "" if done.returncode == 0 else done.stdout + done.stderr


@pytest.mark.parametrize(("alert", "metric", "samples", "why"), FIRING)
def test_an_alert_fires(
    promtool: str, tmp_path: Path, alert: str, metric: str, samples: str, why: str
) -> None:
    assert not complaint(promtool, tmp_path, alert, {metric: samples}, True), why


@pytest.mark.parametrize(("alert", "metric", "samples", "why"), QUIET)
def test_an_alert_stays_quiet(
    promtool: str, tmp_path: Path, alert: str, metric: str, samples: str, why: str
) -> None:
    assert not complaint(promtool, tmp_path, alert, {metric: samples}, False), why


def test_a_feed_that_was_read_once_is_not_called_never_read(promtool: str, tmp_path: Path) -> None:
    series = {FAILURES: "0x240", READ: "_x60 3600x180"}
    assert not complaint(promtool, tmp_path, "ParleyFeedNeverRead", series, False)


def test_a_feed_is_called_silent_where_it_is_read_and_brings_nothing(
    promtool: str, tmp_path: Path
) -> None:
    series = {NEWEST: "-700000x240", READ: "0+60x240"}
    assert not complaint(promtool, tmp_path, "ParleyFeedSilent", series, True)


@pytest.mark.parametrize(
    ("newest", "read", "why"),
    [
        ("-700000x240", "-700000x240", "it is not read at all"),
        ("-700000x20 1200+60x220", "-700000x20 1200+60x220", "a start after a week without a run"),
        ("-100000x240", "0+60x240", "a day without news"),
    ],
)
def test_a_feed_is_not_called_silent(
    promtool: str, tmp_path: Path, newest: str, read: str, why: str
) -> None:
    series = {NEWEST: newest, READ: read}
    assert not complaint(promtool, tmp_path, "ParleyFeedSilent", series, False), why


def test_of_two_runs_the_one_that_died_is_told(promtool: str, tmp_path: Path) -> None:
    died = {UP: "1x20 0x220"}
    other = {'up{job="parley",instance="two:9464"}': "1x240"}
    assert not complaint(promtool, tmp_path, "ParleyDown", died, True)
    assert not complaint(promtool, tmp_path, "ParleyDown", died | other, True)


def test_the_files_are_what_prometheus_reads(promtool: str) -> None:
    for kind, name in (("config", "prometheus.yml"), ("rules", "parley.rules.yml")):
        assert not refusal(promtool, "check", kind, str(RULES.with_name(name)))
