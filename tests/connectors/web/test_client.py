"""The client against real servers on loopback."""

import gzip
import os
import resource
import socket
import struct
import threading
import time
import zlib
from http.server import BaseHTTPRequestHandler

import pytest

from connectors.web import PermanentWebError, TransientWebError, WebClient, WebError, WebOptions
from connectors.web import shared_client as shared

MEBIBYTE = 1024 * 1024


def reason(client: WebClient, url: str) -> str:
    with pytest.raises(WebError) as caught:
        client.get(url)
    return caught.value.reason


def test_an_answer_has_its_body_and_headers(host, make_client) -> None:
    url = host.put("/feed", b"<rss/>", ETag='"a"')
    answer = make_client().get(url, {"If-None-Match": '"z"'})
    assert (answer.url, answer.status, answer.body) == (url, 200, b"<rss/>")
    assert answer.headers["etag"] == '"a"'
    assert host.asked[0][1]["If-None-Match"] == '"z"'


def test_a_request_says_who_asks(host, make_client) -> None:
    make_client().get(host.put("/"))
    agent = host.asked[0][1]["User-Agent"]
    assert agent.startswith("Parley/")
    assert agent.endswith(" (+mailto:ops@example.org)")


@pytest.mark.parametrize("status", [400, 404, 410, 429, 500, 503])
def test_a_failing_status_is_an_answer_and_not_asked_again(host, make_client, status) -> None:
    assert make_client().get(host.put("/", b"no", status)).status == status
    assert len(host.asked) == 1


@pytest.mark.parametrize(
    ("coding", "pack"),
    [
        ("gzip", gzip.compress),
        ("deflate", zlib.compress),
        ("deflate", lambda data: zlib.compress(data)[2:-4]),
        ("gzip", lambda data: gzip.compress(data[:99]) + gzip.compress(data[99:])),
        ("gzip", lambda data: gzip.compress(data) + b"\0" * 9),
        ("identity", bytes),
    ],
)
def test_encoded_bodies_are_decoded(host, make_client, coding, pack) -> None:
    text = b"negotiators met again " * 9000
    assert make_client().get(host.put("/", pack(text), Content_Encoding=coding)).body == text


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("gzip", b"plain"),
        ("gzip", gzip.compress(b"x" * 9999)[:-12]),
        ("br", b"x"),
        ("gzip, gzip", b"x"),
    ],
)
def test_a_body_that_is_not_encoded_as_it_says_is_refused(host, make_client, coding, body) -> None:
    assert reason(make_client(), host.put("/", body, Content_Encoding=coding)) == "bad_encoding"


def test_a_bomb_is_left_at_the_cap_and_not_held_in_memory(host, make_client) -> None:
    packer = zlib.compressobj(wbits=31)
    bomb = b"".join(packer.compress(bytes(MEBIBYTE)) for _ in range(600)) + packer.flush()
    url = host.put("/bomb", bomb, Content_Encoding="gzip")
    client = make_client(max_bytes=2 * MEBIBYTE)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert reason(client, url) == "too_large"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 32 * 1024


def endless(sent: list[int], length: str | None) -> object:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header(*(("Content-Length", length) if length else ("Connection", "close")))
        handler.end_headers()
        for _ in range(16 * 1024):
            handler.wfile.write(bytes(64 * 1024))
            sent.append(64 * 1024)

    return answer


@pytest.mark.parametrize("length", [None, str(1024**3)])
def test_a_gigabyte_is_left_at_the_cap(host, make_client, length) -> None:
    sent: list[int] = []
    host.answers["/"] = endless(sent, length)
    assert reason(make_client(max_bytes=MEBIBYTE), host.url + "/") == "too_large"
    assert sum(sent) < 64 * MEBIBYTE


def test_a_body_of_just_the_cap_is_read(host, make_client) -> None:
    assert len(make_client(max_bytes=4096).get(host.put("/", bytes(4096))).body) == 4096
    assert reason(make_client(max_bytes=4096), host.put("/", bytes(4097))) == "too_large"


def test_redirects_are_followed_to_other_hosts(host, other_host, make_client) -> None:
    end = other_host.put("/end", b"here")
    host.put("/next", status=302, Location=end)
    start = host.put("/start", status=301, Location="next")
    answer = make_client().get(start, {"Authorization": "Basic eA==", "Accept": "text/x"})
    assert (answer.url, answer.body) == (end, b"here")
    assert host.asked[1][1]["Authorization"] == "Basic eA=="
    assert "Authorization" not in other_host.asked[0][1]
    assert other_host.asked[0][1]["Accept"] == "text/x"


