"""Makes what `weights/` ships from a trained net: `python -m models.novelty.build STATE`.

Needs the extra `train`, and `torch` to read the state. The same state gives the same bytes.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from models.novelty.pairs import MAX_TOKENS, WEIGHTS
from models.pairwise.build import build, minilm, tensors_of

HEADS = ("relation", "novelty")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("state", type=Path, help="novelty.pt of models.train.novelty")
    parser.add_argument("--to", type=Path, default=WEIGHTS, help="the folder to write to")
    options = parser.parse_args()
    import torch

    state = torch.load(options.state, weights_only=True)
    facts = {"source": state["source"]}
    build(tensors_of(state["net"]), options.to, "novelty", HEADS, minilm(MAX_TOKENS), facts)
    for path in sorted(options.to.iterdir()):
        print(f"{path.stat().st_size:>10}  {path.name}")


if __name__ == "__main__":
    main()
