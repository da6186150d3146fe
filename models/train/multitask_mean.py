"""The mean of trained nets: `python -m models.train.multitask_mean A B … --shares … --out C`.

Nets fine-tuned from the same weights on like data lie in one basin: their mean answers better than
each, at the cost of one (Wortsman et al. 2022, model soups, arXiv:2203.05482).
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path

import torch
from torch import Tensor


def mean(nets: Sequence[Mapping[str, Tensor]], shares: Sequence[float]) -> dict[str, Tensor]:
    """Tensor by tensor, each net with its share of the sum of the shares.

    Raises:
        ValueError: they are not of one shape, or there is not one share for each.
    """
    shapes = [{name: tensor.shape for name, tensor in net.items()} for net in nets]
    if any(shape != shapes[0] for shape in shapes):
        raise ValueError("the nets are not of one shape")
    parts = [(share / sum(shares), net) for share, net in zip(shares, nets, strict=True)]
    return {
        name: torch.stack([part * net[name] for part, net in parts]).sum(0)
        if tensor.is_floating_point()
        else tensor
        for name, tensor in nets[0].items()
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("nets", nargs="+", type=Path, help="multitask.pt of models.train.multitask")
    parser.add_argument("--shares", nargs="+", type=float, help="of each net; equal if left out")
    parser.add_argument("--out", type=Path, required=True, help="the multitask.pt to write")
    options = parser.parse_args()
    shares = options.shares or [1.0] * len(options.nets)
    if len(shares) != len(options.nets):
        parser.error("--shares: one is needed for each net")
    states = [torch.load(file, weights_only=True) for file in options.nets]
    made_of = [
        {"part": round(share / sum(shares), 6), "source": state["source"]}
        for share, state in zip(shares, states, strict=True)
    ]
    found = mean([state["net"] for state in states], shares)
    torch.save({"net": found, "source": {"mean": made_of}}, options.out)


if __name__ == "__main__":
    main()
