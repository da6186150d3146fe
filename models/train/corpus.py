"""What the heads learn from: sentences written for the project and, where at hand, real ones."""

import argparse
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from models.train.labels import joined, texts_of
from models.train.pool import digest
from models.train.rows import Row, read_rows

FOLDS = 5
BLOCK = 10  # rows written one after the other are alike and stay in one fold


@dataclass(frozen=True, slots=True)
class Corpus:
    """Rows, the group of each (never split by folds), and whether it is a real sentence."""

    rows: tuple[Row, ...]
    groups: tuple[str, ...]
    real: NDArray[np.bool_]

    @classmethod
    def of(cls, written: Sequence[Row], read: Iterable[tuple[Row, str]] = ()) -> Self:
        """Written rows in blocks, then real rows, each with its article."""
        real = list(read)
        blocks = [f"block {number // BLOCK}" for number in range(len(written))]
        return cls(
            rows=(*written, *(row for row, _ in real)),
            groups=(*blocks, *(article for _, article in real)),
            real=np.array([False] * len(written) + [True] * len(real)),
        )

    def folds(self) -> NDArray[np.int64]:
        """The fold of each row, by a hash of its group."""
        return np.array([int(digest(group), 16) % FOLDS for group in self.groups])


def load_corpus(written: Sequence[Path], articles: Path | None, leads: Path | None) -> Corpus:
    """Written rows; real ones if the articles and leads that the labels belong to are given.

    Raises:
        TextMissing: they are not those.
    """
    if articles is None or leads is None:
        return Corpus.of(read_rows(written))
    texts = texts_of([("articles", articles, "text"), ("leads", leads, "lead")])
    return Corpus.of(read_rows(written), ((one.row, one.article) for one in joined(texts)))


def add_corpus_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments that `load_corpus` and `read_subjects` need."""
    parser.add_argument("--rows", nargs="+", type=Path, required=True, help="written sentences")
    parser.add_argument("--subjects", nargs="+", type=Path, required=True, help="dossiers, YAML")
    parser.add_argument("--articles", type=Path, help="articles of the real sentences, JSON Lines")
    parser.add_argument("--leads", type=Path, help="leads of the real sentences, JSON Lines")
