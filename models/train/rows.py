"""Labelled sentences and the subjects they are labelled for."""

import gzip
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml

from models.errors import DataError
from models.subject import Party, Proposition, Subject
from models.taxonomy import Stance

T = TypeVar("T")


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
    """All rows of JSON Lines files, in the order given.

    Raises:
        DataError: naming file and line of what is no labelled row.
    """
    return [row for path in paths for row in parsed(path, _row)]


def json_lines(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a JSON Lines file, which may be gzipped.

    Raises:
        DataError: naming file and line of what is none.
    """
    return parsed(path, dict)


def parsed(path: Path, read: Callable[[dict[str, Any]], T]) -> Iterator[T]:
    """What `read` makes of each object of a JSON Lines file, which may be gzipped.

    Raises:
        DataError: naming file and line of what is no object, or lacks what `read` wants of it.
    """
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
        for number, line in enumerate(file, 1):
            if line.strip():
                try:
                    yield read(json.loads(line))
                except (ValueError, TypeError, LookupError) as error:
                    raise DataError(f"{path}: line {number}: {_why(error)}") from error


def _why(error: Exception) -> str:
    return f"{error} is missing" if isinstance(error, KeyError) else str(error)


def read_subjects(paths: Iterable[Path]) -> dict[str, Subject]:
    """Subjects by name from dossier files (one each) and files of several subjects by name.

    Raises:
        DataError: naming the file that is none of these.
    """
    subjects: dict[str, Subject] = {}
    for path in paths:
        try:
            data = yaml.safe_load(path.read_text(encoding="utf-8"))
            found = {data["name"]: data} if "parties" in data else data
            subjects |= {name: _subject(name, entry) for name, entry in found.items()}
        except (yaml.YAMLError, ValueError, TypeError, LookupError, AttributeError) as error:
            raise DataError(f"{path}: no dossier, nor several by name: {_why(error)}") from error
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
