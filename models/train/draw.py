"""Draws sentences of real news for readers to label: half at random, half by cues.

The text stays out of the repository. An id is `<source>:<article hash>:<sentence start>:<text
hash>`, so that labels can be kept without text and be joined to it again by whoever has the
articles. Nothing is drawn that shares a run of eight words with the files that measure.

Input rows (JSON Lines) have `url`, `text` and `dossiers`, the negotiations the text bears on. The
random half gives prevalence: its `weight` is the inverse of the probability of being drawn, within
a dossier, relative (mean 1); rows drawn by cues have weight 0. Order comes from hashes of seed and
id, so that the same input in any order gives the same sample.
"""

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from itertools import chain, zip_longest
from pathlib import Path
from typing import Any

from models.train.overlap import HeldOut, texts_of
from models.train.pool import Drawn, digest, distinct, sentences
from models.train.rows import json_lines, parsed, read_subjects

PER_ARTICLE = 12

Shares = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Design:
    """How many sentences, and the shares by dossier and by source, each adding up to 1."""

    total: int
    dossiers: Shares
    sources: Shares
    seed: int


def draw(pool: Sequence[Drawn], design: Design) -> list[Drawn]:
    """The sample in shuffled order. `pool` is in random order, see `distinct`.

    Fewer than asked for where the pool is too small. No article gives more than PER_ARTICLE.
    """
    thinned, chance = _thinned(pool)
    used: Counter[str] = Counter()
    sample: list[Drawn] = []
    for dossier, share in design.dossiers.items():
        here = [one for one in thinned if one.dossier == dossier]
        half = round(design.total * share / 2)
        chosen = _random(here, half, design.sources, chance)
        used.update(one.article for one in chosen)
        sample += chosen
    taken = {one.id for one in sample}
    rest = [one for one in pool if one.cue and one.id not in taken]
    for dossier, share in design.dossiers.items():
        here = [one for one in rest if one.dossier == dossier]
        half = round(design.total * share) - round(design.total * share / 2)
        sample += _by_cue(here, half, design.sources, used)
    return sorted(sample, key=lambda one: digest(f"shuffle:{design.seed}:{one.id}"))


def _thinned(pool: Sequence[Drawn]) -> tuple[list[Drawn], dict[str, float]]:
    """At most PER_ARTICLE sentences of each article, and the chance they had, by article."""
    sizes = Counter(one.article for one in pool)
    kept: Counter[str] = Counter()
    thinned = []
    for one in pool:
        kept[one.article] += 1
        if kept[one.article] <= PER_ARTICLE:
            thinned.append(one)
    return thinned, {article: min(1.0, PER_ARTICLE / size) for article, size in sizes.items()}


def _random(
    pool: Sequence[Drawn], most: int, sources: Shares, chance: Mapping[str, float]
) -> list[Drawn]:
    """Evenly within a source; weights have a mean of 1."""
    by_source = _grouped(pool, sources)
    chosen = []
    for source, count in allot(most, sources, _sizes(by_source)).items():
        group = by_source[source]
        for one in group[:count]:
            weight = len(group) / count / chance[one.article]
            chosen.append(replace(one, weight=weight, drawn="random"))
    mean = sum(one.weight for one in chosen) / len(chosen) if chosen else 1.0
    return [replace(one, weight=round(one.weight / mean, 4)) for one in chosen]


def _by_cue(pool: Sequence[Drawn], most: int, sources: Shares, used: Counter[str]) -> list[Drawn]:
    """The kinds of cue by turns; `used` counts what each article has given, and is updated."""
    allowed = []
    for one in _by_turns(pool):
        if used[one.article] < PER_ARTICLE:
            used[one.article] += 1
            allowed.append(one)
    by_source = _grouped(allowed, sources)
    counts = allot(most, sources, _sizes(by_source))
    return [
        replace(one, drawn="cue")
        for source in sources
        for one in by_source[source][: counts[source]]
    ]


