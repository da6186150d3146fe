"""Pairs of texts as batches of tokens."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import Tensor

from models.encoder.text import encodable

TOKENIZER = Path(__file__).parents[1] / "encoder" / "weights" / "tokenizer.json"


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
    tokenizer = Tokenizer.from_file(str(TOKENIZER))
    tokenizer.enable_truncation(length, strategy="longest_first")
    found = tokenizer.encode_batch([(encodable(a), encodable(b)) for a, b in pairs])
    return [Tokens(tuple(one.ids), tuple(one.type_ids)) for one in found]


def lengths(tokens: Sequence[Tokens]) -> list[int]:
    """How many tokens each pair has."""
    return [len(one.ids) for one in tokens]


def padded(tokens: Sequence[Tokens], chosen: list[int]) -> Batch:
    """The examples of these indices as one batch, padded to the longest."""
    length = max(len(tokens[index].ids) for index in chosen)
    ids = torch.zeros(len(chosen), length, dtype=torch.int64)
    mask, segments = torch.zeros_like(ids), torch.zeros_like(ids)
    for row, index in enumerate(chosen):
        n = len(tokens[index].ids)
        ids[row, :n] = torch.tensor(tokens[index].ids)
        segments[row, :n] = torch.tensor(tokens[index].segments)
        mask[row, :n] = 1
    return Batch(ids, mask, segments, chosen)


def batches(tokens: Sequence[Tokens], order: Sequence[list[int]]) -> Iterator[Batch]:
    """The batches of an order, one at a time."""
    return (padded(tokens, chosen) for chosen in order)
