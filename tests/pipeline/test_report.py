"""Which feeds a report calls ill, and who stands behind a development."""

from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from connectors.archive.documents import FeedRecord
from connectors.archive.open import open_archive
from connectors.feeds import FeedState
from pipeline.render import render_developments, render_ill_feeds, render_report
from pipeline.report import IllFeed, build_report, idle_since, ill_feeds
from tests.connectors.archive.samples import claim, development

NOW = datetime(2026, 3, 9, 12, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def feed(newest: datetime | None = NOW - HOUR) -> FeedRecord:
    return FeedRecord(
        name="paper",
        publisher="Paper",
        family="paper",
        kind="newspaper",
        url="https://paper.example/feed",
        first_ok_at=NOW - 30 * DAY,
        last_ok_at=NOW - HOUR,
        last_polled_at=NOW - HOUR,
        next_due_at=NOW,
        failures=0,
        last_reason="",
        state=FeedState(newest_entry_at=newest).to_dict(),
    )


def reasons(*records: FeedRecord) -> list[str]:
    return [ill.reason for ill in ill_feeds(records)]


def test_a_feed_that_is_read_and_has_news_is_well() -> None:
    assert reasons(feed()) == []
    assert reasons(feed(NOW - 6 * DAY)) == []
    assert reasons(replace(feed(), last_reason="truncated")) == []


def test_a_feed_that_failed_at_its_last_poll_is_ill() -> None:
    assert reasons(replace(feed(), failures=2, last_reason="status_503")) == ["status_503"]


def test_a_feed_that_was_never_read_is_ill() -> None:
    assert reasons(replace(feed(None), first_ok_at=None, last_ok_at=None)) == ["never_read"]


def test_a_feed_that_always_breaks_off_is_ill() -> None:
    broken_off = replace(feed(None), first_ok_at=None, last_reason="truncated")
    assert reasons(broken_off) == ["never_whole"]


def test_why_a_feed_that_always_breaks_off_is_ill_is_told_in_words() -> None:
    console = Console(width=200, record=True, file=StringIO())
    console.print(render_ill_feeds([IllFeed("paper", "never_whole", 0, NOW)]))
    assert "nothing is announced" in console.export_text()


def test_a_feed_without_news_for_a_week_is_silent() -> None:
    assert reasons(feed(NOW - 8 * DAY)) == ["silent"]


def test_time_without_a_run_is_no_silence_of_the_feed() -> None:
    assert reasons(feed(NOW - 5 * DAY)) == []
    assert idle_since([feed(NOW - 5 * DAY)], NOW + 4 * DAY) == NOW - HOUR


def test_a_feed_that_is_not_polled_while_others_are_is_left_out() -> None:
    gone = replace(feed(), failures=9, last_reason="status_404", last_polled_at=NOW - 8 * DAY)
    assert reasons(gone, replace(feed(), name="other")) == []


def test_a_monitor_that_died_makes_no_feed_well(tmp_path: Path) -> None:
    ill = replace(feed(), failures=9, last_reason="status_404", last_polled_at=NOW - 2 * HOUR)
    with closing(open_archive(f"sqlite:///{tmp_path}/archive.db")) as archive:
        archive.admit([], ill)
        archive.admit([], replace(feed(), name="other"))
        alive, dead = build_report(archive, NOW), build_report(archive, NOW + 30 * DAY)
    assert [one.reason for one in alive.ill_feeds] == ["status_404"]
    assert dead.ill_feeds == alive.ill_feeds
    assert (alive.idle_since, dead.idle_since) == (None, NOW - HOUR)
    console = Console(width=200, record=True, file=StringIO())
    console.print(*render_report(dead))
    assert "no feed was polled since 09 Mar 2026 11:00: parley run is not running" in (
        console.export_text()
    )


def test_an_archive_without_a_feed_is_not_called_idle() -> None:
    assert idle_since([], NOW) is None
    assert reasons() == []


@pytest.mark.parametrize(
    ("superseded_by", "behind", "shown"), [(None, ("wire",), "wire"), ("r2", (), "withdrawn")]
)
def test_a_development_whose_only_claim_was_withdrawn_has_nobody_behind_it(
    tmp_path: Path, superseded_by: str | None, behind: tuple[str, ...], shown: str
) -> None:
    with closing(open_archive(f"sqlite:///{tmp_path}/archive.db")) as archive:
        archive.write([claim("c", superseded_by=superseded_by), development("d", root_id="c")])
        archive.refresh()
        report = build_report(archive, NOW)
    assert [told.families for told in report.developments] == [behind]
    console = Console(width=200, record=True, file=StringIO())
    console.print(render_developments(report.developments))
    assert f"ceasefire   {shown}" in console.export_text()
