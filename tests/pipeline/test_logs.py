"""Log lines for machines, and for people."""

import json
import logging
import sys
from collections.abc import Iterator

import pytest

from pipeline import logs


@pytest.fixture(autouse=True)
def no_sweep() -> Iterator[None]:
    logs.set_sweep("")
    yield
    logs.set_sweep("")


def line(**extra: object) -> dict[str, object]:
    record = logging.makeLogRecord({"msg": "read %d", "args": (3,), "levelname": "INFO", **extra})
    parsed: dict[str, object] = json.loads(logs.JsonFormatter().format(record))
    return parsed


def test_lines_carry_sweep_and_article() -> None:
    logs.set_sweep("20260302T000000Z")
    assert line(article="abc")["article"] == "abc"
    assert line()["sweep"] == "20260302T000000Z"
    assert "article" not in line()


def test_line_breaks_and_errors_stay_on_one_line() -> None:
    try:
        raise ValueError("two\nlines")
    except ValueError:
        text = logs.JsonFormatter().format(
            logging.makeLogRecord({"msg": "a\nb", "exc_info": sys.exc_info()})
        )
    assert "\n" not in text
    assert "ValueError" in json.loads(text)["error"]


def text(**extra: object) -> str:
    record = logging.makeLogRecord({"msg": "read %d", "args": (3,), "levelname": "INFO", **extra})
    return logs.TextFormatter().format(record)


def test_lines_for_people_carry_sweep_and_article_where_known() -> None:
    assert text().endswith(" INFO    read 3")
    logs.set_sweep("20260302T000000Z")
    assert text().endswith(" INFO    read 3  [sweep=20260302T000000Z]")
    assert text(article="abc").endswith("  [sweep=20260302T000000Z article=abc]")
    assert text(article=None).endswith("  [sweep=20260302T000000Z]")


def test_a_traceback_stands_below_its_line() -> None:
    try:
        raise ValueError("wrong")
    except ValueError:
        lines = text(article="abc", exc_info=sys.exc_info()).splitlines()
    assert lines[0].endswith("read 3  [article=abc]")
    assert lines[-1] == "ValueError: wrong"


def test_text_is_what_people_get(monkeypatch: pytest.MonkeyPatch) -> None:
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", [])
    levels = {
        name: logging.getLogger(name).level for name in ("", "pipeline", "connectors", "models")
    }
    logs.configure("text")
    (handler,) = root.handlers
    assert isinstance(handler.formatter, logs.TextFormatter)
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)
