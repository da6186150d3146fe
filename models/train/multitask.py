"""Train the multitask model: `python -m models.train.multitask --base JAR --out DIR …`.

Written sentences teach, and real ones where the articles that their labels belong to are at hand;
sentences of articles on other matters teach what has no topic. `--cross-validate` trains once for
each fold of articles and writes how right each net is on the articles that it did not see
(`report.json`); `models.train.multitask_measure` writes the like of a trained net, on sentences
that no training sees. A run that was cut short goes on with the folds that are missing. `--start`
takes the layers of an inference pre-training; `--from` goes on from a trained net's weights, such
as those that ship. Everything is seeded.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy

from models.encoder import Encoder
from models.encoder.session import sha256
from models.multitask.files import read_manifest, version_of
from models.multitask.restore import restored
from models.taxonomy import OUTLOOKS, TOPICS
from models.train.base import WORDS, config, read_base
from models.train.corpus import FOLDS, Corpus, Kind, add_corpus_arguments, load_corpus
from models.train.labels import LABELS, OTHER
from models.train.multitask_batches import QuestionBatch, batch, question_batch, truth
from models.train.multitask_examples import Answers, Material, gather, shaped
from models.train.multitask_net import MultitaskNet
from models.train.multitask_questions import Asker, candidates
from models.train.multitask_report import report
from models.train.multitask_thresholds import SIEVES
from models.train.order import by_length, shuffled
from models.train.pool import digest
from models.train.rows import read_subjects

SIZE, POOL, DROPOUT = 32, 40, 0.1
RATE, HEAD_RATE = 8e-5, 1e-3
LAST_SHARE = 0.25  # of the rates, over the real sentences at the end
WEIGHTS = {"written": 0.5, "other": 0.5}  # of a sentence's loss; 1 where it is real
# Share of these kinds that an epoch shows, drawn anew for each: an epoch takes as long as one over
# half as many sentences would, and what repeats itself, or was read only once and hardly ever
# holds a stance, is what can be spared. All that is real and read twice is in every epoch.
SHOWN: Mapping[Kind, float] = {"written": 0.5, "once": 0.3, "other": 0.3}
DOSSIERS = ("ukraine", "iran", "gaza")  # whose parties are looked for in other matters
WARM_UP, LEAST = 1 / 12, 0.03  # share of the steps, and of the rate at the end
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Schedule:
    """How long and how fast is trained: `rate_share` is that of the usual rates; `seed` orders and
    draws what is shown.
    """

    epochs: int = 3
    rate_share: float = 1.0
    seed: int = 7


class Losses:
    """Of a batch of sentences or of questions; classes are weighted by how rare they are in the
    examples of the indices `chosen`, which are learned from.
    """

    def __init__(self, material: Material, corpus: Corpus, chosen: Sequence[int]) -> None:
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

    A step takes sentences or questions; the two are mixed in the proportion of their batches."""
    net.train()
    losses, order = Losses(material, corpus, chosen), _order(material, corpus, chosen, schedule)
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


@dataclass(frozen=True, slots=True)
class Start:
    """Where training begins: the published encoder with new heads; its layers as a pre-training
    (`pretrained`) left them; or all as in the folder of a trained net's `weights`.
    """

    base: Mapping[str, Tensor]
    seed: int
    pretrained: Path | None = None
    weights: Path | None = None

    def net(self, material: Material, chosen: Sequence[int]) -> MultitaskNet:
        """New nets take the spread of facts of form from the examples of these indices.

        Raises:
            FilesError: the weights to go on from are not whole.
            ValueError: they, or the pre-training, are of another net.
        """
        torch.manual_seed(self.seed)
        shape = config(*self.base[WORDS].shape, dropout=DROPOUT)
        net = MultitaskNet(shape, material, dropout=DROPOUT)
        if self.weights is not None:
            net.go_on_from(restored(self.weights, shape.num_attention_heads))
            return net
        net.standardise(np.stack([material.examples[index].form for index in chosen]))
        net.bert.load_state_dict(dict(self.base))
        if self.pretrained is not None:
            net.begin_with(torch.load(self.pretrained, weights_only=True)["net"])
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
    trained: Callable[[Sequence[int]], MultitaskNet],
    material: Material,
    parts: Splits,
    out: Path,
    source: Mapping[str, Any],
) -> tuple[list[int], Answers]:
    """Indices of the rows measured, and what nets that did not see them say of them.

    `trained` gives a net that learned from the rows of these indices. The answers of each part are
    kept in `out`, from where the next run on the same `source` takes them.
    """
    measured: list[int] = []
    found = []
    for name, (seen, unseen) in parts.items():
        file = out / f"{name}-{digest(json.dumps(source, sort_keys=True))}.npz"
        if not file.exists():
            began = time.monotonic()
            answers(trained(seen), material, unseen).write(file)
            print(f"{name}: {len(unseen)} rows, {time.monotonic() - began:.0f} s", flush=True)
        measured += unseen
        found.append(Answers.load(file, [material.examples[index] for index in unseen]))
    sentence = np.concatenate([one.sentence for one in found])
    first, second = (
        tuple(row for one in found for row in getattr(one, part)) for part in ("first", "second")
    )
    return measured, Answers(sentence, first, second)


