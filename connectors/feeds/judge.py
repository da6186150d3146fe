"""From an answer to an outcome: decided here without I/O, so that every case can be tested."""

import hashlib
import traceback
from dataclasses import replace
from datetime import datetime, timedelta

from connectors.feeds.config import Feed, Rhythm
from connectors.feeds.entry import Entry, identity_keys, revision
from connectors.feeds.outcome import PollOutcome, Problem
from connectors.feeds.parse import MAX_PAYLOAD, NotAFeed, Parsed, parse
from connectors.feeds.rhythm import after_failure, after_success, own_interval
from connectors.feeds.state import FeedState
from connectors.web import WebError, WebResponse, retry_after


def judge(
    feed: Feed,
    state: FeedState,
    answer: WebResponse | WebError,
    now: datetime,
    rhythm: Rhythm,
    *,
    conditional: bool,
) -> PollOutcome:
    """What an answer means. Only a whole feed replaces the last good state; of one that breaks off
    no more is remembered than which entries it has shown.

    `conditional` tells whether the request had conditions: a 304 to one without means nothing.
    """
    if isinstance(answer, WebError):
        return _failed(feed, state, answer.reason, now, rhythm)
    if answer.status == 304 and conditional:
        return _unchanged(feed, state, answer, now, rhythm)
    if answer.status != 200:
        return _refused(feed, state, answer, now, rhythm)
    digest = hashlib.sha256(answer.body).hexdigest()
    if digest == state.body_hash:
        known = state if conditional else replace(state, full_at=now)
        return _unchanged(feed, known, answer, now, rhythm)
    kind = answer.headers.get("content-type", "")
    try:
        parsed = parse(feed, answer.body, answer.url, kind, now, rhythm.max_entries)
    except NotAFeed as error:
        return _dropped(feed, state, error.reason, error.detail, answer.body, now, rhythm)
    full = replace(state, full_at=state.full_at if conditional else now)
    return _read(feed, full, answer, parsed, digest, now, rhythm)


def broken(
    feed: Feed, state: FeedState, error: Exception, body: bytes, now: datetime, rhythm: Rhythm
) -> PollOutcome:
    """A poll that hit a bug of ours: failed, with where it happened and the body it had."""
    detail = "".join(traceback.format_exception(error)[-3:])[-MAX_PAYLOAD:]
    return _dropped(feed, state, "bug", detail, body, now, rhythm)


def _dropped(
    feed: Feed,
    state: FeedState,
    reason: str,
    detail: str,
    body: bytes,
    now: datetime,
    rhythm: Rhythm,
) -> PollOutcome:
    """A failure whose body is kept for somebody to look at."""
    problem = Problem(reason, detail, body[:MAX_PAYLOAD].decode("utf-8", "replace"))
    return replace(_failed(feed, state, reason, now, rhythm), problems=(problem,))


def _read(
    feed: Feed,
    state: FeedState,
    answer: WebResponse,
    parsed: Parsed,
    digest: str,
    now: datetime,
    rhythm: Rhythm,
) -> PollOutcome:
    marks = tuple(dict.fromkeys(map(_mark, parsed.entries)))
    news = bool(set(marks) - set(state.seen))
    polled = replace(
        _succeeded(state, answer, parsed, news, now, rhythm),
        seen=marks,
        newest_entry_at=now if news else state.newest_entry_at,
    )
    if parsed.whole:
        polled = replace(
            polled,
            etag=answer.headers.get("etag"),
            last_modified=answer.headers.get("last-modified"),
            body_hash=digest,
            first_ok_at=state.first_ok_at or now,
        )
    else:  # what it may list behind the break stays seen
        seen = tuple(dict.fromkeys((*marks, *state.seen)))
        polled = replace(polled, seen=seen[: rhythm.max_entries])
    return PollOutcome(
        feed=feed,
        status="read",
        state=polled,
        entries=parsed.entries,
        problems=parsed.problems,
        backlog=state.first_ok_at is None,
    )


def _unchanged(
    feed: Feed, state: FeedState, answer: WebResponse, now: datetime, rhythm: Rhythm
) -> PollOutcome:
    return PollOutcome(
        feed, "unchanged", _succeeded(state, answer, None, news=False, now=now, rhythm=rhythm)
    )


def _succeeded(
    state: FeedState,
    answer: WebResponse,
    parsed: Parsed | None,
    news: bool,
    now: datetime,
    rhythm: Rhythm,
) -> FeedState:
    interval = own_interval(state.interval, news, rhythm)
    ttl = parsed.ttl if parsed else state.ttl
    return replace(
        state,
        interval=interval,
        ttl=ttl,
        failures=0,
        last_reason="truncated" if parsed and not parsed.whole else "",
        last_ok_at=now,
        last_polled_at=now,
        next_due_at=after_success(now, interval, answer.headers, ttl, rhythm),
    )


def _refused(
    feed: Feed, state: FeedState, answer: WebResponse, now: datetime, rhythm: Rhythm
) -> PollOutcome:
    reason = f"status_{answer.status}"
    wait = retry_after(answer.headers, now)
    return _failed(feed, state, reason, now, rhythm, status=answer.status, wait=wait)


def _failed(
    feed: Feed,
    state: FeedState,
    reason: str,
    now: datetime,
    rhythm: Rhythm,
    status: int | None = None,
    wait: timedelta | None = None,
) -> PollOutcome:
    failures = state.failures + 1
    due = after_failure(feed.name, failures, status, wait, now, rhythm)
    failed = replace(
        state, failures=failures, last_reason=reason, last_polled_at=now, next_due_at=due
    )
    return PollOutcome(feed, "failed", failed)


def _mark(entry: Entry) -> str:
    """A short hash of identity and revision."""
    text = f"{identity_keys(entry)[0]}\x1f{revision(entry)}"
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]
