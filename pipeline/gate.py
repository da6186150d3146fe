"""The gate: does an article bear on a negotiation? Title and lead decide, by the dossier's words.

How the watchwords of a dossier work together. A country plays football and sells bonds as well, so
that a name counts only with a matter, and mostly only in one sentence with it (the title is one):

- `always`: enough wherever it stands (`Philadelphi corridor`);
- `names`: whose war or programme it is (`Ukraine`);
- `others`: those whose part in it is one of many things they do (`Russia`);
- `talks`: how it is negotiated (`envoy`, `summit`); enough in one sentence with a name;
- `terms`: what is negotiated (`ceasefire`, `sanctions`); enough in one sentence with a name or
  another;
- a name and another in one sentence are enough as well, where the title has one of them;
- `conflict`: what the parties do to each other or get from others (`strikes`, `arms`); enough in
  one sentence with a name, where the title has a name or a matter itself, since a war that only
  the lead mentions is the circumstance of something else ("prices, driven up by the war in …");
- `aside`: words that say in the title that the article is on something else (sport, markets);
  then nothing but `talks` and `terms` in the title itself count;
- `ignore`: phrases that look like one of the others and are not; struck out before all else.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from pipeline.dossiers import Dossier, Watchwords

LEAD = 400  # characters, some three sentences
_SENTENCE_END = re.compile(r"(?<=[.!?])[\"”’)]*\s+|\s*\n\s*")
_WHOLE_WORDS = re.compile(rf"(?s).{{{LEAD - 50},{LEAD}}}(?!\S)")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_MISSES = ("no_name", "no_matter", "aside")  # from the furthest to the nearest
_NOTHING = re.compile(r"(?!)")


@dataclass(frozen=True, slots=True)
class GateVerdict:
    """Whether an article bears on a dossier; `reason` is the rule that said so, or what lacked.

    Reasons to pass: `always`, `talks`, `terms`, `conflict`, `dealings` (a name and another);
    not to pass: `no_name`, `no_matter`, `aside`.
    `words` are the matches that decided, as they stand in the text.
    """

    passed: bool
    reason: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Patterns:
    always: re.Pattern[str]
    names: re.Pattern[str]
    others: re.Pattern[str]
    talks: re.Pattern[str]
    terms: re.Pattern[str]
    conflict: re.Pattern[str]
    aside: re.Pattern[str]
    ignore: re.Pattern[str]


def lead_of(summary: str, content: str) -> str:
    """The beginning of the feed's summary, or of its content where it has none.

    It ends with a whole word where the script has spaces: half a word may be another one.
    """
    text = summary or content
    if len(text) <= LEAD:
        return text
    whole = _WHOLE_WORDS.match(text)
    return whole.group() if whole else text[:LEAD]


def passing(dossiers: Sequence[Dossier], title: str, lead: str) -> tuple[tuple[str, ...], str]:
    """The names of the dossiers that the article bears on, in the order given, and a reason.

    The reason is "" where there is one, else what lacked for the dossier that came nearest.
    """
    verdicts = [(dossier.name, passes(dossier, title, lead)) for dossier in dossiers]
    names = tuple(name for name, verdict in verdicts if verdict.passed)
    if names:
        return names, ""
    return (), max((verdict.reason for _, verdict in verdicts), key=_MISSES.index)


def bearing(dossiers: Sequence[Dossier], sentences: Sequence[str]) -> list[tuple[str, ...]]:
    """Which of an article's dossiers each of its sentences bears on.

    A review of several negotiations is not all about each of them: a sentence belongs to the
    dossiers whose names it mentions; where it mentions none, to those of the sentence before.
    """
    everything = tuple(dossier.name for dossier in dossiers)
    if len(dossiers) == 1:
        return [everything] * len(sentences)
    found, before = list[tuple[str, ...]](), everything
    for sentence in sentences:
        before = tuple(d.name for d in dossiers if _is_named(d, sentence)) or before
        found.append(before)
    return found


def _is_named(dossier: Dossier, sentence: str) -> bool:
    patterns = _compiled(dossier.watchwords)
    text = _cleaned(sentence, patterns)
    return bool(patterns.always.search(text) or patterns.names.search(text))


def passes(dossier: Dossier, title: str, lead: str) -> GateVerdict:
    """Judge by title and lead; the lead should be no longer than a few sentences."""
    patterns = _compiled(dossier.watchwords)
    head = _cleaned(title, patterns)
    body = _cleaned(lead, patterns)
    if found := patterns.always.search(f"{head}\n{body}"):
        return GateVerdict(True, "always", (found.group(),))
    sentences = [head, *(part for part in _SENTENCE_END.split(body) if part)]
    if not any(_named(patterns, sentence) for sentence in sentences):
        return GateVerdict(False, "no_name")
    if aside := patterns.aside.search(head):
        return _talks(patterns, sentences[:1]) or GateVerdict(False, "aside", (aside.group(),))
    return (
        _talks(patterns, sentences)
        or _dealings(patterns, sentences)
        or _conflict(patterns, sentences)
        or GateVerdict(False, "no_matter")
    )


def _named(patterns: _Patterns, sentence: str) -> re.Match[str] | None:
    return patterns.names.search(sentence) or patterns.others.search(sentence)


def _talks(patterns: _Patterns, sentences: Sequence[str]) -> GateVerdict | None:
    if words := _together(patterns.names, patterns.talks, sentences):
        return GateVerdict(True, "talks", words)
    for names in (patterns.names, patterns.others):
        if words := _together(names, patterns.terms, sentences):
            return GateVerdict(True, "terms", words)
    return None


def _dealings(patterns: _Patterns, sentences: Sequence[str]) -> GateVerdict | None:
    if _named(patterns, sentences[0]):
        words = _together(patterns.names, patterns.others, sentences)
        return GateVerdict(True, "dealings", words) if words else None
    return None


def _conflict(patterns: _Patterns, sentences: Sequence[str]) -> GateVerdict | None:
    """A title without name or matter leaves the conflict a circumstance of something else."""
    head = sentences[0]
    looks = (patterns.names, patterns.talks, patterns.terms, patterns.conflict)
    if any(pattern.search(head) for pattern in looks):
        words = _together(patterns.names, patterns.conflict, sentences)
        return GateVerdict(True, "conflict", words) if words else None
    return None


def _together(
    names: re.Pattern[str], matters: re.Pattern[str], sentences: Iterable[str]
) -> tuple[str, ...]:
    """A name and a matter of the first sentence that has both; () if none has."""
    for sentence in sentences:
        name, matter = names.search(sentence), matters.search(sentence)
        if name and matter:
            return name.group(), matter.group()
    return ()


def _cleaned(text: str, patterns: _Patterns) -> str:
    plain = _INVISIBLE.sub("", text).replace("’", "'")
    return patterns.ignore.sub(" ", plain)


@lru_cache(maxsize=64)
def _compiled(watchwords: Watchwords) -> _Patterns:
    return _Patterns(
        **{name: _pattern(getattr(watchwords, name)) for name in _Patterns.__dataclass_fields__}
    )


def _pattern(words: Sequence[str]) -> re.Pattern[str]:
    """One pattern for a list, longest first, whole words only."""
    if not words:
        return _NOTHING
    as_written = {form for word in words if word != word.lower() for form in (word, word.upper())}
    any_case = {word for word in words if word == word.lower()}
    parts = [_alternatives(as_written)] if as_written else []
    parts += [f"(?i:{_alternatives(any_case)})"] if any_case else []
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)")


def _alternatives(words: Iterable[str]) -> str:
    return "|".join(
        _expression(word) for word in sorted(words, key=lambda word: (-len(word), word))
    )


def _expression(word: str) -> str:
    escaped = re.escape(word.replace("’", "'"))
    return escaped.replace(r"\ ", r"[\s\-–]+").replace(r"\*", r"\w*")
