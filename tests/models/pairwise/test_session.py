"""A pair model of random numbers, built and loaded as one that ships is."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("onnx", reason="weights are made with onnx, a build-time extra")

import onnx

from models.encoder.export_graph import BertShape
from models.encoder.session import WEIGHTS as ENCODER
from models.pairwise import PairError, PairSession
from models.pairwise.build import build
from tests.models.pairwise import tiny

SHAPE = BertShape(layers=1, heads=12, epsilon=1e-12, positions=128)
TENSORS = tiny.tensors(SHAPE, width=384, inner=64)
PAIRS = [
    ("Norland offered a truce.", "Norland has offered Suria a truce of thirty days."),
    ("No.", "Suria will not lift the embargo."),
    ("", ""),
    ("word " * 400, "Suria wants a truce."),
    ("Lone \ud800 surrogate and \U0001f534", "Suria wants a truce."),
    ("Suria, its envoy said on Monday, will sign nothing at all.", "Suria: a truce"),
]


def built(folder: Path, threshold: float = 0.4) -> Path:
    facts = {"thresholds": {"likely": threshold}}
    build(TENSORS, folder, "tiny", tuple(tiny.HEADS), SHAPE, facts)
    return folder


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("pairs"))


@pytest.fixture(scope="module")
def session(weights: Path) -> PairSession:
    return PairSession.load("tiny", weights)


def test_the_words_are_those_of_the_encoder(session: PairSession):
    model = onnx.load(str(ENCODER / "encoder.onnx"))
    arrays = {one.name: onnx.numpy_helper.to_array(one) for one in model.graph.initializer}
    ids = np.array([[101, 30521, 0], [7, 15000, 102]])
    expected = arrays["words"][ids].astype(np.float32) * arrays["words.scales"][ids]
    np.testing.assert_array_equal(session._words[ids], expected)


def test_an_answer_does_not_depend_on_its_companions(session: PairSession):
    together = session.read(PAIRS)
    alone = np.concatenate([session.read([one]) for one in PAIRS])
    np.testing.assert_allclose(together, alone, atol=1e-5)
    np.testing.assert_allclose(session.read(PAIRS[::-1])[::-1], together, atol=1e-5)


def test_both_texts_count(session: PairSession):
    one, other = session.read([PAIRS[0], (PAIRS[0][0], "Suria wants peace.")])
    assert np.abs(one - other).max() > 1e-3
    there, back = session.read([("a truce", "peace"), ("peace", "a truce")])
    assert np.abs(there - back).max() > 1e-3


def test_nothing_asked_is_nothing_answered(session: PairSession):
    assert session.read([]).shape == (0, 4)


def test_the_same_weights_give_the_same_bytes_and_version(weights: Path, tmp_path: Path):
    built(tmp_path)
    for name in ("tiny.onnx", "tiny.bin", "manifest.json"):
        assert (tmp_path / name).read_bytes() == (weights / name).read_bytes()


def test_another_threshold_is_another_version(session: PairSession, tmp_path: Path):
    built(tmp_path, threshold=0.5)
    assert PairSession.load("tiny", tmp_path).version != session.version


def test_a_changed_file_is_refused(weights: Path, tmp_path: Path):
    shutil.copytree(weights, tmp_path, dirs_exist_ok=True)
    with (tmp_path / "tiny.bin").open("ab") as stream:
        stream.write(b"x")
    with pytest.raises(PairError, match=r"tiny\.bin is not the file"):
        PairSession.load("tiny", tmp_path)


def test_weights_over_another_encoder_are_refused(weights: Path, tmp_path: Path):
    shutil.copytree(weights, tmp_path, dirs_exist_ok=True)
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    manifest["encoder_sha256"]["encoder.bin"] = "0" * 64
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(PairError, match=r"encoder\.bin is not the file"):
        PairSession.load("tiny", tmp_path)


def test_no_weights_are_said_to_be_missing(tmp_path: Path):
    with pytest.raises(PairError, match="no usable tiny model"):
        PairSession.load("tiny", tmp_path)
