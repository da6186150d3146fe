"""What the gate looks for. How the lists work together is said in `pipeline.gate`."""

import re
from typing import Annotated

from pydantic import AfterValidator, field_validator

from connectors.config import Strict


def _word(value: str) -> str:
    """An entry: one or more words, each of which may end in `*` for any ending.

    Raises:
        ValueError: the entry is blank, or a `*` stands elsewhere.
    """
    if not any(character.isalnum() for character in value):
        raise ValueError(f"{value!r} has no letter or digit")
    if re.search(r"\*\w|(?<!\w)\*", value):
        raise ValueError(f"{value!r}: a * may only stand at the end of a word")
    return value


Word = Annotated[str, AfterValidator(_word)]
Words = tuple[Word, ...]


class Watchwords(Strict):
    """Lists of words and phrases.

    An entry in small letters matches in any case; one with a capital matches as written, or in
    capitals throughout (`Oman` and `OMAN`, never `Roman`, `oman`). A `*` at the end of a word
    stands for any ending. A space in an entry also matches a hyphen.
    """

    always: Words = ()
    names: Words
    others: Words = ()
    talks: Words
    terms: Words = ()
    conflict: Words = ()
    aside: Words = ()
    ignore: Words = ()

    @field_validator("names", "talks")
    @classmethod
    def _given(cls, words: Words) -> Words:
        if not words:
            raise ValueError("is empty: nothing would pass")
        return words
