"""Whether this installation can do its work, part by part."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from connectors.archive.open import check_ready, open_archive
from connectors.archive.protocol import ArchiveError, ArchiveMissing
from connectors.config import ConfigError
from connectors.feeds import load_feeds
from models import ModelError, load_analyst
from pipeline.dossiers import load_dossiers
from pipeline.engine import check_vectors, load_engine


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: whether it works, and what was seen or what to do."""

    what: str
    ok: bool
    detail: str


def examine(
    archive_url: str,
    dossiers: Sequence[str] | None,
    models: Path | None = None,
    feeds: Path | None = None,
) -> list[Finding]:
    """Look at everything a sweep needs; nothing is changed, and no feed is asked."""
    asked = [_look("feeds", lambda: _feeds(feeds))] if feeds is not None else []
    return [
        *asked,
        _look("models", lambda: _models(models)),
        _look("dossiers", lambda: _dossiers(dossiers)),
        _look("archive", lambda: _archive(archive_url, models)),
    ]


def _look(what: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(what, True, look())
    except (ArchiveError, ConfigError, ModelError, OSError, ValueError) as error:
        return Finding(what, False, str(error))


def _feeds(file: Path) -> str:
    feeds = load_feeds(file).feeds
    return f"{file}: {len(feeds)} feeds of {len({feed.publisher for feed in feeds})} publishers"


def _models(models: Path | None) -> str:
    analyst = load_analyst(load_engine(models))
    judged = analyst.judge(["The foreign ministers met in Geneva on Monday."], [])
    versions = ", ".join(f"{task} {version}" for task, version in analyst.versions.items())
    return f"{versions}; a sentence is read ({len(judged.judgements)} answer)"


def _dossiers(names: Sequence[str] | None) -> str:
    return ", ".join(
        f"{dossier.name} ({len(dossier.parties)} parties, {len(dossier.propositions)} propositions)"
        for dossier in load_dossiers(names)
    )


def _archive(url: str, models: Path | None) -> str:
    check_ready(url)
    try:
        archive = open_archive(url, create=False)
    except ArchiveMissing:
        return f"{url}: not there yet; the first run makes it"
    try:
        check_vectors(archive, load_engine(models))
        counts = archive.counts()
        waiting = archive.dispositions().get(("pending", ""), 0)
    finally:
        archive.close()
    held = ", ".join(f"{count} {kind}" for kind, count in counts.items())
    return f"{url}: {held}, {waiting} pending"
