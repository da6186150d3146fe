"""Is it the same event again, or another one in the same words?

"Talks on Saturday" and "120 drones overnight" are said anew each time there are talks or drones: a
weekday or "tonight" means another day once a week has gone by. And who opens a strait again says
what was said before it was closed.
"""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from connectors.archive.documents import Claim, Intake
from models.novelty.quantities import Quantity
from models.novelty.slots import read
from models.novelty.words import lexicon, tokens
from models.sentences import split
from models.similarity import body

# The same weekday comes round after seven days; reports of one event lag by hours.
SAME_DAYS = timedelta(days=6)

_RELATIVE = re.compile(
    r"(?i)\b(?:overnight|today|tonight|tomorrow|yesterday|weekend"
    r"|(?:this|last|next|coming|past) (?:morning|afternoon|evening|night|week))\b"
)
_BEFORE = 2  # words from "said" to the day on which it was


def recurs(text: str, said_at: datetime, earlier: str, earlier_at: datetime) -> bool:
    """Whether two texts that say the same speak of two events: both tell the day by the calendar of
    their own, and these lie more than six days apart.
    """
    if said_at - earlier_at <= SAME_DAYS:
        return False
    return tells_day(text) and tells_day(earlier)


def tells_day(text: str) -> bool:
    """Whether a sentence of `text` says when by the day of the report, with no date that is the
    same in every week. When a thing was said is not when it was (as in `models.novelty`).
    """
    return any(_tells_day(sentence.text) for sentence in split(body(text)))


def later_day(text: str) -> str:
    """The reason for a claim that recurs, to be read."""
    named = next((day.text for day in _weekdays(text)), "day")
    return f"date: a later {named}"


def said_at(intake: Intake) -> datetime:
    """When it was said: an old article that a feed shows late speaks of its own day."""
    return min(intake.first_seen_at, intake.published_at or intake.first_seen_at)


def turned_by(prior: Claim, known: Sequence[Claim]) -> Claim | None:
    """The last known claim that turned round what `prior` says: its status, direction or denial.

    Figures are left out, since slow papers repeat old tolls.
    """
    same = {one.id for one in known if one.root_id == prior.root_id} | {prior.id, prior.root_id}
    turns = [
        one
        for one in known
        if one.novelty == "changed" and one.prior_id in same and _is_turn(one.reason)
    ]
    later = [one for one in turns if one.order > prior.order]
    return max(later, key=lambda one: one.order, default=None)


def _is_turn(reason: str) -> bool:
    """By the forms of `models.novelty.conflict`: "status → cancelled", "asserted → denied", "open →
    closed"."""
    before, arrow, after = reason.partition(" → ")
    if before.startswith("status") or {before, after} == {"asserted", "denied"}:
        return bool(arrow)
    was, now = read(before).poles, read(after).poles
    return any(axis in was and was[axis][0] != pole for axis, (pole, _) in now.items())


def _tells_day(sentence: str) -> bool:
    if any(one.kind == "date" for one in read(sentence).quantities):
        return False
    relative = any(not _is_of_saying(sentence[: it.start()]) for it in _RELATIVE.finditer(sentence))
    return relative or bool(_weekdays(sentence))


def _weekdays(sentence: str) -> list[Quantity]:
    days = (one for one in read(sentence).quantities if one.kind == "weekday")
    return [one for one in days if not one.reported]


def _is_of_saying(before: str) -> bool:
    """Whether the words before it are those of a report: "said today"."""
    return any(word.norm in lexicon().reporting for word in tokens(before)[-_BEFORE:])
