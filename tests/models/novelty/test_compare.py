from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from models.novelty.compare import compare_texts

TITLE = "Oman invites Iran and US to third round"
TEXT = (
    "Oman invited Iranian and American envoys to talks in Muscat on Friday.\n"
    "Iran's stock of enriched uranium stood at 184 kilograms, inspectors said."
)
LATER = [
    ("a", "Iran's stock of enriched uranium stood at 274 kilograms, inspectors said."),
    ("b", "Oman invited Iranian and American envoys to talks in Muscat on Friday."),
    ("c", "Pakistan's premier spoke with the leader of the Houthis by telephone."),
    ("d", "A cat slept on the steps."),
]


def encode(texts: Sequence[str]) -> NDArray[np.float32]:
    """Orthogonal directions by letter counts: close only where words are the same."""
    rows = np.array([[text.lower().count(chr(97 + n)) for n in range(26)] for text in texts])
    rows = rows - rows.mean(axis=1, keepdims=True)
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def claim_of(text: str) -> tuple[bool, float]:
    return (False, 0.1) if "cat" in text.split() else (True, 0.9)


def test_every_later_sentence_gets_a_row_in_order() -> None:
    rows = [one.row() for one in compare_texts(TITLE, TEXT, LATER, claim_of, encode)]
    assert [row["id"] for row in rows] == ["a", "b", "c", "d"]
    assert [row["novelty"] for row in rows] == ["changed", "repeated", "new", "none"]
    assert [set(row) for row in rows] == [{"id", "novelty", "prior", "reason"}] * 4


def test_prior_is_the_sentence_with_its_place_in_the_earlier_text() -> None:
    changed, repeated, new, none = compare_texts(TITLE, TEXT, LATER, claim_of, encode)
    for one in (changed, repeated):
        assert one.prior is not None
        assert TEXT[one.prior.start : one.prior.end] == one.prior.text
    assert changed.prior is not None
    assert changed.prior.text.startswith("Iran's stock")
    assert new.prior is None
    assert none.prior is None


def test_what_only_the_title_says_is_repeated_without_a_prior() -> None:
    (one,) = compare_texts(TITLE, "", [("x", TITLE)], claim_of, encode)
    assert (one.novelty, one.prior) == ("repeated", None)


def test_what_the_title_says_is_no_change_of_what_the_text_says() -> None:
    text = "Six people were killed in a blast at the port of Orsk."
    later = [("a", "Nine killed in blast at Orsk port"), ("b", "Ten killed in blast at Orsk port")]
    found = compare_texts("Nine killed in blast at Orsk port", text, later, claim_of, encode)
    assert [one.novelty for one in found] == ["repeated", "changed"]


def test_no_later_sentence_gives_no_row() -> None:
    assert compare_texts(TITLE, TEXT, [], claim_of, encode) == []
