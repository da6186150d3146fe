"""Inference pre-training: `python -m models.train.pretrain --pairs FILE … --base JAR --out DIR`.

Teaches the published encoder to read a pair of texts: which follows from which, and which side a
text takes on a target. Stopped at any time and started again with the same arguments it goes on
from its last checkpoint, with the same batches in the same order.

Arithmetic is bf16 with fp32 weights: 1.6 times as many pairs for a second of one AVX512-BF16 core.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import random
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from models.encoder.session import sha256
from models.errors import DataError
from models.train.base import read_base
from models.train.order import by_length, shuffled
from models.train.pair_batches import Batch, Tokens, batches, lengths, tokenise
from models.train.pair_net import CrossEncoder, from_base

LABELS = {
    "inference": ("entailment", "neutral", "contradiction"),
    "target": ("favor", "none", "against"),
}
LENGTH, SIZE, POOL, RATE, WARM_STEPS, SEED = 72, 32, 64, 1e-4, 150, 7
DEV_SHARE = 0.02
# The most pairs of a source: long or formulaic texts are cut down, as are arguments; NewsMTSC is
# about the tone towards somebody named, which is no stance of theirs.
MOST = {
    "NewProtocols-edit_other": 3000,
    "NewProtocols-edit_premise": 3000,
    "NewProtocols-base": 4000,
    "NewProtocols-paragraph": 0,
    "FOLIO": 0,
    "TRACIE": 400,
    "IBM-ArgQ-30k": 3000,
    "Perspectrum": 6000,
    "NewsMTSC": 0,
}


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts, the task they are of, the label's index, and where they come from."""

    first: str
    second: str
    task: str
    label: int
    source: str


