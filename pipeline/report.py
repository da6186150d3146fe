"""What an analyst wants to see after a run: built from the archive, printed elsewhere."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, cast

from connectors.archive.documents import Development, FeedRecord, Position
from connectors.archive.protocol import Archive
from connectors.feeds import FeedState

SILENT_AFTER: Final = timedelta(days=7)  # without an entry not seen before
REMOVED_AFTER: Final = timedelta(days=7)  # without a poll while others have some
IDLE_AFTER: Final = timedelta(hours=26)  # without a poll; even a feed that is gone has one a day


@dataclass(frozen=True, slots=True)
class Told:
    """A development and, by publisher family, who stands behind its claim; nobody: withdrawn."""

    development: Development
    families: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IllFeed:
    """A feed that needs a look, and why: what its last poll failed of, or a word of `ill_feeds`."""

    name: str
    reason: str
    failures: int
    last_ok_at: datetime | None


@dataclass(frozen=True, slots=True)
class Report:
    """Entries by (disposition, reason), developments in order, stances by dossier, ill feeds.

    `stances` counts positions by dossier, then (party, topic), then stance. `idle_since` is when a
    feed was last polled, where that is more than a day ago: the monitor does not run.
    """

    dispositions: Mapping[tuple[str, str], int]
    developments: tuple[Told, ...]
    stances: Mapping[str, Mapping[tuple[str, str], Mapping[str, int]]]
    ill_feeds: tuple[IllFeed, ...]
    idle_since: datetime | None
    counts: Mapping[str, int]


def build_report(
    archive: Archive,
    now: datetime,
    *,
    dossier: str | None = None,
    since: datetime | None = None,
) -> Report:
    """Gather the report; `dossier` and `since` (first seen) restrict developments and stances."""

    def wanted(record: Development | Position) -> bool:
        return (dossier is None or record.dossier == dossier) and (
            since is None or record.first_seen_at >= since
        )

    exported = cast("Iterable[Development]", archive.export("developments"))
    developments = [record for record in exported if wanted(record)]
    families = archive.corroboration([record.root_id for record in developments])
    positions = cast("Iterable[Position]", archive.export("positions"))
    feeds = list(archive.feeds().values())
    return Report(
        dispositions=archive.dispositions(),
        developments=tuple(
            Told(record, families.get(record.root_id, ())) for record in developments
        ),
        stances=stance_matrix(
            record for record in positions if wanted(record) and record.superseded_by is None
        ),
        ill_feeds=tuple(ill_feeds(feeds)),
        idle_since=idle_since(feeds, now),
        counts={str(kind): count for kind, count in archive.counts().items()},
    )


def stance_matrix(
    positions: Iterable[Position],
) -> dict[str, dict[tuple[str, str], Counter[str]]]:
    """How often each party was reported to hold which stance on which topic, by dossier."""
    matrix: dict[str, dict[tuple[str, str], Counter[str]]] = {}
    for position in positions:
        cell = matrix.setdefault(position.dossier, {})
        cell.setdefault((position.party, position.topic), Counter())[position.stance] += 1
    return matrix


def ill_feeds(feeds: Sequence[FeedRecord]) -> Iterator[IllFeed]:
    """Feeds that failed at their last poll, were never read or never whole, or have gone silent.

    `never_read` has not been read at all yet; of `never_whole` every answer broke off, so that all
    it brings is taken for its backlog and nothing is announced; `silent` is read well and has shown
    nothing new for a week. A feed that was not polled in the week before the newest poll of all is
    taken out of feeds.yaml by now, and left out; the week is not that before now, since a monitor
    that died polls none.
    """
    newest = _last_polled(feeds)
    for feed in sorted(feeds, key=lambda record: record.name):
        reason = _illness(feed)
        if not reason or newest is None or feed.last_polled_at is None:
            continue
        if newest - feed.last_polled_at <= REMOVED_AFTER:
            yield IllFeed(feed.name, reason, feed.failures, feed.last_ok_at)


def idle_since(feeds: Sequence[FeedRecord], now: datetime) -> datetime | None:
    """When any feed was last polled, if that is longer ago than a monitor that runs leaves it."""
    newest = _last_polled(feeds)
    return newest if newest is not None and now - newest > IDLE_AFTER else None


def _last_polled(feeds: Sequence[FeedRecord]) -> datetime | None:
    return max((feed.last_polled_at for feed in feeds if feed.last_polled_at), default=None)


def _illness(feed: FeedRecord) -> str:
    """What is wrong with a feed as its last poll left it; "" if nothing is."""
    if feed.failures > 0:
        return feed.last_reason
    if feed.last_ok_at is None:
        return "never_read"
    if feed.first_ok_at is None and feed.last_reason == "truncated":
        return "never_whole"
    newest = FeedState.from_dict(feed.state).newest_entry_at
    return "silent" if newest and feed.last_ok_at - newest > SILENT_AFTER else ""
