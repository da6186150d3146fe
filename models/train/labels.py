"""Labels of real sentences, joined to the texts that are kept elsewhere."""

import html
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from typing import Any

from models.errors import DataError
from models.sentences import split
from models.train.pool import digest
from models.train.rows import Row, json_lines, parsed

READ = Path(__file__).parents[1] / "data" / "read"
LABELS = READ / "labels.jsonl", READ / "titles.jsonl"
PAIRS, OTHER = READ / "novelty.jsonl", READ / "other.jsonl"
POLLS, POLLS_OTHER = READ / "polls.jsonl", READ / "polls_other.jsonl"  # measure, and never train


class TextMissing(DataError):
    """An article is not at hand, or not as it was when it was labelled."""


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A labelled real sentence. `article` groups rows; `weight` is 0 but for what chance drew.

    What a single reader labelled (`readers` 1) trains only; see `data/read/README.md`.
    """

    row: Row
    article: str
    weight: float
    readers: int


Texts = Mapping[str, Sequence[str]]


def joined(texts: Texts, labels: Sequence[Path] = LABELS) -> list[ReadRow]:
    """All rows of the label files with their texts; see `texts_of`.

    Raises:
        TextMissing: naming the first id whose sentence is not there.
    """
    return [_joined(label, texts) for path in labels for label in json_lines(path)]


def texts_of(files: Iterable[tuple[str, Path, str]]) -> dict[str, list[str]]:
    """Texts by `<source>:<article hash>` from JSON Lines files, which may be gzipped.

    A file is given as its source, its path and the key of its rows' text. A collection may hold an
    address twice, with two states of its text. Leads and titles had their entities resolved when
    drawn.
    """
    found: dict[str, list[str]] = defaultdict(list)
    for source, path, key in files:
        for address, text in parsed(path, itemgetter("url", key)):
            resolved = html.unescape(text) if source in ("leads", "titles") else text
            found[f"{source}:{digest(address)}"].append(resolved)
    return found


def _joined(label: Mapping[str, Any], texts: Texts) -> ReadRow:
    source, article, start, fingerprint = label["id"].split(":")
    candidates = texts.get(f"{source}:{article}", ())
    cut = (text[int(start) : label["end"]] for text in candidates)
    text = next((sentence for sentence in cut if digest(sentence) == fingerprint), None)
    if text is None:
        raise TextMissing(f"{label['id']}: its sentence is not in the articles given")
    row = Row(
        id=label["id"],
        dossier=label["dossier"],
        text=text,
        topics=frozenset(label["topics"]),
        outlook=label["outlook"],
        claim=label["claim"],
        positions={(party, topic): stance for party, topic, stance in label["positions"]},
    )
    return ReadRow(row, article, label["weight"], label["readers"])


def joined_pairs(articles: Path, labels: Path = PAIRS) -> list[dict[str, Any]]:
    """The pairs of real articles whose novelty was read, as rows like those of `data/novelty`.

    Raises:
        TextMissing: naming the pair whose articles are not there, or not as they were.
    """
    found = defaultdict[str, list[Mapping[str, Any]]](list)
    for row in parsed(articles, _article):
        found[digest(row["url"])].append(row)
    return [_joined_pair(label, found) for label in json_lines(labels)]


def _article(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in ("url", "title", "text")}


def _joined_pair(
    label: Mapping[str, Any], articles: Mapping[str, Sequence[Mapping[str, Any]]]
) -> dict[str, Any]:
    earlier_key, later_key = label["pair"].split("-")
    wanted = [one["sentence"] for one in label["later"]]
    for earlier in articles.get(earlier_key, ()):
        known = {digest(text): text for text in (earlier["title"], *_sentences(earlier["text"]))}
        if not {one["prior"] for one in label["later"]} - {None} <= known.keys():
            continue
        for later in articles.get(later_key, ()):
            texts = {digest(text): text for text in _sentences(later["text"])}
            if set(wanted) <= texts.keys():
                rows = [
                    {
                        "text": texts[one["sentence"]],
                        "novelty": one["novelty"],
                        "prior": known.get(one["prior"] or ""),
                    }
                    for one in label["later"]
                ]
                source = {"title": earlier["title"], "text": earlier["text"]}
                of_pair = {"pair": label["pair"], "dossier": label["dossier"], "kind": "real"}
                return of_pair | {"earlier": source, "later": rows}
    raise TextMissing(f"{label['pair']}: its articles are not among those given")


def _sentences(text: str) -> list[str]:
    return [one.text for one in split(text)]
