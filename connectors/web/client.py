"""A polite HTTP client: bounded in size, time and redirects, slow with each host."""

import os
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from typing import TypeVar

import httpcore
import httpx

from connectors.web.answer import WebResponse
from connectors.web.body import ACCEPT_ENCODING, BadEncoding, TooLarge, read_bounded
from connectors.web.errors import PermanentWebError, TransientWebError, WebError
from connectors.web.guard import Deadline, RefusedAddress, TooSlow, Unresolved
from connectors.web.limiter import HostLimiter
from connectors.web.options import WebOptions
from connectors.web.transport import Proxies, Routes, environment_proxies

T = TypeVar("T")
_REDIRECTS = {301, 302, 303, 307, 308}
_BODILESS = {204, 304}
_SECRETS = {"authorization", "cookie"}
_ATTEMPTS = 2


class WebClient:
    """Asks servers for documents. Thread-safe; one per process, since it holds the limits.

    `proxies` maps `http` and `https` to the proxy to be used; None takes them from the environment
    (`HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY`, `NO_PROXY`).

    Raises:
        ValueError: the environment names a proxy that cannot be used.
    """

    def __init__(
        self,
        options: WebOptions,
        sleep: Callable[[float], None] = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
        proxies: Proxies | None = None,
    ) -> None:
        self.options = options
        self._monotonic = monotonic
        self._deadline = Deadline(monotonic)
        self._limiter = HostLimiter(
            options.host_connections, options.host_delay, sleep=sleep, monotonic=monotonic
        )
        chosen = environment_proxies() if proxies is None else proxies
        self._routes = Routes(options, self._deadline, chosen)

    def close(self) -> None:
        self._routes.close()

    def get(
        self,
        url: str,
        headers: Mapping[str, str] | None = None,
        *,
        before_other: Callable[[str], None] = lambda url: None,
    ) -> WebResponse:
        """The answer of whatever status, redirects followed; nothing is asked again on 4xx or 5xx.
        Only an answer of 2xx has a body.

        `before_other` is called with the address before a redirect to another origin is followed;
        what it raises ends the request. Waiting for the host's turn does not count towards the
        total time of a request.

        Raises:
            TransientWebError: `connect`, `timeout`, `too_slow`, `unresolved`, `incomplete`,
                `protocol`.
            PermanentWebError: `bad_url`, `refused_address`, `too_large`, `too_many_redirects`,
                `bad_encoding`, `tls`.
        """
        asked, given = _parsed(url, url), dict(headers or {})
        for _ in range(self.options.max_redirects + 1):
            answer = self._ask(asked, given)
            location = answer.headers.get("location", "")
            if answer.status not in _REDIRECTS or not location:
                return answer
            target = _joined(asked, location)
            if _origin(target) != _origin(asked):
                given = {k: v for k, v in given.items() if k.lower() not in _SECRETS}
                before_other(str(target))
            asked = target
        raise PermanentWebError("too_many_redirects", str(asked), f"from {url}")

    def _ask(self, url: httpx.URL, headers: Mapping[str, str]) -> WebResponse:
        """One request without redirects; once more where a kept connection had gone stale."""
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                with self._limiter.place(url.host), _explained(str(url)):
                    self._deadline.at = self._monotonic() + self.options.total_timeout
                    return self._send(url, headers)
            except TransientWebError as error:
                if error.reason != "connect" or attempt == _ATTEMPTS:
                    raise
        raise AssertionError("unreachable")

    def _send(self, url: httpx.URL, headers: Mapping[str, str]) -> WebResponse:
        request = httpx.Request("GET", url, headers=self._headers(headers))
        pool = self._routes.pool(url)
        answer = pool.handle_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(
                    scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
                ),
                headers=request.headers.raw,
                extensions={"timeout": self._timeouts()},
            )
        )
        try:
            found = httpx.Headers(answer.headers)
            return WebResponse(str(url), answer.status, dict(found), self._body(answer, found))
        except httpcore.NetworkError as error:  # no stale connection: the answer had begun
            raise TransientWebError("incomplete", str(url), _words(error)) from error
        finally:
            answer.close()

    def _body(self, answer: httpcore.Response, headers: httpx.Headers) -> bytes:
        if not 200 <= answer.status < 300 or answer.status in _BODILESS:
            return b""  # of an error status and headers say all, though its body be odd
        bound = self.options.max_bytes
        encoding = headers.get("content-encoding", "")
        length = headers.get("content-length", "")
        if length.isascii() and length.isdigit() and int(length[:18]) > bound:
            raise TooLarge(f"Content-Length is {length[:18]}, more than {bound}")
        return read_bounded(answer.iter_stream(), encoding, bound)

    def _headers(self, more: Mapping[str, str]) -> dict[str, str]:
        return {
            "Accept": "*/*",
            **more,
            "User-Agent": self.options.user_agent,
            "Accept-Encoding": ACCEPT_ENCODING,
        }

    def _timeouts(self) -> dict[str, float]:
        connect, read = self.options.connect_timeout, self.options.read_timeout
        return {"connect": connect, "read": read, "write": read, "pool": connect}


