"""What each answer makes of a feed's state."""

from datetime import timedelta

import pytest

from connectors.feeds import FeedState, PollOutcome, Rhythm
from connectors.feeds.judge import judge
from connectors.web import TransientWebError, WebError, WebResponse
from tests.connectors.feeds.conftest import FEED, NOW, answer, item, rss

HOUR = timedelta(hours=1)


def judged(
    given: WebResponse | WebError,
    state: FeedState | None = None,
    hours: float = 0,
    conditional: bool = False,
) -> PollOutcome:
    now = NOW + hours * HOUR
    return judge(FEED, state or FeedState(), given, now, Rhythm(), conditional=conditional)


@pytest.fixture
def good() -> FeedState:
    """The state after one good poll."""
    return judged(answer(rss([item(1)]), etag='"a"', last_modified="yesterday")).state


def test_a_good_poll_is_remembered(good: FeedState) -> None:
    assert (good.etag, good.last_modified) == ('"a"', "yesterday")
    assert good.first_ok_at == good.last_ok_at == good.newest_entry_at == good.full_at == NOW
    assert good.failures == 0
    assert good.next_due_at is not None


def test_the_first_good_poll_is_backlog_and_no_later_one(good: FeedState) -> None:
    assert judged(answer(rss([item(1)]))).backlog
    assert not judged(answer(rss([item(2)])), good, 1).backlog


def test_the_same_body_again_is_unchanged_whatever_the_tag_says(good: FeedState) -> None:
    again = judged(answer(rss([item(1)]), etag='"b"'), good, 1)
    assert (again.status, again.entries) == ("unchanged", ())
    assert again.state.last_ok_at == NOW + HOUR
    assert again.state.newest_entry_at == NOW


def test_304_is_unchanged_only_if_conditions_were_made(good: FeedState) -> None:
    assert judged(answer(status=304), good, 1, conditional=True).status == "unchanged"
    assert judged(answer(status=304), good, 1).status == "failed"


@pytest.mark.parametrize(
    "bad",
    [
        answer(b"<html>back soon</html>"),
        answer(rss([])),
        answer(status=500),
        answer(status=429, retry_after="60"),
        TransientWebError("timeout", FEED.url),
    ],
)
def test_a_bad_answer_leaves_the_last_good_state(
    bad: WebResponse | WebError, good: FeedState
) -> None:
    outcome = judged(bad, good, 1)
    assert outcome.status == "failed"
    kept = ("etag", "last_modified", "body_hash", "seen", "first_ok_at", "last_ok_at", "full_at")
    for name in kept:
        assert getattr(outcome.state, name) == getattr(good, name)
    assert outcome.state.failures == 1
    assert outcome.state.last_reason
    assert outcome.state.last_polled_at == NOW + HOUR


def test_what_is_no_feed_is_kept_as_a_problem(good: FeedState) -> None:
    (problem,) = judged(answer(b"<html>back soon</html>"), good, 1).problems
    assert problem.reason == "not_a_feed"
    assert "back soon" in problem.payload


def test_an_answer_with_another_status_is_no_dead_letter(good: FeedState) -> None:
    outcome = judged(answer(status=500), good, 1)
    assert outcome.problems == ()
    assert outcome.state.last_reason == "status_500"


def cut(*numbers: int) -> WebResponse:
    """A feed that breaks off inside the last of these entries."""
    body = rss([item(number) for number in numbers])
    return answer(body[: body.index(f"Summary {numbers[-1]}".encode())], etag='"cut"')


def test_a_truncated_feed_yields_entries_but_no_new_state(good: FeedState) -> None:
    outcome = judged(cut(1, 2, 3), good, 1)
    assert [entry.guid for entry in outcome.entries] == ["id-1", "id-2"]
    for name in ("etag", "last_modified", "body_hash", "first_ok_at"):
        assert getattr(outcome.state, name) == getattr(good, name)
    assert outcome.state.last_reason == "truncated"
    assert outcome.state.failures == 0


def test_a_feed_that_breaks_off_shows_new_entries_all_the_same(good: FeedState) -> None:
    first = judged(cut(2, 1), good, 24).state
    assert first.newest_entry_at == NOW + 24 * HOUR
    assert judged(cut(2, 1), first, 48).state.newest_entry_at == NOW + 24 * HOUR
    second = judged(cut(3, 2, 1), first, 48).state
    assert second.newest_entry_at == NOW + 48 * HOUR
    whole = judged(answer(rss([item(3), item(2), item(1)])), second, 72).state
    assert whole.newest_entry_at == NOW + 48 * HOUR, "what was cut off had been seen before"


def test_what_a_feed_that_breaks_off_has_shown_is_remembered_within_bounds(
    good: FeedState,
) -> None:
    state = good
    for number in range(2, 20):
        now = NOW + number * HOUR
        state = judge(
            FEED, state, cut(number, 1), now, Rhythm(max_entries=3), conditional=False
        ).state
    assert len(state.seen) == 3


def test_a_feed_first_read_in_part_is_still_backlog_when_read_whole() -> None:
    body = rss([item(1), item(2)])
    cut = judged(answer(body[: body.index(b"Summary 2")]))
    assert cut.backlog
    assert judged(answer(body), cut.state, 1).backlog


def test_an_edit_is_news(good: FeedState) -> None:
    edited = judged(answer(rss([item(1, title="Report 1, corrected")])), good, 1)
    assert edited.status == "read"
    assert edited.state.newest_entry_at == NOW + HOUR


def test_a_good_poll_ends_a_row_of_failures(good: FeedState) -> None:
    failed = judged(answer(status=500), good, 1).state
    assert judged(answer(rss([item(2)])), failed, 2).state.failures == 0


def test_a_state_survives_json(good: FeedState) -> None:
    assert FeedState.from_dict(good.to_dict()) == good
    assert FeedState.from_dict({}) == FeedState()
    assert FeedState.from_dict({**good.to_dict(), "of_a_later_version": 1}) == good
