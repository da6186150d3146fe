"""Pairs of texts as batches of tokens."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence

from models.encoder.session import TOKENIZER, WEIGHTS
from models.encoder.text import encodable


@dataclass(frozen=True, slots=True)
class Tokens:
    """One pair as the net reads it; `segments` are 1 in the second text."""

    ids: tuple[int, ...]
    segments: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Batch:
    """int64 (batch, length), and which examples they are."""

    ids: Tensor
    mask: Tensor
    segments: Tensor
    chosen: list[int]


def tokenise(pairs: Sequence[tuple[str, str]], length: int) -> list[Tokens]:
    """All pairs, cut to `length` tokens at the longer text's end."""
    tokenizer = Tokenizer.from_file(str(WEIGHTS / TOKENIZER))
    tokenizer.enable_truncation(length, strategy="longest_first")
    found = tokenizer.encode_batch([(encodable(a), encodable(b)) for a, b in pairs])
    return [Tokens(tuple(one.ids), tuple(one.type_ids)) for one in found]


def lengths(tokens: Sequence[Tokens]) -> list[int]:
    """How many tokens each pair has."""
    return [len(one.ids) for one in tokens]


def padded(tokens: Sequence[Tokens], chosen: list[int]) -> Batch:
    """The examples of these indices as one batch, padded to the longest."""
    mine = [tokens[index] for index in chosen]
    ids, mask = aligned([one.ids for one in mine])
    segments, _ = aligned([one.segments for one in mine])
    return Batch(ids, mask, segments, chosen)


def aligned(rows: Sequence[Sequence[int]]) -> tuple[Tensor, Tensor]:
    """Rows side by side with 0 behind the short ones, and 1 where the rows are: both int64."""
    values, mask = (
        pad_sequence([torch.tensor(row, dtype=torch.int64) for row in part], batch_first=True)
        for part in (rows, [[1] * len(row) for row in rows])
    )
    return values, mask


def batches(tokens: Sequence[Tokens], order: Sequence[list[int]]) -> Iterator[Batch]:
    """The batches of an order, one at a time."""
    return (padded(tokens, chosen) for chosen in order)
