"""Slots in which a later sentence contradicts an earlier one about the same thing."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from models.novelty.coverage import coverage
from models.novelty.quantities import MONEY, Quantity
from models.novelty.roles import exchanged
from models.novelty.slots import PLACES, Slots
from models.novelty.thresholds import Thresholds
from models.novelty.words import lexicon

_NAMES = {"weekday": "date", "date": "date", "clock": "time", "year": "year", "month": "date"}
_DATED = ("weekday", "year", "month")
_MOMENTS = (*_DATED, "date", "clock")
_AS_WELL = 0.8  # share of what the compared sentence covers that another must, to tell the same
_SAME_MATTER = 0.75  # share of the words besides the actor's that two reports of an act share
_COUNTS = frozenset({"count", "many"})
_TO_COME = {"planned": "will", "possible": "may"}

_POSSESSIVE = re.compile(r"['’]s?$")

Check = Callable[[Slots, Slots, Sequence[Slots], float, Thresholds], str | None]


def conflict(
    later: Slots, earlier: Slots, known: Sequence[Slots], near: float, limits: Thresholds
) -> str | None:
    """The first difference in a comparable slot, as a reason to read; None where there is none.

    `known` are all earlier sentences on the subject: what one of them says as well is no change.
    `near` is the share of words that the two sentences have in common.
    """
    for check in CHECKS:
        if reason := check(later, earlier, known, near, limits):
            return reason
    return None


def holds(slots: Slots, one: Slots) -> bool:
    """Whether one sentence has all the figures and days of another."""
    return all(_is_one(figure) or _is_known(figure, (one,)) for figure in slots.quantities)


def unknown_quantities(later: Slots, known: Sequence[Slots]) -> list[Quantity]:
    """Figures of the later sentence that no earlier one has; days are left out."""
    return [
        one
        for one in later.quantities
        if one.kind not in _DATED and not _is_known(one, known) and not _is_one(one)
    ]


def _is_one(one: Quantity) -> bool:
    """ "One side", "the first": an article more than a figure, but not of the dead."""
    return one.kind in ("count", "ordinal") and one.value == 1 and one.harm is None


def _is_known(one: Quantity, known: Sequence[Slots]) -> bool:
    return any(_equal(one, other) for slots in known for other in slots.quantities)


def _equal(one: Quantity, other: Quantity) -> bool:
    """ "Dozens" is known where 45 is, not the other way round."""
    if one.kind != other.kind and not (one.kind == "many" and _are_tolls(one, other)):
        return False
    return _same_value(one, other) and _of_one_harm(one, other)


def _same_value(one: Quantity, other: Quantity) -> bool:
    if "many" in (one.kind, other.kind):
        return _magnitude(one.value) == _magnitude(other.value)
    return abs(one.value - other.value) <= 1e-6 * max(1.0, abs(one.value))


def _magnitude(value: float) -> int:
    return math.floor(math.log10(value)) if value >= 1 else 0


def _are_tolls(one: Quantity, other: Quantity) -> bool:
    """Whether both say how many were killed, or both how many were wounded, in words or figures."""
    return {one.kind, other.kind} <= _COUNTS and one.harm == other.harm and one.harm is not None


def _of_one_harm(one: Quantity, other: Quantity) -> bool:
    """Not the killed against the wounded."""
    return one.harm == other.harm or None in (one.harm, other.harm)


def _telling(later: Slots, earlier: Slots, known: Sequence[Slots], near: float) -> Sequence[Slots]:
    """The sentences that say the later one, about as much of it as the one it is compared with:
    that another matter has this day or was done as well makes it no known thing of this one.
    """
    return [one for one in known if one is earlier or coverage(later, (one,)) >= _AS_WELL * near]


def _figure(
    later: Slots, earlier: Slots, known: Sequence[Slots], near: float, limits: Thresholds
) -> str | None:
    telling = _telling(later, earlier, known, near)
    for one in later.quantities:
        if _is_one(one) or _is_known(one, telling if one.kind in _MOMENTS else known):
            continue
        for other in earlier.quantities:
            if not _of_one_kind(one, other) or _is_one(other):
                continue
            if _is_known(other, (later,)) and not later.corrects:
                continue
            if one.kind == "ordinal" and coverage(earlier, (later,)) < limits.near:
                continue  # the third round of several is not the second that has changed
            if _comparable(one, other, near, limits):
                return f"{_NAMES.get(one.kind, 'figure')} {other.text} → {_shown(one, later)}"
    return None


def _of_one_kind(one: Quantity, other: Quantity) -> bool:
    """A sum in another currency is compared only where the number is the same: else it may be
    what the other sum comes to.
    """
    if one.kind == other.kind:
        return _of_one_harm(one, other)
    if _are_tolls(one, other):
        return not _same_value(one, other)
    return {one.kind, other.kind} <= MONEY and _same_value(one, other)


def _comparable(one: Quantity, other: Quantity, near: float, limits: Thresholds) -> bool:
    """Whether two values of a kind are of the same thing: by what they count, or by wording.

    The day or time at which something was said is none of what was said.
    """
    if one.kind in _MOMENTS and one.reported:
        return False
    counted_alike = _are_tolls(one, other) or bool(one.context & other.context)
    alike = near >= limits.loose and counted_alike
    return near >= limits.near or (alike and one.kind not in _DATED)


def _shown(one: Quantity, slots: Slots) -> str:
    harmed = slots.surface[one.harm] if one.harm else ""
    return f"{one.text} {harmed}".rstrip()


def _ahead(
    later: Slots, earlier: Slots, known: Sequence[Slots], near: float, limits: Thresholds
) -> str | None:
    """ "Tomorrow" that has become "next week"."""
    if near < limits.near or len(later.ahead) != 1 or len(earlier.ahead) != 1:
        return None
    now, before = later.ahead[0], earlier.ahead[0]
    told = any(now in one.ahead for one in _telling(later, earlier, known, near))
    return f"date {before.text} → {now.text}" if now.is_after(before) and not told else None


def _status(
    later: Slots, earlier: Slots, known: Sequence[Slots], near: float, limits: Thresholds
) -> str | None:
    if near < limits.loose:
        return None
    telling = _telling(later, earlier, known, near)
    if _is_off(later, earlier) and not any(one.off == later.off for one in telling):
        return f"status → {later.off}"
    done = [norm for norm, status in later.status.items() if status == "done"]
    if "planned" in later.status.values() or any(set(done) & _done(one) for one in telling):
        return None
    for norm in done:
        if earlier.status.get(norm) in _TO_COME:
            word = _TO_COME[earlier.status[norm]]
            return f"status {word} {earlier.surface[norm].lower()} → {later.surface[norm].lower()}"
    planned = [norm for norm, status in earlier.status.items() if status == "planned"]
    if planned and done and near >= limits.near:
        return (
            f"status will {earlier.surface[planned[0]].lower()} → {later.surface[done[0]].lower()}"
        )
    return None


def _is_off(later: Slots, earlier: Slots) -> bool:
    """Whether what the earlier sentence speaks of is off: what failed must have been a plan, or
    something that can fall through. A house that collapsed was none.
    """
    if not later.failed:
        return later.off is not None
    can_fail = lexicon().can_fail & later.content.keys() & earlier.content.keys()
    return "planned" in earlier.status.values() or bool(can_fail)


def _done(slots: Slots) -> set[str]:
    return {norm for norm, status in slots.status.items() if status == "done"}


def _direction(
    later: Slots, earlier: Slots, known: Sequence[Slots], near: float, limits: Thresholds
) -> str | None:
    for axis, (pole, word) in later.poles.items():
        before = earlier.poles.get(axis)
        if not before or before[0] == pole or near < limits.near:
            continue
        telling = _telling(later, earlier, known, near / _AS_WELL)
        if not any(_says(one, axis, pole) for one in telling):
            return f"{before[1]} → {word}"
    return None


def _says(slots: Slots, axis: int, pole: int) -> bool:
    return axis in slots.poles and slots.poles[axis][0] == pole


def _name(
    later: Slots, earlier: Slots, known: Sequence[Slots], near: float, limits: Thresholds
) -> str | None:
    """Another name behind the same preposition, everything else alike."""
    if near < limits.near:
        return None
    for name in sorted(later.names):
        place = later.place.get(name)
        if place not in PLACES or any(name in one.content for one in known):
            continue
        for other in sorted(earlier.names - later.content.keys()):
            if earlier.place.get(other) == place:
                return f"{place} {earlier.surface[other]} → {later.surface[name]}"
    return None


def _denial(
    later: Slots, earlier: Slots, known: Sequence[Slots], near: float, limits: Thresholds
) -> str | None:
    """Nearly the same words with a "not" more or less: a party that turns round either way."""
    if min(near, coverage(earlier, (later,))) < limits.verbatim or later.denied == earlier.denied:
        return None
    if later.denied:
        return None if any(one.denied for one in known) else "asserted → denied"
    told = any(not one.denied and coverage(later, (one,)) >= limits.verbatim for one in known)
    return None if told else "denied → asserted"


def _roles(
    later: Slots, earlier: Slots, known: Sequence[Slots], near: float, limits: Thresholds
) -> str | None:
    """Nearly the same words, in which two sides have changed places."""
    if min(near, coverage(earlier, (later,))) < limits.near:
        return None
    names = exchanged(later, earlier)
    if names is None or any(_is_told(later, one, near) for one in known):
        return None
    stood, came = names
    return f"roles {earlier.surface[stood]} ↔ {later.surface[came]}"


def _is_told(later: Slots, one: Slots, near: float) -> bool:
    return coverage(later, (one,)) >= near and exchanged(later, one) is None


def _actor(
    later: Slots, earlier: Slots, known: Sequence[Slots], near: float, limits: Thresholds
) -> str | None:
    """The same act of somebody else: a name before the verb that nobody has named so far."""
    came = [name for name in later.opening if not any(name in one.words for one in known)]
    left = [name for name in earlier.opening if name not in later.words]
    if not came or not left or not _of_one_sort(came[-1], left[-1]):
        return None
    said, before = _without(later, came), _without(earlier, left)
    if sum(said.content.values()) < limits.least_weight:
        return None
    if min(coverage(said, (earlier,)), coverage(before, (later,))) < _SAME_MATTER:
        return None
    stood, acts = earlier.surface[left[-1]], later.surface[came[-1]]
    return f"actor {_POSSESSIVE.sub('', stood)} → {_POSSESSIVE.sub('', acts)}"


def _of_one_sort(name: str, other: str) -> bool:
    """Two states, or two persons: "Trump" may be "the US president"."""
    return (name in lexicon().states) == (other in lexicon().states)


def _without(slots: Slots, names: Sequence[str]) -> Slots:
    content = {norm: weight for norm, weight in slots.content.items() if norm not in names}
    return replace(slots, content=content)


CHECKS: tuple[Check, ...] = (
    _figure,
    _ahead,
    _status,
    _direction,
    _name,
    _denial,
    _roles,
    _actor,
)
