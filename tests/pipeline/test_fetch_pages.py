"""Whose fault it is that a page is not read: the entry's, or the archive's."""

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
    made = _Fetch(Mock())
    made.fetcher, made.archive = Mock(), Mock()
    made.fetcher.fetch.return_value = PAGE
    return made


def candidate() -> Candidate:
    return Candidate(intake("a", url="https://a.example/1"), ("ukraine",))


def test_an_archive_that_is_away_makes_no_dead_letter(fetch: _Fetch) -> None:
    fetch.archive.identify.side_effect = ArchiveUnavailable("away")  # type: ignore[attr-defined]
    with pytest.raises(ArchiveUnavailable):
        fetch._one(candidate())


def test_a_bug_that_one_page_brings_out_does(fetch: _Fetch) -> None:
    fetch.fetcher.fetch.side_effect = ZeroDivisionError  # type: ignore[attr-defined]
    failure = fetch._one(candidate())
    assert isinstance(failure, Failure)
    assert failure.letter.reason == "bug"
