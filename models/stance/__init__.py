"""Stance of a party towards a proposition: a pairwise cross-encoder and what is asked of it."""

from models.stance.analyst import WithStance
from models.stance.model import PairwiseStance, StanceModel
from models.stance.session import StanceError

__all__ = ["PairwiseStance", "StanceError", "StanceModel", "WithStance"]
