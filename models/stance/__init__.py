"""Stance of a party towards a proposition: a pairwise cross-encoder and what is asked of it."""

from models.stance.model import PairwiseStance, StanceError, StanceModel

__all__ = ["PairwiseStance", "StanceError", "StanceModel"]
