"""Labelled rows and dossiers: what is none of them is told with its file and line."""

from pathlib import Path

import pytest

from models.errors import DataError
from models.train.rows import json_lines, parsed, read_rows, read_subjects


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("no JSON", "line 2: Expecting value"),
        ('{"id": "a"}', "line 2: 'dossier' is missing"),
        ("[1, 2]", "line 2: "),
    ],
)
def test_what_is_no_row_is_named(tmp_path: Path, line: str, reason: str) -> None:
    file = tmp_path / "rows.jsonl"
    file.write_text(f"\n{line}\n")
    with pytest.raises(DataError) as error:
        read_rows([file])
    assert str(error.value).startswith(f"{file}: {reason}")


def test_what_a_reader_does_with_a_row_is_not_the_files_fault(tmp_path: Path) -> None:
    file = tmp_path / "rows.jsonl"
    file.write_text('{"a": 1}\n')
    with pytest.raises(KeyError):
        [row["b"] for row in json_lines(file)]
    assert list(parsed(file, lambda row: row["a"])) == [1]


@pytest.mark.parametrize("text", ["a: [", "- 1", "name: x\nparties: 3", "", "x: y"])
def test_what_is_no_dossier_is_named(tmp_path: Path, text: str) -> None:
    file = tmp_path / "odd.yaml"
    file.write_text(text)
    with pytest.raises(DataError, match=r"odd\.yaml: no dossier"):
        read_subjects([file])
