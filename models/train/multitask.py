"""Train the multitask model: `python -m models.train.multitask --base JAR --out DIR …`.

Written sentences teach, and real ones where the articles that their labels belong to are at hand;
sentences of articles on other matters teach what has no topic. `--cross-validate` trains once for
each fold of articles and writes how right each net is on the articles that it did not see
(`report.json`); thresholds and designs are chosen by that alone. A run that was cut short goes on
with the folds that are missing. Everything is seeded.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy

from models.encoder import Encoder
from models.encoder.build import sha256
from models.taxonomy import OUTLOOKS, TOPICS
from models.train.base import WORDS, config, read_base
from models.train.corpus import FOLDS, Corpus, Kind, add_corpus_arguments, load_corpus
from models.train.labels import LABELS
from models.train.multitask_batches import batch, truth
from models.train.multitask_examples import Answers, Example, Material, gather
from models.train.multitask_net import MultitaskNet
from models.train.multitask_report import report
from models.train.order import by_length, shuffled
from models.train.rows import read_subjects

SIZE, POOL, SEED, DROPOUT = 32, 40, 7, 0.1
RATE, HEAD_RATE, EPOCHS = 8e-5, 1e-3, 3
WEIGHTS = {"written": 0.5, "other": 0.5}  # of a sentence's loss; 1 where it is real
DOSSIERS = ("ukraine", "iran", "gaza")  # whose parties are looked for in other matters
WARM_UP, LEAST = 1 / 12, 0.03  # share of the steps, and of the rate at the end
Floats = NDArray[np.float32]


class Loss:
    """The sum of the tasks' losses, with classes weighted by how rare they are in `examples`."""

    def __init__(self, examples: Sequence[Example], kinds: Sequence[str]) -> None:
        every = truth(examples, range(len(examples)))
        share = every.topics.mean(0).clamp(min=1e-3)
        self._topic = ((1 - share) / share).sqrt().clamp(1, 6)
        outlook = torch.bincount(every.outlook, minlength=len(OUTLOOKS)).clamp(min=1)
        self._outlook = (len(examples) / outlook / len(OUTLOOKS)).sqrt().float()
        self._weight = torch.tensor([WEIGHTS.get(kind, 1.0) for kind in kinds])
        self._judged = torch.tensor([float(kind != "other") for kind in kinds])
        self._examples = examples

    def __call__(self, logits: tuple[Tensor, Tensor], chosen: Sequence[int], of: Tensor) -> Tensor:
        """`of`: the sentence of each candidate. Other matters are not judged as claims."""
        right, weight = truth(self._examples, chosen), self._weight[list(chosen)]
        topics, outlook, claim = logits[0].float().split([len(TOPICS), len(OUTLOOKS), 1], dim=-1)
        each = binary_cross_entropy_with_logits(
            topics, right.topics, pos_weight=self._topic, reduction="none"
        ).sum(1)
        each = each + cross_entropy(outlook, right.outlook, weight=self._outlook, reduction="none")
        claims = binary_cross_entropy_with_logits(claim[:, 0], right.claim, reduction="none")
        each = each + claims * self._judged[list(chosen)]
        stances = cross_entropy(logits[1].float(), right.stance, reduction="none")
        return ((each * weight).sum() + (stances * weight[of]).sum()) / len(chosen)


def train(net: MultitaskNet, examples: Sequence[Example], kinds: Sequence[str]) -> None:
    """All epochs over the examples; `kinds` are real, written or other."""
    net.train()
    net.standardise(np.stack([one.form for one in examples]))
    loss_of, lengths = Loss(examples, kinds), [len(one.ids) for one in examples]
    named = [(name, p) for name, p in net.named_parameters() if p.requires_grad]
    body = [p for name, p in named if name.startswith("bert.")]
    heads = [p for name, p in named if not name.startswith("bert.")]
    groups = [{"params": body, "base": RATE}, {"params": heads, "base": HEAD_RATE}]
    optimiser = torch.optim.AdamW(groups, lr=RATE, weight_decay=0.01, fused=True)
    epochs = (shuffled(lengths, SIZE, SEED + epoch, POOL) for epoch in range(EPOCHS))
    order = [chosen for epoch in epochs for chosen in epoch]
    for step, chosen in enumerate(order):
        done = step / len(order)
        for group in optimiser.param_groups:
            group["lr"] = group["base"] * min(done / WARM_UP + 0.05, 1 - (1 - LEAST) * done)
        given = batch(examples, chosen)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            logits = net(given)
        loss = loss_of(logits, chosen, given.sentence[given.holder])
        loss.backward()
        torch.nn.utils.clip_grad_norm_([p for _, p in named], 1.0)
        optimiser.step()
        optimiser.zero_grad()
        if step % 200 == 0:
            print(f"  step {step} of {len(order)}: loss {loss.item():.2f}", flush=True)


