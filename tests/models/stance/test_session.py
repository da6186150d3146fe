"""A stance model of random numbers, built and loaded as the shipped one is."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("onnx", reason="weights are made with onnx, a build-time extra")

import onnx

from models.encoder.export_graph import BertShape
from models.encoder.session import WEIGHTS as ENCODER
from models.stance.build import Trained, build
from models.stance.reading import Question
from models.stance.session import StanceError, StanceSession
from tests.models.stance import tiny

SHAPE = BertShape(layers=1, heads=12, epsilon=1e-12, positions=128)
TRAINED = Trained(tiny.tensors(SHAPE, width=384, inner=64), {"worth.bias": np.zeros(1)}, 0.1, {})
QUESTIONS = [
    Question("<Norland> offered a truce.", "Norland: a truce. yes: offers it. no: rejects it"),
    Question("No.", "Suria: lifting the embargo"),
    Question("", ""),
    Question("word " * 400, "Suria: a truce"),
    Question("Lone \ud800 surrogate and \U0001f534", "Suria: a truce"),
    Question("<Suria>, its envoy said on Monday, will sign nothing at all.", "Suria: a truce"),
]


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("stance")
    build(TRAINED, folder, 0.4, shape=SHAPE)
    return folder


@pytest.fixture(scope="module")
def session(weights: Path) -> StanceSession:
    return StanceSession.load(weights)


def test_the_words_are_those_of_the_encoder(session: StanceSession):
    model = onnx.load(str(ENCODER / "encoder.onnx"))
    arrays = {one.name: onnx.numpy_helper.to_array(one) for one in model.graph.initializer}
    ids = np.array([[101, 30521, 0], [7, 15000, 102]])
    expected = arrays["words"][ids].astype(np.float32) * arrays["words.scales"][ids]
    np.testing.assert_array_equal(session._session._words[ids], expected)


def test_an_answer_does_not_depend_on_its_companions(session: StanceSession):
    together = session.read(QUESTIONS)
    alone = np.concatenate([session.read([one]) for one in QUESTIONS])
    np.testing.assert_allclose(together, alone, atol=1e-5)
    np.testing.assert_allclose(session.read(QUESTIONS[::-1])[::-1], together, atol=1e-5)


def test_both_texts_count(session: StanceSession):
    one, other = session.read([QUESTIONS[0], Question(QUESTIONS[0].sentence, "Suria: peace")])
    assert np.abs(one - other).max() > 1e-3
    there, back = session.read([Question("a truce", "peace"), Question("peace", "a truce")])
    assert np.abs(there - back).max() > 1e-3


def test_nothing_asked_is_nothing_answered(session: StanceSession):
    assert session.read([]).shape == (0, 4)


def test_the_same_weights_give_the_same_bytes_and_version(weights: Path, tmp_path: Path):
    build(TRAINED, tmp_path, 0.4, shape=SHAPE)
    for name in ("stance.onnx", "stance.bin", "sieve.npz", "manifest.json"):
        assert (tmp_path / name).read_bytes() == (weights / name).read_bytes()


def test_another_threshold_is_another_version(session: StanceSession, tmp_path: Path):
    build(TRAINED, tmp_path, 0.5, shape=SHAPE)
    assert StanceSession.load(tmp_path).version != session.version


def test_a_changed_file_is_refused(weights: Path, tmp_path: Path):
    shutil.copytree(weights, tmp_path, dirs_exist_ok=True)
    with (tmp_path / "stance.bin").open("ab") as stream:
        stream.write(b"x")
    with pytest.raises(StanceError, match=r"stance\.bin is not the file"):
        StanceSession.load(tmp_path)


def test_weights_over_another_encoder_are_refused(weights: Path, tmp_path: Path):
    shutil.copytree(weights, tmp_path, dirs_exist_ok=True)
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    manifest["encoder_sha256"]["encoder.bin"] = "0" * 64
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(StanceError, match=r"encoder\.bin is not the file"):
        StanceSession.load(tmp_path)


def test_no_weights_are_said_to_be_missing(tmp_path: Path):
    with pytest.raises(StanceError, match="no usable stance model"):
        StanceSession.load(tmp_path)
