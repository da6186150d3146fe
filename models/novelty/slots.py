"""What is comparable in a sentence: quantities, names, whether a thing is planned or done."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from models.novelty.quantities import Quantity, quantities
from models.novelty.words import Token, lexicon, stem, tokens, weight

_REACH = 4  # words between "will" and its verb
_UNREAL_REACH = 3  # words from "not" to what is not so
_MOST = 1500  # characters of a sentence that are read
_DATES = re.compile(
    r"(?i)(?:mon|tues|wednes|thurs|fri|satur|sun)days?|january|february|march|april|june|july"
    r"|august|september|october|november|december"
)
_SUBJECT = 12  # words among which the first verb of a sentence stands
_BACK = 6  # words from "said" to "it"
_OWN = frozenset({"it", "its", "he", "his", "she", "her", "they", "their", "we", "our", "i"})
PLACES = frozenset({"in", "at", "to", "from", "near", "by", "through", "via", "with"})
_PREPOSITIONS = PLACES | {"on"}
_SPANS = ("day", "week", "month", "year")
_DAYS = {"today": 0, "tonight": 0, "tomorrow": 1}
_ARTICLES = ("the", "a", "an", "its", "their", "his", "her")
_AUXILIARIES = ("be", "have", "do")
_RARE = 0.85  # weight from which a capitalised word that opens a sentence is taken for a name
_CORRECTION = re.compile(
    r"\b(?:rather than|instead of|up from|down from|earlier (?:count|figure)|revis|correct)"
    r"|, not \w|\bnot the\b"
)


@dataclass(frozen=True, slots=True)
class Ahead:
    """A day, week, month or year counted from now: `count` is 0 for this one, 1 for the next."""

    span: int
    count: int
    text: str

    def is_after(self, other: Ahead) -> bool:
        """Whether it is surely the later one, also to who reads both on one day: what was to be
        next week may be tomorrow by now, but not the other way round.
        """
        span = max(self.span, other.span)
        mine, others = (one.count * (one.span == span) for one in (self, other))
        return mine > others


@dataclass(frozen=True, slots=True)
class Slots:
    """A sentence, read. `content` gives each meaning its weight, `reporting` aside.

    `surface` says how a meaning is printed. `place` is a name's word before it. `status` is
    planned, possible or done for a verb. `poles` holds by axis the pole with the word that says so.
    `off` is cancelled or postponed; `failed` where only that something failed or collapsed says so.
    `corrects` is true where a value is named to be replaced ("Friday rather than Thursday").
    `words` are all meanings in order. `opening` are the names of who acts, before the first
    verb, `ahead` days and weeks counted from now. `cut` is true where the text goes on behind what
    is read of it.
    """

    words: tuple[str, ...]
    content: Mapping[str, float]
    surface: Mapping[str, str]
    quantities: tuple[Quantity, ...]
    names: frozenset[str]
    place: Mapping[str, str]
    status: Mapping[str, str]
    poles: Mapping[int, tuple[int, str]]
    off: str | None
    failed: bool
    denied: bool
    corrects: bool
    boilerplate: bool
    boilerplate_words: bool
    question: bool
    opening: tuple[str, ...]
    ahead: tuple[Ahead, ...]
    cut: bool


@lru_cache(maxsize=8192)
def read(text: str) -> Slots:
    """The slots of a sentence, of which the first 1,500 characters count."""
    words = tokens(text[:_MOST])
    known = lexicon()
    numbers = quantities(words)
    names = _names(words)
    off, failed = _off(words)
    return Slots(
        words=tuple(word.norm for word in words),
        content=_content(words, numbers, names),
        surface={word.norm: word.text for word in reversed(words)},
        quantities=numbers,
        names=names,
        place=_places(words, names),
        status=_status(words),
        poles=_poles(words),
        off=off,
        failed=failed,
        denied=any(_is_denial(words, index) for index in range(len(words))),
        corrects=_CORRECTION.search(text) is not None,
        boilerplate=known.boilerplate.search(text) is not None,
        boilerplate_words=known.boilerplate_words.search(text) is not None,
        question=text.rstrip(" \"”'’").endswith("?"),
        opening=_opening(words, names),
        ahead=_ahead(words),
        cut=len(text) > _MOST,
    )


def _content(
    words: Sequence[Token], numbers: Sequence[Quantity], names: frozenset[str]
) -> dict[str, float]:
    known = lexicon()
    figures = [number for number in numbers if number.kind != "month"]  # a name, like a place
    counted = {part.lower() for number in figures for part in number.text.split()}
    return {
        word.norm: weight(word.norm)
        for index, word in enumerate(words)
        if word.text[0].isalpha()
        and word.text.lower() not in counted
        and (word.norm in names or not _says_nothing(word))
        and not (word.norm in known.reporting and word.norm not in names)
        and not _is_denial(words, index)
    }


def _says_nothing(word: Token) -> bool:
    return word.text.lower() in lexicon().stop or len(word.norm) < 2


def _names(words: Sequence[Token]) -> frozenset[str]:
    """Capitalised words; the first of a sentence only if it is rare in small letters."""
    return frozenset(
        word.norm
        for index, word in enumerate(words)
        if word.text[0].isupper()
        and not _DATES.fullmatch(word.text)
        and not _says_nothing(word)
        and (index or "_" in word.norm or weight(word.norm) > _RARE)
    )


def _opening(words: Sequence[Token], names: frozenset[str]) -> tuple[str, ...]:
    """The names before the first verb, places aside. Who only reports what befell others is none:
    "Kyiv said six people died", unlike "Kyiv said it would attend".
    """
    known = lexicon()
    verb = next((i for i, word in enumerate(words[:_SUBJECT]) if _is_verb(word)), None)
    if verb is None:
        return ()
    told = {word.text.lower() for word in words[verb + 1 : verb + 1 + _BACK]}
    if words[verb].text.lower() in known.speaks and told.isdisjoint(_OWN):
        return ()
    return tuple(
        word.norm
        for index, word in enumerate(words[:verb])
        if word.text[0].isupper()
        and word.norm in names | known.states | known.persons
        and not (index and words[index - 1].text.lower() in _PREPOSITIONS)
    )


def _is_verb(word: Token) -> bool:
    """As far as form tells: what ends in -s may be a noun, but then names stand before it too."""
    known = lexicon()
    lower = word.text.lower()
    if not word.text[0].islower() or lower in _ARTICLES:
        return False
    forms = (known.speaks, known.planned, known.finite)
    return any(lower in form for form in forms) or _is_past(lower) or _is_third_person(lower)


def _is_third_person(lower: str) -> bool:
    return lower.endswith("s") and not lower.endswith(("ss", "'s", "’s")) and len(lower) > 3


def _ahead(words: Sequence[Token]) -> tuple[Ahead, ...]:
    """Days and weeks counted from now, but for those on which something was said."""
    found = []
    for index, word in enumerate(words):
        lower = word.text.lower()
        which = words[index - 1].text.lower() if index else ""
        before = {near.norm for near in words[max(0, index - 2) : index]}
        if not before.isdisjoint(lexicon().reporting):
            continue
        if lower in _DAYS:
            found.append(Ahead(0, _DAYS[lower], lower))
        elif lower in _SPANS[1:] and which in ("this", "next"):
            found.append(Ahead(_SPANS.index(lower), int(which == "next"), f"{which} {lower}"))
    return tuple(found)


def _places(words: Sequence[Token], names: frozenset[str]) -> dict[str, str]:
    return {
        word.norm: before.text.lower() for before, word in pairwise(words) if word.norm in names
    }


def _status(words: Sequence[Token]) -> dict[str, str]:
    """Planned where an auxiliary of the future stands shortly before, possible behind "may", done
    for a past form.
    """
    known = lexicon()
    found: dict[str, str] = {}
    for index, word in enumerate(words):
        lower = word.text.lower()
        if word.norm in known.reporting or lower in known.stop or lower in known.planned:
            continue
        if not word.text[0].islower():
            continue
        near = [word.text for word in words[max(0, index - _REACH) : index]]
        before = [text.lower() for text in near]
        if _plans([*before, lower]) or _is_to_be([*before, lower]):
            found.setdefault(word.norm, "planned")
        elif not known.possible.isdisjoint(near):
            found.setdefault(word.norm, "possible")
        elif _is_past(lower) and not _is_unreal(words, index):
            found.setdefault(word.norm, "done")
    return found


def _is_past(lower: str) -> bool:
    return lower in lexicon().past or (lower.endswith("ed") and len(lower) > 4)


def _plans(words: list[str]) -> bool:
    """Whether one of the words before the last puts it in the future; "due to strikes" does not."""
    known = lexicon()
    return any(
        word in known.planned and not _is_cause(words[index:])
        for index, word in enumerate(words[:-1])
    )


def _is_to_be(words: list[str]) -> bool:
    """Whether the last word stands behind "are to", "expected to" and the like."""
    if len(words) < 3 or words[-2] != "to" or words[-3] not in lexicon().planned_to:
        return False
    return not _is_cause(words[-3:])


def _is_cause(words: list[str]) -> bool:
    """ "Due to strikes", unlike "due to meet"."""
    return (
        list(words[:2]) == ["due", "to"] and words[2:3] != [] and words[2] not in lexicon().due_to
    )


def _poles(words: Sequence[Token]) -> dict[int, tuple[int, str]]:
    found: dict[int, tuple[int, str]] = {}
    known = lexicon()
    for word in words:
        lower = word.text.lower()
        said = (
            *known.poles.get(word.norm, ()),
            *known.own_poles.get(stem(word.text), ()),
            *known.printed_poles.get(lower, ()),
        )
        for axis, pole in said:
            found.setdefault(axis, (pole, lower))
    return found


def _off(words: Sequence[Token]) -> tuple[str | None, bool]:
    """Whether something is said to be off, not that it may be or is not; and whether all that says
    so is that something failed, which what was never planned may do as well.
    """
    known = lexicon()
    found, failed = set(), False
    for index, word in enumerate(words):
        if _is_unreal(words, index):
            continue
        if word.norm in known.postponed:
            found.add("postponed")
        elif word.norm in known.cancelled:
            found.add("cancelled")
        elif word.norm in known.failed or _falls_through(words[index : index + 3]):
            failed = True
    return max(found, default="cancelled" if failed else None), failed and not found


def _is_unreal(words: Sequence[Token], index: int) -> bool:
    """Whether it is denied or only possible; the month of May makes nothing so."""
    before = words[max(0, index - _UNREAL_REACH) : index]
    return any(_is_one_of(lexicon().unreal, near.text) for near in before)


def _falls_through(words: Sequence[Token]) -> bool:
    """ "The talks fell through", unlike "oil fell through $70" or "through the floor"."""
    first, second, after = [*(word.text.lower() for word in words), "", "", ""][:3]
    is_followed = after in _ARTICLES or after[:1] in tuple("$€£") or after[:1].isdigit()
    return f"{first} {second}" in lexicon().falls_through and not is_followed


def _is_denial(words: Sequence[Token], index: int) -> bool:
    known = lexicon()
    word = words[index].text.lower()
    return _is_one_of(known.denials, word) or _refuses(words, index) or _takes_back(words, index)


def _takes_back(words: Sequence[Token], index: int) -> bool:
    """ "Withdrew its report", unlike "withdrew its troops"."""
    if words[index].norm != "withdraw":
        return False
    said = words[index + 1 : index + 1 + _UNREAL_REACH]
    return any(word.norm in lexicon().withdrawn for word in said)


def _refuses(words: Sequence[Token], index: int) -> bool:
    """ "Refuses to attend", "yet to attend", unlike "declined to $70" or "to about 70"."""
    known = lexicon()
    if words[index].text.lower() not in known.denials_to or len(words) < index + 3:
        return False
    to, verb = (word.text.lower() for word in words[index + 1 : index + 3])
    is_verb = verb[:1].isalpha() and (verb not in known.stop or verb in _AUXILIARIES)
    return to == "to" and is_verb


def _is_one_of(negations: frozenset[str], word: str) -> bool:
    return word in negations or word.endswith(("n't", "n’t"))
