"""Slots in which a later sentence contradicts an earlier one about the same thing."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from models.novelty.coverage import coverage
from models.novelty.quantities import Quantity
from models.novelty.roles import exchanged
from models.novelty.slots import Slots
from models.novelty.thresholds import Thresholds
from models.novelty.words import lexicon

_NAMES = {"weekday": "date", "date": "date", "clock": "time", "year": "year"}
_DATED = ("weekday", "year")
_MOMENTS = (*_DATED, "date", "clock")
_SURFACE_PLACES = frozenset({"in", "at", "to", "from", "near", "by", "through", "via", "with"})

Check = Callable[[Slots, Slots, Sequence[Slots], float, Thresholds], str | None]


def conflict(
    later: Slots, earlier: Slots, known: Sequence[Slots], near: float, limits: Thresholds
) -> str | None:
    """The first difference in a comparable slot, as a reason to read; None where there is none.

    `known` are all earlier sentences on the subject: what one of them says as well is no change.
    `near` is the share of words that the two sentences have in common.
    """
    checks: tuple[Check, ...] = (_figure, _status, _direction, _name, _denial, _roles)
    for check in checks:
        if reason := check(later, earlier, known, near, limits):
            return reason
    return None


def unknown_quantities(later: Slots, known: Sequence[Slots]) -> list[Quantity]:
    """Figures of the later sentence that no earlier one has; days are left out."""
    return [
        one
        for one in later.quantities
        if one.kind not in _DATED and not _is_known(one, known) and not _is_one(one)
    ]


def _is_one(one: Quantity) -> bool:
    """ "One of the", "the first": an article more than a figure."""
    return one.kind in ("count", "ordinal") and one.value == 1


def _is_known(one: Quantity, known: Sequence[Slots]) -> bool:
    return any(_equal(one, other) for slots in known for other in slots.quantities)


def _equal(one: Quantity, other: Quantity) -> bool:
    close = abs(one.value - other.value) <= 1e-6 * max(1.0, abs(one.value))
    return one.kind == other.kind and close


def _figure(
    later: Slots, earlier: Slots, known: Sequence[Slots], near: float, limits: Thresholds
) -> str | None:
    for one in later.quantities:
        if _is_one(one) or _is_known(one, known):
            continue
        for other in earlier.quantities:
            if one.kind != other.kind or _is_one(other):
                continue
            if _is_known(other, (later,)) and not later.corrects:
                continue
            if _comparable(one, other, near, limits):
                return f"{_NAMES.get(one.kind, 'figure')} {other.text} → {_shown(one, later)}"
    return None


def _comparable(one: Quantity, other: Quantity, near: float, limits: Thresholds) -> bool:
    """Whether two values of a kind are of the same thing: by what they count, or by wording.

    The day or time at which something was said is none of what was said.
    """
    if one.kind in _MOMENTS and one.reported:
        return False
    alike = near >= limits.loose and bool(one.context & other.context)
    return near >= limits.near or (alike and one.kind not in _DATED)


def _shown(one: Quantity, slots: Slots) -> str:
    counted = sorted(one.context & slots.content.keys() - slots.names)
    casualty = next((norm for norm in ("kill", "wound") if norm in counted), None)
    unit = slots.surface.get(casualty, "") if casualty and one.kind == "count" else ""
    return f"{one.text} {unit}".rstrip()


def _status(
    later: Slots, earlier: Slots, known: Sequence[Slots], near: float, limits: Thresholds
) -> str | None:
    if near < limits.loose:
        return None
    if _is_off(later, earlier) and not any(one.off for one in known):
        return f"status → {later.off}"
    planned = [norm for norm, status in earlier.status.items() if status == "planned"]
    done = [norm for norm, status in later.status.items() if status == "done"]
    if len(done) < len(later.status) or any(set(done) & _done(one) for one in known):
        return None
    for norm in done:
        if norm in planned:
            return f"status will {earlier.surface[norm].lower()} → {later.surface[norm].lower()}"
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
        if not any(_says(one, axis, pole) and coverage(later, (one,)) >= near for one in known):
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
        if place not in _SURFACE_PLACES or any(name in one.content for one in known):
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
