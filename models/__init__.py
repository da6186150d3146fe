"""Text in, typed scores out: no feeds, no archive, no Beam."""

from models.load import load_analyst

__all__ = ["load_analyst"]
