"""Fetching an article's page, politely; every way to fail has its word."""

import re
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from connectors.pages.extract import extract
from connectors.pages.page import ExtractionError, Page, PageProblem
from connectors.pages.robots import MAX_HOSTS, Robots, host_of
from connectors.web import (
    TransientWebError,
    WebClient,
    WebError,
    WebOptions,
    WebResponse,
    one_per_process,
    retry_after,
    shared_client,
)

_ACCEPT = {"Accept": "text/html,application/xhtml+xml;q=0.9"}
_HTML = ("text/html", "application/xhtml+xml")
_REFUSED = {401, 402, 403, 407, 451}
_GONE = {404, 410}
_LATER = {408, 425, 429}
PAUSE = timedelta(minutes=10)
LONGEST = timedelta(hours=1)


class PageFetcher:
    """Fetches pages through a client that keeps the limits of hosts. Thread-safe."""

    def __init__(
        self,
        client: WebClient,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._client, self._monotonic, self._now = client, monotonic, now
        self._robots = Robots(client, monotonic)
        self._not_before: dict[str, float] = {}  # by host that asked to be left alone

    def fetch(self, url: str) -> Page | PageProblem:
        """The article at `url`, or why there is none; never raises for what the web does."""
        if not _fetchable(url):
            return PageProblem("bad_url", False, url)
        try:
            self._check(url)
            answer = self._client.get(url, _ACCEPT, before_other=self._check)
        except _Forbidden as error:
            return error.problem
        except WebError as error:
            return PageProblem(error.reason, isinstance(error, TransientWebError), str(error))
        wait = retry_after(answer.headers, self._now(), cap=LONGEST)
        if answer.status == 429 or (answer.status == 503 and wait is not None):
            self._leave(answer.url, wait or PAUSE)
        return _refusal(answer, url) or _read(answer)

    def _check(self, url: str) -> None:
        """Whether the host of this URL may be asked for it, now.

        Raises:
            _Forbidden: it may not.
        """
        if self._monotonic() < self._not_before.get(host_of(url), 0.0):
            raise _Forbidden("throttled", True, "it asked to be left alone for a while")
        rules = self._robots.rules(url)
        if rules.unreachable:
            raise _Forbidden("robots_unreachable", True, rules.unreachable)
        if not rules.allow(url):
            raise _Forbidden("robots", False, "robots.txt forbids it")

    def _leave(self, url: str, wait: timedelta) -> None:
        """Ask the host no more for as long as it said, an hour at most."""
        if len(self._not_before) >= MAX_HOSTS:
            self._not_before.clear()
        self._not_before[host_of(url)] = self._monotonic() + wait.total_seconds()


class _Forbidden(Exception):
    def __init__(self, reason: str, transient: bool, detail: str) -> None:
        super().__init__(detail)
        self.problem = PageProblem(reason, transient, detail)


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
    kind = re.split("[;,]", _header(answer.headers, "content-type"))[0].strip().lower()
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
