"""models.yaml from its text to an engine that reads, and what is said where it cannot."""

import re
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from shutil import copytree
from typing import cast

import pytest

from connectors.archive.documents import Article, Claim
from connectors.archive.open import open_archive
from connectors.config import ConfigError, parse_yaml
from models.huggingface import Engine
from models.huggingface.settings import PREFIX
from models.multitask.files import HEADS
from models.multitask.session import WEIGHTS
from pipeline.engine import check_vectors, load_engine
from pipeline.follow import Follower, leased
from tests.models.huggingface.tiny import save_classifier
from tests.pipeline.cli.conftest import Parley
from tests.pipeline.paper import NOW, Paper, relevant

ROOT = Path(__file__).parents[3]
EXAMPLE = ROOT / "deploy" / "models.yaml"
REFERENCE = ROOT / "models" / "huggingface" / "README.md"
CLAIM = "engine: transformers\nclaim:\n  folder: mine\n  labels: {yes: claim}\n  threshold: 0.5\n"
with_torch = pytest.mark.skipif(find_spec("torch") is None, reason="needs the extra `torch`")


def written(folder: Path, text: str) -> Path:
    file = folder / "models.yaml"
    file.write_text(text.replace("{yes:", '{"yes":'))  # which is true to YAML
    return file


def test_without_a_file_and_as_shipped_the_built_in_models_read() -> None:
    assert load_engine(None) is None
    assert load_engine(EXAMPLE) is None


def test_the_examples_in_the_shipped_file_are_right() -> None:
    lines = EXAMPLE.read_text().replace("engine: built-in", "engine: transformers").splitlines()
    task = re.compile(r"# (?=(?:topics|outlook|claim|stance|encoder):$| {2}\w+: )")
    text = "\n".join(task.sub("", line) for line in lines)
    assert set(parse_yaml(text, Engine, EXAMPLE).tasks) == {
        "topics", "outlook", "claim", "stance", "encoder",
    }  # fmt: skip


def test_every_key_is_documented() -> None:
    text = REFERENCE.read_text()
    keys = set(Engine.model_fields)
    for name in keys - {"engine"}:
        kind = next(part for part in Engine.model_fields[name].annotation.__args__)  # type: ignore[union-attr]
        keys |= set(kind.model_fields)
    assert {key for key in keys if f"`{key}`" not in text} == set()


@pytest.mark.parametrize(
    ("wrong", "right", "said"),
    [
        ("claim}", "news}", ":4: claim.labels: 'yes' becomes 'news'; there are claim, none"),
        ("0.5", "50", ":5: claim.threshold: Input should be less than or equal to 1"),
        ("claim:\n", "claims:\n", ":2: claims: Extra inputs are not permitted"),
        ("  folder: mine\n", "", ":2: claim: needs either `folder` or `hub`"),
    ],
)
def test_a_mistake_is_told_with_file_line_key_and_reason(
    parley: Parley, tmp_path: Path, wrong: str, right: str, said: str
) -> None:
    file = written(tmp_path, CLAIM.replace(wrong, right))
    done = parley("analyse", "--models", file, tmp_path / "text.txt")
    assert done.code == 2
    assert f"{file}{said}" in done.err


def test_a_run_does_not_start_with_a_model_that_is_not_there(parley: Parley, paper: Paper) -> None:
    paper.publish(relevant(1))
    file = written(paper.folder, CLAIM)
    archive = f"sqlite:///{paper.folder / 'archive.db'}"
    done = parley(
        "run", "--once", "--feeds", paper.write_feeds(), "--archive", archive, "--models", file
    )
    assert done.code == 2
    assert f"{file}: claim.folder: " in done.err
    assert not (paper.folder / "archive.db").exists()
    assert not paper.host.asked


def test_the_doctor_says_that_a_model_is_not_there(parley: Parley, tmp_path: Path) -> None:
    file = written(tmp_path, CLAIM)
    done = parley("doctor", "--archive", f"sqlite:///{tmp_path}/a.db", "--models", file, "--json")
    assert done.code == 1
    ill = {row["what"]: row["detail"] for row in done.rows if not row["ok"]}
    assert set(ill) == {"models"}
    assert ill["models"].startswith(f"{file}: claim.folder: ")


@pytest.mark.parametrize("model", ["encoder", "multitask"])
def test_weights_that_cannot_be_used_are_told_in_one_line(
    parley: Parley, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, model: str
) -> None:
    monkeypatch.setattr("models.load._analyst", None)
    monkeypatch.setattr("models.encoder.session._shared", None)
    monkeypatch.setattr(f"models.{model}.session.WEIGHTS", tmp_path)
    done = parley("doctor", "--archive", f"sqlite:///{tmp_path}/a.db", "--json")
    assert done.code == 1
    ill = {row["what"]: row["detail"] for row in done.rows if not row["ok"]}
    assert set(ill) == {"models"}
    assert "no usable" in ill["models"]
    assert f"{tmp_path}/manifest.json" in ill["models"]
    (tmp_path / "text.txt").write_text("Talks resume.")
    done = parley("analyse", tmp_path / "text.txt")
    assert done.code == 2
    assert done.err == f"parley: {ill['models']}\n"


def test_a_run_does_not_start_with_weights_that_are_damaged(
    parley: Parley, paper: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    paper.publish(relevant(1))
    damaged = copytree(WEIGHTS, paper.folder / "weights")
    with (damaged / HEADS).open("ab") as file:
        file.write(b"x")
    monkeypatch.setattr("models.load._analyst", None)
    monkeypatch.setattr("models.multitask.session.WEIGHTS", damaged)
    archive = f"sqlite:///{paper.folder / 'archive.db'}"
    done = parley("run", "--once", "--feeds", paper.write_feeds(), "--archive", archive)
    assert done.code == 2
    assert done.err.splitlines() == [
        f"parley: no usable multitask model in {damaged}: "
        f"{damaged / HEADS} is not the file that the manifest names"
    ]
    assert not (paper.folder / "archive.db").exists()
    assert not paper.host.asked


@with_torch
def test_a_sweep_reads_with_the_model_and_says_so_in_what_it_stores(paper: Paper) -> None:
    save_classifier(paper.folder / "mine", ["no", "yes"], bias={"yes": 60})
    engine = load_engine(written(paper.folder, CLAIM))
    paper.publish(relevant(1))
    plan = replace(paper.plan(), engine=engine)
    with leased(plan.archive_url, NOW) as (store, _):
        Follower(store, plan, lambda: NOW).sweep()
        articles = [cast(Article, one) for one in store.export("articles")]
        claims = [cast(Claim, one) for one in store.export("claims")]
    assert articles
    assert all(one.models["claim"].startswith(f"{PREFIX}mine@") for one in articles)
    assert not any(one.models["topics"].startswith(PREFIX) for one in articles)
    assert claims
    assert min(one.score for one in claims) > 0.99


def test_an_archive_keeps_to_one_encoder(paper: Paper) -> None:
    paper.publish(relevant(1))
    plan = paper.plan()
    with leased(plan.archive_url, NOW) as (store, _):
        Follower(store, plan, lambda: NOW).sweep()
        check_vectors(store, None)
        for article in [cast(Article, one) for one in store.export("articles")]:
            models = {**article.models, "encoder": f"{PREFIX}other@1234+5678"}
            store.write([replace(article, models=models)])
    archive = open_archive(plan.archive_url, create=False)
    try:
        with pytest.raises(ConfigError, match=r"encoder: .*transformers:other@1234\+5678"):
            check_vectors(archive, None)
    finally:
        archive.close()
