"""What the archive costs: python -m tests.benchmarks.bench_archive [--archive URL] [--claims N …]

Fills an archive with invented articles of one dossier and one month (5 claims each, texts of 100
to 900 words, vectors drawn at random), and at each size N of claims, 10,000 and 100,000 unless
given, prints

- what memory costs an article: its look-ups (8 near articles, 12 near claims for each of 5
  sentences, same text, earlier revisions) against raw numpy, which does the same seven products and
  partial sorts over one matrix in memory and fetches nothing;
- the first look-up after opening, which loads memory;
- how fast articles are written as a sweep does it (an article with its claims, then the disposition
  of its entry), against the same JSON and vectors appended to a plain file;
- for a file, the bytes of an article and of a claim on disk, against their JSON and vector.

Without `--archive` it makes an SQLite file in a folder of its own and removes it; an archive that
is named must be empty and is left as it is then. Each figure is the median of its repetitions, on
a machine that should do nothing else; the ratios to the baselines mean more than the figures.
"""

import argparse
import json
import resource
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from connectors.archive.codec import to_dict, vector_bytes
from connectors.archive.documents import DIMENSIONS, Article, Claim, Document, Vector
from connectors.archive.open import open_archive
from connectors.archive.protocol import Archive
from tests.connectors.archive.samples import LAST, START, article, claim, feed, intake

CLAIMS_EACH = 5
NEAR_ARTICLES, NEAR_CLAIMS = 8, 12  # as the pipeline asks
LOOK_UPS, WRITES = 25, 200
BULK = 500
HORIZON = timedelta(days=30)


class Newsroom:
    """Articles and their claims, always the same; the n-th comes in the n-th twentieth minute."""

    def __init__(self) -> None:
        self._rng = np.random.default_rng(5)
        syllables = ["ta", "ri", "mo", "ke", "lu", "sa", "no", "vi", "pe", "du"]
        self._words = [f"{a}{b}{c}" for a in syllables for b in syllables for c in syllables]

    def vector(self) -> Vector:
        vector = self._rng.normal(size=DIMENSIONS).astype(np.float32)
        return vector / np.linalg.norm(vector)

    def text(self, words: int) -> str:
        ranks = np.minimum(self._rng.zipf(1.3, words) - 1, len(self._words) - 1)
        return " ".join(self._words[rank] for rank in ranks) + "."

    def articles(self) -> Iterator[tuple[Article, list[Claim]]]:
        n = 0
        while True:
            minute, name = n / 20, f"{n:08}"
            length = int(self._rng.integers(100, 900))
            claims = [
                claim(f"{name}-{k}", minute, article_id=name, text=self.text(25), root_id=name,
                      vector=self.vector())
                for k in range(CLAIMS_EACH)
            ]  # fmt: skip
            made = article(
                name, minute, article_id=name, title=self.text(9), text=self.text(length),
                claim_ids=tuple(one.id for one in claims), vector=self.vector(),
            )  # fmt: skip
            yield made, claims
            n += 1


class Baseline:
    """The same in raw numpy and on a plain file."""

    def __init__(self, folder: Path) -> None:
        self._file = (folder / "baseline").open("wb")
        self._rows: dict[type[Document], list[Vector]] = {Article: [], Claim: []}
        self._matrices: dict[type[Document], Vector] = {}

    def write(self, documents: Sequence[Document]) -> int:
        """Bytes of the documents as JSON and raw vectors."""
        before = self._file.tell()
        for document in documents:
            vector = getattr(document, "vector", None)
            self._file.write(json.dumps(to_dict(document)).encode() + (vector_bytes(vector) or b""))
        self._file.flush()
        return self._file.tell() - before

    def remember(self, documents: Sequence[Article | Claim]) -> None:
        for document in documents:
            assert document.vector is not None
            self._rows[type(document)].append(document.vector)

    def settle(self) -> None:
        self._matrices = {kind: np.stack(rows) for kind, rows in self._rows.items()}

    def look_up(self, vectors: Sequence[Vector]) -> None:
        for vector in vectors:
            self._nearest(Claim, vector, NEAR_CLAIMS)
        self._nearest(Article, vectors[0], NEAR_ARTICLES)

    def _nearest(self, kind: type[Document], vector: Vector, count: int) -> None:
        scores = self._matrices[kind] @ vector
        near = np.argpartition(scores, -count)[-count:]
        near[np.argsort(-scores[near])]


