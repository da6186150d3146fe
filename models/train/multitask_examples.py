"""What the multitask net learns from: rows as tokens, holders and propositions; its answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from models.encoder import Encoder
from models.encoder.session import TOKENIZER, WEIGHTS
from models.encoder.text import encodable
from models.errors import DataError
from models.multitask.form import form
from models.multitask.heads import class_of
from models.multitask.holders import holders
from models.multitask.session import MAX_TOKENS, tokens_of
from models.multitask.vectors import Vectors
from models.subject import Proposition, Subject
from models.taxonomy import TOPICS
from models.train.rows import Row

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class HolderPlaces:
    """A party that may hold a stance: its tokens, the row of its name's vector, is it named."""

    party: str
    tokens: tuple[int, ...]
    name: int
    named: bool


@dataclass(frozen=True, slots=True)
class Example:
    """A row as the net reads it. `stances`, int64 (holders, propositions), is 0 for none, and
    likewise `known`, the side that the holder is known to take.

    `asked` are indices of propositions. Positions of who is no holder are in `row` alone.
    """

    row: Row
    ids: tuple[int, ...]
    form: Floats
    holders: tuple[HolderPlaces, ...]
    asked: tuple[int, ...]
    stances: NDArray[np.int64]
    known: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Material:
    """Examples, and the vectors that they point to.

    `propositions` float32 (n, 768), their `wordings` and `topics` int64 (n,); `names` float32
    (m, 384) and their words `called`.
    """

    examples: tuple[Example, ...]
    propositions: Floats
    topics: NDArray[np.int64]
    names: Floats
    wordings: tuple[Proposition, ...]
    called: tuple[str, ...]


def gather(rows: Sequence[Row], subjects: Mapping[str, Subject], encoder: Encoder) -> Material:
    """All rows as examples, in their order.

    Raises:
        DataError: a row's dossier is no subject.
    """
    if unknown := {row.dossier for row in rows} - subjects.keys():
        raise DataError(f"--subjects names no {', '.join(sorted(unknown))}, which rows are on")
    tokenizer = Tokenizer.from_file(str(WEIGHTS / TOKENIZER))
    tokenizer.enable_truncation(MAX_TOKENS)
    asked = sorted({p for s in subjects.values() for p in s.propositions.values()}, key=_order)
    names = sorted({party.name for s in subjects.values() for party in s.parties})
    vectors = Vectors(encoder)
    of_name = {name: index for index, name in enumerate(names)}
    of_asked = {one: index for index, one in enumerate(asked)}
    examples = tuple(
        _example(row, subjects[row.dossier], tokenizer, of_asked, of_name) for row in rows
    )
    return Material(
        examples,
        np.stack([vectors.proposition(one) for one in asked]),
        np.array([TOPICS.index(one.topic) for one in asked]),
        np.stack([vectors.name(name) for name in names]),
        tuple(asked),
        tuple(names),
    )


def _order(proposition: Proposition) -> tuple[str, str]:
    return proposition.topic, proposition.text


def _example(
    row: Row,
    subject: Subject,
    tokenizer: Tokenizer,
    of_asked: Mapping[Proposition, int],
    of_name: Mapping[str, int],
) -> Example:
    encoded = tokenizer.encode(encodable(row.text))
    found = []
    for one in holders(row.text, subject):
        tokens = tokens_of(encoded.offsets, one.places)
        if tokens:
            name = of_name[one.party.name]
            found.append(HolderPlaces(one.party.id, tuple(tokens), name, one.named))
    asked = [subject.propositions[topic] for topic in sorted(subject.propositions)]
    shape = len(found), len(asked)
    pairs = [(h.party, p.topic) for h in found for p in asked]
    stances, known = (
        np.array([class_of(of.get(pair)) for pair in pairs], dtype=np.int64).reshape(shape)
        for of in (row.positions, subject.known)
    )
    return Example(
        row,
        tuple(encoded.ids),
        form(row.text),
        tuple(found),
        tuple(of_asked[one] for one in asked),
        stances,
        known,
    )


@dataclass(frozen=True, slots=True)
class Answers:
    """What a net says of examples: sentence logits (n, 19), and of each the stances' probabilities
    float32 (holders, propositions, 4) of the first and of the second reading; the latter is NaN
    where nothing was asked.
    """

    sentence: Floats
    first: tuple[Floats, ...]
    second: tuple[Floats, ...]

    def write(self, file: Path) -> None:
        """As .npz, whole or not at all; see `load`."""
        first, second = (
            np.concatenate([row.reshape(-1, row.shape[-1]) for row in part])
            for part in (self.first, self.second)
        )
        unfinished = file.with_suffix(".part")
        with unfinished.open("wb") as stream:
            np.savez(stream, sentence=self.sentence, first=first, second=second)
        unfinished.replace(file)

    @classmethod
    def load(cls, file: Path, examples: Sequence[Example]) -> Self:
        """What `write` wrote of these examples."""
        arrays = np.load(file, allow_pickle=False)
        first, second = (shaped(arrays[name], examples) for name in ("first", "second"))
        return cls(arrays["sentence"], first, second)

    def of(self, chosen: Sequence[int]) -> Answers:
        """The answers to the examples of these indices."""
        first, second = (tuple(part[i] for i in chosen) for part in (self.first, self.second))
        return Answers(self.sentence[list(chosen)], first, second)


def shaped(flat: Floats, examples: Sequence[Example]) -> tuple[Floats, ...]:
    """Rows (candidates, 4) in the order of the examples as (holders, propositions, 4) of each."""
    ends = np.cumsum([one.stances.size for one in examples])
    parts = np.split(flat, ends[:-1])
    return tuple(
        part.reshape(*one.stances.shape, flat.shape[-1])
        for part, one in zip(parts, examples, strict=True)
    )
