"""Writes golden.json beside this file: what torch makes of the tiny net, for tests without it.

    python -m tests.models.multitask.make_golden

in an environment with torch.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import torch
from transformers import BertConfig

from models.taxonomy import OUTLOOKS, TOPICS
from models.train.multitask_batches import Batch, batch, question_batch
from models.train.multitask_examples import Example, HolderPlaces, Material
from models.train.multitask_net import MultitaskNet
from models.train.multitask_questions import QuestionTokens
from models.train.rows import Row
from tests.models.encoder.tiny import settings
from tests.models.multitask import tiny

GOLDEN = Path(__file__).with_name("golden.json")


def material() -> Material:
    """The tiny sentences as examples; nobody holds anything."""
    examples = tuple(
        Example(
            Row(f"row {at}", "north", "", frozenset(), "neutral", False, {}),
            tuple(tiny.IDS[at, : tiny.MASK[at].sum()].tolist()),
            tiny.forms()[at],
            tuple(HolderPlaces(f"party {n}", t, n, named) for t, n, named in tiny.HELD[at]),
            tuple(range(len(tiny.ASKED))),
            *np.zeros((2, len(tiny.HELD[at]), len(tiny.ASKED)), np.int64),
        )
        for at in range(len(tiny.IDS))
    )
    vectors = tiny.propositions(), np.array(tiny.ASKED), tiny.names()
    return Material(examples, *vectors, wordings=(), called=())


def net() -> MultitaskNet:
    """The tiny net in torch, ready to answer."""
    config = BertConfig(
        **settings(tiny.SHAPE, words=tiny.WORDS, width=tiny.WIDTH, inner=tiny.INNER)
    )
    made = MultitaskNet(config, material(), dropout=0.1, hidden=tiny.HIDDEN)
    state = {name: torch.from_numpy(value) for name, value in tiny.arrays().items()}
    missing, unexpected = made.load_state_dict(state, strict=False)
    assert not missing, missing
    assert not unexpected, unexpected
    return made.eval()


def probabilities(made: MultitaskNet, given: Batch) -> list[dict[str, Any]]:
    """Of each sentence: topics, outlooks, claim, and stances (holders, propositions, 4)."""
    with torch.no_grad():
        said, held = made(given)
    topics, outlooks, claim = said.split([len(TOPICS), len(OUTLOOKS), 1], dim=-1)
    sizes = [len(tiny.HELD[at]) * len(tiny.ASKED) for at in given.chosen]
    return [
        {
            "topics": topics[row].sigmoid().tolist(),
            "outlooks": outlooks[row].softmax(-1).tolist(),
            "claim": claim[row, 0].sigmoid().item(),
            "stances": mine.softmax(-1).reshape(-1, len(tiny.ASKED), mine.shape[-1]).tolist(),
        }
        for row, mine in enumerate(held.split(sizes))
    ]


def answer(made: MultitaskNet) -> list[float]:
    """Probabilities (4,) of a question about the first sentence, asked beside a longer one."""
    ids, segments, marks = tiny.asked_tokens()
    other = QuestionTokens(
        [1, 4, *[2] * 10], [0] * 6 + [1] * 6, [0, 1] + [0] * 10, right=0, example=1
    )
    given = question_batch([QuestionTokens(ids, segments, marks, right=0, example=0), other])
    with torch.no_grad():
        chances: list[float] = made.answer(given).softmax(-1)[0].tolist()
    return chances


def main() -> None:
    made = net()
    sentences = probabilities(made, batch(material().examples, [0, 1]))
    found = {"sentences": sentences, "answer": answer(made)}
    GOLDEN.write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
