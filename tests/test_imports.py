"""Imports go one way: connectors and models know nothing of each other, nor of the pipeline."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MAY_IMPORT = {
    "connectors": {"connectors"},
    "models": {"models"},
    "pipeline": {"pipeline", "connectors", "models"},
}

OWN_MODELS = Path("huggingface/network.py")  # runs models of the user's own, with the extra `torch`


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_packages_import_in_one_direction_only(package: str) -> None:
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in (ROOT / package).rglob("*.py")
        for name in imported(path)
        if name.split(".")[0] in {*MAY_IMPORT, "tests"} - MAY_IMPORT[package]
    ]
    assert not wrong


def test_archive_and_models_know_nothing_of_beam() -> None:
    wrong = [
        str(path.relative_to(ROOT))
        for folder in ("models", "connectors/archive", "connectors/feeds", "connectors/pages")
        for path in (ROOT / folder).rglob("*.py")
        if any(name.split(".")[0] == "apache_beam" for name in imported(path))
    ]
    assert not wrong


def test_what_runs_needs_no_torch() -> None:
    build_time = {"torch", "sentence_transformers", "onnx", "safetensors", "sklearn"}
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for package in MAY_IMPORT
        for path in (ROOT / package).rglob("*.py")
        for name in imported(path)
        if name.split(".")[0] in build_time and not _is_build_time(path)
    ]
    assert not wrong


def _is_build_time(path: Path) -> bool:
    relative = path.relative_to(ROOT / "models") if path.is_relative_to(ROOT / "models") else None
    return relative is not None and (
        relative.parts[0] == "train"
        or relative.name in ("build.py", "export_graph.py", "restore.py")
        or relative == OWN_MODELS
    )
