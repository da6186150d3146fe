"""What becomes of a poll: entries and state in the archive, or letters."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from connectors.archive.documents import FeedRecord, Intake
from connectors.archive.protocol import DocumentRejected
from connectors.archive.sqlite import SqliteArchive
from connectors.feeds import FeedState, PollOutcome
from pipeline.transforms.read_feeds import keep
from tests.connectors.feeds.conftest import FEED, NOW
from tests.connectors.feeds.test_entry import ENTRY


class Small(SqliteArchive):
    """One that does not take entries with a long text, as Elasticsearch does not."""

    def admit(self, entries_: Sequence[Intake], feed: FeedRecord) -> list[Intake]:
        large = {one.id: "too large" for one in entries_ if len(one.content) > 100}
        if large:
            raise DocumentRejected(large)
        return super().admit(entries_, feed)


@pytest.fixture
def archive(tmp_path: Path) -> SqliteArchive:
    return Small(tmp_path / "archive.db")


def test_an_entry_that_cannot_be_stored_is_a_letter_and_its_feed_goes_on(
    archive: SqliteArchive,
) -> None:
    large = replace(ENTRY, guid="id-2", url=None, content="word " * 100)
    outcome = PollOutcome(FEED, "read", FeedState(first_ok_at=NOW), entries=(ENTRY, large))
    (stored,), (letter,) = keep(archive, outcome, NOW)
    assert stored.guid == "id-1"
    assert (letter.stage, letter.reason, letter.error) == (
        "read_feeds",
        "entry_rejected",
        "too large",
    )
    assert [one.guid for one in archive.pending()] == ["id-1"]
    assert list(archive.feeds()) == [FEED.name]
