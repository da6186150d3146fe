"""Configuration files: YAML, validated by a pydantic model, with errors that point at a line."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
LONGEST = timedelta(days=3660)
Key = tuple[str | int, ...]
Model = TypeVar("Model", bound=BaseModel)


class ConfigError(Exception):
    """A configuration cannot be used: each of `problems` names file, line, key and reason."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


class Strict(BaseModel):
    """Base of all configuration: unknown keys are errors, values cannot change after the start."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def problem(file: Path | str, line: int, key: str, reason: str) -> str:
    """One line in the form compilers use, so that editors can jump to it. Line 0 is unknown."""
    place = f"{file}:{line}" if line else f"{file}"
    return f"{place}: {key}: {reason}" if key else f"{place}: {reason}"


def load_yaml(path: Path, model: type[Model]) -> Model:
    """Read one YAML file into `model`.

    Raises:
        ConfigError: the file cannot be read, is no YAML, repeats a key, or does not fit the model;
            every problem of the file is listed, each with its line.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError([problem(path, 0, "", f"cannot be read: {error}")]) from error
    return parse_yaml(text, model, path)


def parse_yaml(text: str, model: type[Model], origin: Path | str) -> Model:
    """`load_yaml` for a text that is already at hand; `origin` stands in the messages."""
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        data = yaml.safe_load(text)
        lines = dict(_lines((), root)) if root is not None else {}
        repeated = [
            problem(origin, at, dotted(key), "is given twice") for key, at in _repeated((), root)
        ]
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 0
        reason = getattr(error, "problem", None) or str(error)
        raise ConfigError([problem(origin, line, "", f"is not YAML: {reason}")]) from error
    except ValueError as error:  # what looks like a date or a number and is none: 2026-13-45, 0x_
        reason = f"is not YAML: {error}; put quotation marks around it if it is a text"
        raise ConfigError([problem(origin, 0, "", reason)]) from error
    except RecursionError as error:
        reason = "is nested too deeply, or holds itself"
        raise ConfigError([problem(origin, 0, "", reason)]) from error
    if repeated:
        raise ConfigError(repeated)
    try:
        return model.model_validate(data if data is not None else {})
    except ValidationError as error:
        raise ConfigError([_explain(origin, lines, item) for item in error.errors()]) from error


def complain(problems: Iterable[tuple[Key, str]], value: Any) -> None:
    """For validators: raise all problems at once, each at its own key and so with its own line.

    Raises:
        ValidationError: if there is any problem.
    """
    errors = [
        InitErrorDetails(
            type=PydanticCustomError("config", "{reason}", {"reason": reason}),
            loc=key,
            input=value,
        )
        for key, reason in problems
    ]
    if errors:
        raise ValidationError.from_exception_data("configuration", errors)


def span(text: str, units: Mapping[str, str] = UNITS, *, zero: bool = False) -> timedelta | None:
    """`90s`, `5m`, `2d`: a number and one of the units (letter to name), as people write them.

    None for anything else, for more than ten years, and for nothing at all unless `zero`.
    """
    match = re.fullmatch(rf"(\d{{1,10}})\s*([{''.join(units)}])", text.strip())
    if match is None or not (zero or int(match[1])):
        return None
    try:
        found = timedelta(**{units[match[2]]: int(match[1])})
    except OverflowError:
        return None
    return found if found <= LONGEST else None


def dotted(key: Key) -> str:
    """`("feeds", 3, "url")` as `feeds[3].url`, the way people write it."""
    text = ""
    for part in key:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def _lines(key: Key, node: yaml.Node) -> Iterator[tuple[Key, int]]:
    yield key, node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        for name, value in node.value:
            yield (*key, name.value), name.start_mark.line + 1
            yield from (
                (k, at) for k, at in _lines((*key, name.value), value) if len(k) > len(key) + 1
            )
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            yield from _lines((*key, index), value)


def _repeated(key: Key, node: yaml.Node | None) -> Iterator[tuple[Key, int]]:
    """Keys given twice in one mapping: YAML forbids them, PyYAML silently keeps the last."""
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for name, value in node.value:
            if name.value in seen:
                yield (*key, name.value), name.start_mark.line + 1
            seen.add(name.value)
            yield from _repeated((*key, name.value), value)
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            yield from _repeated((*key, index), value)


def _explain(origin: Path | str, lines: dict[Key, int], item: Any) -> str:
    key: Key = item["loc"]
    known = key
    while known and known not in lines:
        known = known[:-1]
    reason = item["msg"].removeprefix("Value error, ")
    return problem(origin, lines.get(known, 0), dotted(key), reason)
