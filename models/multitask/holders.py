"""Who may hold a stance in a sentence.

Over-generated on purpose: who is no candidate can never hold a position, and the heads say no to
most. Recall is measured apart from them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from models.mentions import Mention, mentions
from models.subject import Party, Subject

PRINCIPALS = 3  # how many of a subject's parties, from the first, an unnamed holder may be

_ROLES = (
    "president|presidency|prime minister|premier|foreign minister|defen[cs]e minister|minister"
    "|ministry|foreign ministry|chancellor|government|cabinet|regime|movement|group|army|military"
    "|leader|leadership|authorities|delegation|negotiators?|spokes(?:man|woman|person)|officials?"
    "|envoy|commander|admiral|adviser|ambassador|treasury|senate|house|congress|parliament|rebels"
    "|militants|guards|administration|secretary general|vice[- ]president|state media|junta"
    "|general(?! assembly| staff| council| elections?)"
).replace(" ", r"\s+")
# Before a role stand small words, or these. Not any word with a capital: "the Turkish government"
# is somebody else, since the parties would be named.
_KINDS = (
    "foreign|defen[cs]e|finance|interior|energy|justice|economy|oil|prime|deputy|supreme|state"
    "|republican|democratic|jewish|islamist|palestinian"
)
_UNNAMED = re.compile(
    rf"""
    (?P<first>(?<!\w)(?:we|our|ours|my|(?-i:us|I))(?!\w))
    | (?P<both>(?<!\w)(?:the\s+)?(?:both|two|warring|rival|opposing|each|neither|all)\s+
        (?:of\s+the\s+)?(?:sides?|parties|countries|nations|governments|leaders|delegations|enemies
        |foes|neighbou?rs|capitals|states|presidents|ministers|armies|Koreas)(?!\w)
        | (?<!\w)the\s+(?:parties|sides|belligerents|two)(?!\w))
    | (?P<pronoun>(?<!\w)(?:he|she|they)(?!\w))
    | (?P<role>(?<!\w)(?:(?:the|its|their|a|an|one|several|some|senior|top|government)\s+)
        (?:(?:(?-i:[a-z][\w'’-]*)|{_KINDS})\s+){{0,2}}?(?:{_ROLES})(?!\w)(?:\s+(?:{_ROLES})(?!\w))?)
    """,
    re.VERBOSE | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Holder:
    """A party that may hold stances in a sentence, and the places that stand for it.

    Where the party is not `named`, the places are those of the unnamed holder ("we", "both sides",
    "the ministry"), whoever that is.
    """

    party: Party
    places: tuple[Mention, ...]
    named: bool


def holders(text: str, subject: Subject) -> list[Holder]:
    """Who may hold a stance in this sentence: the parties named, and whom its unnamed may be.

    An unnamed holder may be each of the subject's principal parties.
    """
    named = _by_party(mentions(subject, text))
    found = [Holder(p, named[p.id], True) for p in subject.parties if p.id in named]
    unnamed = _unnamed(text, [place for places in named.values() for place in places])
    if unnamed:
        found += [
            Holder(party, unnamed, False)
            for party in subject.parties[:PRINCIPALS]
            if party.id not in named
        ]
    return found


def _by_party(found: Sequence[Mention]) -> dict[str, tuple[Mention, ...]]:
    by_party: dict[str, tuple[Mention, ...]] = {}
    for mention in found:
        by_party[mention.party] = (*by_party.get(mention.party, ()), mention)
    return by_party


def _unnamed(text: str, named: Sequence[Mention]) -> tuple[Mention, ...]:
    """Places of unnamed holders outside the names; `party` holds the kind of place."""
    found = (
        Mention(str(match.lastgroup), match.start(), match.end())
        for match in _UNNAMED.finditer(text)
    )
    return tuple(
        place for place in found if all(place.end <= n.start or place.start >= n.end for n in named)
    )
