"""Polling real servers on loopback."""

import gzip
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler

from connectors.feeds import Feed, FeedsConfig, FeedState, PollOutcome, check_feed, poll
from connectors.feeds.poll import Turns, interleaved
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


def test_hosts_take_turns() -> None:
    due_ = [(feed(f"a{n}", f"https://a.example/{n}"), None) for n in range(3)]
    due_ += [(feed("b0", "https://b.example/0"), None)]
    assert [one.name for one, _ in interleaved(due_)] == ["a0", "b0", "a1", "a2"]


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