def _by_turns(pool: Sequence[Drawn]) -> Iterator[Drawn]:
    kinds: dict[str | None, list[Drawn]] = defaultdict(list)
    for one in pool:
        kinds[one.cue].append(one)
    turns = zip_longest(*(kinds[kind] for kind in sorted(kinds, key=str)))
    return (one for one in chain.from_iterable(turns) if one is not None)


def _grouped(pool: Sequence[Drawn], sources: Shares) -> dict[str, list[Drawn]]:
    return {source: [one for one in pool if one.source == source] for source in sources}


def _sizes(groups: Mapping[str, Sequence[Drawn]]) -> dict[str, int]:
    return {source: len(group) for source, group in groups.items()}


def allot(most: int, shares: Shares, sizes: Mapping[str, int]) -> dict[str, int]:
    """`most` by shares, where what one cannot give the others give, in their order.

    What rounding makes too many, the first give less; none gives fewer than none.
    """
    counts = {name: min(sizes[name], round(most * share)) for name, share in shares.items()}
    for name in counts:
        lacking = most - sum(counts.values())
        counts[name] = max(0, min(sizes[name], counts[name] + lacking))
    return counts


def write(sample: Sequence[Drawn], folder: Path, parts: int, rows: int) -> None:
    """`sample.jsonl` with all fields, `partN.jsonl` and `partN/MM.jsonl` with what readers see."""
    _dump(folder / "sample.jsonl", map(asdict, sample))
    seen = [{"id": one.id, "dossier": one.dossier, "text": one.text} for one in sample]
    size = -(-len(seen) // parts)
    for number in range(parts):
        part = seen[number * size : (number + 1) * size]
        _dump(folder / f"part{number + 1}.jsonl", part)
        for page, start in enumerate(range(0, len(part), rows)):
            file = folder / f"part{number + 1}" / f"{page:02}.jsonl"
            file.parent.mkdir(exist_ok=True)
            _dump(file, part[start : start + rows])


def _dump(path: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    path.write_text("".join(lines), encoding="utf-8")


def _share(item: str) -> tuple[str, float]:
    name, share = _named(item)
    return name, float(share)


def _named(item: str) -> tuple[str, str]:
    name, is_given, value = item.partition("=")
    if not name or not is_given or not value:
        raise argparse.ArgumentTypeError(f"{item!r} is not written NAME=VALUE")
    return name, value


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add = parser.add_argument
    add(
        "--texts",
        nargs="+",
        required=True,
        type=_named,
        metavar="SOURCE=FILE",
        help="rows to draw from",
    )
    add("--sources", nargs="+", required=True, type=_share, metavar="SOURCE=SHARE")
    add("--dossiers", nargs="+", required=True, type=_share, metavar="DOSSIER=SHARE")
    add("--subjects", nargs="+", type=Path, required=True, help="dossiers, YAML")
    add("--held-out", nargs="+", type=Path, required=True, help="labelled files that measure")
    add("--out", type=Path, required=True, help="folder outside of the repository")
    add("--total", type=int, default=2400)
    add("--parts", type=int, default=4)
    add("--rows", type=int, default=60, help="sentences of a page")
    add("--seed", type=int, default=1)
    return parser.parse_args()


def main() -> None:
    options = _arguments()
    subjects = read_subjects(options.subjects)
    held_out = HeldOut(
        text for path in options.held_out for row in json_lines(path) for text in texts_of(row)
    )
    found: dict[str, Drawn] = {}
    for source, file in options.texts:
        for drawn in parsed(Path(file), partial(sentences, source, subjects=subjects)):
            found |= {one.id: one for one in drawn}
    pool, overlapping, alike = distinct(found.values(), held_out, options.seed)
    design = Design(options.total, dict(options.dossiers), dict(options.sources), options.seed)
    sample = draw(pool, design)
    write(sample, options.out, options.parts, options.rows)
    print(f"{len(found)} sentences, {overlapping} held out, {alike} alike, {len(sample)} drawn")
    for kind, count in sorted(Counter((s.dossier, s.source, s.drawn) for s in sample).items()):
        print(*kind, count)


if __name__ == "__main__":
    main()
