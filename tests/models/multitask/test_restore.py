"""What was built comes back, from a model of one layer."""

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("onnx", reason="the weights are an ONNX file")

from models.encoder.session import FilesError
from models.multitask.build import POSITIONS, SEGMENTS, build
from models.multitask.files import HEADS, WORDS
from models.multitask.restore import restored
from models.multitask.session import THRESHOLDS
from tests.models.multitask.small import SHAPE, SMALL, built


def test_every_array_comes_back_but_for_rounding(tmp_path: Path):
    found = restored(built(tmp_path), SHAPE.heads)
    assert found.keys() == SMALL.keys()
    for name, value in SMALL.items():
        if name not in (POSITIONS, SEGMENTS):
            step = np.abs(value).max() / 127
            np.testing.assert_allclose(found[name], value, atol=step, err_msg=name)


def test_the_first_segment_is_folded_into_the_positions(tmp_path: Path):
    found = restored(built(tmp_path), SHAPE.heads)
    whole = SMALL[POSITIONS] + SMALL[SEGMENTS][0]
    np.testing.assert_allclose(found[POSITIONS], whole[: SHAPE.positions], atol=1e-6)
    for segment in (0, 1):
        apart = SMALL[SEGMENTS][segment] - SMALL[SEGMENTS][0]
        np.testing.assert_allclose(found[SEGMENTS][segment], apart, atol=1e-3)


def test_built_again_it_is_the_same_model(tmp_path: Path):
    once, again = built(tmp_path / "once"), tmp_path / "again"
    arrays = restored(once, SHAPE.heads)
    build(arrays, again, dict.fromkeys(THRESHOLDS, 0.5), {}, shape=SHAPE)
    for file in (HEADS, WORDS):
        assert (again / file).read_bytes() == (once / file).read_bytes()
    for name, value in restored(again, SHAPE.heads).items():
        np.testing.assert_allclose(value, arrays[name], atol=1e-6, err_msg=name)


def test_weights_that_are_not_whole_are_refused(tmp_path: Path):
    (built(tmp_path) / HEADS).unlink()
    with pytest.raises(FilesError, match=HEADS):
        restored(tmp_path, SHAPE.heads)
