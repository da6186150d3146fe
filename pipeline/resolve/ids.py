"""Identifiers that a re-run coins alike: hashes of what a record is, not of when it is written."""

import hashlib


def stable_id(*parts: str) -> str:
    """128 bits of SHA-256 over the parts, as 32 hex digits."""
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def folded(text: str) -> str:
    """White space and case aside: what is the same sentence in every revision."""
    return " ".join(text.split()).casefold()


def claim_id(dossier: str, article_id: str, sentence: str) -> str:
    """The same sentence of the same article is the same claim in every revision."""
    return stable_id("claim", dossier, article_id, folded(sentence))


def position_id(dossier: str, article_id: str, party: str, topic: str, sentence: str) -> str:
    return stable_id("position", dossier, article_id, party, topic, folded(sentence))


def development_id(kind: str, dossier: str, topic: str, party: str | None, cause: str) -> str:
    return stable_id("development", kind, dossier, topic, party or "", cause)


def dead_letter_id(stage: str, subject: str) -> str:
    """One letter for each stage and entry (or feed and payload), however often it fails."""
    return stable_id("dead_letter", stage, subject)
