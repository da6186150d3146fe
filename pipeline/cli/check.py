"""`parley dossier check`, `parley feeds check`: try a configuration before it runs."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError
from rich.table import Table

from connectors.archive.protocol import Archive
from connectors.feeds import check_feed, load_feeds
from connectors.web import WebOptions, shared_client
from pipeline.cli.common import CommandError, JsonOption, console, opened, put_json
from pipeline.clock import utc_now
from pipeline.dossiers import Dossier, built_in, load_dossiers
from pipeline.gate import lead_of, passes

SHOWN = 20


def register(app: typer.Typer) -> None:
    dossiers = typer.Typer(help="Check dossiers.", no_args_is_help=True)
    dossiers.command("check")(check_dossier)
    dossiers.command("list")(list_dossiers)
    app.add_typer(dossiers, name="dossier")
    feeds = typer.Typer(help="Check feeds.", no_args_is_help=True)
    feeds.command("check")(check_feeds)
    app.add_typer(feeds, name="feeds")


def list_dossiers(json_: JsonOption = False) -> None:
    """The dossiers that come with Parley."""
    for dossier in load_dossiers(built_in()):
        if json_:
            put_json({"name": dossier.name, "title": dossier.title})
        else:
            console().print(f"{dossier.name}: {dossier.title}")


def check_dossier(
    file: Annotated[str, typer.Argument(help="A YAML file, or the name of a built-in dossier.")],
    against: Annotated[
        str | None,
        typer.Option(metavar="ARCHIVE", help="Say what of this archive's entries it would pass."),
    ] = None,
    json_: JsonOption = False,
) -> None:
    """Check a dossier: every mistake with its file, line, key and reason (exit 2)."""
    (dossier,) = load_dossiers([file])
    rows: list[dict[str, Any]] = []
    seen = 0
    if against is not None:
        with opened(against) as archive:
            seen, rows = would_pass(dossier, archive)
    if json_:
        for row in rows:
            put_json(row)
        return
    console().print(
        f"{dossier.name}: {len(dossier.parties)} parties, "
        f"{len(dossier.propositions)} propositions; nothing wrong with it"
    )
    if against is not None:
        _show_passed(seen, rows)


def would_pass(dossier: Dossier, archive: Archive) -> tuple[int, list[dict[str, Any]]]:
    """How many entries the archive's feeds delivered, and those the dossier's gate passes."""
    seen, rows = 0, []
    for entry in archive.entries():
        seen += 1
        verdict = passes(dossier, entry.title, lead_of(entry.summary, entry.content))
        if verdict.passed:
            rows.append(
                {
                    "id": entry.id,
                    "feed": entry.feed,
                    "title": entry.title,
                    "disposition": entry.disposition,
                    "reason": verdict.reason,
                    "words": verdict.words,
                }
            )
    return seen, rows


def _show_passed(seen: int, rows: list[dict[str, Any]]) -> None:
    share = len(rows) / seen if seen else 0
    console().print(f"passes {len(rows)} of {seen} entries ({share:.1%}); the latest of them:")
    table = Table("title", "by", "words", "now", box=None)
    for row in rows[-SHOWN:]:
        table.add_row(row["title"], row["reason"], ", ".join(row["words"]), row["disposition"])
    console().print(table)


def check_feeds(
    urls: Annotated[list[str] | None, typer.Argument(help="Addresses of feeds.")] = None,
    feeds: Annotated[
        Path | None,
        typer.Option(help="Check all feeds of this file; its `web` and `rhythm` hold for all."),
    ] = None,
    contact: Annotated[
        str | None,
        typer.Option(
            envvar="PARLEY_CONTACT",
            help="Who asks: mailto: or https: address, goes into the User-Agent. Needed without "
            "--feeds; else in the place of the file's.",
        ),
    ] = None,
    allow_network: Annotated[
        list[str] | None,
        typer.Option(help="A private network that may be asked, as CIDR, besides the file's."),
    ] = None,
    json_: JsonOption = False,
) -> None:
    """Poll feeds once and show what they would yield. Exit 1 if one yields nothing.

    Nothing is stored; no archive is needed.
    """
    if not urls and feeds is None:
        raise typer.BadParameter("name an address, or --feeds FILE")
    configured = load_feeds(feeds) if feeds else None
    web = _web(configured.web if configured else None, contact, allow_network or [])
    rhythm = configured.rhythm if configured else None
    asked = [*(urls or ()), *(configured.feeds if configured else ())]
    with _refused("an address"):
        results = [check_feed(feed, shared_client(web), utc_now(), rhythm) for feed in asked]
    for result in results:
        if json_:
            put_json(result)
        else:
            _show_feed(result)
    if not all(result.entries for result in results):
        raise typer.Exit(1)


def _web(base: WebOptions | None, contact: str | None, networks: list[str]) -> WebOptions:
    """The `web` options of a file, if there is one, with what the command line says."""
    if base is None and contact is None:
        raise typer.BadParameter("--contact is needed: publishers want to know who asks")
    options = base.model_dump() if base else {}
    if contact is not None:
        options["contact"] = contact
    options["allow_networks"] = (*options.get("allow_networks", ()), *networks)
    with _refused("--contact or --allow-network"):
        return WebOptions(**options)


@contextmanager
def _refused(what: str) -> Iterator[None]:
    """A value that does not fit is a mistake of the command line, told in a line."""
    try:
        yield
    except ValidationError as error:
        reasons = (item["msg"].removeprefix("Value error, ") for item in error.errors())
        raise CommandError(f"{what} cannot be used: {'; '.join(reasons)}") from error


def _show_feed(result: Any) -> None:
    out = console()
    out.print(f"{result.url}: {result.status}, {len(result.entries)} entries")
    for problem in result.problems:
        out.print(f"  dropped: {problem.reason} ({problem.detail[:200]})")
    for entry in result.entries[:SHOWN]:
        when = f"{entry.published_at:%Y-%m-%d %H:%M}" if entry.published_at else "no date"
        out.print(f"  {when}  {entry.title}")
