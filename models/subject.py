"""What a negotiation is about, as far as the models need to know it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from models.taxonomy import Side


@dataclass(frozen=True, slots=True)
class Party:
    """Who negotiates or mediates. `aliases` name it too: officials, capitals, bodies."""

    id: str
    name: str
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Proposition:
    """The statement a stance is about.

    `supports_when` and `opposes_when` are short acts and demands ("imposes sanctions") that amount
    to the stance even where the proposition itself is not worded; the plainest come first.
    """

    topic: str
    text: str
    supports_when: tuple[str, ...] = ()
    opposes_when: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Subject:
    """One negotiation: its parties, and its propositions by topic (not every topic has one).

    `known` is which side a party is known to take, by (party, topic); most have none. `nobody` are
    names that hold a party's name and are not the party.
    """

    name: str
    parties: tuple[Party, ...]
    propositions: Mapping[str, Proposition]
    known: Mapping[tuple[str, str], Side] = field(default_factory=dict)
    nobody: tuple[str, ...] = ()
