"""News prose into sentences, with the place of each one in the text.

Written for Parley after measuring libraries on 200 real articles (4,300 sentences): pysbd does
0.25 MB a second, takes quadratic time, and with sentencex leaves whole quotations in one piece
(one boundary in ten); syntok (1.7 MB a second) tears "Gov. Shapiro", "vs. The World" and links.
This does 14 MB a second, with every step one pass over the text with bounded look-around, so that
megabytes without a full stop take time in proportion.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from models.abbreviations import ends_sentence, starts_sentence

MAX_WORDS = 100
MAX_CHARACTERS = 1000

_INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad"
_GAP = rf"[\s{_INVISIBLE}]"
_EDGES = " \t\n\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\u00a0\u1680\u2028\u2029\u202f\u205f\u3000" + (
    "".join(map(chr, range(0x2000, 0x200B))) + _INVISIBLE
)

# What always parts: the end of a line (but see `_wrapped`), a bullet, a markdown image.
_PART = re.compile(
    r"(?P<line>[\n\r\x0b\x0c\x85\u2028\u2029]\s*)"
    r"|[•‣◦▪●■]"
    r"|!\[[^\[\]\n]{0,500}\]\([^\s()]{0,2000}\)"
)
# Always matches from a mark on and goes forward, so that no text makes it look twice.
_MARK = re.compile(
    r"(?P<mark>[.!?…。！？؟]+(?:[ \u00a0][.…]+)*)"
    rf"(?P<close>(?:\]\([^\s()]*\)|[\"'”’»)\]*_{_INVISIBLE}])*)"
    rf"(?P<gap>{_GAP}*)"
)
_LIST_MARK = re.compile(r"(?:[#>*+–—-]{1,6}\s+|\(?\d{1,2}[.)]\s+|\*\*)+")
_LIST_NUMBER = re.compile(r"\(?\d{1,2}[.)]\s+(?=[\"“'‘]?[A-Z])")
_ASIDE = re.compile(rf"\([^()]{{1,200}}\)(?={_GAP}+[\"“'‘]?[A-Z])")
_ENUMERATION = re.compile(r"\(?(?:\d{1,2}|[A-Za-z])")
_OPENING = re.compile(r"[\"'“‘«(\[*_]{0,6}")
_QUOTES = frozenset("\"'“”‘’«»")
_TOKEN = re.compile(r"[^\W\d_]+(?:\.[^\W\d_]+)*\Z")
_ATTRIBUTION = re.compile(
    r"(?:[A-Z][\w.'’-]{0,30}\s){1,4}"
    r"(?:said|says|asked|asks|told|added|wrote|posted|replied|answered|continued|tweeted|warned)\b"
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """`text` is the source from `start` to `end`, unchanged."""

    text: str
    start: int
    end: int


def split(text: str) -> list[Sentence]:
    """The sentences of `text` in order; `text[s.start:s.end] == s.text` for each.

    Headings and list items are sentences of their own, list marks and markdown images are none.
    What holds no letter or digit is left out. A sentence longer than MAX_WORDS words or
    MAX_CHARACTERS characters is cut at a semicolon, else a comma or dash, else a space, else hard.
    """
    sentences = []
    for part in _parts(text):
        for whole in _by_marks(text, *part):
            for start, end in _capped(text, *whole):
                if any(map(str.isalnum, text[start:end])):
                    sentences.append(Sentence(text[start:end], start, end))
    return sentences


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    stripped = piece.lstrip(_EDGES)
    start += len(piece) - len(stripped)
    return start, start + len(stripped.rstrip(_EDGES))


def _parts(text: str) -> Iterator[tuple[int, int]]:
    """Paragraphs, headings, list items: what no sentence reaches across."""
    start = 0
    for found in _PART.finditer(text):
        if found["line"] and _wrapped(text, start, found):
            continue
        yield start, found.start()
        start = found.end()
    yield start, len(text)


def _wrapped(text: str, start: int, found: re.Match[str]) -> bool:
    """Whether a line end only wraps a sentence: a comma before it, lower case after it."""
    before = text[max(start, found.start() - 40) : found.start()].rstrip(_EDGES)[-1:]
    if not before or before in ".!?…:":
        return False
    hints = (before == ",", text[found.end() : found.end() + 1].islower())
    blank = len(re.findall("[\n\x0b\x0c\x85\u2028\u2029]", found["line"])) > 1
    return all(hints) if blank else any(hints)


def _by_marks(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    start, end = _trimmed(text, start, end)
    if mark := _LIST_MARK.match(text, start, end):
        start = mark.end()
    for found in _MARK.finditer(text, start, end):
        if found.end() < end and _is_boundary(text, found, start):
            yield from _without_aside(text, start, found.end("close"))
            start = _behind_number(text, found.end(), end)
    yield from _without_aside(text, start, end)


def _behind_number(text: str, start: int, end: int) -> int:
    """Where an item begins of a list on one line: "1. Territory is out. 2. Aid goes on."."""
    number = _LIST_NUMBER.match(text, start, end)
    return number.end() if number else start


def _without_aside(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Parts the credit of a picture, "(Agency/Jo Doe) Talks resumed.", from what comes next."""
    if aside := _ASIDE.match(text, start, end):
        yield aside.span()
        start = aside.end()
    yield start, end


