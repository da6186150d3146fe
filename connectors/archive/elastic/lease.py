"""The lease of a run: one document, taken over only in the state in which it was read."""

import logging
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from elasticsearch import ConflictError, NotFoundError

from connectors.archive.codec import timestamp
from connectors.archive.elastic.cluster import Cluster
from connectors.archive.protocol import ArchiveBusy, ArchiveError, ArchiveSchemaError

ID = "lease"
PER_TERM = 3  # renewals: two may fail before it ends
Clock = Callable[[], float]
log = logging.getLogger(__name__)


class DocumentLease:
    """Held until `__exit__`, or until `term` has passed since it was last renewed.

    From `__enter__` on a thread renews it, however long a sweep or the wait for the next one is.
    The time of these renewals is that of the last `renew` and what `clock` says has passed since.
    What the thread finds lost `renew` tells; what it cannot do for now it tries again.

    A request whose answer was lost may have been done, so a conflict counts as success where the
    document bears this lease's token.
    """

    def __init__(
        self,
        cluster: Cluster,
        holder: str,
        now: datetime,
        term: timedelta,
        clock: Clock = time.monotonic,
    ) -> None:
        self._cluster, self._holder, self._term = cluster, holder, term
        self._index, self._token = cluster.names.fixed("state"), secrets.token_hex(8)
        self._clock, self._now, self._told_at = clock, now, clock()
        self._lock, self._ended = threading.Lock(), threading.Event()
        self._keeper: threading.Thread | None = None
        self._lost: ArchiveBusy | None = None
        found = self._read()
        if found is not None and now < datetime.fromisoformat(found["_source"]["expires_at"]):
            raise ArchiveBusy(found["_source"]["name"])
        self._put(now, {"op_type": "create"} if found is None else _only_if(found))

    def renew(self, now: datetime) -> None:
        with self._lock:
            self._now, self._told_at = now, self._clock()
            self._renew(now)

    def _renew(self, now: datetime) -> None:
        """What was lost once stays lost: another run has written meanwhile."""
        if self._lost is not None:
            raise self._lost
        try:
            found = self._read()
            if found is not None and not self._is_own(found):
                raise ArchiveBusy(found["_source"]["name"])
            self._put(now, {"op_type": "create"} if found is None else _only_if(found))
        except ArchiveBusy as error:
            self._lost = error
            raise

    def _keep(self) -> None:
        while not self._ended.wait(self._term.total_seconds() / PER_TERM):
            try:
                with self._lock:
                    passed = timedelta(seconds=self._clock() - self._told_at)
                    self._renew(self._now + passed)
            except ArchiveBusy:
                return  # `renew` tells it
            except ArchiveError as error:
                log.warning("the lease is not renewed yet: %s", error)

    def __enter__(self) -> "DocumentLease":
        self._keeper = threading.Thread(target=self._keep, name="lease", daemon=True)
        self._keeper.start()
        return self

    def __exit__(self, *exc: object) -> None:
        """Give it back; where that fails it ends with its term, and the run is over anyway."""
        self._ended.set()
        if self._keeper is not None:
            self._keeper.join()  # or it might take again what is given back here
        try:
            found = self._read()
            if found is not None and self._is_own(found):
                self._try(
                    lambda: self._cluster.client.delete(index=self._index, id=ID, **_only_if(found))
                )
        except ArchiveError as error:
            log.warning("the lease is not given back and ends in %s: %s", self._term, error)

    def _put(self, now: datetime, condition: Mapping[str, Any]) -> None:
        body = {
            "name": f"{self._holder}, since {now:%Y-%m-%d %H:%M:%S} UTC",
            "token": self._token,
            "expires_at": timestamp(now + self._term),
        }
        if not self._try(
            lambda: self._cluster.client.index(index=self._index, id=ID, document=body, **condition)
        ):
            found = self._read()
            if found is None or not self._is_own(found):
                raise ArchiveBusy(found["_source"]["name"] if found else "another run")

    def _try(self, request: Callable[[], Any]) -> bool:
        """False where the document has changed meanwhile, or is gone."""
        try:
            self._cluster.call(request)
        except ConflictError:
            return False
        except ArchiveSchemaError as error:
            if not isinstance(error.__cause__, NotFoundError):
                raise
            return False
        return True

    def _read(self) -> Mapping[str, Any] | None:
        return next(iter(self._cluster.gather([(self._index, ID)])), None)

    def _is_own(self, found: Mapping[str, Any]) -> bool:
        return bool(found["_source"]["token"] == self._token)


def _only_if(found: Mapping[str, Any]) -> dict[str, Any]:
    return {"if_seq_no": found["_seq_no"], "if_primary_term": found["_primary_term"]}
