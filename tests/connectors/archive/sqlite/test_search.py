"""Words of an analyst as FTS5 reads them, beyond what the contract asks of every archive."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from connectors.archive.protocol import Query
from connectors.archive.sqlite import SqliteArchive
from connectors.archive.sqlite.search import match_expression
from tests.connectors.archive.samples import article

TEXTS = {
    "talks": "The chief negotiator said that negotiations in Doha go on; military aid was raised.",
    "kyiv": "Kyiv's envoy, speaking in Łódź, rejected the U.S.-brokered 30-day truce.",
    "accents": "Président Erdoğan and Güneş met in Zürich, at the Café Français.",
    "cyrillic": "Зеленський прибув до Києва.",
}


@pytest.fixture
def archive(path: Path) -> Iterator[SqliteArchive]:
    with closing(SqliteArchive(path)) as archive:
        archive.write(
            [article(id_, n, title="News", text=t) for n, (id_, t) in enumerate(TEXTS.items())]
        )
        yield archive


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("negotiator", {"talks"}),
        ("negotiato*", {"talks"}),
        ("negotiat*", {"talks"}),
        ("milita*", {"talks"}),
        ("nego* doh*", {"talks"}),
        ("negotiatox*", set()),
        ("negotiato", set()),
        ("Kyiv", {"kyiv"}),
        ("Kyiv's", {"kyiv"}),
        ("us-brokered", set()),
        ("U.S.", {"kyiv"}),
        ("U.S.-brokered", {"kyiv"}),
        ("30-day", {"kyiv"}),
        ('"30 day truce"', {"kyiv"}),
        ('"truce 30"', set()),
        ("Zurich cafe", {"accents"}),
        ("francais*", {"accents"}),
        ("gunes", {"accents"}),
        ("зеленський", {"cyrillic"}),
        ("Києв*", {"cyrillic"}),
        ("news", {"talks", "kyiv", "accents", "cyrillic"}),
        ('news "in Doha', {"talks"}),
    ],
)
def test_words_find_what_an_analyst_means(
    archive: SqliteArchive, words: str, expected: set[str]
) -> None:
    assert {hit.document.id for hit in archive.search("articles", Query(words=words))} == expected


def test_a_match_in_the_title_counts_more(archive: SqliteArchive) -> None:
    archive.write([article("title", 9, title="Doha", text="Nothing else was said of it at all.")])
    hits = archive.search("articles", Query(words="doha"))
    assert [hit.document.id for hit in hits] == ["title", "talks"]


@pytest.mark.parametrize("words", ["", "  ", '"', '""', "*", "-- ()", "\ufffd"])
def test_nothing_to_look_for_is_no_expression(words: str) -> None:
    assert match_expression(words) == ""


def test_terms_are_quoted() -> None:
    assert match_expression('a "b c" NOT d') == '"a" AND "b c" AND "NOT" AND "d"'
    assert match_expression("a*").startswith('("a" * OR ')
