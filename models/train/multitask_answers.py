"""What a trained multitask net says of examples."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from models.train.multitask_batches import SIZE, batch, question_batch
from models.train.multitask_examples import Answers, Material, shaped
from models.train.multitask_net import MultitaskNet
from models.train.multitask_questions import Asker, candidates
from models.train.multitask_thresholds import SIEVES
from models.train.order import by_length

Floats = NDArray[np.float32]


def answers(net: MultitaskNet, material: Material, chosen: Sequence[int]) -> Answers:
    """Of the examples of these indices, in fp32, in their order."""
    net.eval()
    examples = [material.examples[index] for index in chosen]
    sentence = np.empty((len(examples), net.sentence.out_features), dtype=np.float32)
    first: dict[int, Floats] = {}
    with torch.no_grad():
        for part in by_length([len(one.ids) for one in examples], SIZE):
            said, held = net(batch(examples, part))
            sentence[part] = said.numpy()
            sizes = [examples[index].stances.size for index in part]
            chances = np.split(held.softmax(-1).numpy(), np.cumsum(sizes)[:-1])
            first |= zip(part, chances, strict=True)
    flat = np.concatenate([first[index] for index in range(len(examples))])
    second = _second(net, material, chosen, flat)
    return Answers(sentence, shaped(flat, examples), shaped(second, examples))


def _second(net: MultitaskNet, material: Material, chosen: Sequence[int], first: Floats) -> Floats:
    """Answers (candidates, 4) to those questions that the first reading does not rule out."""
    every = [one for one, _ in candidates(material, chosen)]
    asked = np.flatnonzero(1 - first[:, 0] >= min(SIEVES))
    asker, second = Asker(material), np.full_like(first, np.nan)
    put = [asker.ask(every[at]) for at in asked]
    with torch.no_grad():
        for part in by_length([len(one.ids) for one in put], SIZE):
            logits = net.answer(question_batch([put[at] for at in part]))
            second[asked[part]] = logits.softmax(-1).numpy()
    return second
