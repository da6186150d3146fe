"""The scrape endpoint over real HTTP on loopback."""

import json
from collections.abc import Iterator

import httpx
import pytest
from prometheus_client import CollectorRegistry, Counter

from connectors.metrics import Health, MetricsServer


@pytest.fixture
def well() -> list[bool]:
    return [True]


@pytest.fixture
def base(well: list[bool]) -> Iterator[str]:
    registry = CollectorRegistry()
    Counter("parley_things_total", "Things.", registry=registry).inc(3)
    server = MetricsServer(
        registry, lambda: Health(well[0], {"failed_sweeps_in_a_row": 0}), host="127.0.0.1"
    )
    yield f"http://127.0.0.1:{server.port}"
    server.close()


def test_metrics_are_scraped(base: str) -> None:
    answer = httpx.get(f"{base}/metrics", trust_env=False)
    assert answer.status_code == 200
    assert "parley_things_total 3.0" in answer.text


def test_health_tells_facts_and_turns_with_the_work(base: str, well: list[bool]) -> None:
    assert json.loads(httpx.get(f"{base}/healthz", trust_env=False).text)["ok"] is True
    well[0] = False
    answer = httpx.get(f"{base}/healthz", trust_env=False)
    assert answer.status_code == 503
    assert answer.json() == {"ok": False, "failed_sweeps_in_a_row": 0}


def test_other_paths_are_not_found(base: str) -> None:
    assert httpx.get(f"{base}/", trust_env=False).status_code == 404


def test_a_taken_port_is_an_error(base: str) -> None:
    port = int(base.rsplit(":", 1)[1])
    with pytest.raises(OSError, match="in use"):
        MetricsServer(CollectorRegistry(), lambda: Health(True, {}), host="127.0.0.1", port=port)
