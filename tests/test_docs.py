"""Documents agree with what they describe: commands, options, reasons, files."""

import re
from pathlib import Path
from typing import Any

import pytest
import typer.main
from typer.core import TyperGroup

from connectors.feeds import Rhythm
from connectors.pages import PageFetcher
from connectors.web import WebOptions
from pipeline.cli.app import app

ROOT = Path(__file__).parents[1]
DOCUMENTS = sorted(
    path
    for path in ROOT.rglob("*.md")
    if not {".venv", "build", "dist"} & set(path.relative_to(ROOT).parts)
)


def commands() -> dict[str, Any]:
    """Every command by its words: `run`, `dossier check`."""
    root = typer.main.get_command(app)
    assert isinstance(root, TyperGroup)
    found = dict(root.commands)
    for name, command in root.commands.items():
        if isinstance(command, TyperGroup):
            found |= {f"{name} {sub}": inner for sub, inner in command.commands.items()}
    return found


def mentioned(text: str) -> list[str]:
    """What stands after `parley` in code: lines of examples and spans."""
    blocks = re.findall(r"```(?:sh|console)?\n(.*?)```", text, re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines()]
    lines += re.findall(r"`([^`\n]+)`", text)
    return [line.split("#")[0] for line in lines if re.match(r"\s*(\.venv/bin/)?parley ", line)]


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_commands_and_options_in_documents_exist(path: Path) -> None:
    known = commands()
    for line in mentioned(path.read_text(encoding="utf-8")):
        words = line.split("parley ", 1)[1].split()
        if words[0].startswith("-"):
            continue
        name = " ".join(words[:2]) if " ".join(words[:2]) in known else words[0]
        assert name in known, line
        options = {option for param in known[name].params for option in param.opts}
        for option in re.findall(r"(?<!\S)--[a-z][a-z-]+", line.split(" -- ")[0]):
            assert option in options | {"--help"}, line


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_that_documents_link_to_exist(path: Path) -> None:
    for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", path.read_text()):
        assert (path.parent / target).exists(), target


def table_keys(path: str, column: int) -> set[str]:
    """The words in backticks of one column of a document's tables."""
    keys: set[str] = set()
    for line in (ROOT / path).read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if line.startswith("|") and len(cells) > column:
            keys |= set(re.findall(r"`([a-z_]+)`", cells[column]))
    return keys


def test_every_web_option_is_documented() -> None:
    text = (ROOT / "connectors/web/README.md").read_text(encoding="utf-8")
    assert {name for name in WebOptions.model_fields if f"`{name}`" not in text} == set()


def test_every_option_of_the_rhythm_is_documented_with_its_default() -> None:
    assert set(Rhythm.model_fields) <= table_keys("connectors/feeds/README.md", 0)


def test_reasons_of_pages_stand_in_their_table() -> None:
    source = (ROOT / "connectors/pages/fetcher.py").read_text(encoding="utf-8")
    reasons = set(re.findall(r'PageProblem\("([a-z_]+)"', source))
    assert PageFetcher.__doc__
    assert reasons <= table_keys("connectors/pages/README.md", 0)


def test_reasons_of_feeds_stand_in_their_table() -> None:
    source = (ROOT / "connectors/feeds/parse.py").read_text(encoding="utf-8")
    reasons = set(re.findall(r'(?:NotAFeed|_problem)\("([a-z_]+)"', source))
    assert len(reasons) >= 6
    assert reasons <= table_keys("connectors/feeds/README.md", 0)


def test_the_readme_names_every_command() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert {name.split()[0] for name in commands() if f"parley {name.split()[0]}" not in text} == (
        set()
    )
