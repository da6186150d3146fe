"""Novelty of a claim: new, changed, repeated, or no news at all, and why."""

from models.novelty.decision import Decision
from models.novelty.judge import NoveltyVerdict, judge
from models.novelty.match import Statement
from models.novelty.thresholds import Thresholds
from models.taxonomy import Novelty

__all__ = ["Decision", "Novelty", "NoveltyVerdict", "Statement", "Thresholds", "judge"]
