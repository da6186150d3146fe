"""What the pair model is asked: earlier sentences, and one later."""

from __future__ import annotations

from collections.abc import Sequence

RELATIONS = ("covered", "apart", "conflict")
JOINED = 3  # earlier sentences that are read together
MAX_TOKENS = 192


def joined(sentences: Sequence[str]) -> str:
    """Several earlier sentences as one text, best first: what is too long is cut from the end."""
    return " ".join(sentences)
