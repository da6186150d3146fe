"""`parley train` hands over to the programs that made the models, or says what they need."""

import importlib.util
import sys
from pathlib import Path

import pytest

from pipeline.cli.train import PROGRAMS
from tests.pipeline.cli.conftest import Parley


def without(monkeypatch: pytest.MonkeyPatch, name: str, program: str) -> None:
    """As if the module `name` were not installed, and `program` had not been imported yet."""
    monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.delitem(sys.modules, program, raising=False)


def test_help_lists_every_program(parley: Parley) -> None:
    done = parley("train", "--help")
    assert done.code == 0
    assert all(name in done.out for name in PROGRAMS)
    assert "[train,torch]" in done.out


@pytest.mark.parametrize("module", [module for module, _ in PROGRAMS.values()])
def test_every_program_is_there(module: str) -> None:
    assert importlib.util.find_spec(module) is not None


def test_a_program_s_help_is_its_own_and_goes_by_the_command_s_name(parley: Parley) -> None:
    done = parley("train", "draw", "--help")
    assert done.code == 0
    assert "usage: parley train draw" in done.out
    assert "--held-out" in done.out


@pytest.mark.parametrize("marks", [[], ["--"]])
def test_options_are_handed_over_as_they_are(
    parley: Parley, tmp_path: Path, marks: list[str]
) -> None:
    done = parley("train", "draw", *marks, "--no-such-option")
    assert done.code == 2
    assert "usage: parley train draw" in done.err


def test_a_file_that_is_missing_is_named_in_one_line(parley: Parley, tmp_path: Path) -> None:
    needed = ["--sources", "a=1", "--dossiers", "iran=1", "--subjects", tmp_path / "none.yaml"]
    needed += ["--texts", "a=x", "--held-out", "x", "--out", tmp_path]
    done = parley("train", "draw", *needed)
    assert done.code == 2
    assert "none.yaml" in done.err
    assert len(done.err.splitlines()) == 1


def test_articles_that_are_not_those_labelled_are_told_in_one_line(
    parley: Parley, tmp_path: Path
) -> None:
    pytest.importorskip("sklearn", reason="the decision is fitted with it")
    file = tmp_path / "articles.jsonl"
    file.write_text('{"url": "https://a.example/1", "title": "A", "text": "B."}\n')
    done = parley("train", "novelty", "--articles", file)
    assert (done.code, done.out) == (2, "")
    assert "its articles are not among those given" in done.err
    assert len(done.err.splitlines()) == 1


def test_a_package_that_is_not_the_pinned_one_is_told_in_one_line(
    parley: Parley, tmp_path: Path
) -> None:
    pytest.importorskip("onnx", reason="what training starts from is an ONNX file")
    pytest.importorskip("torch", reason="no torch here: nothing can be trained")
    jar = tmp_path / "other.jar"
    jar.write_bytes(b"PK\x03\x04 something else")
    done = parley("train", "pretrain", "--pairs", "x", "--base", jar, "--out", tmp_path / "out")
    assert (done.code, done.out) == (2, "")
    assert "other.jar is not the pinned package" in done.err
    assert len(done.err.splitlines()) == 1


@pytest.mark.parametrize("arguments", [[], ["--help"]])
def test_without_torch_the_extra_is_named(
    parley: Parley, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    without(monkeypatch, "torch", "models.train.pretrain")
    done = parley("train", "pretrain", *arguments)
    assert done.code == 2
    assert done.err.startswith("parley: train pretrain needs torch")
    assert "[train,torch]" in done.err
    assert ("follows from which" in done.out) == bool(arguments)


def test_without_the_sources_it_says_so(parley: Parley, monkeypatch: pytest.MonkeyPatch) -> None:
    without(monkeypatch, "models.train", "models.train.draw")
    done = parley("train", "draw")
    assert done.code == 2
    assert "checkout of the sources" in done.err
