"""What the models learn from: written sentences and, where at hand, real ones."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray

from models.errors import DataError
from models.sentences import split
from models.train.cues import is_prose
from models.train.labels import OTHER, ReadRow, joined, texts_of
from models.train.pool import digest
from models.train.rows import Row, json_lines, read_rows

FOLDS = 5
BLOCK = 10  # rows written one after the other are alike and stay in one fold
OF_OTHER = 4  # sentences of each article on other matters: no news is all about one thing

Kind = Literal["written", "real", "once", "title", "other"]


@dataclass(frozen=True, slots=True)
class Corpus:
    """Rows, the group of each (never split by folds), and its kind.

    Kinds: written for the project; real and read twice, the only ones to measure on; real and read
    once; real titles; sentences on other matters, which have no topic.
    """

    rows: tuple[Row, ...]
    groups: tuple[str, ...]
    kinds: tuple[Kind, ...]

    @classmethod
    def of(
        cls,
        written: Sequence[Row],
        read: Iterable[ReadRow] = (),
        other: Iterable[tuple[Row, str]] = (),
    ) -> Self:
        """Written rows in blocks, then real rows and those on other matters with their articles."""
        parts: list[tuple[Row, str, Kind]] = []
        parts += [(row, f"block {n // BLOCK}", "written") for n, row in enumerate(written)]
        parts += [(one.row, one.article, _kind(one)) for one in read]
        parts += [(row, article, "other") for row, article in other]
        if not parts:
            raise DataError("there is no row to learn from")
        rows, groups, kinds = zip(*parts, strict=True)
        return cls(rows, groups, kinds)

    def folds(self) -> NDArray[np.int64]:
        """The fold of each row, by a hash of its group."""
        return np.array([int(digest(group), 16) % FOLDS for group in self.groups])

    def first_half(self) -> NDArray[np.bool_]:
        """Which rows are of the first half of the groups; both halves cross all folds."""
        return np.array([int(digest(group), 16) // FOLDS % 2 == 0 for group in self.groups])

    def are(self, *kinds: Kind) -> NDArray[np.bool_]:
        """Which rows are of these kinds."""
        return np.isin(self.kinds, kinds)


def _kind(one: ReadRow) -> Kind:
    if one.row.id.startswith("titles:"):
        return "title"
    return "real" if one.readers > 1 else "once"


def load_corpus(
    written: Sequence[Path], articles: Path | None, leads: Path | None, dossiers: Sequence[str]
) -> Corpus:
    """Written rows; real ones if the articles and leads that the labels belong to are given.

    Raises:
        TextMissing: they are not those.
    """
    if articles is None or leads is None:
        return Corpus.of(read_rows(written))
    sources = [("articles", articles, "text"), ("leads", leads, "lead"), ("titles", leads, "title")]
    texts = texts_of(sources)
    return Corpus.of(read_rows(written), joined(texts), other_matters(articles, dossiers))


def other_matters(
    articles: Path, dossiers: Sequence[str], labels: Path = OTHER
) -> Iterator[tuple[Row, str]]:
    """Sentences of articles that are about no negotiation (`about` null), and the article of each.

    A few of each article, and those that a net once gave a topic and a reader says have none: what
    looks like a negotiation and is not teaches most. Those that speak of one all the same, by
    `labels`, are left out. Articles take turns with the dossiers, so that each dossier's parties
    are looked for in some.
    """
    read = {label["id"]: label["topics"] for label in json_lines(labels)}
    seen = set()
    for row in json_lines(articles):
        article = digest(row["url"])
        if row["about"] or article in seen:
            continue
        seen.add(article)
        dossier = dossiers[int(article, 16) % len(dossiers)]
        prose = {one.text for one in split(row["text"]) if is_prose(one.text)}
        ordered = sorted(prose, key=lambda text: digest(f"other{text}"))
        for at, text in enumerate(ordered):
            name = f"other:{article}:{digest(text)}"
            if not read.get(name, at >= OF_OTHER):
                yield Row(name, dossier, text, frozenset(), "neutral", False, {}), article


def add_corpus_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments that `load_corpus` and `read_subjects` need."""
    parser.add_argument("--rows", nargs="+", type=Path, required=True, help="written sentences")
    parser.add_argument("--subjects", nargs="+", type=Path, required=True, help="dossiers, YAML")
    parser.add_argument("--articles", type=Path, help="articles of the real sentences, JSON Lines")
    parser.add_argument("--leads", type=Path, help="leads of the real sentences, JSON Lines")
