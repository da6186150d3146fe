"""What the gate looks for. How the lists work together is said in `pipeline.gate`."""

from typing import Annotated

from pydantic import AfterValidator, field_validator

from connectors.config import Strict


def _word(value: str) -> str:
    """An entry: words, the last of which may end in `*` for any ending.

    Raises:
        ValueError: the entry is blank, or a `*` stands elsewhere.
    """
    stem = value.removesuffix("*")
    if not any(character.isalnum() for character in stem):
        raise ValueError(f"{value!r} has no letter or digit")
    if "*" in stem:
        raise ValueError(f"{value!r}: a * may only stand at the end")
    return value


Word = Annotated[str, AfterValidator(_word)]
Words = tuple[Word, ...]


class Watchwords(Strict):
    """Lists of words and phrases.

    An entry in small letters matches in any case; one with a capital matches as written, or in
    capitals throughout (`Oman` and `OMAN`, never `Roman`, `oman`). A `*` at the end stands for any
    ending. A space in an entry also matches a hyphen.
    """

    always: Words = ()
    names: Words
    talks: Words
    conflict: Words = ()
    aside: Words = ()
    ignore: Words = ()

    @field_validator("names", "talks")
    @classmethod
    def _given(cls, words: Words) -> Words:
        if not words:
            raise ValueError("is empty: nothing would pass")
        return words
