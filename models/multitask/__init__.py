"""All judgements of a sentence from one fine-tuned encoder, which reads it once and, where somebody
may hold a position, again with a question.
"""

from models.multitask.analyst import MultitaskAnalyst
from models.multitask.session import MultitaskError, MultitaskSession

__all__ = ["MultitaskAnalyst", "MultitaskError", "MultitaskSession"]
