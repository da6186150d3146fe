"""Sentence vectors: all-MiniLM-L6-v2 in ONNX Runtime, with its weights in this package."""

from models.encoder.session import DIMENSIONS, Encoder, EncoderError, shared_encoder

__all__ = ["DIMENSIONS", "Encoder", "EncoderError", "shared_encoder"]
