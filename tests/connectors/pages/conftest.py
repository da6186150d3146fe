"""A page as publishers build them, and a client that serves what a test lays out."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from connectors.web import WebClient, WebOptions

SENTENCES = (
    "Negotiators from the two valleys met in the old customs house on Tuesday.",
    "They agreed to keep the bridge open to lorries until the end of the harvest.",
    "A spokesman for the upper valley said that the guards would stay where they are.",
    "The lower valley wants them gone before it signs, its delegation said in a statement.",
    "The talks go on next week, the mediator told reporters after the session.",
)


@pytest.fixture(scope="session")
def page() -> Callable[..., str]:
    """Builds a page: `head` goes into its head, `body` stands in place of its five paragraphs."""

    def build(head: str = "", body: str | None = None, lang: str = "en-GB") -> str:
        text = "".join(f"<p>{sentence} {sentence}</p>" for sentence in SENTENCES)
        return (
            f"<!doctype html><html lang='{lang}'><head>"
            f"<title>Bridge stays open | Valley Echo</title>{head}</head>"
            "<body><nav><a href='/sport'>Sport</a> <a href='/food'>Food</a></nav>"
            f"<main><article><h1>Bridge stays open</h1>{text if body is None else body}</article>"
            "</main><footer>© Valley Echo. All rights reserved.</footer></body></html>"
        )

    return build


@dataclass
class Site:
    """What a loopback server answers by path, and what it was asked."""

    url: str = ""
    answers: dict[str, tuple[int, dict[str, str], bytes]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def put(
        self, path: str, body: str | bytes, status: int = 200, kind: str = "text/html", **more: str
    ) -> None:
        data = body.encode() if isinstance(body, str) else body
        self.answers[path] = (status, {"Content-Type": kind, **more}, data)


@contextmanager
def serving(site: Site) -> Iterator[Site]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append(self.path)
            status, headers, body = site.answers.get(self.path, (404, {}, b"nothing here"))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    site.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def site() -> Iterator[Site]:
    with serving(Site()) as running:
        yield running


@pytest.fixture
def client() -> WebClient:
    """The real client, allowed to speak to loopback and in no need to wait."""
    return WebClient(
        WebOptions(
            contact="mailto:ops@example.org", allow_networks=("127.0.0.0/8",), host_delay=0.0
        )
    )
