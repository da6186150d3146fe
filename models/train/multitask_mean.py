"""The mean of two trained nets: `python -m models.train.multitask_mean A B --share S --out C`.

Nets fine-tuned from the same weights on like data lie in one basin: their mean answers better than
either, at the cost of one (Wortsman et al. 2022, model soups, arXiv:2203.05482).
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor


def mean(one: Mapping[str, Tensor], other: Mapping[str, Tensor], share: float) -> dict[str, Tensor]:
    """Tensor by tensor, `share` of it from the first.

    Raises:
        ValueError: they are not of one shape.
    """
    if {name: t.shape for name, t in one.items()} != {name: t.shape for name, t in other.items()}:
        raise ValueError("the two nets are not of one shape")
    return {
        name: share * tensor + (1 - share) * other[name] if tensor.is_floating_point() else tensor
        for name, tensor in one.items()
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("nets", nargs=2, type=Path, help="multitask.pt of models.train.multitask")
    parser.add_argument("--share", type=float, default=0.5, help="of the first; 0.5 if left out")
    parser.add_argument("--out", type=Path, required=True, help="the multitask.pt to write")
    options = parser.parse_args()
    one, other = (torch.load(file, weights_only=True) for file in options.nets)
    shares = options.share, round(1 - options.share, 6)
    source: dict[str, Any] = {
        "mean": [
            {"share": s, **state["source"]} for s, state in zip(shares, (one, other), strict=True)
        ]
    }
    torch.save(
        {"net": mean(one["net"], other["net"], options.share), "source": source}, options.out
    )


if __name__ == "__main__":
    main()
