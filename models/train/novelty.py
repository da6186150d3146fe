"""Train the pair model of novelty: `python -m models.train.novelty --start CHECKPOINT --out DIR …`.

From the pre-trained net (`models.train.pretrain`), whose inference head is the first state of the
relation: entailed is covered, contradicted is in conflict. With `--cross-validate` a net is trained
for each fold of pairs and what it says of the pairs that it did not see is written; the decision
(`models.train.novelty_decision`) is fitted to that. Everything is seeded.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import cross_entropy

from models.encoder import Encoder
from models.encoder.build import sha256
from models.novelty.match import Statement
from models.novelty.pairs import JOINED, MAX_TOKENS, RELATIONS, joined
from models.novelty.thresholds import shipped
from models.novelty.tune import DATA, rows
from models.taxonomy import NOVELTIES
from models.train.novelty_examples import Later, Lesson, fold_of, laters, lessons, texts_of
from models.train.order import by_length, shuffled
from models.train.pair_batches import Batch, batches, lengths, tokenise
from models.train.pair_net import CrossEncoder, State, from_wheel

HEADS = {"relation": len(RELATIONS), "novelty": len(NOVELTIES)}
SIZE, POOL, SEED, FROZEN_LAYERS, FOLDS = 16, 64, 17, 2, 3
SMOOTHING = 0.05
Logits = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Course:
    """How the training goes."""

    rate: float = 1e-4
    epochs: int = 3
    dropout: float = 0.1


def loss_of(net: CrossEncoder, batch: Batch, taught: Sequence[Lesson]) -> Tensor:
    """Mean cross-entropy of the relation over those that have one, and of the novelty likewise."""
    with torch.autocast("cpu", dtype=torch.bfloat16):
        logits = net(batch.ids, batch.mask, batch.segments)
    loss = torch.zeros(())
    for head in HEADS:
        wanted = [getattr(taught[index], head) for index in batch.chosen]
        held = torch.tensor([one is not None for one in wanted])
        if held.any():
            target = torch.tensor([one for one in wanted if one is not None])
            loss = loss + cross_entropy(
                logits[head][held], target, label_smoothing=SMOOTHING, reduction="sum"
            )
    return loss / len(batch.chosen)


def train(net: CrossEncoder, course: Course, found: Sequence[Later]) -> None:
    """All epochs, the negatives drawn anew in each."""
    _set_up(net, course)
    trained = [p for p in net.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(trained, lr=course.rate, weight_decay=0.01, fused=True)
    for epoch in range(course.epochs):
        taught = lessons(found, SEED + epoch)
        tokens = tokenise([(one.earlier, one.later) for one in taught], MAX_TOKENS)
        order = shuffled(lengths(tokens), SIZE, SEED + epoch, POOL)
        total = 0.0
        for step, batch in enumerate(batches(tokens, order)):
            done = (epoch + step / len(order)) / course.epochs
            for group in optimiser.param_groups:
                group["lr"] = course.rate * min(done * 10 + 0.05, 1 - 0.95 * done)
            loss = loss_of(net, batch, taught)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(trained, 1.0)
            optimiser.step()
            optimiser.zero_grad()
            total += loss.item()
        spent = time.process_time()
        print(
            f"epoch {epoch}: {len(taught)} lessons, loss {total / len(order):.3f}, {spent:.0f} s",
            flush=True,
        )


def _set_up(net: CrossEncoder, course: Course) -> None:
    """Training mode, with the embeddings and the first layers as pre-training left them."""
    net.train()
    torch.manual_seed(SEED)
    for module in net.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = course.dropout
    for part in (net.bert.embeddings, *net.bert.encoder.layer[:FROZEN_LAYERS]):
        part.requires_grad_(False)
        part.eval()


def answers(net: CrossEncoder, pairs: Sequence[tuple[str, str]]) -> Logits:
    """float32 (len(pairs), 7): the relation, then the novelty; logits."""
    net.eval()
    tokens = tokenise(pairs, MAX_TOKENS)
    found = np.empty((len(pairs), sum(HEADS.values())), dtype=np.float32)
    with torch.no_grad():
        for batch in batches(tokens, by_length(lengths(tokens), 32)):
            with torch.autocast("cpu", dtype=torch.bfloat16):
                logits = net(batch.ids, batch.mask, batch.segments)
            found[batch.chosen] = torch.cat([logits[head] for head in HEADS], 1).numpy()
    return found


def asked(one: Later) -> list[tuple[str, str]]:
    """The questions on a later sentence: its best candidates joined, then each alone."""
    near = one.near[:JOINED]
    alone = [*near, *[""] * JOINED][:JOINED]
    return [(joined(near), one.text), *((text, one.text) for text in alone)]


def read_all(net: CrossEncoder, found: Sequence[Later]) -> Logits:
    """float32 (len(found), 1 + JOINED, 7)."""
    pairs = [pair for one in found for pair in asked(one)]
    return answers(net, pairs).reshape(len(found), 1 + JOINED, -1)


def fresh(wheel: Path, state: State, course: Course) -> CrossEncoder:
    torch.manual_seed(SEED)
    net = from_wheel(wheel, HEADS, dropout=course.dropout)
    net.restore({n.replace("heads.inference", "heads.relation"): v for n, v in state.items()})
    return net


def cross_validate(wheel: Path, state: State, course: Course, found: Sequence[Later]) -> Logits:
    """What nets that did not see a sentence's pair say of it."""
    logits = np.zeros((len(found), 1 + JOINED, sum(HEADS.values())), dtype=np.float32)
    for fold in range(FOLDS):
        mine = [i for i, one in enumerate(found) if fold_of(one.pair, FOLDS) == fold]
        rest = [one for one in found if fold_of(one.pair, FOLDS) != fold]
        net = fresh(wheel, state, course)
        train(net, course, rest)
        logits[mine] = read_all(net, [found[i] for i in mine])
        print(f"fold {fold}: {len(mine)} sentences", flush=True)
    return logits


def known_statements(pairs: Sequence[dict[str, Any]], encoder: Encoder) -> dict[str, Statement]:
    """Every sentence of the pairs with its vector, by its text."""
    texts = texts_of(pairs)
    vectors = encoder.encode(texts)
    return {text: Statement(text, v) for text, v in zip(texts, vectors, strict=True)}


def main() -> None:
    options = _options()
    torch.set_num_threads(options.threads)
    options.out.mkdir(parents=True, exist_ok=True)
    pairs = rows("train")
    known = known_statements(pairs, Encoder.load(threads=options.threads))
    found = laters(pairs, known.__getitem__, shipped())
    state, course = torch.load(options.start, weights_only=True)["net"], Course()
    if options.cross_validate:
        logits = cross_validate(options.wheel, state, course, found)
        names = [pair["pair"] for pair in pairs]
        np.savez(options.out / "out-of-fold.npz", logits=logits, pairs=names)
        return
    net = fresh(options.wheel, state, course)
    train(net, course, found)
    source = {"start_sha256": sha256(options.start), "seed": SEED} | asdict(course)
    source |= {"written_sha256": {path.name: sha256(path) for path in sorted(DATA.glob("*.jsonl"))}}
    torch.save({"net": net.trained(), "source": source}, options.out / "novelty.pt")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--start", type=Path, required=True, help="checkpoint of pre-training")
    parser.add_argument("--wheel", type=Path, required=True, help="see models.encoder.build")
    parser.add_argument("--out", type=Path, required=True, help="folder of what comes out")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--cross-validate", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main()
