"""Whether a full stop ends a sentence or only an abbreviation.

A doubtful one ("the U.S. Treasury", "Acme Corp. Chief") ends no sentence unless a word follows that
begins sentences and seldom names: two sentences in one cost less than a torn one.
"""

from __future__ import annotations

import re


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


_TITLES = _set(
    "mr mrs ms mx dr prof gen sen rep gov lt col maj capt cmdr adm sgt brig rev hon pres amb sec"
    " messrs st mt ft fr supt insp det cpl pvt vice-adm rear-adm atty dep asst min ref fmr spc"
)
_BEFORE_NUMBER = _set(
    "no nos art fig pp p vol ch para approx ca c jan feb mar apr jun jul aug sep sept oct nov dec"
)
_NEVER_LAST = _set("e.g i.e E.g I.e vs v cf viz incl est")
# Doubtful: these end sentences as often as not.
_DOUBTFUL = _set(
    "inc ltd corp co cos bros plc llc jr sr esq dept univ assn ave blvd rd calif fla mass pa conn"
    " ariz mich wash va ga ill minn wis tenn ky ore colo tex okla nev ala ark mo md del neb"
    " jan feb mar apr jun jul aug sep sept oct nov dec"
)
_DOUBTFUL_SMALL = _set("etc al inc")
_STARTERS = _set(
    "the a an he she it they we you i but and or so yet in on at by to of for from with without"
    " under over this that these those there here his her its their our my your if when while"
    " where what who why how as after before since until although though because however meanwhile"
    " earlier later still also then now once both some many most several all any no not nor"
    " neither either such according asked despite during between among instead moreover"
    " nevertheless nonetheless separately speaking last nobody nothing everyone everybody"
)
_WORD = re.compile(r"[^\W\d_]{1,20}")


def ends_sentence(token: str, rest: str, quoted: bool) -> bool:
    """Whether the full stop behind `token` (letters, and full stops inside it) ends a sentence.

    `rest` is what follows from the first word on, `quoted` whether a quotation opens before it.
    """
    key = token.lower()
    named = token[0].isupper()  # "Ill. Governor", but "he fell ill. Doctors said"
    if (named and key in _TITLES) or token in _NEVER_LAST:
        return False
    if key in _BEFORE_NUMBER and rest[:1].isdigit():
        return False
    if (named and key in _DOUBTFUL) or token in _DOUBTFUL_SMALL or _is_initials(token):
        return quoted or starts_sentence(rest)
    return True


def starts_sentence(rest: str) -> bool:
    """Whether the first word of `rest` is one that sentences begin with and names do not."""
    word = _WORD.match(rest)
    return word is not None and word[0].lower() in _STARTERS


def _is_initials(token: str) -> bool:
    """ "V", "U.S", "p.m", "Ph.D", but neither "I" nor "example.org"."""
    if "." in token:
        return all(len(part) <= 2 for part in token.split("."))
    return len(token) == 1 and token.isupper() and token != "I"
