"""What the distribution contains, and that it works where nothing else is."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out)]
    done = subprocess.run([*command, str(ROOT)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return next(out.glob("parley_monitor-*.whl"))


@pytest.fixture(scope="module")
def names(wheel: Path) -> list[str]:
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


def test_wheel_holds_the_three_packages_and_nothing_else(names: list[str]) -> None:
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {
        "pipeline",
        "connectors",
        "models",
    }


def test_wheel_holds_dossiers_weights_and_their_licence(names: list[str]) -> None:
    for dossier in ("ukraine", "iran", "gaza"):
        assert f"pipeline/dossiers/{dossier}.yaml" in names
    for model in ("encoder", "multitask"):
        assert {f"models/{model}/weights/{file}" for file in ("LICENSE", "NOTICE")} <= set(names)
        assert f"models/{model}/weights/manifest.json" in names
    assert any(name.endswith("/licenses/LICENSE") for name in names)


def test_wheel_leaves_training_texts_and_build_scripts_at_home(names: list[str]) -> None:
    assert not [name for name in names if name.startswith("models/data/")]
    assert not [name for name in names if name.startswith("models/train/")]
    scripts = ("/build.py", "/export_graph.py", "/restore.py", "/tune.py")
    assert not [name for name in names if name.endswith(scripts)]


def test_wheel_is_small(wheel: Path) -> None:
    assert wheel.stat().st_size < 60 * 2**20


def test_unpacked_wheel_judges_a_sentence_offline(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    rows = tmp_path / "rows.jsonl"
    sentence = "Kyiv rejected any withdrawal from the Donetsk region."
    rows.write_text(json.dumps({"id": 1, "dossier": "ukraine", "text": sentence}) + "\n")
    code = "import sys; sys.argv[0] = 'parley'; from pipeline.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, "analyse", "--json", "--sentences", str(rows)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path / "site"), "HF_HUB_OFFLINE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["id"] == 1
    assert answer["sentences"][0]["text"] == sentence
