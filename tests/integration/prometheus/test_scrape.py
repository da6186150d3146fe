"""A real Prometheus scrapes a running `parley run` and is asked for every metric of the table.

Where no `prometheus` is on the path the test is skipped, but not in CI.
"""

import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote
from urllib.request import urlopen

import pytest
import yaml

from tests.connectors.conftest import serving
from tests.integration.prometheus.programs import on_path
from tests.pipeline.cli.test_run import free_port
from tests.pipeline.paper import Paper, bare, german, irrelevant, relevant

TABLE = Path(__file__).parents[3] / "deploy" / "METRICS.md"
PATIENCE = 120


def listed() -> list[tuple[str, str]]:
    """(name, type) of every metric of the table."""
    return re.findall(r"^\| `(parley_\w+)` \| (\w+) \|", TABLE.read_text(), re.MULTILINE)


@pytest.fixture(scope="module")
def prometheus() -> str:
    return on_path("prometheus", "what it would scrape")


@contextmanager
def started(*command: object) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [*map(str, command)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(30)


def scraping(target: int, folder: Path) -> Path:
    job = {"job_name": "parley", "static_configs": [{"targets": [f"127.0.0.1:{target}"]}]}
    file = folder / "prometheus.yml"
    file.write_text(yaml.safe_dump({"global": {"scrape_interval": "1s"}, "scrape_configs": [job]}))
    return file


def ask(port: int, expression: str) -> list[object]:
    url = f"http://127.0.0.1:{port}/api/v1/query?query={quote(expression)}"
    try:
        answer = json.loads(urlopen(url, timeout=5).read())
    except OSError:
        return []
    found: list[object] = answer["data"]["result"]
    return found


@pytest.fixture(scope="module")
def scraped(prometheus: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a Prometheus that scrapes a run which has met every disposition but few."""
    folder = tmp_path_factory.mktemp("scraped")
    target, port = free_port(), free_port()
    with serving("127.0.0.1") as host:
        paper = Paper(host, folder)
        paper.publish(relevant(1), irrelevant(2), german(3), bare(4))
        run = [sys.executable, "-m", "pipeline", "run", "--feeds", paper.write_feeds()]
        run += ["--archive", f"sqlite:///{folder / 'archive.db'}", "--interval", "2s"]
        config = ["--config.file", scraping(target, folder), "--storage.tsdb.path", folder / "tsdb"]
        listen = ["--web.listen-address", f"127.0.0.1:{port}"]
        with (
            started(*run, "--metrics-port", target),
            started(prometheus, *config, *listen),
        ):
            until = time.monotonic() + PATIENCE
            while not ask(port, "parley_sweeps_total > 0"):
                assert time.monotonic() < until, "nothing was scraped"
                time.sleep(0.5)
            time.sleep(2)
            yield port


def test_the_table_is_read() -> None:
    assert len(listed()) >= 20


@pytest.mark.parametrize(("name", "kind"), listed())
def test_every_metric_of_the_table_is_in_prometheus(scraped: int, name: str, kind: str) -> None:
    assert ask(scraped, f"{name}_count" if kind == "histogram" else name), name


def test_what_alerts_ask_for_is_0_where_nothing_happened(scraped: int) -> None:
    """Nothing of a backlog is announced; a series that began with its first event would have no
    increase."""
    assert ask(scraped, "sum(parley_developments_total) == 0")
    assert ask(scraped, 'sum(parley_dead_letters_total{reason="bug"}) == 0')


def test_entries_are_counted_by_disposition(scraped: int) -> None:
    query = "sum by (disposition) (parley_dispositions_total)"
    counts = {
        row["metric"]["disposition"]: float(row["value"][1])  # type: ignore[index]
        for row in ask(scraped, query)
    }
    assert counts == {
        "indexed": 1,
        "irrelevant": 1,
        "unsupported_language": 1,
        "dead_letter": 1,
    }


def test_the_age_of_a_feed_can_be_alerted_on(scraped: int) -> None:
    query = 'time() - parley_feed_last_success_timestamp_seconds{feed="paper"} < 600'
    assert ask(scraped, query)
