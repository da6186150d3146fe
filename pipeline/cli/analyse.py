"""`parley analyse`: the models alone, on texts of the user's own.

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
from models.judgement import Analyst, Judgement
from models.sentences import Sentence, split
from pipeline.cli.common import JsonOption, ModelsOption, console, put_json
from pipeline.cli.rows import RowError, dossier_of, read_rows
from pipeline.dossiers import Dossier
from pipeline.engine import load_engine

PLAIN = "ukraine"  # the dossier of plain text, where none is named


def register(app: typer.Typer) -> None:
    app.command()(analyse)


def analyse(
    file: Annotated[Path, typer.Argument(help="JSON Lines {id, dossier, text}, or plain text.")],
    dossier: Annotated[
        str | None,
        typer.Option(
            "--dossier",
            "-d",
            help="A built-in dossier (ukraine, iran, gaza) or a YAML file, for rows that name "
            f"none and for plain text. Default for plain text: {PLAIN}.",
        ),
    ] = None,
    json_: JsonOption = False,
    sentences: Annotated[
        bool, typer.Option("--sentences", help="Take each row as one sentence; do not split.")
    ] = False,
    models: ModelsOption = None,
) -> None:
    """Say what each sentence is about: topics, outlook, whether it is a claim, positions.

    A row's own `dossier` decides whose positions are looked for; `--dossier` serves plain text
    and rows without one. A row for which there is neither is not judged.
    """
    engine = load_engine(models)
    rows = _rows_or_text(file, dossier)
    results = analysed_rows(rows, dossier, one_sentence=sentences, engine=engine)
    if json_:
        for result in results:
            put_json(result)
        return
    table = Table("sentence", "topics", "outlook", "claim", "positions", show_lines=True)
    for result in results:
        for item in result.get("sentences", ()):
            table.add_row(*_cells(item))
        if "error" in result:
            table.add_row(f"{result['id']}: {result['error']}", "", "", "", "")
    console().print(table)


def analysed_rows(
    rows: Iterable[dict[str, Any]],
    default_dossier: str | None,
    *,
    one_sentence: bool,
    engine: Engine | None = None,
) -> Iterator[dict[str, Any]]:
    """The results of rows, in order, one each."""
    analyst, dossiers = load_analyst(engine), dict[str, Dossier]()
    for row in rows:
        id_ = row.get("id")
        try:
            yield _analyse_row(row, analyst, dossiers, default_dossier, one_sentence)
        except RowError as error:
            yield {"id": id_, "error": str(error)}


def _rows_or_text(file: Path, default_dossier: str | None) -> Iterator[dict[str, Any]]:
    """The rows of a JSON Lines file; a text file is one row, with its name as id.

    Raises:
        CommandError: the file cannot be read.
    """
    may_be_text = file.suffix not in (".jsonl", ".json")
    plain = {"id": file.name, "dossier": default_dossier or PLAIN} if may_be_text else None
    for number, row in read_rows(file, plain):
        yield row if isinstance(row, dict) else {"id": None, "broken": f"line {number} {row}"}


def _analyse_row(
    row: dict[str, Any],
    analyst: Analyst,
    dossiers: dict[str, Dossier],
    default_dossier: str | None,
    one_sentence: bool,
) -> dict[str, Any]:
    dossier = dossier_of(row, dossiers, default_dossier)
    text = row.get("text")
    if not isinstance(text, str):
        raise RowError("`text` is missing or no string")
    sentences = [Sentence(text, 0, len(text))] if one_sentence else split(text)
    judged = analyst.judge([sentence.text for sentence in sentences], [dossier.subject])
    return {
        "id": row.get("id"),
        "sentences": [
            _sentence_json(sentence, judgement)
            for sentence, judgement in zip(sentences, judged.judgements, strict=True)
        ],
        "models": dict(analyst.versions),
    }


def _sentence_json(sentence: Sentence, judgement: Judgement) -> dict[str, Any]:
    return {
        "text": sentence.text,
        "start": sentence.start,
        "end": sentence.end,
        "topics": [
            {"topic": topic, "score": round(score, 4)} for topic, score in judgement.topics.items()
        ],
        "outlook": {"label": judgement.outlook, "score": round(judgement.outlook_score, 4)},
        "claim": {"label": judgement.is_claim, "score": round(judgement.claim_score, 4)},
        "positions": [
            {
                "party": held.party,
                "topic": held.topic,
                "stance": held.stance,
                "score": round(held.score, 4),
            }
            for held in judgement.positions
        ],
    }


def _cells(item: dict[str, Any]) -> tuple[str, ...]:
    topics = "\n".join(f"{topic['topic']} {topic['score']:.2f}" for topic in item["topics"])
    positions = "\n".join(
        f"{held['party']} {held['stance']} {held['topic']} {held['score']:.2f}"
        for held in item["positions"]
    )
    outlook = item["outlook"]["label"]
    return item["text"], topics, outlook, "yes" if item["claim"]["label"] else "no", positions
