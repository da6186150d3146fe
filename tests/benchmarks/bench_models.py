"""What the models cost, as ratios between ways: python -m tests.benchmarks.bench_models

(a) The sentence encoder against the same network in batches of 32 as they come, padded to the
    longest: in ONNX Runtime, and in torch where it is installed (there with random weights, which
    cost the same).
(b) The encoder against its bound: the multiplications of its layers at the rate of a plain sgemm.
(c) An article of 30 sentences analysed whole (vectors, topics, outlook, claim, positions) against
    encoding its sentences once.

All on one thread, on written sentences (`models/data/written`) in articles of 30 by dossier. The
ways take turns and the best of ROUNDS counts. The sgemm is numpy's; threadpoolctl, which comes with
the extra `train`, keeps it on one thread.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from models.encoder import Encoder, shared_encoder
from models.load import load_analyst
from models.subject import Subject
from models.train.rows import read_rows, read_subjects
from tests.benchmarks.bench_encoder import NAIVE, naive

ROOT = Path(__file__).parents[2]
SENTENCES, ARTICLES, ROUNDS = 30, 2, 5
LAYERS, WIDTH, INNER, HEADS, VOCABULARY = 6, 384, 1536, 12, 30522
DOSSIERS = ("ukraine", "iran", "gaza")
Article = tuple[str, list[str]]  # its dossier and its sentences
Way = Callable[[], object]


def written() -> list[Article]:
    """ARTICLES of each dossier, always the same."""
    texts = defaultdict[str, list[str]](list)
    for row in read_rows(sorted((ROOT / "models" / "data" / "written").glob("wire_*.jsonl"))):
        texts[row.dossier].append(row.text)
    return [
        (name, texts[name][start : start + SENTENCES])
        for name in DOSSIERS
        for start in range(0, ARTICLES * SENTENCES, SENTENCES)
        if len(texts[name]) >= start + SENTENCES
    ]


def best(ways: dict[str, Way]) -> dict[str, float]:
    """The seconds of each way, which take turns, after a round to warm up."""
    runs = [{name: seconds(way) for name, way in ways.items()} for _ in range(ROUNDS + 1)][1:]
    return {name: min(run[name] for run in runs) for name in ways}


def seconds(way: Way) -> float:
    start = time.perf_counter()
    way()
    return time.perf_counter() - start


def multiplications(lengths: list[int]) -> float:
    """Floating-point operations of the layers for sentences of these tokens, without padding."""
    matrices = 2 * (4 * WIDTH**2 + 2 * WIDTH * INNER)
    return sum(LAYERS * n * (matrices + 4 * n * WIDTH) for n in lengths)


def sgemm_rate() -> float:
    """Operations a second of 256 tokens times the widest matrix, the best of many."""
    draw = np.random.default_rng(1)
    left, right = (
        draw.normal(size=size).astype(np.float32) for size in ((256, WIDTH), (WIDTH, INNER))
    )
    out = np.empty((256, INNER), np.float32)
    with threadpool_limits(1):
        fastest = min(seconds(lambda: np.matmul(left, right, out=out)) for _ in range(300))
    return 2 * 256 * WIDTH * INNER / fastest


def torch_naive(rows: list[list[list[int]]]) -> Way | None:
    """The same shape of network in torch over the same tokens; None where torch is missing."""
    try:
        import torch
        from transformers import BertConfig, BertModel
    except ImportError:
        return None
    torch.set_num_threads(1)
    config = BertConfig(
        vocab_size=VOCABULARY,
        hidden_size=WIDTH,
        num_hidden_layers=LAYERS,
        num_attention_heads=HEADS,
        intermediate_size=INNER,
    )
    net = BertModel(config, add_pooling_layer=False).eval()

    def run() -> None:
        with torch.inference_mode():
            for tokens in rows:
                for start in range(0, len(tokens), NAIVE):
                    chosen = tokens[start : start + NAIVE]
                    ids = torch.zeros(len(chosen), max(map(len, chosen)), dtype=torch.int64)
                    mask = torch.zeros_like(ids)
                    for at, row in enumerate(chosen):
                        ids[at, : len(row)], mask[at, : len(row)] = torch.tensor(row), 1
                    states = net(input_ids=ids, attention_mask=mask).last_hidden_state
                    kept = mask.unsqueeze(-1)
                    ((states * kept).sum(1) / kept.sum(1)).numpy()

    return run


@contextmanager
def section(title: str) -> Iterator[None]:
    print(title)
    yield
    print()


def against_naive(encoder: Encoder, articles: list[Article], lengths: list[int]) -> float:
    """(a); returns the encoder's seconds."""
    rows = [encoder._tokens(texts) for _, texts in articles]
    ways: dict[str, Way] = {
        "encoder": lambda: [encoder.encode(texts) for _, texts in articles],
        "ONNX Runtime, naive": lambda: [naive(encoder, texts) for _, texts in articles],
    }
    in_torch = torch_naive(rows)
    if in_torch:
        ways["torch, naive"] = in_torch
    took = best(ways)
    with section(f"(a) {len(lengths)} sentences of {np.mean(lengths):.1f} tokens, one thread"):
        for name, value in took.items():
            rate, ratio = len(lengths) / value, value / took["encoder"]
            print(f"    {name:<20} {rate:7.1f} sentences/s   {ratio:5.2f} × the encoder's time")
        if not in_torch:
            print("    torch is not installed")
    return took["encoder"]


def against_bound(lengths: list[int], took: float) -> None:
    rate, needed = sgemm_rate(), multiplications(lengths)
    with section(f"(b) sgemm {rate / 1e9:.1f} GFLOP/s; the layers need {needed / 1e9:.1f} GFLOP"):
        bound = needed / rate
        print(f"    bound {bound:.2f} s, encoder {took:.2f} s: {took / bound:.2f} × its bound")


def whole(encoder: Encoder, articles: list[Article], subjects: dict[str, Subject]) -> None:
    analyst = load_analyst()
    took = best(
        {
            "encode": lambda: [encoder.encode(texts) for _, texts in articles],
            "judge": lambda: [analyst.judge(texts, [subjects[name]]) for name, texts in articles],
        }
    )
    each = {name: value / len(articles) for name, value in took.items()}
    with section(f"(c) an article of {SENTENCES} sentences, {analyst.versions['topics']}"):
        print(f"    encoded once   {each['encode'] * 1000:6.0f} ms")
        print(f"    analysed whole {each['judge'] * 1000:6.0f} ms")
        print(f"    ratio          {each['judge'] / each['encode']:6.2f}")


def main() -> None:
    articles, encoder = written(), shared_encoder()
    subjects = read_subjects([ROOT / "pipeline" / "dossiers" / f"{n}.yaml" for n in DOSSIERS])
    lengths = [len(row) for _, texts in articles for row in encoder._tokens(texts)]
    took = against_naive(encoder, articles, lengths)
    against_bound(lengths, took)
    whole(encoder, articles, subjects)


if __name__ == "__main__":
    main()
