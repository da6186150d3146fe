"""The command line as a program calls it, in this process: exit code, standard output and error."""

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pipeline.cli import main


@dataclass(frozen=True, slots=True)
class Done:
    code: int
    out: str
    err: str

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]


Parley = Callable[..., Done]


@contextmanager
def piped(text: str) -> Iterator[Path]:
    """The name of a pipe that holds `text`, as `/dev/stdin` is one: it can be read but once."""
    end, start = os.pipe()
    try:
        os.write(start, text.encode())  # less than a pipe holds, so nobody need read yet
        os.close(start)
        yield Path(f"/dev/fd/{end}")
    finally:
        os.close(end)


@pytest.fixture
def parley(monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> Parley:
    def call(*arguments: object) -> Done:
        monkeypatch.setattr(sys, "argv", ["parley", *map(str, arguments)])
        try:
            main()
            code = 0
        except SystemExit as ended:
            code = int(ended.code or 0)
        sys.stdout.flush()
        caught = capfdbinary.readouterr()
        return Done(code, caught.out.decode(), caught.err.decode())

    return call
