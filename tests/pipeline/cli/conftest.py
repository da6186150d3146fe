"""The command line as a program calls it, in this process: exit code, standard output and error."""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
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
