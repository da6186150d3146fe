"""The published encoder is taken from its pinned package alone."""

from pathlib import Path

import pytest

pytest.importorskip("onnx", reason="the package holds an ONNX file")
pytest.importorskip("torch", reason="no torch here: the tensors are read for it")

from models.errors import ModelError
from models.train.base import read_base


def test_another_file_than_the_pinned_package_is_refused(tmp_path: Path):
    other = tmp_path / "other.jar"
    other.write_bytes(b"PK\x03\x04 something else")
    with pytest.raises(ModelError, match=r"other\.jar is not the pinned package"):
        read_base(other)
