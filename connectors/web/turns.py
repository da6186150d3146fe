"""Host by host in turn: what is of one house waits for each other, and not before the others."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from itertools import chain, zip_longest
from typing import Final, TypeVar
from urllib.parse import urlsplit

T = TypeVar("T")
_NONE: Final = object()


def by_turns(items: Iterable[T], url_of: Callable[[T], str | None]) -> list[T]:
    """The items in rounds, each with one of every host, in their order; those without a usable
    address are one host.
    """
    by_host: dict[str | None, list[T]] = defaultdict(list)
    for item in items:
        by_host[_host(url_of(item))].append(item)
    rounds = zip_longest(*by_host.values(), fillvalue=_NONE)
    return [item for item in chain.from_iterable(rounds) if item is not _NONE]  # type: ignore[misc]


def _host(url: str | None) -> str | None:
    try:
        return urlsplit(url).hostname if url else None
    except ValueError:  # not an address at all
        return None
