"""Polling real servers on loopback."""

import gzip
import threading
from collections.abc import Callable
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from connectors.feeds import Feed, FeedsConfig, FeedState, PollOutcome, check_feed, poll
from connectors.feeds.parse import Parsed, parse
from connectors.feeds.poll import Turns
from connectors.web import WebClient, WebOptions
from tests.connectors.conftest import Host
from tests.connectors.feeds.conftest import NOW, item, rss

Make = Callable[..., WebClient]


def feed(name: str, url: str) -> Feed:
    return Feed(name=name, url=url, publisher=name, family=name, kind="newspaper")


def config(*feeds: Feed, **web: object) -> FeedsConfig:
    options = {"contact": "mailto:ops@example.org", "host_delay": 0.0, **web}
    return FeedsConfig(web=WebOptions.model_validate(options), feeds=feeds)


def polled(
    made: FeedsConfig,
    client: WebClient,
    states: dict[str, FeedState] | None = None,
    deadline: float = 20,
) -> dict[str, PollOutcome]:
    known = states or {}
    outcomes = list(poll(made, known.get, client, now=NOW, deadline=deadline))
    assert len({outcome.feed.name for outcome in outcomes}) == len(outcomes)
    return {outcome.feed.name: outcome for outcome in outcomes}


def test_one_bad_feed_does_not_keep_the_others(host: Host, make_client: Make) -> None:
    good = feed("good", host.put("/good", rss([item(1)])))
    html = feed("html", host.put("/html", b"<html></html>"))
    refused = feed("refused", "http://127.0.0.1:9/feed")
    outcomes = polled(config(good, html, refused), make_client())
    assert {name: one.status for name, one in outcomes.items()} == {
        "good": "read",
        "html": "failed",
        "refused": "failed",
    }
    assert outcomes["refused"].state.last_reason == "connect"


def test_conditions_are_sent_and_304_is_understood(host: Host, make_client: Make) -> None:
    one = feed("one", host.put("/feed", rss([item(1)]), ETag='"v1"'))
    client = make_client()
    state = polled(config(one), client)["one"].state
    host.put("/feed", status=304)
    again = polled(config(one), client, {"one": FeedState(**due(state))})
    assert again["one"].status == "unchanged"
    sent = {name.lower(): value for name, value in host.asked[-1][1].items()}
    assert sent["if-none-match"] == '"v1"'


def test_a_tag_that_cannot_be_sent_back_makes_no_condition(host: Host, make_client: Make) -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        body = rss([item(1)])
        tags = b'ETag: "\xc3\xa9"\r\nLast-Modified: Wed, 04 M\xc3\xa4r 2026 08:00:00 GMT\r\n'
        head = b"HTTP/1.1 200 OK\r\n%bContent-Length: %d\r\n\r\n" % (tags, len(body))
        handler.wfile.write(head + body)

    host.answers["/feed"] = answer
    one = feed("one", f"{host.url}/feed")
    client = make_client()
    state = polled(config(one), client)["one"].state
    assert state.etag == '"é"'
    again = polled(config(one), client, {"one": replace(state, next_due_at=NOW)})
    assert again["one"].status == "unchanged"
    assert not {"if-none-match", "if-modified-since"} & {name.lower() for name in host.asked[1][1]}