def read_pairs(path: Path) -> list[Pair]:
    """Rows {premise, hypothesis, label, source} or {text, target, label, source}, gzipped JSON."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [_pair(json.loads(line)) for line in lines]


def _pair(row: dict[str, Any]) -> Pair:
    task = "inference" if "premise" in row else "target"
    texts = (
        (row["premise"], row["hypothesis"]) if "premise" in row else (row["text"], row["target"])
    )
    return Pair(*texts, task, LABELS[task].index(row["label"]), row["source"])


def drawn(pairs: Iterable[Pair]) -> list[Pair]:
    """At most so many of each source, in an order drawn by the seed."""
    draw, by_source = random.Random(SEED), defaultdict[str, list[Pair]](list)
    for pair in pairs:
        by_source[pair.source].append(pair)
    found = []
    for source, mine in by_source.items():
        draw.shuffle(mine)
        found += mine[: MOST.get(source, len(mine))]
    draw.shuffle(found)
    return found


def held_out(pair: Pair) -> bool:
    """Whether a pair is for measuring. All pairs of one first text fall on the same side."""
    digest = hashlib.sha256(pair.first.encode()).digest()
    return int.from_bytes(digest[:4], "big") < DEV_SHARE * 2**32


@dataclass(slots=True)
class Run:
    """A pre-training as it goes: what a checkpoint keeps."""

    net: CrossEncoder
    optimiser: torch.optim.Optimizer
    source: str = ""
    step: int = 0
    seconds: float = 0.0

    def save(self, path: Path) -> None:
        """Written beside and moved, so that a kill leaves the checkpoint before."""
        state = {"net": self.net.trained(), "optimiser": self.optimiser.state_dict()}
        reached = {"step": self.step, "seconds": self.seconds, "source": self.source}
        torch.save(state | reached, path.with_suffix(".tmp"))
        path.with_suffix(".tmp").replace(path)

    def resume(self, path: Path) -> None:
        """Raises DataError where the checkpoint is of other pairs, or of another schedule."""
        state = torch.load(path, weights_only=True)
        if state.get("source") != self.source:
            raise DataError(f"{path} was made of other pairs or options: name another --out")
        self.net.restore(state["net"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.step, self.seconds = state["step"], state["seconds"]


def start(base: Path) -> Run:
    """The published weights and fresh heads, one for each task."""
    torch.manual_seed(SEED)
    heads = {task: len(labels) for task, labels in LABELS.items()}
    net = from_base(read_base(base), heads)
    trained = [p for p in net.parameters() if p.requires_grad]
    return Run(net, torch.optim.AdamW(trained, lr=RATE, weight_decay=0.01, fused=True))


def source_of(files: Sequence[Path], most: int, epochs: int) -> str:
    """A hash of what a pre-training depends on beside the base, which is pinned."""
    parts = [sha256(file) for file in files]
    return hashlib.sha256(f"{parts} {most} {epochs}".encode()).hexdigest()


def rate_at(step: int, steps: int) -> float:
    """Of a step from 1: a short rise, then linearly down to a twentieth."""
    return RATE * min(step / WARM_STEPS, 1 - 0.95 * (step - 1) / steps)


def loss_of(net: CrossEncoder, batch: Batch, pairs: Sequence[Pair]) -> Tensor:
    """Mean cross-entropy, each pair by the head of its task."""
    with torch.autocast("cpu", dtype=torch.bfloat16):
        logits = net(batch.ids, batch.mask, batch.segments)
    rows = [pairs[index] for index in batch.chosen]
    chosen = torch.stack([logits[row.task][at] for at, row in enumerate(rows)])
    return cross_entropy(chosen, torch.tensor([row.label for row in rows]))


def accuracy(
    net: CrossEncoder, pairs: Sequence[Pair], tokens: Sequence[Tokens]
) -> dict[str, tuple[float, int]]:
    """Share of right answers and number of pairs, by task and by source."""
    right: dict[str, list[bool]] = {}
    net.eval()
    with torch.no_grad():
        for batch in batches(tokens, by_length(lengths(tokens), SIZE)):
            with torch.autocast("cpu", dtype=torch.bfloat16):
                logits = net(batch.ids, batch.mask, batch.segments)
            for at, index in enumerate(batch.chosen):
                pair = pairs[index]
                hit = int(logits[pair.task][at].argmax()) == pair.label
                for group in (pair.task, pair.source):
                    right.setdefault(group, []).append(hit)
    net.train()
    return {name: (sum(hits) / len(hits), len(hits)) for name, hits in sorted(right.items())}


def endless(tokens: Sequence[Tokens]) -> Iterator[Batch]:
    """Epoch after epoch, each in its own order."""
    epoch = 0
    while True:
        yield from batches(tokens, shuffled(lengths(tokens), SIZE, SEED + epoch, POOL))
        epoch += 1


def skipped(source: Iterator[Batch], steps: int) -> Iterator[Batch]:
    for _ in range(steps):
        next(source)
    return source


def pretrain(
    run: Run, pairs: Sequence[Pair], out: Path, epochs: int, most: int, minutes: float
) -> None:
    """Train from where `run` stands, with a line of log and a checkpoint every `minutes`."""
    training = [pair for pair in pairs if not held_out(pair)][:most]
    dev = [pair for pair in pairs if held_out(pair)]
    tokens, dev_tokens = (
        tokenise([(p.first, p.second) for p in part], LENGTH) for part in (training, dev)
    )
    if not training:
        raise DataError("--pairs hold no pair to learn from")
    per_epoch = len(shuffled(lengths(tokens), SIZE, 0, POOL))
    steps = epochs * per_epoch
    source, losses, saved = skipped(endless(tokens), run.step), list[float](), time.monotonic()
    while run.step < steps:
        for group in run.optimiser.param_groups:
            group["lr"] = rate_at(run.step + 1, steps)
        loss = loss_of(run.net, next(source), training)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(run.net.parameters(), 1.0)
        run.optimiser.step()
        run.optimiser.zero_grad()
        run.step += 1
        losses.append(loss.item())
        at_end = run.step % per_epoch == 0
        if at_end or time.monotonic() - saved > minutes * 60:
            run.seconds += time.monotonic() - saved
            scores = accuracy(run.net, dev, dev_tokens) if at_end else {}
            _log(out, run, run.step / per_epoch, losses, scores)
            run.save(out / "pretrained.pt")
            losses, saved = [], time.monotonic()


def _log(
    out: Path, run: Run, epoch: float, losses: list[float], scores: dict[str, tuple[float, int]]
) -> None:
    line = {
        "epoch": round(epoch, 3),
        "step": run.step,
        "seconds": round(run.seconds),
        "loss": round(sum(losses) / max(len(losses), 1), 4),
        "dev": {name: [round(share, 3), n] for name, (share, n) in scores.items()},
    }
    with (out / "log.jsonl").open("a", encoding="utf-8") as log:
        log.write(json.dumps(line) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pairs", nargs="+", type=Path, required=True, help="gzipped JSON Lines")
    parser.add_argument("--base", type=Path, required=True, help="the jar of models.train.base")
    parser.add_argument("--out", type=Path, required=True, help="folder of checkpoint and log")
    parser.add_argument("--most", type=int, default=60_000, help="pairs of an epoch")
    parser.add_argument("--epochs", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=3, help="between checkpoints")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    options.out.mkdir(parents=True, exist_ok=True)
    run = start(options.base)
    run.source = source_of(options.pairs, options.most, options.epochs)
    if (options.out / "pretrained.pt").exists():
        run.resume(options.out / "pretrained.pt")
    pairs = drawn(pair for path in options.pairs for pair in read_pairs(path))
    pretrain(run, pairs, options.out, options.epochs, options.most, options.minutes)


if __name__ == "__main__":
    main()
