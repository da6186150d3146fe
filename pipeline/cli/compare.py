"""`parley compare`: what a later text says that an earlier one does not.

With `--json` it keeps to a contract that programs rely on: a line out for every line in, in the
same order, nothing else on standard output; a row that cannot be judged gives `{id, error}`.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from models import load_analyst
from models.huggingface import Engine
from models.novelty.compare import compare_texts
from models.novelty.decision import shipped_decision
from models.sentences import split
from pipeline.cli.common import JsonOption, ModelsOption, console, put_json
from pipeline.cli.rows import RowError, dossier_of, read_rows, read_text
from pipeline.dossiers import Dossier
from pipeline.engine import load_engine

Result = tuple[dict[str, Any], dict[str, Any]]  # a pair and the verdicts on it


def register(app: typer.Typer) -> None:
    app.command()(compare)


def compare(
    earlier: Annotated[Path | None, typer.Argument(help="A text file: what is known.")] = None,
    later: Annotated[Path | None, typer.Argument(help="A text file: what is to be judged.")] = None,
    pairs: Annotated[
        Path | None,
        typer.Option(
            help="JSON Lines {pair, dossier, earlier: {title, text}, later: [{id, text}]}."
        ),
    ] = None,
    models: ModelsOption = None,
    json_: JsonOption = False,
) -> None:
    """Say of each sentence of a later text whether it is new, changed or repeated, and why.

    Two text files are shown side by side; `--pairs` takes many pairs from one file.
    """
    named = [file for file in (earlier, later) if file is not None]
    if len(named) != (2 if pairs is None else 0):
        raise typer.BadParameter("name EARLIER and LATER, or --pairs FILE")
    engine = load_engine(models)
    results: Iterable[Result]
    if pairs is not None:
        dossiers: dict[str, Dossier] = {}
        results = ((row, compared(row, engine, dossiers)) for row in pair_rows(pairs))
    else:
        row = _pair_of(earlier, later)
        results = [(row, _judged(row["pair"], *_checked_pair(row), engine))]
    for row, result in results:
        if json_:
            put_json(result)
        else:
            _show_compared(row, result)


def pair_rows(file: Path) -> Iterator[dict[str, Any]]:
    for number, row in read_rows(file):
        yield row if isinstance(row, dict) else {"broken": f"line {number} {row}"}


def compared(
    row: dict[str, Any], engine: Engine | None, dossiers: dict[str, Dossier]
) -> dict[str, Any]:
    """The verdicts on one pair, or `{pair, id, error}` where it cannot be judged.

    `dossiers` are those that earlier rows named.
    """
    try:
        earlier, later = _checked_pair(row)
        dossier_of(row, dossiers)
    except RowError as error:
        return {"pair": row.get("pair"), "id": row.get("pair"), "error": str(error)}
    return _judged(row.get("pair"), earlier, later, engine)


def _judged(
    pair: Any, earlier: dict[str, str], later: list[tuple[Any, str]], engine: Engine | None
) -> dict[str, Any]:
    analyst = load_analyst(engine)
    judged = analyst.judge([text for _, text in later], []).judgements
    claims = {
        text: (one.is_claim, one.claim_score) for (_, text), one in zip(later, judged, strict=True)
    }
    verdicts = compare_texts(
        earlier["title"],
        earlier["text"],
        later,
        claims.__getitem__,
        analyst.encode,
        decision=shipped_decision(),
    )
    return {"pair": pair, "sentences": [verdict.row() for verdict in verdicts]}


def _checked_pair(row: dict[str, Any]) -> tuple[dict[str, str], list[tuple[Any, str]]]:
    if "broken" in row:
        raise RowError(row["broken"])
    earlier, later = row.get("earlier"), row.get("later")
    if not isinstance(earlier, dict) or not isinstance(earlier.get("text"), str):
        raise RowError("`earlier.text` is missing or no string")
    if not isinstance(later, list):
        raise RowError("`later` is missing or no list")
    if not all(isinstance(one, dict) and isinstance(one.get("text"), str) for one in later):
        raise RowError("`later` holds a row without a `text`")
    title = earlier.get("title")
    known = {"title": title if isinstance(title, str) else "", "text": earlier["text"]}
    return known, [(one.get("id"), one["text"]) for one in later]


def _pair_of(earlier: Path | None, later: Path | None) -> dict[str, Any]:
    assert earlier is not None
    assert later is not None
    return {
        "pair": f"{earlier.name} → {later.name}",
        "earlier": {"title": "", "text": read_text(earlier)},
        "later": [
            {"id": number, "text": sentence.text}
            for number, sentence in enumerate(split(read_text(later)), start=1)
        ],
    }


def _show_compared(row: dict[str, Any], result: dict[str, Any]) -> None:
    title = str(result["pair"])
    if "error" in result:
        console().print(f"{title}: {result['error']}")
        return
    table = Table("", "later", "novelty", "why", "earlier", title=title, show_lines=True)
    for item, later in zip(result["sentences"], row["later"], strict=True):
        prior = item["prior"]["text"] if item["prior"] else ""
        table.add_row(str(item["id"]), later["text"], item["novelty"], item["reason"], prior)
    console().print(table)
