"""The newsroom is what it says it is: deterministic, large, faulty as meant, and wholly known."""

import os
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import feedparser
import pytest
import yaml

from tests.newsroom.load import coverage
from tests.newsroom.model import Feed
from tests.newsroom.press import Response, respond
from tests.newsroom.schedule import fault_at, listed, readable
from tests.newsroom.server import Newsroom, changes, next_change
from tests.newsroom.slots import END, SLOTS, START, moment, slot_from
from tests.newsroom.truth import article_url

PORT = 8080


def ask(
    feed: Feed, time: datetime, path: str | None = None, headers: dict[str, str] | None = None
) -> Response:
    host = coverage().publishers[feed.publisher].host
    return respond(time, f"{host}:{PORT}", path or feed.path, headers or {})


@cache
def parsed(feed: Feed, time: datetime) -> Any:
    return feedparser.parse(ask(feed, time).body)


def feed_named(name: str) -> Feed:
    return next(feed for feed in coverage().feeds if feed.name == name)


def polls() -> Iterator[tuple[Feed, datetime]]:
    return ((feed, slot) for feed in coverage().feeds for slot in SLOTS)


def test_answers_are_the_same_every_time() -> None:
    first = [ask(feed, slot) for feed, slot in polls()]
    assert first == [ask(feed, slot) for feed, slot in polls()]


