"""Writes golden.json beside this file: what torch makes of the pair model that ships.

python -m tests.models.novelty.make_golden --wheel WHEEL --state novelty.pt

in an environment with torch; the state is what `models.novelty.build` made the weights of.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import torch

from models.novelty.pairs import MAX_TOKENS
from models.pairwise.build import tensors_of
from models.pairwise.export_graph import shipped
from models.train.base import shared_words
from models.train.novelty import HEADS
from models.train.pair_batches import padded, tokenise
from models.train.pair_net import from_wheel

GOLDEN = Path(__file__).with_name("golden.json")
PAIRS = [
    ("Prosecutors opened a war crimes case.", "Prosecutors have opened a war crimes case."),
    ("Talks will be held in Muscat on Friday.", "The talks ended in Muscat after six hours."),
    ("Talks will be held in Muscat on Friday.", "Brent crude fell by two per cent."),
    ("", "Nobody was hurt."),
    ("The fund sold its stakes. It is worth 1.9 trillion dollars.", "Oslo has sold out."),
    ("word " * 400, "The number of wounded rose to nine."),
]


def logits(wheel: Path, state: Path) -> list[list[float]]:
    """Of PAIRS, by the trained net with its matrices as int8 storage gives them back."""
    net = from_wheel(wheel, HEADS, dropout=0.0)
    net.bert.embeddings.word_embeddings.weight.data = torch.from_numpy(shared_words())
    made = shipped(tensors_of(torch.load(state, weights_only=True)["net"]))
    net.restore(
        {n if n.startswith("heads.") else f"bert.{n}": torch.tensor(v) for n, v in made.items()}
    )
    net.eval()
    tokens = tokenise(PAIRS, MAX_TOKENS)
    rows = []
    with torch.no_grad():
        for index in range(len(PAIRS)):
            one = padded(tokens, [index])
            found = net(one.ids, one.mask, one.segments)
            rows.append(torch.cat([found[head] for head in HEADS], 1)[0].tolist())
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--wheel", type=Path, required=True)
    parser.add_argument("--state", type=Path, required=True)
    options = parser.parse_args()
    golden = {"pairs": PAIRS, "shipped": logits(options.wheel, options.state)}
    GOLDEN.write_text(json.dumps(golden, indent=1) + "\n")


if __name__ == "__main__":
    main()
