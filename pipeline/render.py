"""Reports for people: rich renderables, no I/O of their own."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from connectors.archive.documents import Article, DeadLetter, Development, Document, FeedRecord
from connectors.archive.protocol import Archive, Hit
from pipeline.report import IllFeed, Report, Told

_STANCE_MARKS = {
    "supports": ("+", "green"),
    "opposes": ("-", "red"),
    "conditional": ("?", "yellow"),
}
_ILLNESSES = {
    "never_whole": "breaks off at every poll: all it brings counts as backlog, nothing is announced"
}
_NO_RECORDS = Text("nothing found", style="dim")


def render_report(report: Report, most: int | None = None) -> list[RenderableType]:
    """The report from top to bottom; of the developments at most the last `most`."""
    return [
        _heading("Entries by disposition"),
        render_dispositions(report.dispositions),
        _heading("Developments"),
        render_developments(report.developments, most),
        *(
            part
            for dossier, cells in sorted(report.stances.items())
            for part in (_heading(f"Stances · {dossier}"), render_stances(cells))
        ),
        _heading("Feeds that are ill"),
        *render_idle(report.idle_since),
        render_ill_feeds(report.ill_feeds),
    ]


def render_dispositions(dispositions: Mapping[tuple[str, str], int]) -> RenderableType:
    table = _table("disposition", "reason", ">entries")
    for (disposition, reason), count in sorted(dispositions.items()):
        table.add_row(disposition, reason, str(count))
    table.add_section()
    table.add_row("all", "", str(sum(dispositions.values())))
    return table


def render_developments(told: Sequence[Told], most: int | None = None) -> RenderableType:
    """When; dossier, topic and party; what is new; the publisher families that stand behind it, or
    `withdrawn`, where later revisions left none."""
    if not told:
        return _NO_RECORDS
    shown = told if most is None else told[-most:]
    listed = Table.grid(padding=(0, 2, 0, 0))
    for item in shown:
        listed.add_row(_when(item.development.first_seen_at), _development(item))
    hidden = len(told) - len(shown)
    note = Text(f"… and {hidden} earlier ones: parley report", style="dim")
    return Group(note, listed) if hidden else listed


def _development(item: Told) -> Text:
    record = item.development
    about = [record.dossier, record.topic.replace("_", " "), _party(record)]
    text = Text(" · ".join(filter(None, about)), style="bold")
    text.append(f"   {', '.join(item.families) or 'withdrawn'}\n", style="not bold dim")
    text.append(record.text, style="not bold")
    if record.novelty == "changed":
        text.append(f"  [{record.reason}]", style="not bold yellow")
    return text


def render_stances(cells: Mapping[tuple[str, str], Mapping[str, int]]) -> RenderableType:
    """Topics down, parties across: `+3 -1 ?1` are three reports of support and so on."""
    parties = sorted({party for party, _ in cells})
    table = _table("", *(party.replace("-", " ") for party in parties))
    for topic in sorted({topic for _, topic in cells}):
        counts = (_stances(cells.get((party, topic), {})) for party in parties)
        table.add_row(topic.replace("_", " "), *counts)
    return table


def render_idle(since: datetime | None) -> list[RenderableType]:
    """A line where the monitor itself seems not to run; what is said of feeds is old then."""
    if since is None:
        return []
    told = f"no feed was polled since {since:%d %b %Y %H:%M}: parley run is not running"
    return [Text(told, style="red")]


def render_ill_feeds(feeds: Iterable[IllFeed]) -> RenderableType:
    table = _table("feed", "what is wrong", ">failures", "last read well")
    for feed in feeds:
        reason = _ILLNESSES.get(feed.reason, feed.reason)
        table.add_row(feed.name, reason, str(feed.failures), _when(feed.last_ok_at))
    return table if table.row_count else Text("none", style="green")


def render_status(archive: Archive, now: datetime) -> list[RenderableType]:
    documents = _table("records", ">count")
    for kind, count in archive.counts().items():
        documents.add_row(kind.replace("_", " "), str(count))
    return [
        _heading("Entries by disposition"),
        render_dispositions(archive.dispositions()),
        _heading("Archive"),
        documents,
        _heading("Feeds"),
        render_feeds(archive.feeds().values(), now),
    ]


def render_feeds(feeds: Iterable[FeedRecord], now: datetime) -> RenderableType:
    table = _table("feed", "publisher", "last read well", "next due", ">failures", "last outcome")
    for feed in sorted(feeds, key=lambda record: record.name):
        style = "red" if feed.failures else ""
        table.add_row(
            feed.name,
            feed.publisher,
            _ago(feed.last_ok_at, now),
            _when(feed.next_due_at),
            str(feed.failures),
            feed.last_reason,
            style=style,
        )
    return table if table.row_count else _NO_RECORDS


def render_hits(hits: Sequence[Hit]) -> list[RenderableType]:
    if not hits:
        return [_NO_RECORDS]
    table = _table("first seen", "publisher", "what")
    table.columns[2].ratio = 1
    for hit in hits:
        document = hit.document
        publisher = document.feed if isinstance(document, DeadLetter) else document.publisher
        table.add_row(f"{document.first_seen_at:%d %b %H:%M}", publisher, _found(document, hit))
    return [table]


def _found(document: Document, hit: Hit) -> Text:
    text = Text()
    if isinstance(document, Article | Development):
        text.append(document.title, style="bold")
        if document.url:
            text.append(f"  {document.url}", style="dim")
        text.append("\n")
    return text.append(hit.excerpt)


def _party(record: Development) -> str:
    if record.party is None:
        return ""
    return f"{record.party} {record.stance}" if record.stance else record.party


def _stances(counts: Mapping[str, int]) -> Text:
    text = Text()
    for stance, (mark, style) in _STANCE_MARKS.items():
        if counts.get(stance):
            text.append(f"{' ' if text else ''}{mark}{counts[stance]}", style=style)
    return text


def _heading(title: str) -> Text:
    return Text(f"\n{title}", style="bold")


def _table(*columns: str) -> Table:
    """A plain table; a leading `>` aligns a column right."""
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    for column in columns:
        justify = "right" if column.startswith(">") else "left"
        table.add_column(column.removeprefix(">"), justify=justify)  # type: ignore[arg-type]
    return table


def _when(at: datetime | None) -> str:
    return f"{at:%d %b %H:%M}" if at else "never"


def _ago(at: datetime | None, now: datetime) -> str:
    if at is None:
        return "never"
    minutes = int((now - at).total_seconds() // 60)
    return f"{minutes} min ago" if minutes < 120 else f"{minutes // 60} h ago"
