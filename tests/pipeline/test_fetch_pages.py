"""Whose fault it is that a page is not read: the entry's, or the archive's."""

import time
from concurrent.futures import ThreadPoolExecutor
from unittest.mock import Mock

import pytest

from connectors.archive.protocol import ArchiveUnavailable
from connectors.pages import Page
from pipeline.records import Candidate, Failure
from pipeline.transforms.fetch_pages import _Fetch
from tests.connectors.archive.samples import intake

PAGE = Page("https://a.example/1", "https://a.example/one", "Text.", "Title")


@pytest.fixture
def fetch() -> _Fetch:
    """Its pages are read; what becomes of their addresses a test says."""
    made = _Fetch(Mock(page_deadline=60.0))
    made.fetcher, made.archive = Mock(), Mock()
    made.fetcher.fetch.return_value = PAGE
    made.start_bundle()
    return made


def candidate(url: str = "https://a.example/1") -> Candidate:
    return Candidate(intake("a", url=url), ("ukraine",))


def test_an_archive_that_is_away_makes_no_dead_letter(fetch: _Fetch) -> None:
    fetch.archive.identify.side_effect = ArchiveUnavailable("away")  # type: ignore[attr-defined]
    with pytest.raises(ArchiveUnavailable):
        fetch._one(candidate())


def test_a_bug_that_one_page_brings_out_does(fetch: _Fetch) -> None:
    fetch.fetcher.fetch.side_effect = ZeroDivisionError  # type: ignore[attr-defined]
    failure = fetch._one(candidate())
    assert isinstance(failure, Failure)
    assert failure.letter.reason == "bug"


def test_what_there_is_no_time_for_is_not_asked_and_waits(
    fetch: _Fetch, caplog: pytest.LogCaptureFixture
) -> None:
    fetch.until = time.monotonic() - 1
    with ThreadPoolExecutor(2) as fetch.pool:
        assert not list(fetch.process([candidate(), candidate()]))
    fetch.fetcher.fetch.assert_not_called()  # type: ignore[attr-defined]
    assert "no time for 2 pages" in caplog.text


def test_hosts_are_asked_by_turns(fetch: _Fetch) -> None:
    urls = [f"https://{host}.example/{n}" for host in "ab" for n in range(3)]
    with ThreadPoolExecutor(1) as fetch.pool:
        assert len(list(fetch.process([candidate(url) for url in urls]))) == 6
    asked = [call.args[0] for call in fetch.fetcher.fetch.call_args_list]  # type: ignore[attr-defined]
    assert [url[8] for url in asked] == ["a", "b"] * 3
