"""Judgements made of the frozen encoder's vectors: small heads with lexicon features."""

from models.heads.analyst import HeadsAnalyst

__all__ = ["HeadsAnalyst"]
