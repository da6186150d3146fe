"""Who did it and to whom: names that have changed places between two sentences."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from models.novelty.slots import Slots
from models.novelty.words import lexicon

_JOINS = frozenset({"and", "or"})
_WITH = frozenset({"to", "with"})

Place = tuple[str, str]


def exchanged(now: Slots, before: Slots) -> tuple[str, str] | None:
    """The name that stood and the one that stands at a place, where both sentences have both.

    A place is known by the words on either side, so a clause that moves ("The drones, Kyiv said")
    exchanges nothing, nor does a passive. Names side by side, or joined by "and", share a place.
    Who met whom is the same either way.
    """
    shared = (now.names | before.names) & now.content.keys() & before.content.keys()
    if len(shared) < 2:
        return None
    places = _places(before, shared)
    for place, names in _places(now, shared).items():
        if not lexicon().symmetric.isdisjoint(place):
            continue
        stood = places.get(place, {})
        came = [name for name in names if name not in stood]
        left = [name for name in stood if name not in names]
        if came and left:
            return left[-1], came[-1]
    return None


def _places(slots: Slots, shared: Collection[str]) -> dict[Place, Mapping[str, None]]:
    """Names in order by the words before and after them."""
    found: dict[Place, Mapping[str, None]] = {}
    before, names = "", dict[str, None]()
    for word in (*slots.words, ""):
        if word in shared:
            names[word] = None
        elif not (names and word in _JOINS):
            if names:
                place = before, word
                found[place] = {**found.get(place, {}), **names}
            with_whom = word in _WITH and before in lexicon().symmetric  # "spoke to"
            before, names = before if with_whom else word, {}
    return found
