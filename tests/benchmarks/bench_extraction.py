"""Which extractor reads news pages best: body text against what hand-written parsers found.

    .venv/bin/python tests/benchmarks/bench_extraction.py [--rounds 3]

Reads `pages.tar.gz` from the folder of real material (PARLEY_REAL, or `shared/real` beside the
checkout): pages as `land/Publisher_yyyy_mm_dd.html.gz`, bodies in `land/Publisher.json`, the first
version for the first date and so on. Scores are of word tokens as a multiset (of characters in
scripts without spaces), the mean over pages. Without the material it says so and ends with 0.
"""

import argparse
import gzip
import json
import os
import re
import tarfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from typing import Any

import trafilatura
from resiliparse.extract.html2text import extract_plain_text
from resiliparse.parse.encoding import bytes_to_str, detect_encoding

from connectors.pages import ExtractionError, extract

REAL = Path(
    os.environ.get("PARLEY_REAL", Path(__file__).resolve().parents[2].parent / "shared" / "real")
)
_TOKEN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W_]+")
_PAGE = re.compile(r"(.+)_(\d{4}_\d\d_\d\d)\.html\.gz")


@dataclass(frozen=True)
class Sample:
    name: str
    land: str
    html: bytes
    body: str


def samples(archive: Path) -> Iterator[Sample]:
    with tarfile.open(archive) as tar:
        files = {member.name: tar.extractfile(member) for member in tar if member.isfile()}
        content = {name: file.read() for name, file in files.items() if file is not None}
    for name in sorted(content):
        if name.endswith(".json"):
            yield from _of_publisher(name.removesuffix(".json"), content)


def _of_publisher(stem: str, content: dict[str, bytes]) -> Iterator[Sample]:
    """Versions and dated pages pair up in order: V1 is the oldest layout."""
    bodies: dict[str, Any] = json.loads(content[f"{stem}.json"])
    pages = [name for name in sorted(content) if (m := _PAGE.fullmatch(name)) and m[1] == stem]
    versions = sorted(bodies, key=lambda key: [int(part) for part in re.findall(r"\d+", key)])
    for page, version in zip(pages, versions, strict=True):
        sections = bodies[version]["body"]["sections"]
        body = "\n".join(text for section in sections for text in section["paragraphs"])
        yield Sample(Path(page).name, Path(page).parts[-2], gzip.decompress(content[page]), body)


def score(found: str, truth: str) -> tuple[float, float, float]:
    """Precision, recall and F1 of tokens."""
    have, want = Counter(_tokens(found)), Counter(_tokens(truth))
    both = (have & want).total()
    precision = both / have.total() if have else 0.0
    recall = both / want.total() if want else 0.0
    return precision, recall, 2 * precision * recall / (precision + recall) if both else 0.0


def _tokens(text: str) -> list[str]:
    return _TOKEN.findall(text.lower())


def _trafilatura(**options: Any) -> Callable[[bytes], str]:
    return lambda html: trafilatura.extract(html, include_comments=False, **options) or ""


def _resiliparse(html: bytes) -> str:
    text = bytes_to_str(html, detect_encoding(html))
    return str(extract_plain_text(text, main_content=True, alt_texts=False, links=False))


def _ours(html: bytes) -> str:
    try:
        return extract(html, "https://example.org/article").text
    except ExtractionError:
        return ""


EXTRACTORS: dict[str, Callable[[bytes], str]] = {
    "trafilatura": _trafilatura(),
    "trafilatura, no tables": _trafilatura(include_tables=False),
    "trafilatura fast": _trafilatura(fast=True),
    "trafilatura fast, no tables": _trafilatura(fast=True, include_tables=False),
    "trafilatura precision": _trafilatura(favor_precision=True),
    "resiliparse": _resiliparse,
    "connectors.pages": _ours,  # with what it refuses as too short counted as nothing
}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=3, help="how often to time each page")
    parser.add_argument("--each", action="store_true", help="show every page of the last extractor")
    options = parser.parse_args()
    archive = REAL / "pages.tar.gz"
    if not archive.exists():
        print(f"skipped: no pages at {archive}; set PARLEY_REAL")
        return
    pages = list(samples(archive))
    print(f"{len(pages)} pages, {sum(len(page.html) for page in pages) / 1e6:.1f} MB")
    print(f"{'extractor':30} precision recall    F1  F1<.5  pages/s")
    for name, extractor in EXTRACTORS.items():
        _report(name, extractor, pages, options.rounds)
    if options.each:
        for page in pages:
            print(page.name, *(f"{value:.3f}" for value in score(_ours(page.html), page.body)))


def _report(name: str, extractor: Callable[[bytes], str], pages: list[Sample], rounds: int) -> None:
    scores = [score(extractor(page.html), page.body) for page in pages]
    start = time.perf_counter()
    for _ in range(rounds):
        for page in pages:
            extractor(page.html)
    speed = rounds * len(pages) / (time.perf_counter() - start)
    precision, recall, f1 = (mean(column) for column in zip(*scores, strict=True))
    poor = sum(one[2] < 0.5 for one in scores)
    print(f"{name:30} {precision:9.3f} {recall:6.3f} {f1:5.3f} {poor:6} {speed:8.1f}")


if __name__ == "__main__":
    main()
