"""`/metrics` for Prometheus and `/healthz` for whatever keeps the process alive."""

import json
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from prometheus_client import CollectorRegistry, make_wsgi_app

StartResponse = Callable[[str, list[tuple[str, str]]], Any]


@dataclass(frozen=True, slots=True)
class Health:
    """Whether the process does its work, and facts that tell why (JSON values)."""

    ok: bool
    facts: dict[str, Any]


class _QuietHandler(WSGIRequestHandler):
    timeout = 30  # seconds; a scraper that breaks off half-way must not keep its thread for ever

    def log_message(self, format: str, *args: object) -> None:
        """Scrapes are not news."""


class MetricsServer:
    """Serves in a daemon thread until `close()`; port 0 takes a free one, told by `port`.

    Raises:
        OSError: the address cannot be bound.
    """

    def __init__(
        self,
        registry: CollectorRegistry,
        health: Callable[[], Health],
        *,
        host: str = "0.0.0.0",
        port: int = 0,
    ) -> None:
        metrics: Callable[..., Iterable[bytes]] = make_wsgi_app(registry)

        def app(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
            path = environ.get("PATH_INFO", "/")
            if path == "/metrics":
                return metrics(environ, start_response)
            if path == "/healthz":
                return _answer(health(), start_response)
            start_response("404 Not Found", [("Content-Type", "text/plain")])
            return [b"/metrics or /healthz\n"]

        self._server = make_server(host, port, app, _ThreadingServer, _QuietHandler)
        self.port = self._server.server_port
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _ThreadingServer(ThreadingMixIn, WSGIServer):
    """One slow scraper must not keep the health check waiting."""

    daemon_threads = True


def _answer(health: Health, start_response: StartResponse) -> list[bytes]:
    status = "200 OK" if health.ok else "503 Service Unavailable"
    start_response(status, [("Content-Type", "application/json")])
    return [json.dumps({"ok": health.ok, **health.facts}).encode() + b"\n"]
