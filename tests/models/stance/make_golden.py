"""Writes golden.json beside this file: what torch makes of the nets that the tests run without it.

    python -m tests.models.stance.make_golden                 # the tiny net only
    python -m tests.models.stance.make_golden --wheel WHEEL --state stance.pt

in an environment with torch. With `--state`, which is what `models.train.stance` saved and what
`models.stance.build` made the shipped weights of, also the answers of the shipped net.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import torch
from transformers import BertConfig

from models.stance.build import read_state
from models.stance.export_graph import shipped
from models.stance.reading import MAX_TOKENS
from models.train.stance import HEADS
from models.train.stance_batches import padded, tokenise
from models.train.stance_net import CrossEncoder, from_wheel
from tests.models.stance import tiny

GOLDEN = Path(__file__).with_name("golden.json")
PAIRS = [
    ("<Norland> said it would lift the embargo on Suria.", "Norland: lifting the embargo"),
    ("<Norland> said it would never lift the embargo.", "Norland: lifting the embargo"),
    ("<We> are ready to meet if the guns fall silent.", "unnamed, Suria?: holding talks now"),
    ("", "Norland: lifting the embargo. yes: ends the embargo. no: extends it"),
    ("The weather held.", "Suria: a truce. yes: offers a truce; agrees to one. no: rejects it"),
    ("word " * 300, "Suria: a truce. yes: offers a truce. no: rejects it"),
]


def tiny_logits() -> list[list[float]]:
    config = BertConfig(
        vocab_size=tiny.WORDS,
        hidden_size=tiny.WIDTH,
        intermediate_size=tiny.INNER,
        num_hidden_layers=tiny.SHAPE.layers,
        num_attention_heads=tiny.SHAPE.heads,
        max_position_embeddings=tiny.POSITIONS,
        layer_norm_eps=tiny.SHAPE.epsilon,
        attn_implementation="eager",
    )
    net = CrossEncoder(config, HEADS)
    made = {name: torch.from_numpy(value) for name, value in tiny.tensors().items()}
    net.load_state_dict(
        {n if n.startswith("heads.") else f"bert.{n}": v for n, v in made.items()}, strict=False
    )
    arrays = (tiny.IDS, tiny.MASK, tiny.SEGMENTS)
    return _logits(net, *(torch.from_numpy(array) for array in arrays))


def shipped_logits(wheel: Path, state: Path) -> list[list[float]]:
    """Of PAIRS, by the trained net with its matrices as int8 storage gives them back."""
    net = from_wheel(wheel, HEADS, dropout=0.0)
    made = shipped(read_state(state).tensors)
    net.restore(
        {n if n.startswith("heads.") else f"bert.{n}": torch.tensor(v) for n, v in made.items()}
    )
    tokens = tokenise(PAIRS, MAX_TOKENS)
    batches = [padded(tokens, [index]) for index in range(len(PAIRS))]
    return [_logits(net, one.ids, one.mask, one.segments)[0] for one in batches]


def _logits(net: CrossEncoder, *inputs: torch.Tensor) -> list[list[float]]:
    net.eval()
    with torch.no_grad():
        found = net(*inputs)
    joined: list[list[float]] = torch.cat([found["expressed"], found["stance"]], 1).tolist()
    return joined


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--wheel", type=Path)
    parser.add_argument("--state", type=Path)
    options = parser.parse_args()
    golden: dict[str, object] = {"tiny": tiny_logits()}
    if options.state:
        golden["pairs"] = PAIRS
        golden["shipped"] = shipped_logits(options.wheel, options.state)
    GOLDEN.write_text(json.dumps(golden, indent=1) + "\n")


if __name__ == "__main__":
    main()
