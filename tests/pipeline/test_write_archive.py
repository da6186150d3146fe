"""Writing an ending or a failure, and what is left where that goes wrong."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from connectors.archive.documents import Article, Claim
from connectors.feeds import FeedsConfig
from pipeline import metrics
from pipeline.options import Settings
from pipeline.records import Ending, Failure
from pipeline.resolve.memory import Memory
from pipeline.resolve.recall import Prior
from pipeline.resolve.resolve import resolve
from pipeline.transforms.stage import ArchiveDoFn, Rejected, failure_of, letter_for
from pipeline.transforms.write_archive import _WriteEnding, _WriteFailure, count
from tests.connectors.archive.samples import dead_letter, feed
from tests.pipeline.resolve.builders import START, analysed, context, intake


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    feeds = FeedsConfig.model_construct()
    return Settings(f"sqlite:///{tmp_path}/archive.db", feeds, (), "sweep", START, {})


def ending() -> Ending:
    article = analysed(intake("a"), ["Russia and Ukraine agreed on Tuesday to a 30-day truce."])
    return resolve(Memory(), article, Prior(), context())[0]


def written(writer: ArchiveDoFn, element: object) -> Iterator[Any]:
    writer.setup()
    try:
        yield from writer.process(element)
    finally:
        writer.teardown()


def test_of_an_article_that_is_rejected_nothing_is_stored(settings: Settings) -> None:
    first, *rest = ending().documents
    assert isinstance(first, Article)
    assert rest
    wrong = replace(first, vector=np.full(384, np.nan, np.float32))
    writer = _WriteEnding(settings)
    (failed,) = written(writer, replace(ending(), documents=(wrong, *rest)))
    assert failed.value.letter.reason == "document_rejected"
    writer.setup()
    assert not any(writer.archive.counts().values())
    writer.teardown()


def test_where_a_claim_is_rejected_nothing_of_its_article_is_stored(settings: Settings) -> None:
    documents = [
        replace(one, vector=np.full(384, np.nan, np.float32)) if isinstance(one, Claim) else one
        for one in ending().documents
    ]
    writer = _WriteEnding(settings)
    (failed,) = written(writer, replace(ending(), documents=tuple(documents)))
    assert failed.value.letter.reason == "document_rejected"
    writer.setup()
    assert not any(writer.archive.counts().values())
    writer.teardown()


def counted() -> dict[str, float]:
    (family,) = metrics.ARTICLES.collect()
    return {
        sample.labels["topic"]: sample.value
        for sample in family.samples
        if sample.name == "parley_articles_total" and sample.labels["dossier"] == "ukraine"
    }


def test_an_article_is_counted_and_a_copy_of_another_is_not() -> None:
    first = ending().documents[0]
    assert isinstance(first, Article)
    before = counted()
    count(replace(first, copy_of="another", copy_kind="near"), ending())
    assert counted() == before
    count(first, ending())
    assert counted() == {**before, "ceasefire": before.get("ceasefire", 0) + 1}


def test_a_bug_in_writing_a_failure_is_told_as_it_is(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr(_WriteFailure, "commit", broken)
    letter = letter_for("gate", intake("a"), Rejected("no_text", ""))
    with pytest.raises(ZeroDivisionError):
        list(written(_WriteFailure(settings), Failure(letter)))


@pytest.mark.parametrize(
    ("error", "level", "said"),
    [
        (Rejected("no_text", "nothing to read"), "WARNING", "gate, no_text"),
        (ZeroDivisionError("a bug"), "ERROR", "gate, bug (ZeroDivisionError)"),
    ],
)
def test_a_dead_letter_is_logged_once(
    settings: Settings, caplog: pytest.LogCaptureFixture, error: Exception, level: str, said: str
) -> None:
    writer, entry = _WriteFailure(settings), intake("a")
    writer.setup()
    writer.archive.admit([entry], feed("harbour-world"))
    failure = failure_of("gate", entry, error)
    list(writer.process(failure))
    (letter,) = writer.archive.export("dead_letters")
    writer.teardown()
    (line,) = caplog.records
    assert line.getMessage() == f"dead letter {letter.id} of feed harbour-world: {said}"
    assert (line.levelname, line.article, line.exc_info) == (level, "a", None)  # type: ignore[attr-defined]


def test_the_dead_letter_of_a_feed_is_logged_without_an_article(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    letter = dead_letter("x", stage="read_feeds", reason="not_a_feed", feed="harbour-world")
    list(written(_WriteFailure(settings), Failure(letter)))
    (line,) = caplog.records
    assert line.getMessage() == "dead letter x of feed harbour-world: read_feeds, not_a_feed"
    assert line.levelname == "WARNING"
