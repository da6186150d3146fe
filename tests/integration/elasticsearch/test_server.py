"""Where no server can be had tests are skipped, saying why; under CI they fail."""

import pytest

from tests.integration.elasticsearch import distribution
from tests.integration.elasticsearch.server import parts


@pytest.fixture(autouse=True)
def nothing_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.integration.elasticsearch.server.installed", unavailable)


def unavailable() -> None:
    raise distribution.NoServer("Maven (mvn) is not installed")


def test_without_a_server_a_test_is_skipped_loudly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="NOT TESTED against Elasticsearch: Maven"):
        parts()


def test_in_ci_it_may_not_be_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="no Elasticsearch: Maven"):
        parts()


@pytest.mark.parametrize(("major", "fits"), [("9", {21, 25}), ("8", {17, 21})])
def test_each_server_gets_a_java_that_it_runs_on(
    major: str, fits: set[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARLEY_TEST_ELASTICSEARCH", major)
    assert {
        version for version in (8, 17, 21, 25) if version in distribution.release().java
    } == fits
