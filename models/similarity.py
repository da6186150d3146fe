"""Copies: the same report under another masthead.

Containment of word 5-shingles (Broder, "On the resemblance and containment of documents", 1997)
finds what may be a copy. It does not decide: a market report of the next day and an update in which
six dead have become nine share nearly all shingles with the text before, while a copy that a local
paper trimmed and added a sentence to shares fewer. So sentences are aligned, and one figure, date,
name or tense that moved makes it another report, as do two sides that changed places. What a near
copy adds is its own (`shared`): it may be the news that the original is out of date.

Every step takes time in proportion to the texts, of which the first 200,000 characters count.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from models.novelty.roles import exchanged
from models.novelty.slots import Slots, read
from models.novelty.words import lexicon, shown
from models.sentences import split

MOST = 200_000
SHINGLE = 5
_ALIGNING = 3  # words of a shingle that aligns an edited sentence
_ALIGNING_SHORT = 2  # and of one that aligns a sentence of fewer than `_SHORT` words with another
_FEWEST = 12  # words of a text that can be a near copy
_LIKELY = 0.35  # containment below which no sentence is looked at
_CONTAINED = 0.6  # share of the words that must stand in the other text
_ADDED = 0.15  # share of sentences that may be new; one always may

# Signs that say of what a figure is are words: "$5bn" is not "€5bn", nor "up 5%" "up 5".
_WORD = re.compile(r"[^\W_]+(?:[.,:]\d+)*|[$€£¥₪₴₽%]")
_AGENCY = r"(?:reuters|ap|afp|tass|dpa|ria novosti|interfax|xinhua|upi|ani|pti|bloomberg|cnn)"
# "KYIV, March 3 (Reuters) - ", "MOSCOW, May 21. /TASS/. ", "(AP) — ": where it opens a line.
_DATELINE = re.compile(
    r"(?m)^[ \t]{0,9}(?:[A-Z][\w.'’/ -]{1,40}(?:,\s[^()/\n—–-]{1,40})?[.,]?\s{0,9})?"
    rf"(?:\((?i:{_AGENCY})[^)\n]{{0,40}}\)|/(?i:{_AGENCY})/\.?)"
    r"[ \t]{0,9}[-—–:]{0,3}[ \t]{0,9}"
)
_PLAIN_DATELINE = re.compile(
    r"^\s{0,9}[A-Z][A-Z.'’ /]{2,40}(?:,\s[A-Z][a-z]+\.?\s\d{1,2})?[ \t]{1,9}[-—–]{1,3}[ \t]{1,9}"
)
_CREDIT = re.compile(
    rf"(?im)^[^\w\n]{{0,9}}(?:(?:by|source|from|via|with)[^\w\n]{{1,9}})?{_AGENCY}"
    rf"(?:[^\w\n]{{1,9}}{_AGENCY}){{0,5}}[^\w\n]{{0,9}}$"
)

# What agencies add for their own desks: "(Reporting by …; Editing by …)", "(ABCD.N)", "[1234.HK]".
# Without brackets staff fill a line of their own, of names alone: "Reporting by Axios says that
# talks failed" is news. A number in brackets is a figure.
_DUTY = r"(?:Additional )?(?:Reporting|Writing|Editing|Compiled|Edited|Written) by"
_STAFF = re.compile(rf"\({_DUTY} [^()\n]{{1,400}}\)")
_STAFF_LINE = re.compile(rf"(?m)^[ \t]{{0,9}}{_DUTY} ([^()\n]{{1,400}})$")
_SMALL = re.compile(
    r"\b(?!(?:and|in|at|from|by|for|with|the|additional|d[aeiu]|von|van|al|el|bin)\b)[a-z]+"
)
_TICKER = re.compile(r"[\[(<](?=[\d.^]{0,9}[A-Z])[\^.]?[A-Z0-9]{1,8}(?:\.[A-Z]{1,3})?[\])>]")
_FURNITURE = re.compile(r"^\W{0,9}(?:By [A-Z]|FILE PHOTO|Terms and|.{0,80}\bREUTERS/)")
_SHORT = 6  # words; a line with fewer is a heading or a button, unless it ends like a sentence
_ENDED = re.compile(r"[.!?…][\"'”’»)\]]{0,9}\s*$")

Kind = Literal["exact", "near"]


def text_hash(text: str) -> str:
    """The same for texts that differ only in case, spaces, punctuation, dateline and credits."""
    return hashlib.sha256(" ".join(_words(body(text))).encode("utf-8", "replace")).hexdigest()


def shingles(text: str) -> frozenset[int]:
    """64-bit hashes of all runs of five words; of a shorter text one, of all its words."""
    words = _words(body(text))
    return frozenset(map(_hashed, _runs(words, SHINGLE)))


def containment(part: frozenset[int], whole: frozenset[int]) -> float:
    """The share of `part` that stands in `whole`."""
    return len(part & whole) / len(part) if part else 0.0


def copy_kind(article: str, candidate: str) -> Kind | None:
    """Whether `article` is the text of the earlier `candidate` again, essentially.

    Near are: another agency line, a tail cut off, a local sentence added below the lead, a word
    edited. A rewrite is none, nor is a text in which a figure, date, name or tense has moved.
    """
    if text_hash(article) == text_hash(candidate):
        return "exact" if _words(body(article)) else None
    mine = shingles(article)
    if len(_words(body(article))) < _FEWEST:
        return None
    if containment(mine, shingles(candidate)) < _LIKELY:
        return None
    return "near" if _is_near(_sentences(article), _sentences(candidate)) else None


def shared(sentences: Sequence[str], text: str) -> list[bool]:
    """Of each sentence, whether it stands in `text`, be it with a word edited; so does furniture,
    which nobody has written.
    """
    like = _likeness(_sentences(text))
    return [
        not _is_prose(one) or ((twin := like(one)) is not None and not _differs(one, twin))
        for one in map(_sentence, sentences)
    ]


def body(text: str) -> str:
    """The text that counts, without dateline, credits and markup."""
    text = shown(text[:MOST])
    for pattern in (_DATELINE, _PLAIN_DATELINE, _CREDIT, _STAFF, _TICKER):
        text = pattern.sub(" ", text)
    return _STAFF_LINE.sub(lambda line: line[0] if _SMALL.search(line[1]) else " ", text)


@dataclass(frozen=True, slots=True)
class _Sentence:
    text: str
    words: tuple[str, ...]


def _is_near(article: Sequence[_Sentence], candidate: Sequence[_Sentence]) -> bool:
    like = _likeness(candidate)
    standing = {sentence.words for sentence in article}
    added, common = 0, 0
    for place, sentence in enumerate(article):
        twin = like(sentence)
        if twin is not None and not _differs(sentence, twin):
            common += len(sentence.words)
        elif twin is not None and twin.words not in standing:
            return False
        else:  # nothing like it, or a correction below what it corrects
            added += 1
            if not place:
                return False  # another lead is another story
    total = sum(len(sentence.words) for sentence in article)
    return added <= max(1, _ADDED * len(article)) and common >= _CONTAINED * total


def _likeness(candidate: Sequence[_Sentence]) -> Callable[[_Sentence], _Sentence | None]:
    """What finds the sentence of the candidate that has the same words, or else that another one
    is an edited form of."""
    verbatim = {sentence.words: sentence for sentence in candidate}
    index = _aligner(candidate)
    return lambda sentence: verbatim.get(sentence.words) or _twin(sentence, candidate, index)


def _aligner(candidate: Sequence[_Sentence]) -> dict[tuple[str, ...], int]:
    """Which sentence has a run of words first."""
    index: dict[tuple[str, ...], int] = {}
    for place, sentence in enumerate(candidate):
        for run in _aligning(sentence):
            index.setdefault(run, place)
    return index


def _aligning(sentence: _Sentence) -> Iterator[tuple[str, ...]]:
    """Runs of three words; of a short sentence, which one edited word leaves without, of two also.

    So short ones find each other by two words, and no long one is found by so few.
    """
    yield from _runs(sentence.words, _ALIGNING)
    if len(sentence.words) < _SHORT:
        yield from _runs(sentence.words, _ALIGNING_SHORT)


def _twin(
    sentence: _Sentence, candidate: Sequence[_Sentence], index: dict[tuple[str, ...], int]
) -> _Sentence | None:
    """The sentence of the candidate that this one is an edited form of."""
    votes = Counter(index[run] for run in _aligning(sentence) if run in index)
    if not votes:
        return None
    other = candidate[votes.most_common(1)[0][0]]
    common = len(set(sentence.words) & set(other.words))
    return other if common >= 0.6 * len(set(sentence.words)) else None


def _differs(sentence: _Sentence, twin: _Sentence) -> bool:
    return sentence.words != twin.words and _moved(read(sentence.text), read(twin.text))


def _moved(now: Slots, before: Slots) -> bool:
    """Whether an edit changed what is said: a figure, day, name, role, direction, tense, "not"."""
    figures, known = _figures(now), _figures(before)
    if any(kind != "weekday" for kind, _ in figures - known):
        return True
    if figures - known and known - figures:
        return True
    if now.names - before.content.keys() and before.names - now.content.keys():
        return True
    if exchanged(now, before):
        return True
    return now.denied != before.denied or _turned(now, before)


def _figures(slots: Slots) -> set[tuple[str, float]]:
    return {(one.kind, one.value) for one in slots.quantities}


def _turned(now: Slots, before: Slots) -> bool:
    poles = any(before.poles.get(axis, (pole,))[0] != pole for axis, (pole, _) in now.poles.items())
    tenses = any(before.status.get(norm, tense) != tense for norm, tense in now.status.items())
    return poles or tenses or now.off != before.off


def _sentences(text: str) -> list[_Sentence]:
    """Without headings, buttons, bylines and other furniture, unless there is nothing else."""
    found = [_Sentence(one.text, tuple(_words(one.text))) for one in split(body(text))]
    return [one for one in found if _is_prose(one)] or found


def _sentence(text: str) -> _Sentence:
    text = body(text)
    return _Sentence(text, tuple(_words(text)))


def _is_prose(one: _Sentence) -> bool:
    if not one.words or (len(one.words) < _SHORT and not _ENDED.search(one.text)):
        return False
    if _FURNITURE.match(one.text):
        return False
    return lexicon().boilerplate.search(one.text) is None


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _runs(words: Sequence[str], size: int) -> Iterator[tuple[str, ...]]:
    if words:
        for start in range(max(1, len(words) - size + 1)):
            yield tuple(words[start : start + size])


def _hashed(run: tuple[str, ...]) -> int:
    digest = hashlib.blake2b(" ".join(run).encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest, "big")
