"""What the tokenizer is given: any Python string, made fit for it."""

from __future__ import annotations

MAX_CHARACTERS = 8192  # far beyond 256 tokens of prose; keeps one endless "sentence" cheap


def encodable(text: str) -> str:
    """`text` cut to MAX_CHARACTERS and without lone surrogates, which UTF-8 cannot carry.

    Each lone surrogate becomes U+FFFD and a pair becomes the character it stands for. Control
    characters stay: the tokenizer drops them itself.
    """
    text = text[:MAX_CHARACTERS]
    if text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