def _is_boundary(text: str, found: re.Match[str], start: int) -> bool:
    mark, close, after = found["mark"], found["close"], found.end()
    if mark[-1] in "。！？":
        return True
    if not found["gap"].strip(_INVISIBLE):
        return _runs_on(text, found)
    opening = _OPENING.match(text, after)
    begin = opening.end() if opening else after
    if text[begin : begin + 1].islower():
        return bool(_ASIDE.match(text, after))
    quoted = any(quote in close for quote in _QUOTES)
    if mark != ".":
        return not (quoted and _attributes(text, after))
    return quoted or _ends_sentence(text, start, found.start(), after, begin)


def _runs_on(text: str, found: re.Match[str]) -> bool:
    """Whether a space was lost between two sentences: "the deal.The next day"."""
    before = text[max(0, found.start() - 2) : found.start()]
    after = text[found.end() : found.end() + 2]
    return (
        len(found["mark"]) == 1
        and len(before) == len(after) == 2
        and before.isalpha()
        and before.islower()
        and after.istitle()
        and after.isalpha()
    )


def _ends_sentence(text: str, start: int, dot: int, after: int, begin: int) -> bool:
    """Whether the single full stop at `dot` is more than the end of an abbreviation.

    `after` is where text goes on, `begin` where its first word does, behind opening quotes.
    """
    if dot - start <= 3 and _ENUMERATION.fullmatch(text, start, dot):
        return False  # "1. Territory"
    found = _TOKEN.search(text, max(start, dot - 20), dot)
    if found is None:
        return True
    quoted = not _QUOTES.isdisjoint(text[after:begin])
    return ends_sentence(found[0], text[begin : begin + 24], quoted)


def _attributes(text: str, after: int) -> bool:
    """Whether a quotation goes on into who said it: `"Is it a deal?" Marten asked`."""
    return not starts_sentence(text[after : after + 24]) and bool(_ATTRIBUTION.match(text, after))


def _capped(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    start, end = _trimmed(text, start, end)
    while (limit := _limit(text, start, end)) < end:
        cut = _cut(text, start, limit)
        yield _trimmed(text, start, cut)
        start, _ = _trimmed(text, cut, min(end, cut + MAX_CHARACTERS))
    yield start, end


def _limit(text: str, start: int, end: int) -> int:
    """Where the longest allowed piece from `start` on ends."""
    limit = min(end, start + MAX_CHARACTERS)
    if limit - start < 2 * MAX_WORDS:
        return limit
    words = re.finditer(r"\S+", text[start:limit])
    for count, word in enumerate(words, 1):
        if count == MAX_WORDS:
            return start + word.end()
    return limit


def _cut(text: str, start: int, limit: int) -> int:
    """The best place to cut in the second half of the piece: behind a mark, else at a space."""
    half = start + (limit - start) // 2
    for marks in ((";",), (", ", " – ", " — ", " - ", ": "), (" ", "\u00a0", "\n", "\t")):
        place = max(text.rfind(mark, half, limit) for mark in marks)
        if place >= 0:
            return place + 1
    return limit
