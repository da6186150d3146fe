import base64
import json
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from models.encoder import Encoder, shared_encoder


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    return shared_encoder()


@pytest.fixture(scope="session")
def golden() -> tuple[list[str], npt.NDArray[np.float32]]:
    """Texts, and what sentence-transformers makes of them (make_golden.py)."""
    rows = json.loads(Path(__file__).with_name("golden.json").read_text())["rows"]
    vectors = [np.frombuffer(base64.b64decode(row["vector"]), "<f4") for row in rows]
    return [row["text"] for row in rows], np.stack(vectors)
