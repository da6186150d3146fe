"""`parley status`, `report`, `search`, `export`: what is in the archive."""

import csv
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, fields
from datetime import datetime
from typing import Annotated, Any, Literal

import typer

from connectors.archive.codec import to_dict
from connectors.archive.documents import KINDS, FeedRecord, Kind
from connectors.archive.protocol import MOST_HITS, Archive, Hit, Query
from models.taxonomy import TOPICS, Stance
from pipeline.cli.common import (
    DEFAULT_ARCHIVE,
    ArchiveOption,
    JsonOption,
    console,
    moment,
    one_of,
    opened,
    put_json,
)
from pipeline.clock import utc_now
from pipeline.dossiers import built_in
from pipeline.render import render_hits, render_report, render_status
from pipeline.report import Report, build_report

ExportKind = Literal["articles", "claims", "positions", "developments", "feeds", "dead_letters"]
SearchKind = Literal["articles", "claims", "positions", "developments"]


def register(app: typer.Typer) -> None:
    for command in (status, report, search, export):
        app.command()(command)


def status(archive: ArchiveOption = DEFAULT_ARCHIVE, json_: JsonOption = False) -> None:
    """How many entries ended how, what waits, and how each feed does."""
    with opened(archive) as store:
        if json_:
            put_json(status_json(store))
        else:
            console().print(*render_status(store, utc_now()))


def status_json(archive: Archive) -> dict[str, Any]:
    """The status as one object: dispositions with reasons, documents by kind, feeds."""
    return {
        "dispositions": [
            {"disposition": disposition, "reason": reason, "count": count}
            for (disposition, reason), count in sorted(archive.dispositions().items())
        ],
        "documents": archive.counts(),
        "feeds": [feed_row(record) for record in archive.feeds().values()],
    }


def feed_row(record: Any) -> dict[str, Any]:
    """A feed's record without the connector's own state."""
    row = {name: value for name, value in asdict(record).items() if name != "state"}
    return row


def report(
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    dossier: Annotated[str | None, typer.Option(help="Only this dossier.")] = None,
    since: Annotated[str | None, typer.Option(help="Only what was first seen since then.")] = None,
    json_: JsonOption = False,
) -> None:
    """Developments in order of time, the party × topic stance matrix, feeds that are ill.

    Says as well where no feed was polled for more than a day: then no monitor runs.
    """
    with opened(archive) as store:
        _doubt(store, dossier)
        built = build_report(
            store, utc_now(), dossier=dossier, since=moment(since) if since else None
        )
    if json_:
        for row in report_rows(built):
            put_json(row)
    else:
        console().print(*render_report(built))


def _doubt(store: Archive, dossier: str | None) -> None:
    """Say where a dossier may be misspelt. No error: one of the user's own may have nothing yet."""
    if dossier is None or dossier in built_in():
        return
    if not store.search("articles", Query(dossier=dossier, superseded=True, limit=1)):
        typer.echo(
            f"parley: no article is of dossier {dossier!r}; built in are {', '.join(built_in())}",
            err=True,
        )


def report_rows(built: Report) -> Iterator[dict[str, Any]]:
    """The report as rows, each with a `row` that says what it is."""
    for (disposition, reason), count in sorted(built.dispositions.items()):
        yield {"row": "entries", "disposition": disposition, "reason": reason, "count": count}
    for told in built.developments:
        yield {"row": "development", **asdict(told.development), "families": told.families}
    for dossier, cells in sorted(built.stances.items()):
        for (party, topic), stances in sorted(cells.items()):
            yield {"row": "stance", "dossier": dossier, "party": party, "topic": topic, **stances}
    for feed in built.ill_feeds:
        yield {"row": "ill_feed", **asdict(feed)}
    if built.idle_since is not None:
        yield {"row": "idle", "last_polled_at": built.idle_since}


def search(
    words: Annotated[
        list[str] | None, typer.Argument(help='Words; "quoted ones" together.')
    ] = None,
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    kind: Annotated[SearchKind, typer.Option(help="What to look among.")] = "articles",
    dossier: Annotated[str | None, typer.Option()] = None,
    topic: Annotated[
        str | None, typer.Option(callback=one_of(TOPICS), help=f"One of {', '.join(TOPICS)}.")
    ] = None,
    party: Annotated[str | None, typer.Option(help="Positions and developments only.")] = None,
    stance: Annotated[Stance | None, typer.Option(help="Positions only.")] = None,
    novelty: Annotated[
        Literal["new", "changed", "repeated"] | None,
        typer.Option(help="Claims and developments only."),
    ] = None,
    publisher: Annotated[str | None, typer.Option()] = None,
    since: Annotated[str | None, typer.Option(help="First seen at or after.")] = None,
    until: Annotated[str | None, typer.Option(help="First seen before.")] = None,
    superseded: Annotated[
        bool,
        typer.Option(
            "--superseded",
            help="Also what later revisions withdrew; developments are shown anyway.",
        ),
    ] = False,
    limit: Annotated[int, typer.Option(min=1, max=MOST_HITS)] = 20,
    json_: JsonOption = False,
) -> None:
    """Find articles, claims, positions or developments by words and by what was judged of them."""
    query = Query(
        words=" ".join(words or ()),
        dossier=dossier,
        topic=topic,
        party=party,
        stance=stance,
        novelty=novelty,
        publisher=publisher,
        since=moment(since) if since else None,
        until=moment(until) if until else None,
        superseded=superseded,
        limit=limit,
    )
    with opened(archive) as store:
        hits = store.search(kind, query)
        _doubt(store, dossier)
    if json_:
        for hit in hits:
            put_json(hit_json(hit))
    else:
        console().print(*render_hits(hits))


def hit_json(hit: Hit) -> dict[str, Any]:
    return {"score": hit.score, "excerpt": hit.excerpt, **_row(hit.document)}


def export(
    kind: Annotated[ExportKind, typer.Argument(help="What to export, one row each.")],
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    format: Annotated[Literal["jsonl", "csv"], typer.Option()] = "jsonl",
) -> None:
    """Write all records of a kind to standard output, in order. Vectors are left out."""
    with opened(archive) as store:
        rows = exported(store, kind)
        if format == "jsonl":
            for row in rows:
                put_json(row)
        else:
            write_csv(rows, columns(kind))


def exported(archive: Archive, kind: ExportKind) -> Iterator[dict[str, Any]]:
    if kind == "feeds":
        yield from map(feed_row, archive.feeds().values())
        return
    stored: Kind = kind
    for document in archive.export(stored):
        yield _row(document)


def columns(kind: ExportKind) -> list[str]:
    """What the rows of a kind have, also where there is no row."""
    record: Any = FeedRecord if kind == "feeds" else KINDS[kind]
    return [field.name for field in fields(record) if field.name not in ("state", "vector")]


def write_csv(rows: Iterator[dict[str, Any]], columns: Sequence[str]) -> None:
    """Comma-separated, RFC 4180, with a header; lists and maps as `a;b` and `a=0.9;b=0.5`."""
    writer = csv.DictWriter(sys.stdout, columns)
    writer.writeheader()
    for row in rows:
        writer.writerow({name: _flat(value) for name, value in row.items()})


def _row(document: Any) -> dict[str, Any]:
    row = to_dict(document)
    row.pop("vector", None)
    return row


def _flat(value: Any) -> Any:
    if isinstance(value, dict):
        return ";".join(f"{key}={item}" for key, item in value.items())
    if isinstance(value, (list, tuple)):
        return ";".join(map(str, value))
    if isinstance(value, datetime):
        return value.isoformat()
    return value
