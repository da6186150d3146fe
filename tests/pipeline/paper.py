"""A paper on loopback with one feed: what a sweep is tried on without the whole newsroom."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from xml.sax.saxutils import escape

import yaml

from connectors.feeds import load_feeds
from pipeline.dossiers import load_dossiers
from pipeline.sweep import Plan
from tests.connectors.conftest import Host

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
RELEVANT = (
    "Ukraine and Russia held talks on a ceasefire in Geneva on Tuesday, round {n}. "
    "The Kremlin rejected an immediate ceasefire and demanded {n} more villages. "
    "Kyiv said that it supports a truce of {n} days without conditions."
)
IRRELEVANT = "The bakers of Kendal sold {n} loaves on Saturday, which was more than a year ago."
GERMAN = (
    "Die Unterhändler der Ukraine und Russlands haben sich am Dienstag in Genf getroffen und über "
    "eine Waffenruhe gesprochen, teilte die Regierung nach Runde {n} mit."
)


@dataclass(frozen=True, slots=True)
class Report:
    """An entry and its page. `page=None` is a 404; `summary=""` leaves a bare title in the feed."""

    id: str
    title: str
    summary: str
    page: str | None


@dataclass
class Paper:
    """Serves `reports`; asking is counted by the host."""

    host: Host
    folder: Path
    reports: list[Report] = field(default_factory=list)
    path: str = "/feed"

    def publish(self, *reports: Report) -> None:
        self.reports.extend(reports)
        self.host.put("/robots.txt", b"", 404)
        self.host.put(self.path, self._feed(), content_type="application/rss+xml")
        for report in reports:
            if report.page is None:
                self.host.put(f"/{report.id}", b"gone", 404)
            else:
                html = page(report.title, report.page.split("\n"))
                self.host.put(f"/{report.id}", html, content_type="text/html; charset=utf-8")

    def _feed(self) -> bytes:
        items = "".join(
            f"<item><title>{escape(one.title)}</title><guid isPermaLink='false'>{one.id}</guid>"
            f"<link>{self.host.url}/{one.id}</link>"
            f"<description>{escape(one.summary)}</description></item>"
            for one in self.reports
        )
        head = '<?xml version="1.0"?><rss version="2.0"><channel><title>Paper</title>'
        return f"{head}{items}</channel></rss>".encode("utf-8", "replace")

    def move(self, path: str) -> None:
        """The feed has another address: the old one is gone."""
        self.host.answers[path] = self.host.answers.pop(self.path)
        self.path = path

    def write_feeds(self, **web: object) -> Path:
        options = {"contact": "mailto:ops@example.org", "host_delay": 0.0, **web}
        options.setdefault("allow_networks", ["127.0.0.1/32"])
        feed = {"name": "paper", "url": f"{self.host.url}{self.path}", "publisher": "paper"}
        file = self.folder / "feeds.yaml"
        file.write_text(yaml.safe_dump({"web": options, "feeds": [{**feed, "kind": "newspaper"}]}))
        return file

    def plan(self, name: str = "archive.db", dossiers: Sequence[str] = ("ukraine",)) -> Plan:
        url = f"sqlite:///{self.folder / name}"
        return Plan(url, load_feeds(self.write_feeds()), load_dossiers(dossiers))


def page(title: str, paragraphs: Sequence[str]) -> bytes:
    text = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs)
    return (
        f"<!doctype html><html lang='en'><head><title>{escape(title)}</title></head><body><main>"
        f"<article><h1>{escape(title)}</h1>{text}</article></main></body></html>"
    ).encode("utf-8", "replace")


def relevant(number: int) -> Report:
    title = f"Ukraine and Russia talk about a ceasefire, round {number}"
    text = RELEVANT.format(n=number)
    return Report(f"talks-{number}", title, text.split(". ")[0] + ".", text)


def irrelevant(number: int) -> Report:
    text = IRRELEVANT.format(n=number)
    return Report(f"bread-{number}", f"Kendal bakes {number} loaves", text, text)


def german(number: int) -> Report:
    text = GERMAN.format(n=number)
    return Report(f"genf-{number}", f"Ukraine und Russland reden, Runde {number}", text, text)


def bare(number: int) -> Report:
    """A relevant title whose page is gone and of which the feed has no more: a dead letter."""
    return Report(f"gone-{number}", f"Ukraine ceasefire talks, day {number}", "", None)
