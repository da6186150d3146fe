"""Fetching an article's page, politely; every way to fail has its word."""

import time
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from connectors.pages.extract import extract
from connectors.pages.page import ExtractionError, Page, PageProblem
from connectors.pages.robots import Robots
from connectors.web import (
    TransientWebError,
    WebClient,
    WebError,
    WebOptions,
    WebResponse,
    one_per_process,
    shared_client,
)

_ACCEPT = {"Accept": "text/html,application/xhtml+xml;q=0.9"}
_HTML = ("text/html", "application/xhtml+xml")
_REFUSED = {401, 402, 403, 407, 451}
_GONE = {404, 410}
_LATER = {408, 425, 429}


class PageFetcher:
    """Fetches pages through a client that keeps the limits of hosts. Thread-safe."""

    def __init__(
        self, client: WebClient, *, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._client = client
        self._robots = Robots(client, monotonic)

    def fetch(self, url: str) -> Page | PageProblem:
        """The article at `url`, or why there is none; never raises for what the web does."""
        if not _fetchable(url):
            return PageProblem("bad_url", False, url)
        rules = self._robots.rules(url)
        if rules.unreachable:
            return PageProblem("robots_unreachable", True, rules.unreachable)
        if not rules.allow(url):
            return PageProblem("robots", False, "robots.txt forbids it")
        try:
            answer = self._client.get(url, _ACCEPT)
        except WebError as error:
            return PageProblem(error.reason, isinstance(error, TransientWebError), str(error))
        return _refusal(answer, url) or _read(answer)


@one_per_process
def shared_fetcher(options: WebOptions) -> PageFetcher:
    """The fetcher of this process for these options: what it knows of robots.txt holds for all."""
    return PageFetcher(shared_client(options))


def _fetchable(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def _refusal(answer: WebResponse, url: str) -> PageProblem | None:
    """What is no article, by status, place and type."""
    status = answer.status
    if status != 200:
        transient = status >= 500 or status in _LATER
        return PageProblem(_status_word(status), transient, f"status {status}")
    if _is_front(answer.url) and not _is_front(url):
        return PageProblem("redirected_away", False, answer.url)
    if "consent" in (urlsplit(answer.url).hostname or "").split("."):
        return PageProblem("consent", False, answer.url)
    kind = _header(answer.headers, "content-type").partition(";")[0].strip().lower()
    if kind and kind not in _HTML:
        return PageProblem("not_html", False, kind)
    return None


def _status_word(status: int) -> str:
    if status in _REFUSED:
        return "refused"
    if status in _GONE:
        return "gone"
    return "server_error" if status >= 500 else "throttled" if status == 429 else "bad_status"


def _is_front(url: str) -> bool:
    parts = urlsplit(url)
    return not parts.path.strip("/") and not parts.query


def _read(answer: WebResponse) -> Page | PageProblem:
    try:
        return extract(answer.body, answer.url, _header(answer.headers, "content-type") or None)
    except ExtractionError as error:
        return PageProblem(error.reason, False, error.detail)


def _header(headers: Mapping[str, str], name: str) -> str:
    return next((value for key, value in headers.items() if key.lower() == name), "")