def main() -> None:
    options = _options()
    torch.set_num_threads(options.threads)
    options.out.mkdir(parents=True, exist_ok=True)
    subjects = read_subjects(options.subjects)
    corpus = load_corpus(options.rows, options.articles, options.leads, DOSSIERS)
    material = gather(corpus.rows, subjects, Encoder.load(threads=options.threads))
    start = Start(read_base(options.base), options.seed, options.start, options.weights)
    schedule = Schedule(options.epochs, options.rate_share, options.seed)
    print(f"{len(corpus.rows)} rows: {dict(Counter(corpus.kinds))}", flush=True)

    def trained(chosen: Sequence[int]) -> MultitaskNet:
        net = start.net(material, chosen)
        for rows, its_schedule in rounds(corpus, chosen, schedule):
            learn(net, material, corpus, rows, its_schedule)
        return net

    source = _source(options, schedule)
    if not (options.cross_validate or options.leave_out):
        state = {"net": trained(range(len(corpus.rows))).state_dict(), "source": source}
        torch.save(state, options.out / "multitask.pt")
        return
    parts = splits(corpus, options.folds, options.leave_out)
    measured, said = cross_validate(trained, material, parts, options.out, source)
    found = report(material, corpus, measured, said)
    name = f"report-without-{options.leave_out}" if options.leave_out else "report"
    (options.out / f"{name}.json").write_text(json.dumps(found, indent=2) + "\n")
    print(json.dumps(found["scores"], indent=2))


def _source(options: argparse.Namespace, schedule: Schedule) -> dict[str, Any]:
    """What the weights were made of, for the manifest: a hash of each kind of file."""
    kinds = {
        "base": [options.base],
        "written": options.rows,
        "subjects": options.subjects,
        "labels": [*LABELS, OTHER] if options.articles else [],
        "start": [options.start] if options.start else [],
    }
    source = asdict(schedule) | {
        "shown": dict(SHOWN),
        "sha256": {kind: _hash(paths) for kind, paths in kinds.items()},
    }
    return source | (
        {"from": version_of(read_manifest(options.weights))} if options.weights else {}
    )


def _hash(paths: Sequence[Path]) -> str:
    """Of the files' names and contents, in the order of the names; none if there are none."""
    lines = sorted(f"{path.name} {sha256(path)}\n" for path in paths)
    return hashlib.sha256("".join(lines).encode()).hexdigest() if lines else ""


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_corpus_arguments(parser)
    parser.add_argument("--base", type=Path, required=True, help="the jar of models.train.base")
    begin = parser.add_mutually_exclusive_group()
    begin.add_argument("--start", type=Path, help="checkpoint of models.train.pretrain")
    begin.add_argument("--from", dest="weights", type=Path, help="folder of weights to go on from")
    usual = Schedule()
    parser.add_argument("--epochs", type=int, default=usual.epochs, help="%(default)s if left out")
    parser.add_argument(
        "--rate-share", type=float, default=usual.rate_share, help="of the usual rates"
    )
    parser.add_argument("--seed", type=int, default=usual.seed, help="%(default)s if left out")
    parser.add_argument("--out", type=Path, required=True, help="folder of what is written")
    parser.add_argument("--cross-validate", action="store_true", help="measure instead of training")
    parser.add_argument("--folds", nargs="+", type=int, default=range(FOLDS), help="only these")
    parser.add_argument("--leave-out", metavar="DOSSIER", help="measure on it, train on the rest")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    if bool(options.articles) != bool(options.leads):
        parser.error("--articles and --leads are given both or neither")
    if (options.cross_validate or options.leave_out) and not options.articles:
        parser.error("only real sentences are measured on: give --articles and --leads")
    return options


if __name__ == "__main__":
    main()
