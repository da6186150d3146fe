"""Log lines for machines."""

import json
import logging
import sys

from pipeline import logs


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