def test_another_process_answers_the_same() -> None:
    """String hashes differ from process to process; answers must not."""
    script = (
        "import hashlib; from tests.newsroom import press, slots;"
        "from tests.newsroom.load import coverage;"
        "bodies = [press.respond(slots.END, house.host, '/', {}).body"
        " + b''.join(press.respond(slots.END, house.host, path, {}).body"
        " for path in [*(feed.path for feed in coverage().feeds if feed.publisher == house.id),"
        " *(one.path for one in coverage().articles.values() if one.publisher == house.id)])"
        " for house in coverage().publishers.values()];"
        "print(hashlib.sha256(b''.join(bodies)).hexdigest())"
    )
    root = Path(__file__).parents[2]
    digests = {
        subprocess.run(
            [sys.executable, "-c", script],
            cwd=root,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(digests) == 1


def test_it_is_large_enough() -> None:
    houses = coverage().publishers.values()
    assert len(coverage().articles) >= 200
    assert len(houses) >= 12
    assert len({house.family for house in houses}) == 6
    assert len({house.host for house in houses}) == len(houses)
    leads = {article.versions[0].lead for article in coverage().articles.values()}
    assert len(leads) > 170
    for dossier in ("ukraine", "iran", "gaza"):
        events = {claim.event for claim in coverage().claims.values() if claim.dossier == dossier}
        assert len(events) >= 12


def test_every_kind_of_article_and_page_and_date_occurs() -> None:
    articles = coverage().articles.values()
    kinds = [article.kind for article in articles]
    assert kinds.count("other language") >= 8
    assert kinds.count("false friend") >= 10
    assert kinds.count("denial") >= 3
    assert kinds.count("stance shift") >= 3
    assert {article.page for article in articles} == {"ok", "slow", "missing", "broken", "paywall"}
    dates = {article.bad_date for article in articles}
    assert dates == {"slashes", "year 1757", "future", "none", None}


def test_there_are_at_most_sixty_instants() -> None:
    instants = changes()
    assert instants[0] == START
    assert instants[-1] <= END
    assert len(instants) <= 60
    assert next_change(instants[0]) == instants[1]
    assert next_change(instants[-1]) is None


def test_nothing_changes_between_the_instants() -> None:
    for early, late in (("03-05 10:00", "03-05 13:59"), ("03-09 18:00", "03-09 23:59")):
        for feed in coverage().feeds:
            assert ask(feed, moment(early)) == ask(feed, moment(late))


def test_an_edit_changes_what_the_feed_shows() -> None:
    for article in coverage().articles.values():
        for before, after in zip(article.versions, article.versions[1:], strict=False):
            assert (before.title, before.lead) != (after.title, after.lead)
            assert slot_from(before.at) < slot_from(after.at)


def test_feeds_parse_as_meant() -> None:
    formats = {"rss2": "rss20", "atom": "atom10", "rss1": "rss10"}
    for feed, slot in polls():
        fault = fault_at(feed, slot)
        if fault and fault.kind != "new guids":
            continue
        answer = parsed(feed, slot)
        shown = listed(coverage(), feed, slot)
        assert answer.version == formats[feed.format]
        assert not answer.bozo
        assert [entry.title for entry in answer.entries] == [item.version.title for item in shown]


def test_readable_is_what_a_reader_gets_whole() -> None:
    for feed, slot in polls():
        answer = ask(feed, slot)
        promised = int(answer.headers.get("Content-Length", len(answer.body)))
        good = answer.status == 200 and promised == len(answer.body)
        got = [one.get("title") for one in parsed(feed, slot).entries] if good else []
        whole = [item.version.title for item in readable(coverage(), feed, slot)]
        assert got[: len(whole)] == whole
        assert len(got) - len(whole) in (0, 1)


def test_a_cut_off_feed_yields_its_whole_items() -> None:
    cut = [
        (feed, slot)
        for feed, slot in polls()
        if (fault := fault_at(feed, slot)) and fault.kind == "truncated"
    ]
    assert cut
    for feed, slot in cut:
        answer = parsed(feed, slot)
        titles = [item.version.title for item in readable(coverage(), feed, slot)]
        assert answer.bozo
        assert titles
        assert [entry.title for entry in answer.entries][: len(titles)] == titles
        assert len(titles) < len(listed(coverage(), feed, slot))


@pytest.mark.parametrize(
    ("name", "time", "status", "header"),
    [
        ("valley", "03-02 06:00", 500, ""),
        ("worldservice", "03-04 06:00", 429, "1800"),
        ("worldservice", "03-08 06:00", 429, "Sun, 08 Mar 2026 06:30:00 GMT"),
        ("gulf", "03-06 06:00", 200, ""),
        ("atlas-legacy", "03-06 06:00", 410, ""),
    ],
)
def test_a_failing_feed_answers_so(name: str, time: str, status: int, header: str) -> None:
    answer = ask(feed_named(name), moment(time))
    assert answer.status == status
    assert answer.headers.get("Retry-After", "") == header
    assert feedparser.parse(answer.body).get("version", "") == ""


def test_an_honest_tag_and_date_give_304_until_something_changes() -> None:
    feed = feed_named("capital")
    first = ask(feed, moment("03-05 18:00"))
    for name, value in (("If-None-Match", "ETag"), ("if-modified-since", "Last-Modified")):
        asked = {name: first.headers[value]}
        assert ask(feed, moment("03-06 00:00"), headers=asked).status == 304
        assert ask(feed, moment("03-06 10:00"), headers=asked).status == 200


def test_a_restless_tag_changes_without_a_change() -> None:
    feed = feed_named("atlas")
    before, after = ask(feed, moment("03-07 06:00")), ask(feed, moment("03-07 10:00"))
    assert before.body == after.body
    assert before.headers["ETag"] != after.headers["ETag"]


def test_a_stuck_tag_hides_a_change() -> None:
    feed = feed_named("atlasmarkets")
    before, after = ask(feed, moment("03-05 06:00")), ask(feed, moment("03-05 10:00"))
    asked = {"If-None-Match": before.headers["ETag"]}
    assert before.body != after.body
    assert ask(feed, moment("03-05 10:00"), headers=asked).status == 304
    assert ask(feed, moment("03-06 00:00"), headers=asked).status == 200


def test_guids_change_while_links_stay() -> None:
    feed = feed_named("harbour")
    before, after = (
        {entry.link: entry.id for entry in parsed(feed, moment(time)).entries}
        for time in ("03-06 06:00", "03-06 10:00")
    )
    common = before.keys() & after.keys()
    assert len(common) > 5
    assert all(before[link] != after[link] for link in common)


def test_one_feed_goes_silent() -> None:
    newest = {
        feed.name: listed(coverage(), feed, END)[0].article.published
        for feed in coverage().feeds
        if feed.order == "newest"
    }
    assert newest["wayfarer"] < moment("03-06 00:00")
    assert sum(published > moment("03-08 00:00") for published in newest.values()) >= 12


def test_an_article_stands_in_two_feeds_of_its_publisher() -> None:
    world, top = (
        {item.article.id for item in listed(coverage(), feed_named(name), moment("03-05 18:00"))}
        for name in ("meridian-world", "meridian-top")
    )
    assert len(world & top) > 3


def test_a_reader_that_keeps_to_its_tags_misses_nothing() -> None:
    tags: dict[str, str] = {}
    titles: set[str] = set()
    for slot in SLOTS:
        for feed in coverage().feeds:
            asked = {"If-None-Match": tags[feed.name]} if feed.name in tags else {}
            answer = ask(feed, slot, headers=asked)
            tags[feed.name] = answer.headers.get("ETag", tags.get(feed.name, ""))
            titles |= {entry.get("title", "") for entry in feedparser.parse(answer.body).entries}
    articles = coverage().articles.values()
    assert {version.title for article in articles for version in article.versions} <= titles


def test_dates_are_read_as_written_unless_they_are_wrong() -> None:
    for feed in coverage().feeds:
        if fault_at(feed, END) and feed.name != "harbour":
            continue
        entries = parsed(feed, END).entries
        for entry, item in zip(entries, listed(coverage(), feed, END), strict=True):
            date = entry.get("published_parsed") or entry.get("updated_parsed")
            right = date is not None and tuple(date[:5]) == item.article.published.timetuple()[:5]
            assert right == (item.article.bad_date is None), item.article.id


def test_pages_answer_as_their_state_says() -> None:
    statuses = {"missing": 404, "broken": 500}
    for article in coverage().articles.values():
        host = coverage().publishers[article.publisher].host
        answer = respond(END, f"{host}:{PORT}", f"{article.path}?utm_source=rss", {})
        assert answer.status == statuses.get(article.page, 200)
        assert (answer.delay > 0) == (article.page == "slow")
        assert answer.delay <= 0.2
        if answer.status == 200:
            canonical = f'<link rel="canonical" href="{article_url(article, PORT)}">'
            assert canonical in answer.body.decode()


def test_an_article_is_not_there_before_it_is_published() -> None:
    article = coverage().articles["u15-ledger"]
    host = coverage().publishers[article.publisher].host
    assert respond(article.published, host, article.path, {}).status == 404


def test_one_house_forbids_its_pages() -> None:
    answer = ask(feed_named("statecraft"), START, "/robots.txt")
    assert b"Disallow: /\n" in answer.body
    assert b"Disallow: /\n" not in ask(feed_named("capital"), START, "/robots.txt").body


def test_it_serves_over_http_and_the_time_can_be_set_from_outside(tmp_path: Path) -> None:
    with Newsroom() as newsroom:
        newsroom.write_feeds(tmp_path / "feeds.yaml")
        config = yaml.safe_load((tmp_path / "feeds.yaml").read_text())
        url = next(feed["url"] for feed in config["feeds"] if feed["name"] == "capital")
        before = urllib.request.urlopen(url, timeout=5).read()
        later = urllib.request.Request(
            f"{newsroom.control_url}/time", b"2026-03-06T10:00:00+00:00", method="PUT"
        )
        urllib.request.urlopen(later, timeout=5).close()
        after = urllib.request.urlopen(url, timeout=5).read()
        assert newsroom.time == moment("03-06 10:00")
        assert len(feedparser.parse(after).entries) > len(feedparser.parse(before).entries)
        missing = url.replace("/rss/politics.xml", "/nowhere")
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(missing, timeout=5)
        assert [one.status for one in newsroom.served()] == [200, 200, 404]
