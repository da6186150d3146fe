"""Train the stance model: `python -m models.train.stance --start CHECKPOINT --out DIR …`.

Stages: the pre-trained net (`models.train.pretrain`), then the written sentences, then the real
ones mixed with written ones. With `--cross-validate` the last stage is run once for each fold of
articles, and what every fold's net says of the articles it did not see is written and reported:
thresholds and designs are chosen by that alone. Everything is seeded.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy

from models.encoder import Encoder
from models.encoder.build import sha256
from models.stance.reading import MAX_TOKENS
from models.stance.sieve import PARTS
from models.taxonomy import STANCES
from models.train.rows import read_subjects
from models.train.stance_batches import Batch, batches, by_length, shuffled, tokenise
from models.train.stance_examples import FOLDS, Example, Material, gather, read_sources
from models.train.stance_lessons import Lesson, drawn, lessons, low_for, real_mix, some
from models.train.stance_net import CrossEncoder, State, from_wheel
from models.train.stance_scores import report

HEADS = {"expressed": 1, "stance": len(STANCES)}
SIZE, SEED, FROZEN_LAYERS = 16, 11, 2
Logits = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Stage:
    """How a part of the training goes. `negatives` without a stance are drawn for each with one."""

    rate: float
    epochs: int
    negatives: float
    turned: bool
    dropout: float = 0.1


WRITTEN = Stage(rate=6e-5, epochs=2, negatives=3, turned=True)
REAL = Stage(rate=4e-5, epochs=3, negatives=5, turned=True)


def loss_of(net: CrossEncoder, batch: Batch, taught: Sequence[Lesson]) -> Tensor:
    """Is a stance expressed, over all; which, over those that express one."""
    with torch.autocast("cpu", dtype=torch.bfloat16):
        logits = net(batch.ids, batch.mask, batch.segments)
    stances = [taught[index].stance for index in batch.chosen]
    held = torch.tensor([stance is not None for stance in stances])
    loss = binary_cross_entropy_with_logits(logits["expressed"][:, 0], held.float())
    if held.any():
        which = torch.tensor([STANCES.index(stance) for stance in stances if stance])
        loss = loss + cross_entropy(logits["stance"][held], which) * held.float().mean() * 2
    return loss


def train(net: CrossEncoder, stage: Stage, material: Material, pool: Sequence[Example]) -> None:
    """One stage over a pool of examples, the negatives drawn anew in each epoch."""
    _set_up(net, stage)
    trained = [p for p in net.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(trained, lr=stage.rate, weight_decay=0.01, fused=True)
    for epoch in range(stage.epochs):
        seed = SEED + epoch
        examples = drawn(pool, stage.negatives, seed)
        taught = lessons(material, examples, turned=False)
        if stage.turned:
            taught += some(lessons(material, examples, turned=True), 0.5, seed)
        tokens = tokenise([(one.sentence, one.asked) for one in taught], MAX_TOKENS)
        order = shuffled(tokens, SIZE, seed)
        for step, batch in enumerate(batches(tokens, order)):
            done = (epoch + step / len(order)) / stage.epochs
            for group in optimiser.param_groups:
                group["lr"] = stage.rate * min(done * 10 + 0.05, 1 - 0.95 * done)
            loss_of(net, batch, taught).backward()
            torch.nn.utils.clip_grad_norm_(trained, 1.0)
            optimiser.step()
            optimiser.zero_grad()


def _set_up(net: CrossEncoder, stage: Stage) -> None:
    """Training mode, with the embeddings and the first layers as pre-training left them."""
    net.train()
    torch.manual_seed(SEED)
    for module in net.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = stage.dropout
    kept = [net.bert.embeddings, *net.bert.encoder.layer[:FROZEN_LAYERS]]
    for part in kept:
        part.requires_grad_(False)
        part.eval()


def answers(net: CrossEncoder, material: Material, examples: Sequence[Example]) -> Logits:
    """float32 (len(examples), 4): expressed, then the three stances; logits, in fp32."""
    net.eval()
    asked = lessons(material, examples, turned=False)
    tokens = tokenise([(one.sentence, one.asked) for one in asked], MAX_TOKENS)
    found = np.empty((len(examples), 4), dtype=np.float32)
    with torch.no_grad():
        for batch in batches(tokens, by_length(tokens, 32)):
            logits = net(batch.ids, batch.mask, batch.segments)
            found[batch.chosen] = torch.cat([logits["expressed"], logits["stance"]], 1).numpy()
    return found


def fresh(wheel: Path, state: State) -> CrossEncoder:
    torch.manual_seed(SEED)
    net = from_wheel(wheel, HEADS, dropout=0.1)
    net.restore(state)
    return net


def cross_validate(
    wheel: Path, state: State, material: Material, kept: Sequence[Example]
) -> tuple[list[Example], Logits]:
    """The real examples and what nets that did not see their articles say of them."""
    real = [e for e in kept if material.sources[e.source].real]
    found = np.zeros((len(real), 4), dtype=np.float32)
    for fold in range(FOLDS):
        net = fresh(wheel, state)
        train(net, REAL, material, real_mix(material, kept, fold, SEED))
        mine = [i for i, e in enumerate(real) if material.sources[e.source].fold == fold]
        found[mine] = answers(net, material, [real[i] for i in mine])
        print(f"fold {fold}: {len(mine)} candidates", flush=True)
    return real, found


def main() -> None:
    options = _options()
    torch.set_num_threads(options.threads)
    options.out.mkdir(parents=True, exist_ok=True)
    subjects = read_subjects(options.subjects)
    sources = read_sources(options.written, options.real)
    material = gather(sources, subjects, Encoder.load(threads=options.threads))
    low = low_for(material, options.keep)
    kept = [e for e in material.examples if e.worth >= low]
    after_written = options.out / "written.pt"
    if not after_written.exists():
        net = fresh(options.wheel, torch.load(options.start, weights_only=True)["net"])
        train(net, WRITTEN, material, [e for e in kept if not sources[e.source].real])
        torch.save(net.trained(), after_written)
    state = torch.load(after_written, weights_only=True)
    if options.cross_validate:
        real, logits = cross_validate(options.wheel, state, material, kept)
        np.save(options.out / "out-of-fold.npy", logits)
        print(json.dumps(report(material, real, logits), indent=2))
    else:
        net = fresh(options.wheel, state)
        train(net, REAL, material, real_mix(material, kept, None, SEED))
        torch.save(_state(net, material, low, options), options.out / "stance.pt")


def _state(
    net: CrossEncoder, material: Material, low: float, options: argparse.Namespace
) -> dict[str, object]:
    """All that `models.stance.build` needs."""
    sieve = {
        f"{name}.{part}": torch.from_numpy(getattr(scores, part))
        for name, scores in (("topics", material.topics), ("worth", material.worth))
        for part in PARTS
    }
    files = [options.start, *options.written, *options.real]
    source = {"sha256": {path.name: sha256(path) for path in files}, "seed": SEED}
    return {"net": net.trained(), "sieve": sieve, "low": low, "source": source}


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--start", type=Path, required=True, help="checkpoint of pre-training")
    parser.add_argument("--wheel", type=Path, required=True, help="see models.encoder.build")
    parser.add_argument("--written", nargs="+", type=Path, required=True)
    parser.add_argument("--real", nargs="*", type=Path, default=[], help="rows with `article`")
    parser.add_argument("--subjects", nargs="+", type=Path, required=True, help="dossiers, YAML")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--keep", type=float, default=0.97, help="held candidates the sieve keeps")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--cross-validate", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main()
