"""The newsroom over HTTP: one listening socket for each host of 127.0.0.0/8, all on one port."""

import errno
import threading
import time as real_time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import yaml

from tests.newsroom import schedule
from tests.newsroom.load import coverage
from tests.newsroom.press import Response, respond
from tests.newsroom.slots import START

CONTROL_HOST = "127.0.0.20"
_ATTEMPTS = 20


@dataclass(frozen=True, slots=True)
class Served:
    """One answered request, at the simulated time."""

    time: datetime
    host: str
    path: str
    status: int


class Newsroom:
    """A running press. `at` sets the simulated time for all hosts at once.

    Over HTTP, for other processes: GET and PUT `/time` (ISO 8601) and GET `/changes` on
    `control_url`. Raises OSError when no port is free on all hosts.
    """

    def __init__(self, time: datetime = START, port: int = 0) -> None:
        self._time = time
        self._lock = threading.Lock()
        self._served: list[Served] = []
        hosts = [CONTROL_HOST, *(house.host for house in coverage().publishers.values())]
        self._servers = _bind(hosts, port, self)
        self.port: int = self._servers[0].server_address[1]
        self._threads = [
            threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
            for server in self._servers
        ]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for server in self._servers:
            server.shutdown()
            server.server_close()

    @property
    def control_url(self) -> str:
        return f"http://{CONTROL_HOST}:{self.port}"

    @property
    def time(self) -> datetime:
        with self._lock:
            return self._time

    def at(self, time: datetime) -> None:
        with self._lock:
            self._time = time

    def served(self) -> tuple[Served, ...]:
        """Every request so far but those to the control host."""
        with self._lock:
            return tuple(self._served)

    def answer(self, host: str, path: str, headers: Mapping[str, str]) -> Response:
        time = self.time
        response = respond(time, host, path, headers)
        with self._lock:
            self._served.append(Served(time, host, path, response.status))
        return response

    def write_feeds(self, path: Path) -> None:
        write_feeds(path, self.port)


def changes() -> list[datetime]:
    """Each instant at which anything changes, the first of them the beginning."""
    return list(_changes())


@cache
def _changes() -> tuple[datetime, ...]:
    return tuple(schedule.changes(coverage()))


def next_change(after: datetime) -> datetime | None:
    """The first change later than `after`; None when the ten days are through."""
    return next((change for change in _changes() if change > after), None)


def feeds_config(port: int) -> dict[str, Any]:
    """The configuration with which a monitor follows this newsroom."""
    houses = coverage().publishers
    return {
        "web": {
            "contact": "mailto:newsroom@parley.example",
            "allow_networks": ["127.0.0.0/8"],
            "host_delay": 0,
        },
        "feeds": [
            {
                "name": feed.name,
                "url": f"http://{houses[feed.publisher].host}:{port}{feed.moved_from or feed.path}",
                "publisher": feed.publisher,
                "family": houses[feed.publisher].family,
                "kind": houses[feed.publisher].kind,
                "guid": feed.guid,
            }
            for feed in coverage().feeds
        ],
    }


def write_feeds(path: Path, port: int) -> None:
    path.write_text(yaml.safe_dump(feeds_config(port), sort_keys=False), encoding="utf-8")


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64
    newsroom: Newsroom


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body in one packet
    server: _Server

    def do_GET(self) -> None:
        newsroom, host = self.server.newsroom, self.headers.get("Host", "")
        if host.partition(":")[0] == CONTROL_HOST:
            self._send(_control(newsroom, self.path))
        else:
            self._send(newsroom.answer(host, self.path, dict(self.headers.items())))

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        if self.headers.get("Host", "").partition(":")[0] != CONTROL_HOST or self.path != "/time":
            self._send(Response(404))
            return
        try:
            time = datetime.fromisoformat(body.decode().strip())
        except ValueError as error:
            self._send(Response(400, {}, f"{error}\n".encode()))
            return
        self.server.newsroom.at(time if time.tzinfo else time.replace(tzinfo=UTC))
        self._send(Response(204))

    def _send(self, response: Response) -> None:
        real_time.sleep(response.delay)
        self.send_response_only(response.status)
        promised = int(response.headers.get("Content-Length", len(response.body)))
        for name, value in response.headers.items():
            if name != "Content-Length":
                self.send_header(name, value)
        if response.status not in (204, 304):
            self.send_header("Content-Length", str(promised))
        self.end_headers()
        self.wfile.write(response.body)
        self.close_connection |= promised != len(response.body)

    def log_message(self, format: str, *args: Any) -> None:
        """Silent: `Newsroom.served` keeps what was asked."""


def _control(newsroom: Newsroom, path: str) -> Response:
    if path == "/time":
        return Response(200, {"Content-Type": "text/plain"}, newsroom.time.isoformat().encode())
    if path == "/changes":
        lines = "\n".join(change.isoformat() for change in changes())
        return Response(200, {"Content-Type": "text/plain"}, lines.encode())
    return Response(404)


def _bind(hosts: list[str], port: int, newsroom: Newsroom) -> list[_Server]:
    """A server for each host on one port; with port 0, one that is free on all of them."""
    for _ in range(_ATTEMPTS):
        servers: list[_Server] = []
        try:
            for host in hosts:
                chosen = servers[0].server_address[1] if servers else port
                servers.append(_Server((host, chosen), _Handler))
                servers[-1].newsroom = newsroom
            return servers
        except OSError as error:
            for server in servers:
                server.server_close()
            if port or error.errno != errno.EADDRINUSE:
                raise
    raise OSError(errno.EADDRINUSE, "no port is free on all hosts of the newsroom")
