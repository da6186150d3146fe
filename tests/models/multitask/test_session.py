"""A multitask model of random numbers, built and loaded as the shipped one is."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("onnx", reason="weights are made with onnx, a build-time extra")

from models.encoder.session import FILES as ENCODER_FILES
from models.multitask import MultitaskError, MultitaskSession
from models.multitask.build import build, write_words
from models.multitask.files import WordEmbeddings
from models.multitask.session import MAX_TOKENS, THRESHOLDS, Question, tokens_at
from tests.models.multitask.small import SHAPE, SMALL, built

FILES = ("multitask.onnx", "multitask.bin", "heads.npz", "words.bin", "manifest.json")
TEXTS = [
    "Norland offered a truce.",
    "No.",
    "",
    "word " * 400,
    "Lone \ud800 surrogate and \U0001f534",
    "Suria, its envoy said on Monday, will sign nothing at all.",
]


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("multitask"))


@pytest.fixture(scope="module")
def session(weights: Path) -> MultitaskSession:
    return MultitaskSession.load(weights)


def test_states_do_not_depend_on_companions(session: MultitaskSession):
    together, back = session.read(TEXTS), session.read(TEXTS[::-1])[::-1]
    for text, one, other in zip(TEXTS, together, back, strict=True):
        (alone,) = session.read([text])
        assert one.places == other.places == alone.places
        np.testing.assert_allclose(one.states, alone.states, atol=1e-5)
        np.testing.assert_allclose(other.states, alone.states, atol=1e-5)


def test_every_text_has_a_state_for_each_of_its_tokens_and_no_more(session: MultitaskSession):
    lengths = [len(one.states) for one in session.read(TEXTS)]
    assert lengths[1:4] == [4, 2, MAX_TOKENS]
    for one in session.read(TEXTS):
        assert one.states.shape == (len(one.places), 384)
        assert np.isfinite(one.states).all()


def test_nothing_read_is_nothing_found(session: MultitaskSession):
    assert session.read([]) == []


def test_answers_do_not_depend_on_the_other_questions(session: MultitaskSession):
    (read,) = session.read([TEXTS[-1]])
    asked = [
        Question(read.ids, [1], "Suria supports a truce"),
        Question(read.ids, [1, 2, 3], "Suria supports a truce: " + "offers one, " * 100),
        Question(read.ids, [], "\ud800"),
        Question([101, *[2773] * (MAX_TOKENS - 2), 102], [5], "Norland opposes a truce"),
    ]
    together = session.ask(asked)
    assert together.shape == (4, 4)
    np.testing.assert_allclose(together.sum(1), 1, atol=1e-5)
    for one, expected in zip(asked, together, strict=True):
        np.testing.assert_allclose(session.ask([one])[0], expected, atol=1e-5)


def test_whose_place_is_marked_and_what_is_asked_make_a_difference(session: MultitaskSession):
    (read,) = session.read([TEXTS[0]])
    answers = session.ask(
        [
            Question(read.ids, [1], "Norland supports a truce"),
            Question(read.ids, [2], "Norland supports a truce"),
            Question(read.ids, [1], "Norland opposes a truce"),
        ]
    )
    assert len({tuple(row) for row in answers.round(6).tolist()}) == 3


def test_no_question_no_answer(session: MultitaskSession):
    assert session.ask([]).shape == (0, 4)


def test_the_tokens_of_a_place_are_those_that_hold_any_of_its_characters(
    session: MultitaskSession,
):
    text = "The Norlanders, of Tamar."
    (read,) = session.read([text])
    words = [text[a:b] for a, b in read.places]
    start = text.index("Norlanders")
    assert "".join(words[t] for t in tokens_at(read.places, start, start + 10)) == "Norlanders"
    assert len(tokens_at(read.places, start, start + 10)) > 1
    assert tokens_at(read.places, start + 10, start + 11) == [words.index(",")]
    assert tokens_at(read.places, 0, 0) == tokens_at(read.places, 99, 120) == []


def test_a_place_holds_what_it_overlaps_and_never_a_token_without_characters():
    places = [(0, 0), (0, 3), (4, 9), (9, 12), (0, 0)]
    assert tokens_at(places, 0, 12) == [1, 2, 3]
    assert tokens_at(places, 3, 4) == []
    assert tokens_at(places, 8, 10) == [2, 3]
    assert tokens_at(places, 0, 4) == [1]


def test_a_place_beyond_what_is_read_has_no_tokens(session: MultitaskSession):
    (read,) = session.read(["word " * 400 + "Norland"])
    assert tokens_at(read.places, 5 * 400, 5 * 400 + 7) == []


def test_the_same_weights_give_the_same_bytes_and_version(
    session: MultitaskSession, weights: Path, tmp_path: Path
):
    built(tmp_path)
    for name in FILES:
        assert (tmp_path / name).read_bytes() == (weights / name).read_bytes()
    assert MultitaskSession.load(tmp_path).version == session.version


def test_another_threshold_is_another_version(session: MultitaskSession, tmp_path: Path):
    other = MultitaskSession.load(built(tmp_path, stance=0.31))
    assert other.version != session.version
    assert other.version.startswith("multitask-")
    assert other.thresholds["stance"] == 0.31


def test_other_heads_are_another_version(session: MultitaskSession, tmp_path: Path):
    changed = {**SMALL, "stance.bias": SMALL["stance.bias"] + 1}
    build(changed, tmp_path, session.thresholds, {}, shape=SHAPE)
    assert MultitaskSession.load(tmp_path).version != session.version


@pytest.mark.parametrize("name", FILES[:4])
def test_a_changed_file_is_refused_by_name(weights: Path, tmp_path: Path, name: str):
    shutil.copytree(weights, tmp_path, dirs_exist_ok=True)
    with (tmp_path / name).open("ab") as stream:
        stream.write(b"x")
    with pytest.raises(MultitaskError, match=rf"{name} is not the file"):
        MultitaskSession.load(tmp_path)


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_named(weights: Path, tmp_path: Path, name: str):
    shutil.copytree(weights, tmp_path, dirs_exist_ok=True)
    (tmp_path / name).unlink()
    with pytest.raises(MultitaskError, match=rf"no usable multitask model in .*{name}"):
        MultitaskSession.load(tmp_path)


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"7", b'{"sha256": []}', b"\xff", b"null"])
def test_a_damaged_manifest_is_named(weights: Path, tmp_path: Path, raw: bytes):
    shutil.copytree(weights, tmp_path, dirs_exist_ok=True)
    (tmp_path / "manifest.json").write_bytes(raw)
    with pytest.raises(MultitaskError, match=r"manifest\.json"):
        MultitaskSession.load(tmp_path)


def _lacking(name: str) -> Callable[[dict[str, Any]], object]:
    return lambda manifest: manifest["thresholds"].pop(name)


@pytest.mark.parametrize("name", THRESHOLDS)
def test_a_missing_threshold_is_named(weights: Path, tmp_path: Path, name: str):
    _rewrite(weights, tmp_path, _lacking(name))
    with pytest.raises(MultitaskError, match=rf"no threshold of {name}"):
        MultitaskSession.load(tmp_path)


def _over_another(name: str) -> Callable[[dict[str, Any]], object]:
    return lambda manifest: manifest["encoder_sha256"].update({name: "0"})


@pytest.mark.parametrize("name", ENCODER_FILES)
def test_weights_over_another_encoder_are_refused(weights: Path, tmp_path: Path, name: str):
    assert name in json.loads((weights / "manifest.json").read_text())["encoder_sha256"]
    _rewrite(weights, tmp_path, _over_another(name))
    with pytest.raises(MultitaskError, match=rf"{name} is not the file"):
        MultitaskSession.load(tmp_path)


@pytest.mark.parametrize("lacking", ["name", "encoder_sha256", "lexicon_sha256"])
def test_a_manifest_that_lacks_a_fact_is_refused(weights: Path, tmp_path: Path, lacking: str):
    _rewrite(weights, tmp_path, lambda made: made.pop(lacking))
    with pytest.raises(MultitaskError, match=rf"manifest\.json has no {lacking}"):
        MultitaskSession.load(tmp_path)


def test_another_lexicon_is_refused(weights: Path, tmp_path: Path):
    _rewrite(weights, tmp_path, lambda made: made.update(lexicon_sha256="0"))
    with pytest.raises(MultitaskError, match=r"heads\.npz was not made with this lexicon\.yaml"):
        MultitaskSession.load(tmp_path)


@pytest.mark.parametrize("name", FILES[:4])
def test_a_manifest_that_does_not_name_a_file_is_refused(weights: Path, tmp_path: Path, name: str):
    _rewrite(weights, tmp_path, lambda made: made["sha256"].pop(name))
    with pytest.raises(MultitaskError, match=rf"manifest\.json has no {name}"):
        MultitaskSession.load(tmp_path)


@pytest.mark.parametrize("words", [None, 7, {}, {"rows": 10**9, "width": 384}, {"rows": "x"}])
def test_a_manifest_that_does_not_tell_the_words_is_refused(
    weights: Path, tmp_path: Path, words: object
):
    _rewrite(weights, tmp_path, lambda made: made.update(words=words))
    with pytest.raises(MultitaskError, match="does not tell the words"):
        MultitaskSession.load(tmp_path)


@pytest.mark.parametrize("thresholds", [7, None, {"topics": "high"}, []])
def test_thresholds_that_are_none_are_refused(weights: Path, tmp_path: Path, thresholds: object):
    _rewrite(weights, tmp_path, lambda made: made.update(thresholds=thresholds))
    with pytest.raises(MultitaskError, match="no threshold of topics"):
        MultitaskSession.load(tmp_path)


def test_word_embeddings_come_back_from_their_file(tmp_path: Path):
    table = np.random.default_rng(7).normal(size=(300, 16)).astype(np.float32)
    table *= np.geomspace(0.01, 100, 300, dtype=np.float32)[:, None]
    place = write_words(tmp_path / "words.bin", table)
    ids = np.array([[0, 299], [17, 0]])
    found = WordEmbeddings.map(tmp_path / "words.bin", **place)[ids]
    error = np.abs(found - table[ids]) / np.abs(table[ids]).max(-1, keepdims=True)
    assert error.max() < 1 / 250


def test_heads_that_lack_an_array_are_refused(tmp_path: Path):
    lacking = {name: value for name, value in SMALL.items() if name != "stance.bias"}
    build(lacking, tmp_path, dict.fromkeys(THRESHOLDS, 0.5), {}, shape=SHAPE)
    with pytest.raises(MultitaskError, match=r"heads\.npz cannot be used.*stance\.bias"):
        MultitaskSession.load(tmp_path)


def _rewrite(weights: Path, folder: Path, change: Callable[[dict[str, Any]], object]) -> None:
    shutil.copytree(weights, folder, dirs_exist_ok=True)
    manifest = json.loads((folder / "manifest.json").read_text())
    change(manifest)
    (folder / "manifest.json").write_text(json.dumps(manifest))
