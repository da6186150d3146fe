"""Sequence classifiers and encoders that a user has, in the place of the built-in models."""

from models.huggingface.settings import Engine, ModelUnusable

__all__ = ["Engine", "ModelUnusable"]
