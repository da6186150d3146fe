"""Examples of the multitask net side by side in torch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from models.taxonomy import OUTLOOKS, TOPICS
from models.train.multitask_examples import Example
from models.train.multitask_questions import QuestionTokens
from models.train.pair_batches import aligned

SIZE = 32  # sentences or questions of a batch
MASK = 103  # [MASK], the last special token of the encoder's vocabulary


@dataclass(frozen=True, slots=True)
class Batch:
    """Examples side by side. Candidates are pairs of a holder (of the batch) and a proposition.

    ids and mask int64 (batch, length), form (batch, k); places float32 (holders, length), the row
    of each holder's sentence, of its name, and is it named; candidates' holders and propositions.
    """

    chosen: list[int]
    ids: Tensor
    mask: Tensor
    form: Tensor
    places: Tensor
    sentence: Tensor
    name: Tensor
    named: Tensor
    holder: Tensor
    proposition: Tensor


def batch(examples: Sequence[Example], chosen: list[int]) -> Batch:
    """The examples of these indices, padded to the longest."""
    mine = [examples[index] for index in chosen]
    ids, mask = aligned([one.ids for one in mine])
    held = [(at, h) for at, one in enumerate(mine) for h in one.holders]
    places = torch.zeros(len(held), ids.shape[1])
    for at, (_, h) in enumerate(held):
        places[at, list(h.tokens)] = 1
    pairs = [(at, asked) for at, (row, _) in enumerate(held) for asked in mine[row].asked]
    return Batch(
        chosen,
        ids,
        mask,
        torch.from_numpy(np.stack([one.form for one in mine])),
        places,
        _integers([row for row, _ in held]),
        _integers([h.name for _, h in held]),
        torch.tensor([float(h.named) for _, h in held]),
        _integers([holder for holder, _ in pairs]),
        _integers([asked for _, asked in pairs]),
    )


def _integers(values: Sequence[int]) -> Tensor:
    return torch.tensor(values, dtype=torch.int64)


@dataclass(frozen=True, slots=True)
class QuestionBatch:
    """Questions side by side: ids, mask and segments int64 (batch, length), marks float32 likewise,
    the right answers (batch,), and the examples that they are about.
    """

    ids: Tensor
    mask: Tensor
    segments: Tensor
    marks: Tensor
    right: Tensor
    examples: list[int]


def question_batch(asked: Sequence[QuestionTokens]) -> QuestionBatch:
    """Padded to the longest."""
    ids, mask = aligned([one.ids for one in asked])
    segments, _ = aligned([one.segments for one in asked])
    marks, _ = aligned([one.marks for one in asked])
    right = _integers([one.right for one in asked])
    return QuestionBatch(ids, mask, segments, marks.float(), right, [one.example for one in asked])


def hidden(ids: Tensor, spared: Tensor, share: float, draw: torch.Generator) -> Tensor:
    """The ids (batch, length) with [MASK] for about this share of the words that are not spared.

    Word dropout, as in Iyyer et al. 2015 (Deep Unordered Composition Rivals Syntactic Methods):
    what is said must not hang on a single word of a sentence met many times.
    """
    chance = torch.rand(ids.shape, generator=draw)
    gone = (chance < share) & (spared == 0) & (ids > MASK)
    return ids.masked_fill(gone, MASK)


@dataclass(frozen=True, slots=True)
class Truth:
    """What is right for a batch: topics (batch, 15), outlook and claim (batch,), stance of each
    candidate.
    """

    topics: Tensor
    outlook: Tensor
    claim: Tensor
    stance: Tensor


def truth(examples: Sequence[Example], chosen: Sequence[int]) -> Truth:
    mine = [examples[index] for index in chosen]
    stances = [one.stances.ravel() for one in mine]
    return Truth(
        torch.tensor([[float(topic in one.row.topics) for topic in TOPICS] for one in mine]),
        _integers([list[str](OUTLOOKS).index(one.row.outlook) for one in mine]),
        torch.tensor([float(one.row.claim) for one in mine]),
        torch.from_numpy(np.concatenate(stances)),
    )
