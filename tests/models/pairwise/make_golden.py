"""Writes golden.json beside this file: what torch makes of the tiny net, for tests without it.

    python -m tests.models.pairwise.make_golden

in an environment with torch.
"""

from __future__ import annotations

import json
from pathlib import Path

import torch
from transformers import BertConfig

from models.train.pair_net import CrossEncoder
from tests.models.encoder.tiny import settings
from tests.models.pairwise import tiny

GOLDEN = Path(__file__).with_name("golden.json")


def tiny_logits() -> list[list[float]]:
    config = BertConfig(
        **settings(tiny.SHAPE, words=tiny.WORDS, width=tiny.WIDTH, inner=tiny.INNER)
    )
    net = CrossEncoder(config, tiny.HEADS)
    made = {name: torch.from_numpy(value) for name, value in tiny.tensors().items()}
    net.load_state_dict(
        {n if n.startswith("heads.") else f"bert.{n}": v for n, v in made.items()}, strict=False
    )
    arrays = (tiny.IDS, tiny.MASK, tiny.SEGMENTS)
    net.eval()
    with torch.no_grad():
        found = net(*(torch.from_numpy(array) for array in arrays))
    joined: list[list[float]] = torch.cat([found[head] for head in tiny.HEADS], 1).tolist()
    return joined


def main() -> None:
    GOLDEN.write_text(json.dumps({"tiny": tiny_logits()}, indent=1) + "\n")


if __name__ == "__main__":
    main()
