"""Labelled sentences and the subjects they are labelled for."""

import gzip
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from models.subject import Party, Proposition, Subject
from models.taxonomy import Stance


@dataclass(frozen=True, slots=True)
class Row:
    """One labelled sentence; `positions` maps (party, topic) to the stance."""

    id: str
    dossier: str
    text: str
    topics: frozenset[str]
    outlook: str
    claim: bool
    positions: Mapping[tuple[str, str], Stance]


def read_rows(paths: Iterable[Path]) -> list[Row]:
    """All rows of JSON Lines files, in the order given."""
    return [_row(data) for path in paths for data in json_lines(path)]


def json_lines(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a JSON Lines file, which may be gzipped."""
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
        for line in file:
            if line.strip():
                yield json.loads(line)


def read_subjects(paths: Iterable[Path]) -> dict[str, Subject]:
    """Subjects by name from dossier files (one each) and files of several subjects by name."""
    subjects: dict[str, Subject] = {}
    for path in paths:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        found = {data["name"]: data} if "parties" in data else data
        subjects |= {name: _subject(name, entry) for name, entry in found.items()}
    return subjects


def _row(data: Mapping[str, Any]) -> Row:
    return Row(
        id=str(data["id"]),
        dossier=data["dossier"],
        text=data["text"],
        topics=frozenset(data["topics"]),
        outlook=data["outlook"],
        claim=bool(data["claim"]),
        positions={(p["party"], p["topic"]): p["stance"] for p in data["positions"]},
    )


def _subject(name: str, data: Mapping[str, Any]) -> Subject:
    parties = tuple(
        Party(party["id"], party["name"], tuple(party["aliases"])) for party in data["parties"]
    )
    known = {
        (party["id"], topic): side
        for party in data["parties"]
        for side, topics in (party.get("known") or {}).items()
        for topic in topics
    }
    propositions = {p.topic: p for p in _propositions(data["propositions"])}
    return Subject(name, parties, propositions, known, tuple(data.get("nobody", ())))


def _propositions(data: Any) -> list[Proposition]:
    """Written as a list with `topic` in each, or as a map by topic."""
    items = data if isinstance(data, list) else [{"topic": t, **entry} for t, entry in data.items()]
    return [
        Proposition(
            item["topic"],
            item["text"],
            tuple(item.get("supports_when", ())),
            tuple(item.get("opposes_when", ())),
        )
        for item in items
    ]
