"""All judgements of a sentence from one pass of a fine-tuned encoder with a head for each task."""

from models.multitask.analyst import MultitaskAnalyst
from models.multitask.session import MultitaskError, MultitaskSession

__all__ = ["MultitaskAnalyst", "MultitaskError", "MultitaskSession"]
