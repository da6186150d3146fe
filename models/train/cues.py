"""Which sentences are worth a reader's time: prose, and prose that may hold what is rare."""

import re

from models.lexicon import hits
from models.mentions import mentions
from models.novelty.words import shown
from models.subject import Subject
from models.train.overlap import words

FEWEST, MOST = 5, 80
LOWER = 0.4  # share of words in lower case; headings and lists of names have less

_FIRST_PERSON = r"(?:[Ww]e|[Oo]ur|I|[Mm]y)\b(?!\.)"
_TOGETHER = (
    r"(?i:(?:both|the two|the|all|either) (?:sides?|parties|countries|nations|delegations)"
    r"|each other)\b"
)
_SAYING = (
    r"(?:said|says|added|told|warned|insisted|stressed|noted|wrote|claimed|vowed|urged|argued)"
)
_UNNAMED = (
    r"(?:[Hh]e|[Ss]he|[Tt]hey|[Ii]t"
    r"|(?:[Tt]he|[Aa]n?|[Oo]ne|[Ss]ome)(?: \w+)? (?:officials?|minister|president|ministry|envoy"
    r"|spokes\w+|statement|leader|diplomats?|sources?|group|premier|secretary))"
)
_SPEECH = re.compile(
    rf"\b(?:{_FIRST_PERSON}|{_TOGETHER}|{_UNNAMED} (?:also |later )?{_SAYING}\b"
    rf"|{_SAYING} (?:he|she|they)\b)"
)
_FURNITURE = re.compile(
    r"(?i)\b(?:cookies?|subscrib\w+|newsletter|sign up|click here|read more|getty images"
    r"|hide content|all rights reserved|follow us|download the app|this article|advertisement"
    r"|(?:reporting|editing|writing) by)\b"
)
_END = re.compile(r"(?:[.!?…:;]|,(?=[\"”’]))[\"'”’»)\]*_\s]*$")
_CUT = re.compile(r"(?:\.\.\.|…)$")
_LETTERS = re.compile(r"[^\W\d_]+")
_STANCES = ("supports", "opposes", "conditional")


def is_prose(text: str) -> bool:
    """Whether it is a sentence of 5 to 80 words rather than a heading, credit, table or button.

    A text that ends without a mark, as the last line of a cut summary does, is none.
    """
    plain = shown(text).strip()
    tokens = words(plain)
    if not FEWEST <= len(tokens) <= MOST or _FURNITURE.search(plain):
        return False
    if _END.search(plain) is None or _CUT.search(plain):
        return False
    letters = _LETTERS.findall(plain)
    lower = sum(1 for word in letters if word[0].islower())
    return lower >= LOWER * len(letters)


def cue(text: str, subject: Subject) -> str | None:
    """The kind of cue: `speech` of somebody not named, `progress`, `stance`, or none."""
    plain = shown(text)
    if _SPEECH.search(plain):
        return "speech"
    if not mentions(subject, plain):
        return None
    if hits("outlook", "progress", plain):
        return "progress"
    told = sum(hits("stance", label, plain) for label in _STANCES)
    return "stance" if told >= 2 or hits("outlook", "setback", plain) else None
