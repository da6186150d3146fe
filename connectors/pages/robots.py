"""robots.txt, as RFC 9309 asks: may this page be fetched?"""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from protego import Protego

from connectors.web import PermanentWebError, TransientWebError, WebClient

TOKEN = "parley"
KEEP = 24 * 3600.0
KEEP_UNREACHABLE = 600.0
MAX_BYTES = 512 * 1024
MAX_HOSTS = 4096
_MANY_REQUESTS = 429


@dataclass(frozen=True, slots=True)
class Rules:
    """What one host allows: nobody may ask it while it is `unreachable`."""

    rules: Protego | None
    unreachable: str | None = None

    def allow(self, url: str) -> bool:
        return self.rules is None or bool(self.rules.can_fetch(url, TOKEN))


def host_of(url: str) -> str:
    """Host and port as the URL has them, in small letters."""
    return urlsplit(url).netloc.rpartition("@")[2].lower()


class Robots:
    """The rules of hosts, asked for once a day. Thread-safe; one host is asked by one thread."""

    def __init__(self, client: WebClient, monotonic: Callable[[], float]) -> None:
        self._client = client
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._asking: dict[str, threading.Lock] = {}
        self._known: OrderedDict[str, tuple[float, Rules]] = OrderedDict()

    def rules(self, url: str) -> Rules:
        """The rules of the URL's scheme, host and port."""
        origin = f"{urlsplit(url).scheme}://{host_of(url)}"
        with self._lock:
            asking = self._asking.setdefault(origin, threading.Lock())
        with asking:
            found = self._fresh(origin)
            if found is None:
                found = self._ask(origin)
                self._keep(origin, found)
        return found

    def _fresh(self, origin: str) -> Rules | None:
        with self._lock:
            until, rules = self._known.get(origin, (0.0, None))
        return rules if self._monotonic() < until else None

    def _keep(self, origin: str, rules: Rules) -> None:
        age = KEEP_UNREACHABLE if rules.unreachable else KEEP
        with self._lock:
            self._known[origin] = (self._monotonic() + age, rules)
            self._known.move_to_end(origin)
            if len(self._known) > MAX_HOSTS:
                oldest, _ = self._known.popitem(last=False)
                self._asking.pop(oldest, None)

    def _ask(self, origin: str) -> Rules:
        """RFC 9309, 2.3.1: 4xx means no rules, an unreachable file means that nothing is allowed.

        What cannot be had for good (too large, redirected in circles) counts as no rules too.
        """
        try:
            answer = self._client.get(f"{origin}/robots.txt", {"Accept": "text/plain"})
        except TransientWebError as error:
            return Rules(None, f"robots.txt: {error.reason}")
        except PermanentWebError:
            return Rules(None)
        if answer.status >= 500 or answer.status == _MANY_REQUESTS:
            return Rules(None, f"robots.txt: status {answer.status}")
        if answer.status != 200:
            return Rules(None)
        return Rules(Protego.parse(answer.body[:MAX_BYTES].decode("utf-8-sig", "replace")))