def one_per_process(make: Callable[[WebOptions], T]) -> Callable[[WebOptions], T]:
    """Makes one in a process for equal options, and gives that to all who ask."""
    made: dict[tuple[int, WebOptions], T] = {}
    lock = threading.Lock()

    @wraps(make)
    def shared(options: WebOptions) -> T:
        with lock:
            key = (os.getpid(), options)  # a forked child must not speak on its parent's sockets
            if key not in made:
                made[key] = make(options)
            return made[key]

    return shared


@one_per_process
def shared_client(options: WebOptions) -> WebClient:
    """The client of this process for these options: its limits hold for all who ask through it."""
    return WebClient(options)


def check_url(url: str) -> None:
    """Whether an address can be asked at all; nothing is asked.

    Raises:
        PermanentWebError: `bad_url`.
    """
    _parsed(url, url)


def _parsed(url: str, asked: str) -> httpx.URL:
    """A URL that can be asked, without its fragment."""
    try:
        parsed = httpx.URL(url)
        host, port = parsed.host, parsed.port  # what IDNA refuses shows here
    except (httpx.InvalidURL, ValueError, TypeError) as error:
        raise PermanentWebError("bad_url", asked, str(error)) from error
    if parsed.scheme not in ("http", "https") or not host:
        raise PermanentWebError("bad_url", asked, "neither http nor https")
    if not 0 < (port or 80) < 65536:
        raise PermanentWebError("bad_url", asked, "no such port")
    return parsed.copy_with(fragment=None)


def _joined(base: httpx.URL, location: str) -> httpx.URL:
    try:
        return _parsed(str(base.join(location)), str(base))
    except (httpx.InvalidURL, ValueError) as error:
        raise PermanentWebError("bad_url", str(base), f"redirected to {location!r}") from error


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


@contextmanager
def _explained(url: str) -> Iterator[None]:
    """Every way to fail, in one word."""
    try:
        yield
    except TooLarge as error:
        raise PermanentWebError("too_large", url, str(error)) from error
    except BadEncoding as error:
        raise PermanentWebError("bad_encoding", url, str(error)) from error
    except RefusedAddress as error:
        raise PermanentWebError("refused_address", url, str(error)) from error
    except TooSlow as error:
        raise TransientWebError("too_slow", url, str(error)) from error
    except Unresolved as error:
        raise TransientWebError("unresolved", url, str(error)) from error
    except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError) as error:
        raise _of_transport(error, url) from error
    except (httpcore.ProxyError, httpcore.UnsupportedProtocol, OSError) as error:
        raise TransientWebError("connect", url, str(error)) from error


def _of_transport(error: Exception, url: str) -> WebError:
    detail = _words(error)
    if isinstance(error, httpcore.TimeoutException):
        return TransientWebError("timeout", url, detail)
    if isinstance(error, httpcore.ConnectError) and _has_tls_error(error):
        return PermanentWebError("tls", url, detail)
    if "complete message body" in detail or "incomplete" in detail:  # h11's words
        return TransientWebError("incomplete", url, detail)
    gone = isinstance(error, httpcore.NetworkError) or "without sending a response" in detail
    return TransientWebError("connect" if gone else "protocol", url, detail)


def _words(error: Exception) -> str:
    return str(error) or type(error).__name__


def _has_tls_error(error: BaseException | None) -> bool:
    """httpcore raises its own error `from None`; what it was is left in the context."""
    while error is not None:
        if isinstance(error, ssl.SSLError):
            return True
        error = error.__context__
    return False
