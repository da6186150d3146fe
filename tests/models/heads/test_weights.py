"""A damaged file of heads is a clear error."""

import json
from importlib.resources import files

import pytest

from models.heads.weights import HeadsError, heads_from, load_heads

FOLDER = files("models.heads")
RAW = FOLDER.joinpath("heads.npz").read_bytes()
SETTINGS = FOLDER.joinpath("thresholds.json").read_bytes()


def test_shipped_heads_load_and_name_a_version() -> None:
    heads = load_heads()
    assert heads.version == heads_from(RAW, SETTINGS).version
    assert heads.topics.weight.shape[0] == 15
    assert heads.outlook.weight.shape[0] == heads.stance.weight.shape[0] == 3


def test_other_thresholds_are_another_version() -> None:
    changed = json.dumps(json.loads(SETTINGS) | {"note": 1}).encode()
    assert heads_from(RAW, changed).version != load_heads().version


@pytest.mark.parametrize("raw", [b"", b"PK", RAW[: len(RAW) // 2], RAW[:900] + RAW[1000:]])
def test_damaged_weights_are_a_clear_error(raw: bytes) -> None:
    with pytest.raises(HeadsError, match=r"heads\.npz"):
        heads_from(raw, SETTINGS)


def test_flipped_byte_is_a_clear_error() -> None:
    middle = len(RAW) // 3
    raw = RAW[:middle] + bytes([RAW[middle] ^ 255]) + RAW[middle + 1 :]
    with pytest.raises(HeadsError, match=r"heads\.npz"):
        heads_from(raw, SETTINGS)


@pytest.mark.parametrize(
    "settings", [b"", b"{", b"[]", b"{}", b'{"thresholds": {"topics": 0.5}}', b"\xff"]
)
def test_damaged_thresholds_are_a_clear_error(settings: bytes) -> None:
    with pytest.raises(HeadsError, match=r"thresholds\.json"):
        heads_from(RAW, settings)
