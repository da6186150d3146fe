"""Logs: for people on a terminal, as JSON lines for machines; sweep and article where known."""

import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Literal

Form = Literal["text", "json"]
_sweep = ""
log = logging.getLogger(__name__)


def set_sweep(sweep: str) -> None:
    """Name the running sweep in all log lines of this process from now on."""
    global _sweep
    _sweep = sweep


class JsonFormatter(logging.Formatter):
    """One JSON object a line: time, level, logger, message, sweep, and article where known."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            "sweep": _sweep,
        }
        article = getattr(record, "article", None)
        if article is not None:
            line["article"] = article
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


class TextFormatter(logging.Formatter):
    """A line for people: time, level, message, then `[sweep=… article=…]`; a traceback below."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(message)s", "%H:%M:%S")

    def formatMessage(self, record: logging.LogRecord) -> str:
        ids = {"sweep": _sweep, "article": getattr(record, "article", None)}
        known = " ".join(f"{name}={id_}" for name, id_ in ids.items() if id_)
        return super().formatMessage(record) + (f"  [{known}]" if known else "")


@contextmanager
def last_word(form: Form) -> Iterator[None]:
    """Say in the log what ends the run, where machines read it: standard error then gets a line
    for people as well.
    """
    try:
        yield
    except Exception as error:
        if form == "json":
            log.critical("ends: %s", error, exc_info=True)
        raise


def configure(form: Form, level: str = "INFO") -> None:
    """Send all logs to standard error; the libraries below only what is a warning or worse."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter() if form == "json" else TextFormatter())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    for name in ("pipeline", "connectors", "models"):
        logging.getLogger(name).setLevel(level)
