"""ReadFeeds: poll what is due, keep what came in the intake, and only then the feeds' state."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import apache_beam as beam

from connectors.archive.documents import ArticleRef, DeadLetter, FeedRecord, Intake
from connectors.archive.protocol import Archive, DocumentRejected
from connectors.feeds import (
    Entry,
    FeedsConfig,
    FeedState,
    PollOutcome,
    Problem,
    identity_keys,
    poll,
    revision,
)
from connectors.web import shared_client
from pipeline import metrics
from pipeline.options import Settings
from pipeline.records import Failure
from pipeline.resolve.ids import dead_letter_id, stable_id
from pipeline.transforms.stage import FAILED, ArchiveDoFn, timed

STAGE = "read_feeds"


class ReadFeeds(beam.PTransform):
    """A bounded source: all due feeds, and what a killed sweep left pending.

    Outputs `entries` (Intake, each once) and `failed` (feeds and entries that cannot be read).
    """

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._settings = settings

    def expand(self, root: Any) -> Any:
        poll_feeds = beam.ParDo(_PollFeeds(self._settings)).with_outputs(FAILED, main="entries")
        return root | "Sweep" >> beam.Create([self._settings.sweep]) | "Poll" >> poll_feeds


class _PollFeeds(ArchiveDoFn):
    """One element, one process: the limiter of requests per host holds for the whole sweep."""

    def process(self, sweep: str) -> Iterator[Any]:
        archive, now = self.archive, self.settings.now
        archive.refresh()
        seen: set[str] = set()
        for entry in archive.pending():
            seen.add(entry.id)
            yield entry
        metrics.FEEDS_NOT_REACHED.set(0)
        for outcome in self._outcomes(archive):
            metrics.STAGE_SECONDS.labels("poll").observe(outcome.seconds)
            with timed(STAGE):
                stored, refused = keep(archive, outcome, now)
            for entry in stored:
                if entry.id not in seen:
                    seen.add(entry.id)
                    yield entry
            for letter in (*refused, *letters(outcome, now)):
                yield beam.pvalue.TaggedOutput(FAILED, Failure(letter))

    def _outcomes(self, archive: Archive) -> Iterator[PollOutcome]:
        feeds = self.settings.feeds
        return poll(
            feeds,
            known_states(archive, feeds).get,
            shared_client(feeds.web),
            now=self.settings.now,
            deadline=self.settings.read_deadline,
        )


def known_states(archive: Archive, feeds: FeedsConfig) -> dict[str, FeedState]:
    """What is remembered of the feeds, by name; nothing of one that has another address by now."""
    records = archive.feeds()
    return {
        feed.name: FeedState.from_dict(record.state)
        for feed in feeds.feeds
        if (record := records.get(feed.name)) is not None and record.url == feed.url
    }


def keep(
    archive: Archive, outcome: PollOutcome, now: datetime
) -> tuple[list[Intake], list[DeadLetter]]:
    """Store what a poll brought: entries first, then the feed's state. An entry that can never be
    stored becomes a letter, so that its feed does not stop every sweep from then on.
    """
    metrics.POLLS.labels(outcome.feed.name, outcome.status).inc()
    if outcome.status == "not_reached":
        metrics.FEEDS_NOT_REACHED.inc()
        return [], []
    entries = [admitted(archive, entry, outcome, now) for entry in outcome.entries]
    record = record_of(outcome)
    try:
        return archive.admit(entries, record), []
    except DocumentRejected as error:
        kept = [entry for entry in entries if entry.id not in error.rejected]
        refused = [
            _letter(outcome, Problem("entry_rejected", reason, id_), now)
            for id_, reason in error.rejected.items()
        ]
        return archive.admit(kept, record), refused


def admitted(archive: Archive, entry: Entry, outcome: PollOutcome, now: datetime) -> Intake:
    """The intake record of an entry: its article by identity, its revision by content."""
    keys = identity_keys(entry)
    coined = ArticleRef(stable_id("article", keys[0]), f"{now:%Y-%m}")
    ref = archive.identify(keys, coined)
    version = revision(entry)
    return Intake(
        id=f"{ref.article_id}-{version}",
        article_id=ref.article_id,
        revision=version,
        month=ref.month,
        feed=entry.feed,
        publisher=entry.publisher,
        family=entry.family,
        kind=entry.kind,
        guid=entry.guid,
        url=entry.url,
        title=entry.title,
        summary=entry.summary,
        content=entry.content,
        language=entry.language,
        published_at=entry.published_at,
        published_from=entry.published_from,
        first_seen_at=now,
        backlog=outcome.backlog,
    )


def record_of(outcome: PollOutcome) -> FeedRecord:
    feed, state = outcome.feed, outcome.state
    return FeedRecord(
        name=feed.name,
        publisher=feed.publisher,
        family=feed.family,
        kind=feed.kind,
        url=feed.url,
        first_ok_at=state.first_ok_at,
        last_ok_at=state.last_ok_at,
        last_polled_at=state.last_polled_at,
        next_due_at=state.next_due_at,
        failures=state.failures,
        last_reason=state.last_reason,
        state=state.to_dict(),
    )


def letters(outcome: PollOutcome, now: datetime) -> Iterator[DeadLetter]:
    """What of a poll could not be read: the same payload again is the same letter."""
    for problem in outcome.problems:
        yield _letter(outcome, problem, now)


def _letter(outcome: PollOutcome, problem: Problem, now: datetime) -> DeadLetter:
    return DeadLetter(
        id=dead_letter_id(STAGE, f"{outcome.feed.name}\n{problem.payload}"),
        month=f"{now:%Y-%m}",
        stage=STAGE,
        reason=problem.reason,
        error=problem.detail,
        feed=outcome.feed.name,
        intake_id=None,
        payload=problem.payload,
        first_seen_at=now,
    )
