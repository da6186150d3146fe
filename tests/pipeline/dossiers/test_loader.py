"""Finding dossiers by name and by path, and what is said where they are wrong."""

import pickle
from pathlib import Path

import pytest

from connectors.config import ConfigError
from pipeline.dossiers import built_in, load_dossiers

GOOD = """\
name: harbour
title: Talks on the harbour
parties:
  - {id: upper, name: Upper Valley, aliases: [Highlanders]}
  - {id: lower, name: Lower Valley}
propositions:
  ceasefire:
    text: a truce
    supports_when: [offers a truce]
    opposes_when: [rejects a truce]
watchwords:
  names: [Highland*]
  talks: [talks]
"""


def write(folder: Path, text: str, name: str = "harbour.yaml") -> str:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def problems(*names: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load_dossiers(names)
    return list(caught.value.problems)


def test_all_that_ship_are_loaded_where_none_is_named() -> None:
    assert tuple(dossier.name for dossier in load_dossiers()) == built_in()
    assert built_in() == ("gaza", "iran", "ukraine")


def test_names_and_paths_mix_and_keep_their_order(tmp_path: Path) -> None:
    found = load_dossiers(["iran", write(tmp_path, GOOD), "gaza"])
    assert [dossier.name for dossier in found] == ["iran", "harbour", "gaza"]


def test_an_unknown_name_says_which_exist() -> None:
    (line,) = problems("atlantis")
    assert "'atlantis'" in line
    assert "gaza, iran, ukraine" in line


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    (line,) = problems(str(tmp_path / "none.yaml"))
    assert "none.yaml" in line


def test_the_problems_of_all_files_come_at_once(tmp_path: Path) -> None:
    wrong = write(tmp_path, GOOD.replace("name: harbour", "name: Har bour"))
    assert len(problems("atlantis", wrong)) == 2


def test_the_same_dossier_twice_is_an_error(tmp_path: Path) -> None:
    (line,) = problems(write(tmp_path, GOOD), write(tmp_path, GOOD, "copy.yml"))
    assert "'harbour'" in line
    assert "twice" in line


def test_dossiers_can_be_sent_to_other_processes() -> None:
    dossiers = load_dossiers()
    assert pickle.loads(pickle.dumps(dossiers)) == dossiers


@pytest.mark.parametrize(
    ("old", "new", "line", "key", "reason"),
    [
        ("name: harbour", "name: Har bour", 1, "name", "small letters"),
        ("id: lower", "id: upper", 5, "parties[1].id", "another party has the id 'upper'"),
        (
            "name: Lower Valley",
            "name: Lower Valley, aliases: [Low, Highlanders]",
            5,
            "parties[1].aliases[1]",
            "'Highlanders' already names 'upper'",
        ),
        ("name: Lower Valley", "name: Highlanders", 5, "parties[1].name", "already names 'upper'"),
        ("  ceasefire:", "  weather:", 7, "propositions.weather", "is no topic"),
        (
            "    opposes_when: [rejects a truce]\n",
            "",
            7,
            "propositions.ceasefire.opposes_when",
            "at least one",
        ),
        (
            "name: Lower Valley",
            "name: Lower Valley, known: {supports: [ceasefire, sanctions]}",
            5,
            "parties[1].known.supports[1]",
            "no proposition on 'sanctions'",
        ),
        (
            "name: Lower Valley",
            "name: Lower Valley, known: {supports: [ceasefire], opposes: [ceasefire]}",
            5,
            "parties[1].known.opposes[0]",
            "'ceasefire' is given twice",
        ),
        ("text: a truce", "text: ' '", 8, "propositions.ceasefire.text", "blank"),
        ("[Highland*]", "[High*land]", 12, "watchwords.names[0]", "end of a word"),
        ("[Highland*]", "['-']", 12, "watchwords.names[0]", "no letter"),
        ("[talks]", "[]", 13, "watchwords.talks", "nothing would pass"),
        ("  talks: [talks]", "  talks: [talks]\nwarm_up: 24", 14, "warm_up", "24h"),
        ("  talks: [talks]", "  talks: [talks]\nwarm_up: 1w", 14, "warm_up", "24h"),
        ("  talks: [talks]", "  talks: [talks]\nwarmup: 1h", 14, "warmup", "not permitted"),
        (
            "name: Lower Valley",
            "name: Lower Valley, known: {conditional: [ceasefire]}",
            5,
            "parties[1].known.conditional",
            "not permitted",
        ),
        (
            "name: Lower Valley",
            "name: Lower Valley, known: {opposes: [ceasefire, ceasefire]}",
            5,
            "parties[1].known.opposes[1]",
            "'ceasefire' is given twice",
        ),
    ],
)
def test_an_error_names_file_line_key_and_reason(
    tmp_path: Path, old: str, new: str, line: int, key: str, reason: str
) -> None:
    assert old in GOOD
    path = write(tmp_path, GOOD.replace(old, new, 1))
    found = [text for text in problems(path) if text.startswith(f"{path}:{line}: {key}: ")]
    assert found, problems(path)
    assert reason in found[0]
