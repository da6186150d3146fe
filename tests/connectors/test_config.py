"""Configuration errors name file, line, key and reason, all of them at once."""

from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import Field

from connectors.config import ConfigError, Strict, dotted, load_yaml, span


class Item(Strict):
    name: str
    size: int = Field(default=1, ge=1)


class Shop(Strict):
    title: str
    items: tuple[Item, ...] = ()


def problems(tmp_path: Path, text: str) -> list[str]:
    path = tmp_path / "shop.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_yaml(path, Shop)
    return [problem.replace(str(path), "shop.yaml") for problem in caught.value.problems]


def test_a_good_file_becomes_a_frozen_object(tmp_path: Path) -> None:
    path = tmp_path / "shop.yaml"
    path.write_text("title: Corner\nitems:\n- name: bread\n", encoding="utf-8")
    assert load_yaml(path, Shop) == Shop(title="Corner", items=(Item(name="bread"),))


def test_every_problem_is_told_with_its_line(tmp_path: Path) -> None:
    found = problems(tmp_path, "title: Corner\nitems:\n- name: bread\n  size: 0\n- nam: milk\n")
    assert found[0].startswith("shop.yaml:4: items[0].size: ")
    assert any(one.startswith("shop.yaml:5: items[1].name: ") for one in found)
    assert any(one.startswith("shop.yaml:5: items[1].nam: ") for one in found)


def test_a_missing_key_points_at_what_lacks_it(tmp_path: Path) -> None:
    assert problems(tmp_path, "items: []\n") == ["shop.yaml:1: title: Field required"]


def test_what_is_no_yaml_points_at_the_line(tmp_path: Path) -> None:
    assert problems(tmp_path, "title: [a\nitems: b: c\n")[0].startswith("shop.yaml:2: is not YAML")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("title: 2026-13-45\n", "quotation marks"),
        ("title: 0x_\n", "quotation marks"),
        ("title: &a [*a]\n", "holds itself"),
        ("title: " + "[" * 5000, "nested too deeply"),
    ],
)
def test_what_yaml_cannot_take_is_told_as_well(tmp_path: Path, text: str, reason: str) -> None:
    (found,) = problems(tmp_path, text)
    assert found.startswith("shop.yaml: ")
    assert reason in found


@pytest.mark.parametrize("text", ["", "5", "0m", "-1m", "5 x", "99999999999d", "4000d", "1.5h"])
def test_what_is_no_span_of_time_is_none(text: str) -> None:
    assert span(text) is None


def test_a_span_is_a_number_and_a_unit() -> None:
    assert span(" 36 h") == timedelta(hours=36)
    assert span("90s", {"m": "minutes"}) is None


def test_a_repeated_key_is_an_error_not_the_last_one_wins(tmp_path: Path) -> None:
    assert problems(tmp_path, "title: a\ntitle: b\n") == ["shop.yaml:2: title: is given twice"]


def test_an_empty_file_lacks_its_keys(tmp_path: Path) -> None:
    assert "title: Field required" in problems(tmp_path, "")[0]


def test_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        load_yaml(tmp_path / "none.yaml", Shop)


def test_keys_are_written_as_people_write_them() -> None:
    assert dotted(("feeds", 3, "url")) == "feeds[3].url"
