"""The alerts of deploy/METRICS.md, by `promtool test rules`: when they fire, and when not.

Where no `promtool` is on the path the test is skipped, but not in CI.
"""

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.integration.prometheus.programs import on_path

TABLE = Path(__file__).parents[3] / "deploy" / "METRICS.md"
RUN = {"job": "parley", "instance": "one:9464"}
SWEEP = "parley_sweep_last_success_timestamp_seconds"
PENDING = "parley_pending_entries"
FAILURES = "parley_feed_consecutive_failures"
READ = "parley_feed_last_success_timestamp_seconds"
NEWEST = "parley_feed_newest_entry_timestamp_seconds"

# Sample by sample, one a minute: `_` is none, `0+60x9` grows by 60 nine times.
QUIET = [
    ("ParleyDown", SWEEP, "_x10 600+60x230", "a restart whose first sweep takes ten minutes"),
    ("ParleySweepsFail", SWEEP, "0x20 _x20 2400+60x200", "a restart: no age since 1970"),
    ("ParleyEntriesWait", PENDING, "0x9 7x50 0x180", "taken up within the hour"),
    ("ParleyFeedNotRead", READ, "-100000x20 1200+60x220", "a start after a day without a run"),
    ("ParleyFeedSilent", NEWEST, "-700000x20 1200+60x220", "a start after a week without a run"),
]
FIRING = [
    ("ParleyDown", SWEEP, "0+60x20 _x240", "the process died"),
    ("ParleyDown", SWEEP, "_x240", "the first sweep does not end"),
    ("ParleySweepsFail", SWEEP, "0+60x20 1200x240", "sweep after sweep fails"),
    ("ParleyEntriesWait", PENDING, "0x9 7x240", "failed sweeps leave them"),
    ("ParleyFeedNotRead", READ, "-100000x240", "not for a day"),
    ("ParleyFeedNeverRead", FAILURES, "0x60 1x60 2x120", "every poll fails"),
    ("ParleyFeedNeverRead", FAILURES, "0x240", "never reached"),
    ("ParleyFeedSilent", NEWEST, "-700000x240", "nothing new for a week"),
]


@pytest.fixture(scope="module")
def promtool() -> str:
    return on_path("promtool", "whether the alerts work")


def rules() -> str:
    (block,) = re.findall(r"```yaml\n(.*?)```", TABLE.read_text(encoding="utf-8"), re.DOTALL)
    return str(block)


def labels(metric: str) -> dict[str, str]:
    return RUN | ({"feed": "paper"} if "_feed_" in metric else {})


def selector(metric: str) -> str:
    given = (f'{key}="{value}"' for key, value in labels(metric).items())
    return f"{metric}{{{','.join(given)}}}"


def complaint(promtool: str, folder: Path, alert: str, series: dict[str, str], fires: bool) -> str:
    """What promtool says where the alert does not fire after four hours, or else at any time."""
    expected = {"exp_labels": {} if alert == "ParleyDown" else labels(next(iter(series)))}
    times = ["4h"] if fires else [f"{minute}m" for minute in range(0, 241, 5)]
    case: dict[str, Any] = {
        "interval": "1m",
        "input_series": [{"series": selector(n), "values": v} for n, v in series.items()],
        "alert_rule_test": [
            {"eval_time": time, "alertname": alert, "exp_alerts": [expected] if fires else []}
            for time in times
        ],
    }
    (folder / "rules.yaml").write_text(rules())
    test = {"rule_files": ["rules.yaml"], "evaluation_interval": "1m", "tests": [case]}
    (folder / "test.yaml").write_text(yaml.safe_dump(test))
    done = subprocess.run(
        [promtool, "test", "rules", "test.yaml"], cwd=folder, capture_output=True, text=True
    )
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
