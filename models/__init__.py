"""Text in, typed scores out: no feeds, no archive, no Beam."""

from models.errors import ModelError
from models.load import load_analyst

__all__ = ["ModelError", "load_analyst"]
