"""Models that read two texts together: MiniLM's layers over the encoder's word embeddings.

Whoever uses one says what is asked and what its logits mean (`models.novelty.pairs`).
"""

from models.pairwise.session import PairError, PairSession

__all__ = ["PairError", "PairSession"]
