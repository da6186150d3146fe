"""Which parties a sentence names."""

import re
from dataclasses import dataclass
from functools import lru_cache

from models.subject import Party, Subject

_APOSTROPHE = re.compile("['‘’ʼ]")
# Names that hold a capital's or a country's name and speak for none, whatever the dossier.
NOBODY = (
    "American Airlines",
    "Bank of America",
    "British Airways",
    "British Columbia",
    "Budapest Memorandum",
    "Central America",
    "Central American",
    "German Marshall Fund",
    "Israel Hayom",
    "Kyiv Independent",
    "Kyiv Post",
    "Latin America",
    "Latin American",
    "London Stock Exchange",
    "Moscow Times",
    "North America",
    "North American",
    "Paris Agreement",
    "Paris Club",
    "Paris Saint-Germain",
    "Rome Statute",
    "Sharif University",
    "South America",
    "South American",
    "South China Morning Post",
    "Stockholm International Peace Research Institute",
    "Tehran Times",
    "Times of Israel",
    "Warsaw Pact",
    "Washington Institute",
    "Washington Post",
    "Washington Times",
)
# A country's envoy to the United Nations speaks for the country.
_ENVOY = r"(?<=['’]s )U\.?N\.? (?:ambassador|envoy|mission|representative)"
_SHORT = 3  # letters of a name that in capitals may be a common word (US, UN)


@dataclass(frozen=True, slots=True)
class Mention:
    """A party named at `text[start:end]` by one of its aliases."""

    party: str
    start: int
    end: int


def mentions(subject: Subject, text: str) -> list[Mention]:
    """All mentions in order of place; where aliases overlap the longest wins.

    Aliases match as written, whole words only, so that `US` is not `us`; a possessive may follow.
    Any white space stands for a space, and any apostrophe for another. In a text all in capitals
    names are in capitals too.
    """
    pattern, owner = _compiled(subject.parties, subject.nobody, text.isupper())
    found = ((owner.get(_plain(match.group())), match) for match in pattern.finditer(text))
    return [Mention(party, match.start(), match.end()) for party, match in found if party]


@lru_cache(maxsize=64)
def _compiled(
    parties: tuple[Party, ...], nobody: tuple[str, ...], capitals: bool
) -> tuple[re.Pattern[str], dict[str, str]]:
    """The pattern of all names, those that name nobody included, and whose the others are."""
    owner = {_plain(name): party.id for party in parties for name in (party.name, *party.aliases)}
    others = {_plain(name) for name in (*NOBODY, *nobody)}
    if capitals:
        owner |= {name.upper(): of for name, of in owner.items() if len(name) > _SHORT}
        others |= {name.upper() for name in others}
    others -= owner.keys()
    longest_first = sorted({*owner, *others}, key=lambda name: (-len(name), name))
    words = "|".join([_ENVOY, *map(_expression, longest_first)])
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)"), owner


def _plain(name: str) -> str:
    return _APOSTROPHE.sub("'", " ".join(name.split()))


def _expression(alias: str) -> str:
    return re.escape(alias).replace(r"\ ", r"\s+").replace("'", _APOSTROPHE.pattern)
