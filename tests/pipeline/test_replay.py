"""Which dead letters are replayed, over an archive that is filled by hand."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from connectors.archive.documents import DeadLetter, FeedRecord
from connectors.archive.open import open_archive
from connectors.archive.protocol import Archive
from pipeline.replay import replay_letters
from pipeline.transforms.stage import Rejected, letter_for
from tests.pipeline.resolve.builders import START, intake

FEED = FeedRecord(
    "harbour-world", "Harbour Post", "harbour", "newspaper", "https://harbour.example/feed",
    START, START, START, None, 0, "", {},
)  # fmt: skip
ENTRY = intake("a")
LATER = START + timedelta(days=3)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    archive = open_archive(f"sqlite:///{tmp_path}/archive.db")
    archive.admit([ENTRY], FEED)
    yield archive
    archive.close()


def fail(archive: Archive, stage: str) -> None:
    letter = letter_for(stage, ENTRY, Rejected("no_text", "nothing to read"))
    archive.write([letter])
    archive.dispose(ENTRY.id, "dead_letter", letter.reason, START)


def stages(letters: list[DeadLetter]) -> list[str]:
    return [letter.stage for letter in letters]


def test_a_letter_of_an_earlier_failure_brings_no_entry_back(archive: Archive) -> None:
    fail(archive, "fetch_pages")
    assert stages(replay_letters(archive, LATER)) == ["fetch_pages"]
    fail(archive, "write")
    assert replay_letters(archive, LATER, stage="fetch_pages") == []
    assert stages(replay_letters(archive, LATER, stage="write")) == ["write"]


def test_an_entry_that_fails_at_the_same_stage_again_is_replayed_again(archive: Archive) -> None:
    for _ in range(2):
        fail(archive, "fetch_pages")
        assert stages(replay_letters(archive, LATER)) == ["fetch_pages"]
        assert replay_letters(archive, LATER) == []


def test_an_entry_with_two_letters_counts_once_and_both_are_dated(archive: Archive) -> None:
    """A run killed before the commit mark may have failed at another stage."""
    fail(archive, "fetch_pages")
    fail(archive, "write")
    assert len(replay_letters(archive, LATER, dry_run=True)) == 1
    assert len(replay_letters(archive, LATER, stage="write")) == 1
    assert {one.replayed_at for one in archive.export("dead_letters")} == {LATER}  # type: ignore[union-attr]
