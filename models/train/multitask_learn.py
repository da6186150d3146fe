"""How the multitask net learns: what it is shown in which order, losses, rates."""

from __future__ import annotations

import random
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy

from models.taxonomy import OUTLOOKS, TOPICS
from models.train.corpus import Corpus, Kind
from models.train.multitask_batches import (
    SIZE,
    QuestionBatch,
    batch,
    hidden,
    question_batch,
    truth,
)
from models.train.multitask_examples import Material
from models.train.multitask_net import MultitaskNet
from models.train.multitask_questions import Asker, candidates
from models.train.order import shuffled

POOL = 40  # batches whose sentences are sorted by length together
RATE, HEAD_RATE = 8e-5, 1e-3
LAST_SHARE = 0.25  # of the rates, over the real sentences at the end
WEIGHTS = {"written": 0.5, "other": 0.5}  # of a sentence's loss; 1 where it is real
# Share of these kinds that an epoch shows, drawn anew for each: an epoch takes as long as one over
# half as many sentences would, and what repeats itself, or was read only once and hardly ever
# holds a stance, is what can be spared. All that is real and read twice is in every epoch.
SHOWN: Mapping[Kind, float] = {"written": 0.5, "once": 0.3, "other": 0.5}
WARM_UP, LEAST = 1 / 12, 0.03  # share of the steps, and of the rate at the end


@dataclass(frozen=True, slots=True)
class Schedule:
    """How long and how fast is trained: `rate_share` is that of the usual rates; `seed` orders and
    draws what is shown; `hidden` is the share of words that are hidden from the net.
    """

    epochs: int = 3
    rate_share: float = 1.0
    seed: int = 7
    hidden: float = 0.0


class Losses:
    """Of a batch of sentences or of questions; classes are weighted by how rare they are in the
    examples of the indices `chosen`, which are learned from.
    """

    def __init__(
        self, material: Material, corpus: Corpus, chosen: Sequence[int], schedule: Schedule
    ) -> None:
        self._hidden = schedule.hidden
        self._draw = torch.Generator().manual_seed(schedule.seed)
        every = truth(material.examples, chosen)
        share = every.topics.mean(0).clamp(min=1e-3)
        self._topic = ((1 - share) / share).sqrt().clamp(1, 6)
        outlook = torch.bincount(every.outlook, minlength=len(OUTLOOKS)).clamp(min=1)
        self._outlook = (len(chosen) / outlook / len(OUTLOOKS)).sqrt().float()
        self._weight = torch.tensor([WEIGHTS.get(kind, 1.0) for kind in corpus.kinds])
        self._judged = torch.tensor([float(kind != "other") for kind in corpus.kinds])
        self._examples = material.examples

    def of_sentences(self, net: MultitaskNet, chosen: list[int]) -> Tensor:
        """The sum of the tasks' losses. Other matters are not judged as claims."""
        given, right = batch(self._examples, chosen), truth(self._examples, chosen)
        held = torch.zeros_like(given.ids).index_add(0, given.sentence, given.places.long())
        given = replace(given, ids=hidden(given.ids, held, self._hidden, self._draw))
        with torch.autocast("cpu", dtype=torch.bfloat16):
            said, held = net(given)
        weight, of = self._weight[chosen], given.sentence[given.holder]
        topics, outlook, claim = said.float().split([len(TOPICS), len(OUTLOOKS), 1], dim=-1)
        each = binary_cross_entropy_with_logits(
            topics, right.topics, pos_weight=self._topic, reduction="none"
        ).sum(1)
        each = each + cross_entropy(outlook, right.outlook, weight=self._outlook, reduction="none")
        claims = binary_cross_entropy_with_logits(claim[:, 0], right.claim, reduction="none")
        each = each + claims * self._judged[chosen]
        stances = cross_entropy(held.float(), right.stance, reduction="none")
        return ((each * weight).sum() + (stances * weight[of]).sum()) / len(chosen)

    def of_questions(self, net: MultitaskNet, given: QuestionBatch) -> Tensor:
        spared = given.segments + given.marks.long()
        given = replace(given, ids=hidden(given.ids, spared, self._hidden, self._draw))
        with torch.autocast("cpu", dtype=torch.bfloat16):
            logits = net.answer(given)
        each = cross_entropy(logits.float(), given.right, reduction="none")
        return (each * self._weight[given.examples]).mean()


