"""Novelty of a claim: new, changed, repeated, or no news at all, and why."""

from models.novelty.judge import Novelty, NoveltyVerdict, judge
from models.novelty.match import Statement
from models.novelty.thresholds import Thresholds

__all__ = ["Novelty", "NoveltyVerdict", "Statement", "Thresholds", "judge"]
