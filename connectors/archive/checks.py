"""Which documents can never be stored, the same for every archive."""

import json

import numpy as np

from connectors.archive.codec import to_dict
from connectors.archive.documents import DIMENSIONS, Document, Vector
from connectors.archive.protocol import MAX_DOCUMENT_BYTES

UNIT_TOLERANCE = 1e-3  # of a length; float32 arithmetic stays well below


def rejection(document: Document) -> str | None:
    """Why this document is refused (see `DocumentRejected`), or None."""
    try:
        body = json.dumps(to_dict(document), ensure_ascii=False, allow_nan=False)
    except ValueError:
        return "a number is not finite"
    size = len(body.encode())
    if size > MAX_DOCUMENT_BYTES:
        return f"{size} bytes, at most {MAX_DOCUMENT_BYTES}"
    vector = getattr(document, "vector", None)
    return None if vector is None else _vector_rejection(vector)


def _vector_rejection(vector: Vector) -> str | None:
    if vector.shape != (DIMENSIONS,):
        return f"a vector of shape {vector.shape}, not ({DIMENSIONS},)"
    length = float(np.linalg.norm(vector))
    if not abs(length - 1) <= UNIT_TOLERANCE:  # so that NaN is refused as well
        return f"a vector of length {length:.3g}, not 1"
    return None
