"""When a feed is due again."""

from datetime import timedelta

import pytest

from connectors.feeds import FeedState, Rhythm, is_due
from connectors.feeds.rhythm import after_failure, after_success, own_interval
from connectors.feeds.state import conditions
from tests.connectors.feeds.conftest import NOW

RHYTHM = Rhythm()
MINUTE = timedelta(minutes=1)


def due_in(interval: float = 300, ttl: float | None = None, **headers: str) -> float:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return (after_success(NOW, interval, named, ttl, RHYTHM) - NOW) / MINUTE


def test_a_lively_feed_is_polled_as_often_as_allowed_and_a_quiet_one_rarely() -> None:
    lively = quiet = None
    for _ in range(12):
        lively = own_interval(lively, True, RHYTHM)
        quiet = own_interval(quiet, False, RHYTHM)
    assert lively == RHYTHM.min_interval.total_seconds()
    assert quiet == RHYTHM.max_interval.total_seconds()


@pytest.mark.parametrize(
    ("given", "minutes"),
    [
        ({"ttl": 3600.0}, 60),
        ({"cache_control": "public, max-age=900"}, 15),
        ({"expires": "Wed, 04 Mar 2026 12:30:00 GMT"}, 30),
        ({"expires": "0"}, 5),
        ({"cache_control": "no-cache", "ttl": 60.0}, 5),
        ({"cache_control": "max-age=99999999"}, 120),
        ({"ttl": 1e9}, 120),
    ],
)
def test_what_the_feed_asks_for_is_heeded_within_bounds(given: dict, minutes: float) -> None:
    assert due_in(**given) == minutes


def failing(count: int, status: int | None = 500, wait: timedelta | None = None) -> float:
    return (after_failure("echo", count, status, wait, NOW, RHYTHM) - NOW) / MINUTE


def test_failures_are_answered_with_longer_and_longer_waits_but_never_given_up() -> None:
    waits = [failing(count) for count in range(1, 12)]
    assert 8 <= waits[0] <= 12
    assert waits[:5] == sorted(set(waits[:5]))
    assert max(failing(count) for count in range(1, 200)) == 6 * 60


def test_no_failing_feed_is_asked_more_often_than_allowed() -> None:
    slow = Rhythm(min_interval=timedelta(hours=1))
    assert after_failure("echo", 1, 500, None, NOW, slow) == NOW + timedelta(hours=1)


def test_feeds_of_one_house_do_not_come_back_at_once() -> None:
    names = [f"feed-{n}" for n in range(20)]
    assert len({after_failure(name, 1, 500, None, NOW, RHYTHM) for name in names}) > 10


def test_retry_after_is_heeded() -> None:
    assert failing(1, 429, timedelta(hours=3)) == 180


def test_a_feed_that_is_gone_is_asked_about_once_a_day() -> None:
    assert 19 * 60 <= failing(1, 410) <= 24 * 60
    assert 19 * 60 <= failing(3, 404) <= 24 * 60


def test_a_feed_is_not_taken_for_gone_because_it_was_not_found_once_or_twice() -> None:
    assert failing(1, 404) == failing(1, 500)
    assert failing(2, 404) == failing(2, 500)


def test_a_feed_is_due_when_its_time_has_come() -> None:
    assert is_due(None, NOW)
    assert is_due(FeedState(), NOW)
    assert is_due(FeedState(next_due_at=NOW), NOW)
    assert not is_due(FeedState(next_due_at=NOW + MINUTE), NOW)


def test_conditions_are_left_out_now_and_then() -> None:
    state = FeedState(etag='"a"', last_modified="yesterday", full_at=NOW)
    day = timedelta(hours=24)
    assert conditions(state, NOW + MINUTE, day) == {
        "If-None-Match": '"a"',
        "If-Modified-Since": "yesterday",
    }
    assert conditions(state, NOW + day, day) == {}
    assert conditions(FeedState(etag='"a"'), NOW, day) == {}


@pytest.mark.parametrize("tag", ['"é"', '"\x7f"', '"a\tb"', '"\udce9"'])
def test_a_tag_that_cannot_be_sent_is_no_condition(tag: str) -> None:
    state = FeedState(etag=tag, last_modified="yesterday", full_at=NOW)
    assert conditions(state, NOW, timedelta(hours=24)) == {"If-Modified-Since": "yesterday"}
