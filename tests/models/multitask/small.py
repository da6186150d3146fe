"""A model of one layer and random numbers, for tests of the whole."""

from pathlib import Path

from models.encoder.export_graph import BertShape
from models.multitask.build import build
from models.multitask.form import form
from models.multitask.session import MAX_TOKENS, QUESTION_TOKENS, THRESHOLDS
from tests.models.multitask import tiny

SHAPE = BertShape(1, heads=12, epsilon=1e-12, positions=MAX_TOKENS + QUESTION_TOKENS)
SMALL = tiny.arrays(SHAPE, words=30522, width=384, inner=64, facts=len(form("")), spread=0.05)


def built(folder: Path, **thresholds: float) -> Path:
    """`folder`, with the model in it; thresholds are 0.5 where none is given, and neither the topic
    nor what a party is known for counts.
    """
    limits = dict.fromkeys(THRESHOLDS, 0.5) | {"about": 0.0, "known": 0.0} | thresholds
    build(SMALL, folder, limits, {"seed": 7}, shape=SHAPE)
    return folder