def look_up(archive: Archive, vectors: Sequence[Vector]) -> None:
    """Everything that `pipeline.resolve` asks about one article."""
    bounds: dict[str, Any] = {"before": LAST, "since": START - timedelta(days=1)}
    archive.revisions("none")
    archive.neighbours("articles", vectors[0], NEAR_ARTICLES, **bounds)
    archive.same_text("none", **bounds)
    for vector in vectors:
        archive.neighbours("claims", vector, NEAR_CLAIMS, dossier="ukraine", **bounds)


def seconds(function: Callable[[], object]) -> float:
    started = time.perf_counter()
    function()
    return time.perf_counter() - started


def bulk(archive: Archive, documents: Sequence[Document]) -> None:
    for start in range(0, len(documents), BULK):
        archive.write(documents[start : start + BULK])


def write_as_a_sweep(archive: Archive, made: Article, claims: Sequence[Claim]) -> None:
    archive.write([made, *claims])
    archive.dispose(made.id, "indexed", "", START)


def measure_look_ups(archive: Archive, baseline: Baseline, news: Newsroom) -> None:
    baseline.settle()
    ours, raw = [], []
    for _ in range(LOOK_UPS):  # turn by turn, so that both meet the same machine
        vectors = [news.vector() for _ in range(CLAIMS_EACH)]
        ours.append(seconds(lambda vectors=vectors: look_up(archive, vectors)))
        raw.append(seconds(lambda vectors=vectors: baseline.look_up(vectors)))
    told("memory of one article", statistics.median(ours), statistics.median(raw))


def measure_writes(
    archive: Archive, baseline: Baseline, made: Sequence[tuple[Article, list[Claim]]]
) -> None:
    archive.admit([intake(one.id, article_id=one.article_id) for one, _ in made], feed())
    ours = [seconds(lambda a=a, c=c: write_as_a_sweep(archive, a, c)) for a, c in made]
    raw = [seconds(lambda a=a, c=c: baseline.write([a, *c])) for a, c in made]
    told("write of one article", statistics.median(ours), statistics.median(raw))
    print(f"  {'articles written a second':34} {len(made) / sum(ours):10.0f}")


def measure_bytes(name: str, on_disk: int, raw: int, count: int) -> None:
    if on_disk:
        print(f"  {name:34} {on_disk / count:10.0f} B    {on_disk / raw:8.2f} x JSON and vector")


def told(name: str, ours: float, raw: float) -> None:
    print(f"  {name:34} {1000 * ours:10.2f} ms   {ours / raw:8.2f} x baseline", flush=True)


def size_of(url: str) -> int:
    """Bytes of an SQLite archive with all that is still in its log; 0 for another store."""
    if not url.startswith("sqlite:///"):
        return 0
    path = Path(url.removeprefix("sqlite:///"))
    return sum(file.stat().st_size for file in path.parent.glob(f"{path.name}*"))


def run(url: str, sizes: Sequence[int], baseline: Baseline) -> None:
    news = Newsroom()
    stream, held = news.articles(), 0
    for size in sorted(sizes):
        batch = list(islice(stream, (size - held) // CLAIMS_EACH))
        articles, claims = [a for a, _ in batch], [one for _, c in batch for one in c]
        print(f"{size:,} claims, {size // CLAIMS_EACH:,} articles")
        grown = [closed_size(url)]
        for documents in (articles, claims):
            fill(url, documents)
            grown.append(closed_size(url))
            baseline.remember(documents)
        measure_bytes(
            "an article on disk", grown[1] - grown[0], baseline.write(articles), len(articles)
        )
        measure_bytes("a claim on disk", grown[2] - grown[1], baseline.write(claims), len(claims))
        archive = open_archive(url)
        archive.refresh()
        first = seconds(lambda archive=archive: look_up(archive, [news.vector()]))
        print(f"  {'first look-up after opening':34} {1000 * first:10.2f} ms")
        measure_look_ups(archive, baseline, news)
        written = list(islice(stream, WRITES))
        measure_writes(archive, baseline, written)
        baseline.remember([a for a, _ in written])
        baseline.remember([one for _, c in written for one in c])
        archive.close()
        held = size + WRITES * CLAIMS_EACH
        print(f"  {'resident memory at most':34} {resident():10.0f} MB")


def fill(url: str, documents: Sequence[Document]) -> None:
    archive = open_archive(url)
    bulk(archive, documents)
    archive.refresh()
    archive.close()


def closed_size(url: str) -> int:
    open_archive(url).close()
    return size_of(url)


def resident() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--archive", metavar="URL")
    parser.add_argument("--claims", type=int, nargs="+", default=[10_000, 100_000])
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="bench-archive-"))
    try:
        run(options.archive or f"sqlite:///{folder}/archive.db", options.claims, Baseline(folder))
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