def answers(net: MultitaskNet, examples: Sequence[Example]) -> Answers:
    """In fp32, in the order of the examples."""
    net.eval()
    sentence = np.empty((len(examples), net.sentence.out_features), dtype=np.float32)
    stances: dict[int, Floats] = {}
    with torch.no_grad():
        for chosen in by_length([len(one.ids) for one in examples], 32):
            said, held = net(batch(examples, chosen))
            sentence[chosen] = said.numpy()
            chances, at = held.softmax(-1).numpy(), 0
            for index in chosen:
                shape = examples[index].stances.shape
                stances[index] = chances[at : at + shape[0] * shape[1]].reshape(
                    *shape, held.shape[-1]
                )
                at += shape[0] * shape[1]
    return Answers(sentence, tuple(stances[index] for index in range(len(examples))))


def fresh(tensors: Mapping[str, Tensor], material: Material) -> MultitaskNet:
    """The published encoder with new heads."""
    torch.manual_seed(SEED)
    shape = config(*tensors[WORDS].shape, dropout=DROPOUT)
    net = MultitaskNet(shape, material, dropout=DROPOUT)
    net.bert.load_state_dict(dict(tensors))
    return net


Splits = Mapping[str, tuple[list[int], list[int]]]


def splits(corpus: Corpus, folds: Sequence[int], left_out: str | None) -> Splits:
    """By name, the rows to train on and those to measure on: read twice, or on other matters.

    Folds part articles; a dossier left out is measured by what saw no sentence of it.
    """
    measures = corpus.are("real", "other")
    if left_out is not None:
        of = np.array([row.dossier == left_out for row in corpus.rows])
        return {f"without-{left_out}": _parted(~of, of & measures)}
    fold = corpus.folds()
    return {f"fold-{n}": _parted(fold != n, (fold == n) & measures) for n in folds}


def _parted(seen: NDArray[np.bool_], unseen: NDArray[np.bool_]) -> tuple[list[int], list[int]]:
    return np.flatnonzero(seen).tolist(), np.flatnonzero(unseen).tolist()


def cross_validate(
    tensors: Mapping[str, Tensor], material: Material, corpus: Corpus, parts: Splits, out: Path
) -> tuple[list[int], Answers]:
    """Indices of the rows measured, and what nets that did not see them say of them.

    The answers of each part are kept in `out`, from where the next run takes them.
    """
    measured: list[int] = []
    found = []
    for name, (seen, unseen) in parts.items():
        file = out / f"{name}.npz"
        mine = [material.examples[index] for index in unseen]
        if not file.exists():
            began = time.monotonic()
            net = fresh(tensors, material)
            train(net, *_part(material, corpus, seen))
            answers(net, mine).write(file)
            print(f"{name}: {len(unseen)} rows, {time.monotonic() - began:.0f} s", flush=True)
        measured += unseen
        found.append(Answers.load(file, mine))
    sentence = np.concatenate([one.sentence for one in found])
    return measured, Answers(sentence, tuple(row for one in found for row in one.stances))


def _part(
    material: Material, corpus: Corpus, chosen: Sequence[int]
) -> tuple[list[Example], list[Kind]]:
    return [material.examples[i] for i in chosen], [corpus.kinds[i] for i in chosen]


def main() -> None:
    options = _options()
    torch.set_num_threads(options.threads)
    options.out.mkdir(parents=True, exist_ok=True)
    subjects = read_subjects(options.subjects)
    corpus = load_corpus(options.rows, options.articles, options.leads, DOSSIERS)
    material = gather(corpus.rows, subjects, Encoder.load(threads=options.threads))
    tensors = read_base(options.base)
    print(f"{len(corpus.rows)} rows: {dict(Counter(corpus.kinds))}", flush=True)
    if options.cross_validate or options.leave_out:
        parts = splits(corpus, options.folds, options.leave_out)
        measured, said = cross_validate(tensors, material, corpus, parts, options.out)
        found = report(material, corpus, measured, said)
        (options.out / "report.json").write_text(json.dumps(found, indent=2) + "\n")
        print(json.dumps(found["scores"], indent=2))
        return
    net = fresh(tensors, material)
    train(net, list(material.examples), list(corpus.kinds))
    torch.save({"net": net.trained(), "source": _source(options)}, options.out / "multitask.pt")


def _source(options: argparse.Namespace) -> dict[str, Any]:
    """What the weights were made of, for the manifest."""
    files = [*options.rows, *options.subjects, LABELS]
    return {"seed": SEED, "sha256": {path.name: sha256(path) for path in files}}


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_corpus_arguments(parser)
    parser.add_argument("--base", type=Path, required=True, help="the jar of models.train.base")
    parser.add_argument("--out", type=Path, required=True, help="folder of what is written")
    parser.add_argument("--cross-validate", action="store_true", help="measure instead of training")
    parser.add_argument("--folds", nargs="+", type=int, default=range(FOLDS), help="only these")
    parser.add_argument("--leave-out", metavar="DOSSIER", help="measure on it, train on the rest")
    parser.add_argument("--threads", type=int, default=2)
    return parser.parse_args()


if __name__ == "__main__":
    main()
