"""Requests: tried again while the trouble may pass, and errors in the archive's own words."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeVar

from elastic_transport import TransportError
from elasticsearch import ApiError, Elasticsearch, UnsupportedProductError
from tenacity import retry_if_exception

from connectors.archive.documents import Kind
from connectors.archive.elastic.address import Address
from connectors.archive.elastic.names import Names
from connectors.archive.protocol import (
    ArchiveError,
    ArchiveSchemaError,
    ArchiveUnavailable,
    DocumentRejected,
)
from connectors.elasticsearch import BulkDocument, BulkOptions, Failed, Refused, Written
from connectors.elasticsearch.batching import Line, batches, encode
from connectors.elasticsearch.bulk import BulkSender
from connectors.elasticsearch.errors import explain, is_transient
from connectors.elasticsearch.retry import Sleep, retrying

T = TypeVar("T")
PAGE: Final = 250
GETS: Final = 500  # documents asked for in one request
EXCLUDES_VECTORS: Final = (9, 2)  # from here on vectors are in `_source` only when asked for
ALL: Final[Mapping[str, Any]] = {"match_all": {}}
NOTHING: Final[Mapping[str, Any]] = {"hits": {"hits": [], "total": {"value": 0}}}
NEVER: Final = ("rejected", "too_large", "unserialisable")
JSON: Final = {"accept": "application/json", "content-type": "application/json"}


class Incomplete(Exception):
    """An answer without what lies on a shard that is not up at the moment."""


class Cluster:
    """One client and the names of one archive; shared between threads."""

    def __init__(
        self,
        client: Elasticsearch,
        address: Address,
        bulk: BulkOptions,
        sleep: Sleep = time.sleep,
    ) -> None:
        self.client, self.names = client, Names(address.prefix)
        self._address, self._bulk, self._sleep = address, bulk, sleep
        self._sender = BulkSender(client, bulk, sleep)
        self._version: tuple[int, ...] = ()

    def __str__(self) -> str:
        return str(self._address)

    def __enter__(self) -> "Cluster":
        return self

    def __exit__(self, *exc: object) -> None:
        self.client.close()

    def call(self, request: Callable[[], T]) -> T:
        """Raises:
        ArchiveUnavailable: no usable answer until the deadline, or not allowed.
        ArchiveSchemaError: an index that must be there is not.
        """
        patience = retrying(
            self._bulk.retries, self._sleep, retry=retry_if_exception(_may_pass), reraise=True
        )
        try:
            return patience(request)
        except (ApiError, TransportError, Incomplete) as error:
            raise self._translated(error) from error

    def _translated(self, error: Exception) -> Exception:
        status = error.meta.status if isinstance(error, ApiError) else 0
        if _may_pass(error):
            return ArchiveUnavailable(f"{self} does not answer well enough: {explain(error)}")
        if status in (401, 403):
            return ArchiveUnavailable(
                f"{self} refuses: {explain(error)}. Check the credentials, the role and whether "
                "an index is write-blocked."
            )
        if isinstance(error, ApiError) and error.error == "index_closed_exception":
            return ArchiveUnavailable(f"{self} has a closed index; open it: {explain(error)}")
        if status == 404:
            return ArchiveSchemaError(f"{self} is not set up (`parley setup`): {explain(error)}")
        if isinstance(error, TransportError | UnsupportedProductError):
            return ArchiveUnavailable(f"{self} cannot be used: {explain(error)}")
        return error  # a request that Elasticsearch calls wrong is a bug

    @property
    def version(self) -> tuple[int, ...]:
        """Of the server: (9, 4, 3)."""
        if not self._version:
            number: str = self.call(self.client.info)["version"]["number"]
            self._version = tuple(int(part) for part in number.split("-")[0].split("."))
        return self._version

    def months(self, kind: Kind) -> list[str]:
        """The months that have an index of this kind, newest first (realtime)."""
        pattern = self.names.pattern(kind)
        found = self.call(lambda: self.client.indices.get_alias(index=pattern))
        return sorted((self.names.month_of(kind, index) for index in found), reverse=True)

    def refresh(self, index: str, *, ignore_unavailable: bool = False) -> None:
        """Let searches see all that was written to it."""
        self.call(
            lambda: self.client.indices.refresh(index=index, ignore_unavailable=ignore_unavailable)
        )

    def gather(self, places: Iterable[tuple[str, str]]) -> Iterator[Mapping[str, Any]]:
        """The documents that exist of (index, id), realtime, as Elasticsearch returns them."""
        for part in chunks(list(places), GETS):
            yield from self.call(lambda part=part: self._multi_get(part))  # type: ignore[misc]

    def _multi_get(self, places: Sequence[tuple[str, str]]) -> list[Mapping[str, Any]]:
        asked = {"docs": [{"_index": index, "_id": id_} for index, id_ in places]}
        excludes = self.version >= EXCLUDES_VECTORS
        params = {"_source_exclude_vectors": "false"} if excludes else None
        answer = self.client.perform_request(
            "POST", "/_mget", params=params, headers=JSON, body=asked
        )
        return existing(answer.body["docs"])

    def search(self, index: str, *, must_exist: bool = False, **body: Any) -> Mapping[str, Any]:
        """An answer of all shards or none: half of the memory would make old news new.

        Not by `ignore_unavailable`, which passes over closed indices as well as missing ones.
        """
        excludes = self.version >= EXCLUDES_VECTORS
        try:
            answer = self.call(
                lambda: self.client.search(
                    index=index,
                    allow_partial_search_results=False,
                    source={"exclude_vectors": False} if excludes else True,
                    **body,
                )
            )
        except ArchiveSchemaError as error:
            if must_exist or not _is_missing(error.__cause__):
                raise
            return NOTHING
        found: Mapping[str, Any] = answer.body
        return found

    def scan(
        self, index: str, query: Mapping[str, Any], sort: Sequence[str], *, must_exist: bool = False
    ) -> Iterator[Mapping[str, Any]]:
        """All sources in ascending order, a page at a time. `sort` must tell all apart."""
        after: dict[str, Any] = {}
        while True:
            answer = self.search(
                index,
                must_exist=must_exist,
                query=query,
                sort=[{field: "asc"} for field in sort],
                size=PAGE,
                track_total_hits=False,
                **after,
            )
            hits = answer["hits"]["hits"]
            yield from (hit["_source"] for hit in hits)
            if len(hits) < PAGE:
                return
            after = {"search_after": hits[-1]["sort"]}

    def tally(
        self, index: str, query: Mapping[str, Any], fields: Sequence[str]
    ) -> Iterator[tuple[tuple[str, ...], int]]:
        """How many documents have which combination of values."""
        composite: dict[str, Any] = {
            "size": 1000,
            "sources": [{name: {"terms": {"field": name}}} for name in fields],
        }
        while True:
            aggregations = {"by": {"composite": composite}}
            answer = self.search(index, query=query, size=0, aggregations=aggregations)
            if "aggregations" not in answer:  # not one index
                return
            found = answer["aggregations"]["by"]
            for bucket in found["buckets"]:
                yield tuple(bucket["key"][name] for name in fields), bucket["doc_count"]
            if "after_key" not in found:
                return
            composite = composite | {"after": found["after_key"]}

    def write(self, documents: Iterable[BulkDocument]) -> list[Written]:
        """Store all; of those with one id the last one stays.

        Raises:
            DocumentRejected: some can never be stored; the others were.
            ArchiveUnavailable: some could not be until the deadline.
        """
        limit = self._bulk.max_document_bytes
        encoded = [encode(document, limit) for document in documents]
        results: list[Written | Failed] = [one for one in encoded if isinstance(one, Failed)]
        try:
            for batch in batches((one for one in encoded if isinstance(one, Line)), self._bulk):
                results += [result for result, _ in self._sender.send(batch).outcomes]
        except Refused as error:
            raise ArchiveUnavailable(
                f"{self} refuses: {error}. Check credentials, role."
            ) from error
        failed = [one for one in results if isinstance(one, Failed)]
        if failed:
            raise self._failure(failed)
        return [one for one in results if isinstance(one, Written)]

    def _failure(self, failed: Sequence[Failed]) -> ArchiveError:
        for one in failed:
            if one.reason not in NEVER:
                return ArchiveUnavailable(
                    f"{self} did not store {one.document.id}: {one.reason}, {one.error}"
                )
        return DocumentRejected({one.document.id: one.error for one in failed})


def existing(answers: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Of a multi-get the documents that exist; that of an index that does not exist does not.

    Raises:
        Incomplete: a shard could not be asked.
    """
    found = []
    for answer in answers:
        if answer.get("error", {}).get("type", "") not in ("", "index_not_found_exception"):
            raise Incomplete(answer["error"].get("reason", "a shard is not up"))
        if answer.get("found"):
            found.append(answer)
    return found


def _is_missing(error: BaseException | None) -> bool:
    return isinstance(error, ApiError) and error.error == "index_not_found_exception"


def chunks(values: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    return (values[start : start + size] for start in range(0, len(values), size))


def _may_pass(error: BaseException) -> bool:
    if isinstance(error, ApiError) and error.meta.status == 404:
        # A month was deleted between the phases of a search; the next one goes without it.
        return error.error == "search_phase_execution_exception"
    return isinstance(error, Incomplete) or (isinstance(error, Exception) and is_transient(error))