def rounds(
    corpus: Corpus, chosen: Sequence[int], schedule: Schedule
) -> list[tuple[list[int], Schedule]]:
    """What is learned after what, of the examples of these indices: all of it in all epochs, then
    once more those that are real and read twice, titles and other matters; see SHOWN.

    Written sentences are told apart more easily than real ones, so those have the last word.
    """
    is_last = corpus.are("real", "title", "other")
    last = [index for index in chosen if is_last[index]]
    once = replace(schedule, epochs=1, rate_share=LAST_SHARE * schedule.rate_share)
    return [(list(chosen), schedule)] + ([(last, once)] if last else [])


def learn(
    net: MultitaskNet,
    material: Material,
    corpus: Corpus,
    chosen: Sequence[int],
    schedule: Schedule,
) -> None:
    """Train the net on the examples of these indices.

    A step takes sentences or questions; the two are mixed in the proportion of their batches.
    """
    net.train()
    losses = Losses(material, corpus, chosen, schedule)
    order = _order(material, corpus, chosen, schedule)
    named = [(name, p) for name, p in net.named_parameters() if p.requires_grad]
    body = [p for name, p in named if name.startswith("bert.")]
    heads = [p for name, p in named if not name.startswith("bert.")]
    rates = schedule.rate_share * RATE, schedule.rate_share * HEAD_RATE
    groups = [{"params": p, "base": rate} for p, rate in zip((body, heads), rates, strict=True)]
    optimiser = torch.optim.AdamW(groups, lr=RATE, weight_decay=0.01, fused=True)
    began, mean = time.monotonic(), {"sentences": 0.0, "questions": 0.0}
    for number, step in enumerate(order):
        done = number / len(order)
        for group in optimiser.param_groups:
            group["lr"] = group["base"] * min(done / WARM_UP + 0.05, 1 - (1 - LEAST) * done)
        if isinstance(step, QuestionBatch):
            kind, loss = "questions", losses.of_questions(net, step)
        else:
            kind, loss = "sentences", losses.of_sentences(net, step)
        loss.backward()
        torch.nn.utils.clip_grad_norm_([p for _, p in named], 1.0)
        optimiser.step()
        optimiser.zero_grad()
        mean[kind] = 0.98 * mean[kind] + 0.02 * loss.item()
        if number % 200 == 0:
            shown = ", ".join(f"{name} {value:.3f}" for name, value in mean.items())
            took = time.monotonic() - began
            print(f"  step {number} of {len(order)}, {took:.0f} s: {shown}", flush=True)


def _order(
    material: Material, corpus: Corpus, chosen: Sequence[int], schedule: Schedule
) -> list[list[int] | QuestionBatch]:
    """The batches of all epochs: of sentences, as indices of examples, and of questions."""
    asker = Asker(material)
    order: list[list[int] | QuestionBatch] = []
    for seed in range(schedule.seed, schedule.seed + schedule.epochs):
        shown = drawn(corpus.kinds, chosen, seed)
        asked = asker.epoch(list(candidates(material, shown)), seed)
        lengths = [len(material.examples[index].ids) for index in shown]
        parts = shuffled([len(one.ids) for one in asked], SIZE, seed, POOL)
        steps: list[list[int] | QuestionBatch] = [
            *(question_batch([asked[at] for at in part]) for part in parts),
            *([shown[at] for at in part] for part in shuffled(lengths, SIZE, seed, POOL)),
        ]
        random.Random(seed).shuffle(steps)
        order += steps
    return order


def drawn(kinds: Sequence[Kind], chosen: Sequence[int], seed: int) -> list[int]:
    """Those of the indices `chosen` that one epoch shows."""
    draw = random.Random(seed)
    return [index for index in chosen if draw.random() < SHOWN.get(kinds[index], 1.0)]
