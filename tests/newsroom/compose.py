"""From claims and background to the text of an article, the same on every run."""

import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from tests.newsroom.model import Paragraphs, Publisher, Sentence

# How many sentences a paragraph takes, and where background goes: C a claim, B background.
_SHAPES = (
    "C B|C|B C|B C|C|B C|C",
    "C|C B|B C|C|B C|C B",
    "C B|B|C|C B|C|C B|C",
    "C|B|C B|C|C B|C|C",
)
_DATELINE = re.compile(r"^[A-Z ]+ \([A-Za-z]+\) – ")


def pick(seed: str, choices: int) -> int:
    """A number below `choices` that depends on `seed` alone."""
    return int.from_bytes(hashlib.sha256(seed.encode()).digest()[:8], "big") % choices


def arrange(
    article_id: str, said: Sequence[Sentence], background: Sequence[Sentence]
) -> Paragraphs:
    """Lead with the first claim, then claims and background in one of a few shapes."""
    claims, filler = list(said), list(background)
    paragraphs: list[tuple[Sentence, ...]] = []
    for part in _SHAPES[pick(article_id, len(_SHAPES))].split("|"):
        sources = [claims if letter == "C" else filler for letter in part.split()]
        if paragraph := tuple(source.pop(0) for source in sources if source):
            paragraphs.append(paragraph)
    rest = [*claims, *filler]
    paragraphs += [tuple(rest[at : at + 2]) for at in range(0, len(rest), 2)]
    return tuple(paragraphs)


def choose_background(
    article_id: str, uses: Counter[str], count: int, taken: set[str]
) -> list[Sentence]:
    """The `count` least used sentences that nobody else on the event has; counts and takes them."""
    free = [text for text in uses if text not in taken]
    if len(free) < count:
        raise ValueError(f"{article_id}: the background pool is used up")
    free.sort(key=lambda text: (uses[text], pick(article_id + text, 2**32)))
    taken.update(free[:count])
    uses.update(free[:count])
    return [Sentence(text) for text in free[:count]]


def dateline(paragraphs: Paragraphs, publisher: Publisher) -> Paragraphs:
    """`VIENNA (Meridian) – ` before the lead, as agencies do."""
    (lead, *others), *rest = paragraphs
    mark = f"{publisher.place.upper()} ({publisher.name.split()[0]}) – "
    return ((replace(lead, text=mark + lead.text), *others), *rest)


def wire_copy(
    paragraphs: Paragraphs, agency: Publisher, trim: int, added: str | None
) -> Paragraphs:
    """The agency's text: last paragraphs cut, a local sentence put in, the agency named."""
    kept = list(paragraphs[: len(paragraphs) - trim])
    first = kept[0][0]
    if not _DATELINE.match(first.text):
        raise ValueError("only an agency's text is copied")
    if added:
        kept.append((Sentence(added),))
    return (*kept, (Sentence(f"Reporting by {agency.name}."),))