def test_a_bug_in_one_feed_fails_this_feed_and_keeps_what_was_answered(
    host: Host,
    make_client: Make,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def parse_or_stumble(one: Feed, *given: Any) -> Parsed:
        if one.name == "odd":
            raise LookupError("nobody thought of this")
        return parse(one, *given)

    monkeypatch.setattr("connectors.feeds.judge.parse", parse_or_stumble)
    odd = feed("odd", host.put("/odd", rss([item(1)])))
    good = feed("good", host.put("/good", rss([item(2)])))
    outcomes = polled(config(odd, good), make_client(), {"odd": FeedState(etag='"v1"')})
    assert outcomes["good"].status == "read"
    assert outcomes["odd"].status == "failed"
    state = outcomes["odd"].state
    assert (state.etag, state.failures, state.last_reason) == ('"v1"', 1, "bug")
    assert state.next_due_at is not None
    (problem,) = outcomes["odd"].problems
    assert problem.reason == "bug"
    assert "nobody thought of this" in problem.detail
    assert "Report 1" in problem.payload
    assert [record.exc_info is not None for record in caplog.records] == [True]


def test_a_bug_in_asking_is_a_failed_poll_too(
    make_client: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(*_: Any) -> None:
        raise LookupError("nobody thought of this")

    client = make_client()
    monkeypatch.setattr(client, "get", stumble)
    found = check_feed("https://a.example/rss", client, NOW)
    assert (found.status, found.reason) == ("failed", "bug")


def due(state: FeedState) -> dict[str, object]:
    return {"etag": state.etag, "full_at": state.full_at, "first_ok_at": state.first_ok_at}


def test_feeds_that_are_not_due_are_not_asked(host: Host, make_client: Make) -> None:
    one = feed("one", host.put("/feed", rss([item(1)])))
    client = make_client()
    state = polled(config(one), client)["one"].state
    assert polled(config(one), client, {"one": state}) == {}
    assert len(host.asked) == 1


def test_feeds_not_reached_by_the_deadline_stay_due(
    host: Host,
    other_host: Host,
    make_client: Make,
) -> None:
    release = threading.Event()

    def hang(handler: BaseHTTPRequestHandler) -> None:
        release.wait(10)
        handler.close_connection = True

    host.answers["/slow"] = hang
    slow = [feed(f"slow-{n}", f"{host.url}/slow?{n}") for n in range(3)]
    for one in slow:
        host.answers[one.url.removeprefix(host.url)] = hang
    fast = feed("fast", other_host.put("/fast", rss([item(1)])))
    try:
        outcomes = polled(config(*slow, fast), make_client(), deadline=1.5)
    finally:
        release.set()
    assert outcomes["fast"].status == "read"
    assert {outcomes[one.name].status for one in slow} == {"not_reached"}
    assert all(outcomes[one.name].state == FeedState() for one in slow)


def test_feeds_of_one_publisher_come_in_order_whoever_answers_faster() -> None:
    feeds = {
        name: Feed(
            name=name,
            url=f"https://{house}.example/{name}",
            publisher=house,
            family=house,
            kind="newspaper",
        )
        for name, house in (("top", "a"), ("world", "a"), ("other", "b"), ("sport", "a"))
    }
    turns = Turns(feeds.values())
    came = {
        name: [one.feed.name for one in turns.take(PollOutcome(feeds[name], "read", FeedState()))]
        for name in ("world", "other", "top", "sport")
    }
    assert came == {"world": [], "other": ["other"], "top": ["top", "world"], "sport": ["sport"]}


def test_a_publishers_feed_that_hangs_does_not_keep_its_others(
    host: Host, make_client: Make
) -> None:
    release = threading.Event()

    def hang(handler: BaseHTTPRequestHandler) -> None:
        release.wait(10)
        handler.close_connection = True

    host.answers["/slow"] = hang
    slow = feed("slow", f"{host.url}/slow")
    fast = feed("fast", host.put("/fast", rss([item(1)])))
    made = config(slow, fast.model_copy(update={"publisher": "slow", "family": "slow"}))
    try:
        outcomes = polled(made, make_client(), deadline=1.5)
    finally:
        release.set()
    assert {name: one.status for name, one in outcomes.items()} == {
        "slow": "not_reached",
        "fast": "read",
    }


def test_a_check_shows_what_a_feed_would_yield(host: Host, make_client: Make) -> None:
    client = make_client()
    found = check_feed(host.put("/feed", rss([item(1), item(2)])), client, NOW)
    assert (found.status, len(found.entries), found.problems) == ("read", 2, ())
    missing = check_feed(host.put("/none", status=404), client, NOW)
    assert (missing.status, missing.reason) == ("failed", "status_404")


def test_a_feed_that_unpacks_to_more_than_the_cap_is_left(host: Host, make_client: Make) -> None:
    bomb = gzip.compress(rss([item(1)]) + b" " * 50_000_000)
    client = make_client(max_bytes=1024 * 1024)
    found = check_feed(host.put("/bomb", bomb, Content_Encoding="gzip"), client, NOW)
    assert (found.status, found.reason) == ("failed", "too_large")


def test_a_feed_of_a_gigabyte_is_left_at_the_cap(host: Host, make_client: Make) -> None:
    sent = 0

    def flood(handler: BaseHTTPRequestHandler) -> None:
        nonlocal sent
        handler.send_response(200)
        handler.end_headers()
        for _ in range(1024):
            handler.wfile.write(b" " * 1024 * 1024)
            sent += 1
        handler.close_connection = True

    host.answers["/flood"] = flood
    found = check_feed(f"{host.url}/flood", make_client(), NOW)
    assert (found.status, found.reason) == ("failed", "too_large")
    assert sent < 64  # megabytes: the cap, and what the system holds between the two
