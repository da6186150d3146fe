"""The dossier: one negotiation, as its YAML file says it."""

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from functools import cached_property
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BeforeValidator, Field, field_validator, model_validator

from connectors.config import Key, Strict, complain, span
from models.subject import Party, Proposition, Subject
from models.taxonomy import SIDES, TOPICS, Side
from pipeline.dossiers.watchwords import Watchwords

_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


def _slug(value: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*", value):
        raise ValueError(f"{value!r} is no name: small letters, digits and single hyphens")
    return value


def _filled(value: str) -> str:
    if not value.strip():
        raise ValueError("is blank")
    return value


def _duration(value: Any) -> Any:
    """`90m`, `24h` and `2d` as people write them; a timedelta stays what it is."""
    if isinstance(value, timedelta):
        return value
    found = span(value, _UNITS, zero=True) if isinstance(value, str) else None
    if found is None:
        raise ValueError(f"{value!r} is no duration: write it like 90m, 24h or 2d")
    return found


Slug = Annotated[str, AfterValidator(_slug)]
Text = Annotated[str, AfterValidator(_filled)]
Duration = Annotated[timedelta, BeforeValidator(_duration)]


class Known(Strict):
    """Topics on whose proposition a party is known to take this or that side."""

    supports: tuple[str, ...] = ()
    opposes: tuple[str, ...] = ()


class PartyEntry(Strict):
    """Who negotiates or mediates; `aliases` match as written, whole words only.

    That a party takes the other side than it is `known` for needs more evidence in a sentence. So
    give only what has held for long, and nothing where it wavers.
    """

    id: Slug
    name: Text
    aliases: tuple[Text, ...] = ()
    known: Known = Known()


class PropositionEntry(Strict):
    """What a stance is about, with the acts and demands that amount to one or the other stance.

    The model weighs all of them; the first two of a side it reads out, so the plainest come first.
    """

    text: Text
    supports_when: tuple[Text, ...] = ()
    opposes_when: tuple[Text, ...] = ()


class Dossier(Strict):
    """One negotiation being monitored: its parties, propositions by topic, and watchwords.

    `nobody` are names that hold a party's name and are not the party (`Abbas Araghchi` where
    `Abbas` is one); newspapers, banks and the like are known (`models.mentions`). `warm_up` is how
    long after the dossier's first article no development is announced.
    """

    name: Slug
    title: Text
    parties: tuple[PartyEntry, ...] = Field(min_length=1)
    nobody: tuple[Text, ...] = ()
    propositions: Mapping[str, PropositionEntry]
    watchwords: Watchwords
    warm_up: Duration = timedelta(hours=24)

    @field_validator("parties")
    @classmethod
    def _told_apart(cls, parties: tuple[PartyEntry, ...]) -> tuple[PartyEntry, ...]:
        complain([*_same_ids(parties), *_shared_aliases(parties)], parties)
        return parties

    @field_validator("propositions")
    @classmethod
    def _usable(
        cls, propositions: Mapping[str, PropositionEntry]
    ) -> Mapping[str, PropositionEntry]:
        complain([*_unknown_topics(propositions), *_unglossed(propositions)], propositions)
        return propositions

    @model_validator(mode="after")
    def _known_of_what(self) -> Self:
        complain(_groundless(self.parties, self.propositions), self.parties)
        return self

    @cached_property
    def subject(self) -> Subject:
        """What the models need to know of this dossier."""
        return Subject(
            self.name,
            tuple(Party(party.id, party.name, party.aliases) for party in self.parties),
            {
                topic: Proposition(topic, entry.text, entry.supports_when, entry.opposes_when)
                for topic, entry in self.propositions.items()
            },
            {(party, topic): side for _, party, topic, side in _known(self.parties)},
            self.nobody,
        )


def _known(parties: tuple[PartyEntry, ...]) -> Iterator[tuple[Key, str, str, Side]]:
    """Where it is written, the party, the topic and the side."""
    for index, party in enumerate(parties):
        for side in SIDES:
            for at, topic in enumerate(getattr(party.known, side)):
                yield ("parties", index, "known", side, at), party.id, topic, side


def _groundless(
    parties: tuple[PartyEntry, ...], propositions: Mapping[str, PropositionEntry]
) -> Iterator[tuple[Key, str]]:
    """Sides known of what is no proposition, or of one proposition both."""
    seen = set[tuple[str, str]]()
    for key, party, topic, _ in _known(parties):
        if topic not in propositions:
            yield key, f"the dossier has no proposition on {topic!r}"
        if (party, topic) in seen:
            yield key, f"{topic!r} is given twice"
        seen.add((party, topic))


def _same_ids(parties: tuple[PartyEntry, ...]) -> Iterator[tuple[Key, str]]:
    seen = set[str]()
    for index, party in enumerate(parties):
        if party.id in seen:
            yield (index, "id"), f"another party has the id {party.id!r}"
        seen.add(party.id)


def _shared_aliases(parties: tuple[PartyEntry, ...]) -> Iterator[tuple[Key, str]]:
    """Names count as aliases; within one party only a repeated alias is an error."""
    owner = dict[str, str]()
    for index, party in enumerate(parties):
        named: list[tuple[Key, str]] = [((index, "name"), party.name)]
        named += [((index, "aliases", at), alias) for at, alias in enumerate(party.aliases)]
        for key, alias in named:
            if alias in owner:
                yield key, f"{alias!r} already names {owner[alias]!r}"
            owner.setdefault(alias, party.id)


def _unknown_topics(topics: Mapping[str, Any]) -> Iterator[tuple[Key, str]]:
    for topic in topics:
        if topic not in TOPICS:
            yield (topic,), f"is no topic; the topics are {', '.join(TOPICS)}"


def _unglossed(propositions: Mapping[str, PropositionEntry]) -> Iterator[tuple[Key, str]]:
    """A stance is rarely worded as the proposition is: without glosses most would be missed."""
    for topic, entry in propositions.items():
        for side in ("supports_when", "opposes_when"):
            if not getattr(entry, side):
                yield (topic, side), "names no act or demand: give at least one"
