"""The sentences that may be drawn for readers: prose, of one dossier each, none of it twice."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from models.mentions import mentions
from models.novelty.words import shown
from models.sentences import split
from models.subject import Subject
from models.train.cues import cue, is_prose
from models.train.overlap import HeldOut, Run, runs

ALIKE = 0.3  # share of a sentence's runs that may stand in sentences already in the pool


@dataclass(frozen=True, slots=True)
class Drawn:
    """A sentence of an article; `drawn` is random or cue, `cue` the kind of cue it has, if any."""

    id: str
    article: str
    source: str
    dossier: str
    text: str
    cue: str | None
    weight: float = 0.0
    drawn: str = ""


def sentences(source: str, row: Mapping[str, Any], subjects: Mapping[str, Subject]) -> list[Drawn]:
    """The prose sentences of an article, each given to the dossier whose parties it names."""
    article = digest(row["url"])
    concerned = [subjects[name] for name in row["dossiers"]]
    usual = _belongs(row["text"], concerned, concerned[0].name)
    found = []
    for one in split(row["text"]):
        if is_prose(one.text):
            dossier = _belongs(one.text, concerned, usual)
            identity = f"{source}:{article}:{one.start}:{digest(one.text)}"
            kind = cue(one.text, subjects[dossier])
            found.append(Drawn(identity, article, source, dossier, one.text, kind))
    return found


def _belongs(text: str, concerned: Sequence[Subject], usual: str) -> str:
    """The subject with most mentions of parties that no other one has; `usual` where none leads."""
    if len(concerned) == 1:
        return concerned[0].name
    parties = Counter(party.id for subject in concerned for party in subject.parties)
    votes = {
        subject.name: sum(parties[found.party] == 1 for found in mentions(subject, text))
        for subject in concerned
    }
    best = max(votes.values())
    leading = [name for name, count in votes.items() if count == best]
    return leading[0] if len(leading) == 1 else usual


def distinct(pool: Iterable[Drawn], held_out: HeldOut, seed: int) -> tuple[list[Drawn], int, int]:
    """The pool in the order of the seed without what is held out and what is nearly there twice.

    Also how many were dropped for the one and for the other.
    """
    kept: list[Drawn] = []
    seen: set[Run] = set()
    overlapping = alike = 0
    for one in sorted(pool, key=lambda one: digest(f"{seed}:{one.id}")):
        mine = runs(shown(one.text))
        if held_out.shares(one.text):
            overlapping += 1
        elif len(mine & seen) >= ALIKE * len(mine):
            alike += 1
        else:
            kept.append(one)
            seen |= mine
    return kept, overlapping, alike


def digest(text: str) -> str:
    """Twelve hexadecimal digits that stand for a text."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:12]
