import json
import shutil
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import models.encoder.session as session
from models.encoder import DIMENSIONS, Encoder, EncoderError, shared_encoder
from models.encoder.session import FACTS, FILES, MANIFEST, WEIGHTS, small_batches

SENTENCES = [
    "The delegations met again in Geneva.",
    "No.",
    "Both capitals said that a 30-day ceasefire would begin at midnight, local time, on Friday.",
    "Shipping through the strait has resumed; insurers are still cautious.",
    "He left.",
] * 5


def test_vectors_are_those_of_sentence_transformers_but_for_int8_storage(encoder, golden):
    texts, expected = golden
    cosines = (encoder.encode(texts) * expected).sum(axis=1)
    assert cosines.min() > 0.999
    assert cosines.mean() > 0.9996


def test_a_vector_does_not_depend_on_its_companions(encoder, golden):
    texts = golden[0] + SENTENCES
    alone = np.vstack([encoder.encode([text]) for text in texts])
    together = encoder.encode(texts)
    reversed_ = encoder.encode(texts[::-1])[::-1]
    assert np.abs(alone - together).max() < 1e-6
    assert np.abs(alone - reversed_).max() < 1e-6


def test_vectors_come_in_input_order_with_length_one(encoder):
    vectors = encoder.encode(SENTENCES)
    assert vectors.shape == (len(SENTENCES), DIMENSIONS)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
    assert np.allclose(vectors[:5], vectors[5:10], atol=1e-6)
    assert vectors[0] @ vectors[1] < 0.9


def test_no_texts_give_no_vectors(encoder):
    assert encoder.encode([]).shape == (0, DIMENSIONS)


@pytest.mark.parametrize(
    "text", ["", " ", "\n\n", "\x00\x07\x1b", "\ud800", "talks \udfff resume", "\u200b", "🕊" * 600]
)
def test_any_string_has_a_vector(encoder, text):
    vector = encoder.encode([text])[0]
    assert np.isfinite(vector).all()
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)


def test_control_characters_do_not_change_the_meaning(encoder):
    plain, marked = encoder.encode(["Talks resume.", "\x07Talks\x00 resume.\x1b"])
    assert np.abs(plain - marked).max() < 1e-6


def test_text_is_read_to_256_tokens_and_no_further(encoder):
    short, full, longer = encoder.encode(
        ["truce " * 150 + "fails", "truce " * 253 + "fails", "truce " * 253 + "fails and more"]
    )
    base = encoder.encode(["truce " * 151])[0]
    assert np.abs(short - base).max() > 1e-4  # read beyond the 128 of the published tokenizer
    assert np.abs(full - longer).max() < 1e-6


def test_an_endless_text_costs_no_more_than_a_long_one(encoder):
    endless, cut = encoder.encode(["ship " * 1_000_000, "ship " * 1600])
    assert np.abs(endless - cut).max() < 1e-6


def test_threads_may_share_an_encoder(encoder):
    expected = encoder.encode(SENTENCES)
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda _: encoder.encode(SENTENCES), range(8)))
    assert all(np.abs(result - expected).max() < 1e-6 for result in results)


def test_the_shared_encoder_is_loaded_once_whatever_thread_asks_first(monkeypatch):
    loads = []
    both_ask = threading.Barrier(4, timeout=10)

    def load() -> object:
        loads.append(1)
        return object()

    def ask(_: int) -> object:
        both_ask.wait()
        return shared_encoder()

    monkeypatch.setattr(session, "_shared", None)
    monkeypatch.setattr(session.Encoder, "load", load)
    with ThreadPoolExecutor(4) as pool:
        found = set(map(id, pool.map(ask, range(4))))
    assert len(found) == len(loads) == 1


def test_version_names_model_storage_and_weights(encoder):
    assert encoder.version.startswith("all-MiniLM-L6-v2-int8-")
    assert encoder.version == Encoder.load().version


def test_batches_are_small_shortest_first_and_complete():
    lengths = [9, 1, 8, 2, 7, 3, 6, 4, 5, 1, 30]
    batches = list(small_batches(lengths, tokens=20))
    assert all(len(batch) * max(lengths[i] for i in batch) <= 20 for batch in batches[:-1])
    assert batches[-1] == [10]  # too long for any batch, and still read
    chosen = [index for batch in batches for index in batch]
    assert sorted(chosen) == list(range(len(lengths)))
    assert [lengths[index] for index in chosen] == sorted(lengths)
    assert list(small_batches([])) == []


def test_missing_weights_are_named(tmp_path: Path):
    with pytest.raises(EncoderError, match=str(tmp_path)):
        Encoder.load(tmp_path)


def test_altered_weights_are_refused(tmp_path: Path):
    folder = Path(shutil.copytree(WEIGHTS, tmp_path / "weights"))
    with (folder / "encoder.bin").open("r+b") as stream:
        stream.write(b"\x7f")
    with pytest.raises(EncoderError, match=r"encoder\.bin"):
        Encoder.load(folder)


def _with_manifest(folder: Path, raw: bytes) -> Path:
    """The shipped weights under another manifest."""
    for name in FILES:
        (folder / name).symlink_to(WEIGHTS / name)
    (folder / MANIFEST).write_bytes(raw)
    return folder


def _shipped_manifest() -> dict[str, Any]:
    return json.loads((WEIGHTS / MANIFEST).read_text())


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"7", b'{"sha256": []}', b"\xff", b"null"])
def test_a_damaged_manifest_is_named(tmp_path: Path, raw: bytes):
    with pytest.raises(EncoderError, match=r"no usable encoder in .*manifest\.json"):
        Encoder.load(_with_manifest(tmp_path, raw))


@pytest.mark.parametrize("name", FILES)
def test_a_manifest_that_does_not_name_a_file_is_refused(tmp_path: Path, name: str):
    manifest = _shipped_manifest()
    del manifest["sha256"][name]
    with pytest.raises(EncoderError, match=rf"manifest\.json has no {name}"):
        Encoder.load(_with_manifest(tmp_path, json.dumps(manifest).encode()))


@pytest.mark.parametrize("value", [None, []])
@pytest.mark.parametrize("name", FACTS)
def test_a_manifest_that_lacks_a_fact_is_refused(tmp_path: Path, name: str, value: object):
    raw = json.dumps(_shipped_manifest() | {name: value}).encode()
    with pytest.raises(EncoderError, match=rf"manifest\.json has no {name}"):
        Encoder.load(_with_manifest(tmp_path, raw))


def test_loading_opens_no_connection_and_needs_no_torch(tmp_path: Path):
    script = (
        "import socket, sys\n"
        "def refuse(*args, **kwargs): raise AssertionError('a connection was opened')\n"
        "socket.socket.connect = socket.getaddrinfo = refuse\n"
        "from models.encoder import Encoder\n"
        "assert Encoder.load().encode(['Talks resume.']).shape == (1, 384)\n"
        "assert not {'torch', 'onnx', 'safetensors'} & set(sys.modules), 'build-time module'\n"
    )
    root = str(Path(session.__file__).parents[2])
    result = subprocess.run(
        [sys.executable, "-c", script],
        env={"PYTHONPATH": root, "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    assert result.stderr == ""