def test_redirects_in_a_circle_end(host, make_client) -> None:
    start = host.put("/a", status=302, Location="/a")
    assert reason(make_client(max_redirects=3), start) == "too_many_redirects"
    assert len(host.asked) == 4


@pytest.mark.parametrize(
    "location", ["file:///etc/passwd", "ftp://127.0.0.1/", "javascript:x", "http://x:0x/"]
)
def test_a_redirect_to_no_web_address_is_refused(host, make_client, location) -> None:
    assert reason(make_client(), host.put("/", status=302, Location=location)) == "bad_url"


@pytest.mark.parametrize("url", ["", "feed.xml", "ftp://x/y", "http://", "http://a:99999/", "x:y"])
def test_what_is_no_web_address_is_not_asked(make_client, url) -> None:
    assert reason(make_client(), url) == "bad_url"


def half(handler: BaseHTTPRequestHandler) -> None:
    """The head of an answer and a part of its body."""
    handler.send_response(200)
    handler.send_header("Content-Length", "100")
    handler.end_headers()
    handler.wfile.write(b"half")


def test_a_broken_body_is_transient(host, make_client) -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        half(handler)
        handler.close_connection = True

    host.answers["/"] = answer
    with pytest.raises(TransientWebError, match="incomplete"):
        make_client().get(host.url + "/")
    assert len(host.asked) == 1


def reset(handler: BaseHTTPRequestHandler) -> None:
    """Break the connection off hard, once the client has read what came before."""
    handler.wfile.flush()
    time.sleep(0.2)
    linger = struct.pack("ii", 1, 0)
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    os.close(handler.connection.detach())
    handler.close_connection = True


def test_a_reset_within_the_body_is_incomplete_and_not_asked_again(host, make_client) -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        half(handler)
        reset(handler)

    host.answers["/"] = answer
    with pytest.raises(TransientWebError, match="incomplete"):
        make_client().get(host.url + "/")
    assert len(host.asked) == 1


def test_a_reset_before_the_answer_is_tried_once_more(host, make_client) -> None:
    host.answers["/"] = reset
    assert reason(make_client(), host.url + "/") == "connect"
    assert len(host.asked) == 2


def test_a_host_that_refuses_is_transient(make_client) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(TransientWebError, match="connect"):
        make_client().get(f"http://127.0.0.1:{port}/")


def test_a_silent_host_times_out(host, make_client) -> None:
    host.answers["/"] = lambda _: time.sleep(1)
    assert reason(make_client(read_timeout=0.1), host.url + "/") == "timeout"


def drip(handler: BaseHTTPRequestHandler) -> None:
    for _ in range(40):
        handler.wfile.write(b"x")
        time.sleep(0.05)


def drip_body(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    drip(handler)


@pytest.mark.parametrize("answer", [drip, drip_body])
def test_a_dripping_host_is_left_when_its_time_is_over(host, make_client, answer) -> None:
    host.answers["/"] = answer
    start = time.monotonic()
    assert reason(make_client(total_timeout=0.3), host.url + "/") in ("too_slow", "timeout")
    assert time.monotonic() - start < 1.0


def test_a_server_without_tls_is_permanent(host, make_client) -> None:
    with pytest.raises(PermanentWebError, match="tls"):
        make_client().get(host.url.replace("http:", "https:"))


def test_connections_are_kept_and_stale_ones_replaced(host, make_client) -> None:
    client = make_client()
    url = host.put("/", b"x")
    client.get(url)
    client.get(url)
    assert host.connections == 1

    plain = host.answers["/"]

    def close_unasked(handler: BaseHTTPRequestHandler) -> None:
        plain(handler)
        handler.close_connection = True  # without saying so

    host.answers["/"] = close_unasked
    for _ in range(3):
        assert client.get(url).body == b"x"


def test_one_host_is_asked_by_two_at_once_at_most(host, make_client) -> None:
    def slow(handler: BaseHTTPRequestHandler) -> None:
        time.sleep(0.05)
        handler.send_response(204)
        handler.end_headers()

    host.answers["/"] = slow
    client = make_client()
    threads = [threading.Thread(target=client.get, args=(host.url + "/",)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(host.asked) == 8
    assert host.most_at_once == 2


def test_the_shared_client_is_one_per_options() -> None:
    options = WebOptions(contact="mailto:a@example.org")
    assert shared(options) is shared(WebOptions(contact="mailto:a@example.org"))
    assert shared(options) is not shared(WebOptions(contact="mailto:b@example.org"))
