"""How often and how much at once one host is asked, over all threads of the process."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_MANY_HOSTS = 2048


class _Host:
    """One host: `users` hold or wait for a place, the next request may begin at `free_at`."""

    def __init__(self, places: int) -> None:
        self.places = threading.Semaphore(places)
        self.users = 0
        self.free_at = 0.0


class HostLimiter:
    """At most `connections` requests to a host at once, begun at least `delay` seconds apart."""

    def __init__(
        self,
        connections: int,
        delay: float,
        sleep: Callable[[float], None] = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._connections = connections
        self._delay = delay
        self._sleep = sleep
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._hosts: dict[str, _Host] = {}

    @contextmanager
    def place(self, host: str) -> Iterator[None]:
        """Waits for a place and its turn; the place is given back at the end of the block."""
        known = self._enter(host)
        try:
            with known.places:
                wait = self._turn(known)
                if wait > 0:
                    self._sleep(wait)
                yield
        finally:
            self._leave(known)

    def _enter(self, host: str) -> _Host:
        with self._lock:
            if len(self._hosts) >= _MANY_HOSTS:
                self._forget_idle()
            known = self._hosts.setdefault(host, _Host(self._connections))
            known.users += 1
            return known

    def _turn(self, known: _Host) -> float:
        """Books the next beginning and says how many seconds it is away."""
        with self._lock:
            now = self._monotonic()
            begin = max(now, known.free_at)
            known.free_at = begin + self._delay
            return begin - now

    def _leave(self, known: _Host) -> None:
        with self._lock:
            known.users -= 1

    def _forget_idle(self) -> None:
        now = self._monotonic()
        for host in [h for h, k in self._hosts.items() if not k.users and k.free_at <= now]:
            del self._hosts[host]
