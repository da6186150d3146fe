"""`parley evaluate`: how good the models are, on sentences or pairs that people have labelled."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from models.evaluate import NOVELTY_TASKS, SENTENCE_TASKS, Row, Task, TaskScore, difference
from models.evaluate import evaluate as score_of
from models.huggingface import Engine
from pipeline.cli.analyse import analysed_rows
from pipeline.cli.common import CommandError, JsonOption, ModelsOption, console, put_json
from pipeline.cli.compare import compared
from pipeline.cli.rows import read_rows
from pipeline.dossiers import Dossier
from pipeline.engine import load_engine
from pipeline.labelled import (
    LabelError,
    Labelled,
    labelled_pair,
    labelled_sentence,
    pair_answers,
    sentence_answer,
)

Answers = Sequence[Row | None]
Lines = Sequence[tuple[int, dict[str, Any]]]  # a file's rows with their line numbers


def register(app: typer.Typer) -> None:
    app.command()(evaluate)


def evaluate(
    file: Annotated[
        Path,
        typer.Argument(
            help="JSON Lines {id, dossier, text, topics, outlook, claim, positions}; with --pairs "
            "those of `compare`, with the `novelty` of each sentence of `later`."
        ),
    ],
    pairs: Annotated[bool, typer.Option("--pairs", help="Novelty of pairs of articles.")] = False,
    against: Annotated[
        Path | None,
        typer.Option(
            help="Other answers to the same rows: labelled as FILE is, or kept from `analyse "
            "--json` or `compare --json`; rows belong together by `id`, with --pairs by `pair` and "
            "`id`. Shows who is better, and how sure that is."
        ),
    ] = None,
    models: ModelsOption = None,
    json_: JsonOption = False,
) -> None:
    """Score the models on labelled rows: F1 by task and class, with 95 % intervals.

    The sentences of one article err together, so intervals come from drawing whole groups of rows
    (by their `article`, `group`, `pair` or `publisher`) again and again; a row without is alone.
    """
    lines = _read(file)
    truth = list(_truth(file, lines, pairs))
    if not truth:
        raise CommandError(f"{file}: holds no labelled row")
    others = None
    if against:
        kept = _read(against)
        if not kept:  # as of a pipe that was FILE already
            raise CommandError(f"{against}: holds no row")
        _demand_ids(file, lines, pairs)
        _demand_ids(against, kept, pairs)
        others = _kept(against, kept, truth, pairs)
    engine = load_engine(models)
    rows = [row for _, row in lines]
    answers = _pair_answers(rows, engine) if pairs else _sentence_answers(rows, engine)
    for task in NOVELTY_TASKS if pairs else SENTENCE_TASKS:
        result = _result(task, truth, answers, others)
        if json_:
            put_json(result)
        else:
            _show(result)


def _read(file: Path) -> Lines:
    """All rows of a file, which is read once: it may be a pipe.

    Raises:
        CommandError: it cannot be read, or a line is no JSON object.
    """
    lines = []
    for number, row in read_rows(file):
        if isinstance(row, str):
            raise CommandError(f"{file}: line {number} {row}")
        lines.append((number, row))
    return lines


def _truth(file: Path, lines: Lines, pairs: bool) -> Iterator[Labelled]:
    for number, row in lines:
        try:
            yield from labelled_pair(row, number) if pairs else [labelled_sentence(row, number)]
        except LabelError as error:
            raise CommandError(f"{file}: line {number}: {error}") from error


def _sentence_answers(rows: Sequence[dict[str, Any]], engine: Engine | None) -> list[Row | None]:
    results = analysed_rows(rows, None, one_sentence=True, engine=engine)
    return [sentence_answer(result) for result in results]


def _pair_answers(rows: Sequence[dict[str, Any]], engine: Engine | None) -> list[Row | None]:
    found: list[Row | None] = []
    dossiers: dict[str, Dossier] = {}
    for row in rows:
        result = compared(row, engine, dossiers)
        found += result.get("sentences") or [None] * len(row["later"])
    return found


def _kept(file: Path, lines: Lines, truth: Sequence[Labelled], pairs: bool) -> list[Row | None]:
    """Answers that were kept in a file, brought into the order of `truth`."""
    kept: dict[str, Row | None] = {}
    for number, row in lines:
        try:
            if pairs:
                kept.update(pair_answers(row))
            else:
                kept[str(row.get("id"))] = sentence_answer(row)
        except LabelError as error:
            raise CommandError(f"{file}: line {number}: {error}") from error
    return [kept.get(one.key) for one in truth]


def _demand_ids(file: Path, lines: Lines, pairs: bool) -> None:
    """Rows are compared with those of the same id, so each that was answered must have one, and
    one of its own."""
    seen: dict[str, int] = {}
    for number, row in lines:
        if "error" in row:
            continue
        for name, value, key in _names(row, pairs):
            if value is None:
                raise CommandError(
                    f"{file}: line {number}: `{name}` is missing, by which --against"
                    " knows a row again"
                )
            if key in seen:
                raise CommandError(
                    f"{file}: line {number}: `{name}` is {value!r} as in line {seen[key]};"
                    " --against would take one row for the other"
                )
            seen[key] = number


def _names(row: dict[str, Any], pairs: bool) -> Iterator[tuple[str, Any, str]]:
    """What names a row, or each sentence of a pair: the field, its value, the whole name."""
    if not pairs:
        yield "id", row.get("id"), str(row.get("id"))
        return
    pair = row.get("pair")
    yield "pair", pair, f"{pair}"
    items = row.get("later", row.get("sentences"))
    for item in items if isinstance(items, list) else ():
        if isinstance(item, dict):  # what is none is told where it is read
            yield "id", item.get("id"), f"{pair}\t{item.get('id')}"


def _result(
    task: Task, truth: Sequence[Labelled], answers: Answers, others: Answers | None
) -> dict[str, Any]:
    """The scores of a task; `against` has those of the other answers and the difference."""
    labels, groups = [one.labels for one in truth], [one.group for one in truth]
    result = _rounded(score_of(task, labels, answers, groups))
    result["unanswered"] = sum(answer is None for answer in answers)
    if others is not None:
        gap, interval = difference(task, labels, answers, others, groups)
        result["against"] = _rounded(score_of(task, labels, others, groups)) | {
            "unanswered": sum(answer is None for answer in others),
            "difference": round(gap, 4),
            "difference_interval": _round(asdict(interval)),
        }
    return result


def _rounded(score: TaskScore) -> dict[str, Any]:
    result: dict[str, Any] = _round(asdict(score))
    return result


def _round(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _round(part) for name, part in value.items()}
    return round(value, 4) if isinstance(value, float) else value


def _show(result: dict[str, Any]) -> None:
    console().print(_title(result))
    table = Table("", "precision", "recall", "F1", "support")
    for name, one in result["classes"].items():
        figures = (f"{one[part]:.2f}" for part in ("precision", "recall", "f1"))
        table.add_row(name, *figures, str(one["support"]))
    console().print(table)
    if other := result.get("against"):
        low, high = other["difference_interval"].values()
        console().print(
            f"  others {other['f1']:.3f}; difference {other['difference']:+.3f} "
            f"({low:+.3f} to {high:+.3f}); they left {other['unanswered']} unanswered"
        )


def _title(result: dict[str, Any]) -> str:
    low, high = result["interval"].values()
    return (
        f"{result['task']}: {result['average']} F1 {result['f1']:.3f} ({low:.3f} to {high:.3f}), "
        f"{result['n']} rows in {result['groups']} groups, {result['unanswered']} unanswered"
    )
