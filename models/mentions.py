"""Which parties a sentence names."""

import re
from dataclasses import dataclass
from functools import lru_cache

from models.subject import Party, Subject

_APOSTROPHE = re.compile("['‘’ʼ]")


@dataclass(frozen=True, slots=True)
class Mention:
    """A party named at `text[start:end]` by one of its aliases."""

    party: str
    start: int
    end: int


def mentions(subject: Subject, text: str) -> list[Mention]:
    """All mentions in order of place; where aliases overlap the longest wins.

    Aliases match as written, whole words only, so that `US` is not `us`; a possessive may follow.
    Any white space stands for a space, and any apostrophe for another.
    """
    pattern, owner = _compiled(subject.parties)
    return [
        Mention(owner[_plain(match.group())], match.start(), match.end())
        for match in pattern.finditer(text)
    ]


@lru_cache(maxsize=64)
def _compiled(parties: tuple[Party, ...]) -> tuple[re.Pattern[str], dict[str, str]]:
    owner = {_plain(name): party.id for party in parties for name in (party.name, *party.aliases)}
    longest_first = sorted(owner, key=lambda alias: (-len(alias), alias))
    words = "|".join(map(_expression, longest_first))
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)"), owner


def _plain(name: str) -> str:
    return _APOSTROPHE.sub("'", " ".join(name.split()))


def _expression(alias: str) -> str:
    return re.escape(alias).replace(r"\ ", r"\s+").replace("'", _APOSTROPHE.pattern)
