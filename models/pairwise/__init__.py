"""Models that read two texts together: MiniLM's layers over the encoder's word embeddings.

What the stance model and the pair model of novelty have in common; each says what it asks and what
its logits mean.
"""

from models.pairwise.session import PairError, PairSession

__all__ = ["PairError", "PairSession"]
