"""How fast the encoder is on this machine: python -m tests.benchmarks.bench_encoder [FILE]

FILE is a text, or JSON lines with a `text` each (gzip too); without it, sentences of mixed lengths
are made up. Each row is encoded on its own, as an article is. Prints sentences a second on one
thread, the same for batches of 32 in the order of the text (three runs each, taking turns, the best
of each counts), the share of tokenising, load time, and resident memory.
"""

from __future__ import annotations

import gzip
import json
import random
import resource
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from models.encoder import Encoder
from models.sentences import split

SENTENCES = 1500
ROUNDS = 3
NAIVE = 32
WORDS = """
    the a of in and to envoy ceasefire minister talks said border agreement sanctions negotiators
    prisoners delegation uranium inspectors Tuesday convoy mediators proposal corridor strait
"""


def made_up() -> Iterator[list[str]]:
    """Articles of 10 to 30 sentences of 4 to 45 words, always the same."""
    chance = random.Random(5)
    words = WORDS.split()
    while True:
        lengths = [chance.randint(4, 45) for _ in range(chance.randint(10, 30))]
        yield [" ".join(chance.choices(words, k=length)).capitalize() + "." for length in lengths]


def read(path: Path) -> Iterator[list[str]]:
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as stream:
        rows = stream.read()
    texts = [rows]
    if ".jsonl" in path.suffixes:
        texts = [json.loads(line)["text"] for line in rows.splitlines()]
    for text in texts:
        yield [sentence.text for sentence in split(text)]


def some(articles: Iterator[list[str]]) -> list[list[str]]:
    chosen: list[list[str]] = []
    count = 0
    for article in articles:
        chosen.append(article)
        count += len(article)
        if count >= SENTENCES:
            break
    return chosen


def naive(encoder: Encoder, article: list[str]) -> None:
    """What one would write first: as they come, 32 at a time, padded to the longest."""
    tokens = encoder._tokens(article)
    for start in range(0, len(tokens), NAIVE):
        encoder._run(tokens[start : start + NAIVE])


def seconds(work: Callable[[list[str]], object], articles: list[list[str]]) -> float:
    start = time.perf_counter()
    for article in articles:
        work(article)
    return time.perf_counter() - start


def resident() -> float:
    """MB in memory now; where there is no /proc, the most there has been."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 1e6
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


def main() -> None:
    articles = some(read(Path(sys.argv[1])) if len(sys.argv) > 1 else made_up())
    count = sum(map(len, articles))
    before = resident()
    start = time.perf_counter()
    encoder = Encoder.load()
    first = time.perf_counter() - start
    loaded = resident()
    start = time.perf_counter()
    Encoder.load()
    again = time.perf_counter() - start
    mean = sum(len(row) for article in articles for row in encoder._tokens(article)) / count
    ways: dict[str, Callable[[list[str]], object]] = {
        "encode": encoder.encode,
        "naive": lambda article: naive(encoder, article),
        "tokens": encoder._tokens,
    }
    runs = [[seconds(way, articles) for way in ways.values()] for _ in range(ROUNDS)]
    best = dict(zip(ways, map(min, zip(*runs, strict=True)), strict=True))
    print(
        f"{encoder.version}: {count} sentences in {len(articles)} articles, {mean:.1f} tokens each"
    )
    print(f"encode            {count / best['encode']:7.1f} sentences/s on one thread")
    print(f"naive batches     {count / best['naive']:7.1f} sentences/s ({NAIVE} as they come)")
    print(f"ratio             {best['naive'] / best['encode']:7.2f}")
    print(f"tokenising        {best['tokens'] / best['encode']:7.1%} of encode")
    print(
        f"load              {first:7.2f} s with the import of transformers, {again:.2f} s without"
    )
    print(f"resident memory   {before:7.0f} MB before, {loaded:.0f} loaded, {resident():.0f} after")


if __name__ == "__main__":
    main()
