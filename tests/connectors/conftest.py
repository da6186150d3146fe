"""Loopback servers that answer, drip, break off or bomb as a test lays out."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from connectors.web import WebClient, WebOptions

Answer = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Host:
    """One server: `answers` by path, and the headers of each request."""

    url: str = ""
    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0
    connections: int = 0

    def put(self, path: str, body: bytes = b"", status: int = 200, **headers: str) -> str:
        def answer(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(status)
            for name, value in headers.items():
                handler.send_header(name.replace("_", "-"), value)
            handler.send_header("Content-Length", str(len(body)))
            handler.end_headers()
            handler.wfile.write(body)

        self.answers[path] = answer
        return self.url + path


@contextmanager
def serving(address: str) -> Iterator[Host]:
    host, lock = Host(), threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1

        def setup(self) -> None:
            super().setup()
            host.connections += 1

        def do_GET(self) -> None:
            with lock:
                host.asked.append((self.path, dict(self.headers.items())))
                host.at_once += 1
                host.most_at_once = max(host.most_at_once, host.at_once)
            try:
                host.answers[self.path](self)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True
            finally:
                with lock:
                    host.at_once -= 1

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer((address, 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    host.url = f"http://{address}:{server.server_port}"
    try:
        yield host
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def host() -> Iterator[Host]:
    with serving("127.0.0.1") as running:
        yield running


@pytest.fixture
def other_host() -> Iterator[Host]:
    with serving("127.0.0.2") as running:
        yield running


@pytest.fixture
def make_client() -> Iterator[Callable[..., WebClient]]:
    """A client with options of the test's choice, allowed to speak to 127.0.0.1 and .2 only."""
    made: list[WebClient] = []

    def make(**options: object) -> WebClient:
        given = {
            "contact": "mailto:ops@example.org",
            "allow_networks": ("127.0.0.1/32", "127.0.0.2/32"),
            "host_delay": 0.0,
            **options,
        }
        made.append(WebClient(WebOptions.model_validate(given), proxies={}))
        return made[-1]

    yield make
    for client in made:
        client.close()
