"""robots.txt: RFC 9309 on a loopback server."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from connectors.pages.robots import KEEP, KEEP_UNREACHABLE, MAX_BYTES, Robots
from connectors.web import WebClient


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def robots(client: WebClient, clock: Clock | None = None) -> Robots:
    return Robots(client, clock or Clock())


def test_what_is_forbidden_to_all_is_forbidden(site, client) -> None:
    site.put("/robots.txt", "User-agent: *\nDisallow: /private/\nAllow: /private/open$")
    rules = robots(client).rules(site.url)
    assert rules.allow(f"{site.url}/news")
    assert not rules.allow(f"{site.url}/private/x")
    assert rules.allow(f"{site.url}/private/open")


def test_rules_for_its_own_name_come_before_those_for_all(site, client) -> None:
    site.put("/robots.txt", "User-agent: *\nDisallow:\n\nUser-agent: parley\nDisallow: /")
    assert not robots(client).rules(site.url).allow(f"{site.url}/news")


def test_a_missing_file_allows_all(site, client) -> None:
    assert robots(client).rules(site.url).allow(f"{site.url}/news")
    site.put("/robots.txt", "no", status=403)
    assert robots(client).rules(site.url).allow(f"{site.url}/news")


def test_a_broken_server_forbids_all_for_a_while(site, client) -> None:
    clock = Clock()
    found = robots(client, clock)
    site.put("/robots.txt", "", status=503)
    assert found.rules(site.url).unreachable
    site.put("/robots.txt", "User-agent: *\nDisallow: /x")
    clock.now += KEEP_UNREACHABLE - 1
    assert found.rules(site.url).unreachable
    clock.now += 2
    assert not found.rules(site.url).unreachable
    assert not found.rules(site.url).allow(f"{site.url}/x")


def test_an_unreachable_host_forbids_all_for_a_while(client) -> None:
    assert robots(client).rules("http://127.0.0.1:1/news").unreachable


def test_a_host_is_asked_once_a_day(site, client) -> None:
    clock = Clock()
    found = robots(client, clock)
    for _ in range(3):
        found.rules(f"{site.url}/news")
    assert site.asked == ["/robots.txt"]
    clock.now += KEEP + 1
    found.rules(f"{site.url}/news")
    assert site.asked == ["/robots.txt", "/robots.txt"]


def test_many_threads_ask_once(site, client) -> None:
    found, start = robots(client), Barrier(4)

    def ask(_: int) -> None:
        start.wait()
        found.rules(site.url)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(ask, range(4)))
    assert site.asked == ["/robots.txt"]


def test_only_the_beginning_of_an_endless_file_is_read(site, client) -> None:
    filler = "#" * 99 + "\n"
    body = (
        "User-agent: *\nDisallow: /early\n" + filler * (MAX_BYTES // 100 + 1) + "Disallow: /late\n"
    )
    site.put("/robots.txt", body, kind="text/plain")
    rules = robots(client).rules(site.url)
    assert not rules.allow(f"{site.url}/early")
    assert rules.allow(f"{site.url}/late")


def test_garbage_allows_all(site, client) -> None:
    site.put("/robots.txt", b"\xff\xfe<html>\x00", kind="text/html")
    assert robots(client).rules(site.url).allow(f"{site.url}/news")


def test_a_byte_order_mark_hides_no_rule(site, client) -> None:
    site.put("/robots.txt", "\ufeffUser-agent: *\nDisallow: /")
    assert not robots(client).rules(site.url).allow(f"{site.url}/news")
