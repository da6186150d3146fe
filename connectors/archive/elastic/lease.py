"""The lease of a run: one document, taken over only in the state in which it was read."""

import secrets
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from elasticsearch import ConflictError, NotFoundError

from connectors.archive.codec import timestamp
from connectors.archive.elastic.cluster import Cluster
from connectors.archive.protocol import ArchiveBusy, ArchiveSchemaError

ID = "lease"


class DocumentLease:
    """Held until `__exit__`, or until `term` has passed since it was last renewed.

    A request whose answer was lost may have been done, so a conflict counts as success where the
    document bears this lease's token.
    """

    def __init__(self, cluster: Cluster, holder: str, now: datetime, term: timedelta) -> None:
        self._cluster, self._holder, self._term = cluster, holder, term
        self._index, self._token = cluster.names.fixed("state"), secrets.token_hex(8)
        found = self._read()
        if found is not None and now < datetime.fromisoformat(found["_source"]["expires_at"]):
            raise ArchiveBusy(found["_source"]["name"])
        self._put(now, {"op_type": "create"} if found is None else _only_if(found))

    def renew(self, now: datetime) -> None:
        found = self._read()
        if found is None or not self._is_own(found):
            raise ArchiveBusy(found["_source"]["name"] if found else "nobody: it was taken away")
        self._put(now, _only_if(found))

    def __enter__(self) -> "DocumentLease":
        return self

    def __exit__(self, *exc: object) -> None:
        found = self._read()
        if found is not None and self._is_own(found):
            self._try(
                lambda: self._cluster.client.delete(index=self._index, id=ID, **_only_if(found))
            )

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
