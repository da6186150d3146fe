"""The contract of search: words, fields, times, limits."""

from datetime import UTC, datetime

import pytest

from connectors.archive.documents import Kind
from connectors.archive.protocol import MOST_HITS, MOST_WORDS, Archive, ArchiveError, Query
from tests.connectors.archive.samples import article, at, claim, development, position

TEXTS = {
    "truce": ("Truce agreed", "Envoys agreed on a ceasefire of thirty days near Kherson."),
    "gas": ("Gas pipeline reopens", "Ministers in Ankara discussed the pipeline and the truce."),
    "name": ("Erdoğan to host talks", "The president said that Łódź and São Paulo were proposed."),
    "signs": ("A deal (maybe)", 'He called it "a deal": 50% of C++ AND more; see x:y, a-b* ^2.'),
}


def ids(archive: Archive, kind: Kind = "articles", **query: object) -> list[str]:
    return [hit.document.id for hit in archive.search(kind, Query(**query))]  # type: ignore[arg-type]


def found(archive: Archive, words: str) -> set[str]:
    return set(ids(archive, words=words))


class SearchContract:
    @pytest.fixture
    def filled(self, archive: Archive) -> Archive:
        archive.write(
            [article(id_, n, title=a, text=b) for n, (id_, (a, b)) in enumerate(TEXTS.items())]
        )
        archive.refresh()
        return archive

    def test_all_words_must_occur_in_title_or_text(self, filled: Archive) -> None:
        assert found(filled, "truce") == {"truce", "gas"}
        assert found(filled, "truce ceasefire") == {"truce"}
        assert found(filled, "pipeline truce ankara") == {"gas"}
        assert found(filled, "truce submarine") == set()

    @pytest.mark.parametrize("words", ["TRUCE", "Truce", "ceasefires", "envoy", "agree"])
    def test_case_and_regular_endings_are_disregarded(self, filled: Archive, words: str) -> None:
        assert "truce" in found(filled, words)

    @pytest.mark.parametrize("words", ["erdogan", "ERDOĞAN", "sao paulo", "São"])
    def test_accents_are_disregarded(self, filled: Archive, words: str) -> None:
        assert found(filled, words) == {"name"}

    def test_quoted_words_stand_next_to_each_other(self, filled: Archive) -> None:
        assert found(filled, '"thirty days"') == {"truce"}
        assert found(filled, '"days thirty"') == set()
        assert found(filled, '"ceasefire of thirty" kherson') == {"truce"}

    @pytest.mark.parametrize("words", ["ceasef*", "Kher*", "thirt* days", "envo* cease*"])
    def test_a_star_stands_for_any_end_of_a_word(self, filled: Archive, words: str) -> None:
        assert found(filled, words) == {"truce"}

    @pytest.mark.parametrize(
        "words",
        [
            '"', '""', "'", '"unbalanced truce', "AND", "OR NOT", "NEAR(a b)", "*", "a*b", "**",
            "(", ")", "truce)", "title:truce", "-truce", "+truce", "^", "~2", "a~", "\\", "\\\"",
            "/x/", "[a TO b]", "{", "{}", "x:y:z", "&&", "||", "!", "?", "%", "_", ";", "--", "😀",
            "\x00", "tru\x00ce", "\ud83d", "truce\udcff", "\n\t", "a" * 5000, "and " * 500,
        ],
    )  # fmt: skip
    def test_no_query_is_an_error(self, filled: Archive, words: str) -> None:
        for kind in ("articles", "claims", "positions", "developments", "dead_letters"):
            filled.search(kind, Query(words=words))

    @pytest.mark.parametrize("sign", ["_", "…", "-- _ --"])
    def test_signs_alone_are_no_words(self, filled: Archive, sign: str) -> None:
        assert found(filled, f"{sign} kherson") == found(filled, "kherson") == {"truce"}

    @pytest.mark.parametrize("words", ["deal (maybe)", "(maybe) deal*", '"a deal', "maybe:", "C++"])
    def test_signs_in_a_query_are_plain_text(self, filled: Archive, words: str) -> None:
        assert found(filled, words) == {"signs"}

    def test_signs_do_not_become_operators(self, filled: Archive) -> None:
        assert "truce" not in found(filled, "truce NOT pipeline")
        assert found(filled, "kherson OR ankara") == set()
        assert found(filled, "-kherson") == {"truce"}
        assert found(filled, "title:kherson") == set()

    def test_a_query_without_words_finds_the_newest_first(self, filled: Archive) -> None:
        assert ids(filled) == ids(filled, words="  ") == ["signs", "name", "gas", "truce"]
        assert ids(filled, limit=2) == ["signs", "name"]
        assert [hit.score for hit in filled.search("articles", Query())] == [0, 0, 0, 0]

    @pytest.mark.parametrize("limit", [-1, 0, MOST_HITS + 1])
    def test_a_limit_that_no_store_can_keep_is_an_error(self, limit: int) -> None:
        with pytest.raises(ArchiveError, match=f"1 to {MOST_HITS} hits, not {limit}"):
            Query(limit=limit)

    def test_the_largest_limit_is_none(self, filled: Archive) -> None:
        assert len(ids(filled, limit=MOST_HITS)) == len(TEXTS)

    def test_of_very_many_words_the_first_ones_are_read(self, archive: Archive) -> None:
        known = " ".join(f"word{number}" for number in range(MOST_WORDS))
        archive.write([article("a", text=known)])
        archive.refresh()
        assert found(archive, f"{known} {known} submarine") == {"a"}
        assert found(archive, f"submarine {known}") == set()

    def test_better_matches_come_first_then_newer_ones(self, archive: Archive) -> None:
        archive.write(
            [
                article("old", 1, title="News", text="The truce holds today."),
                article("new", 2, title="News", text="The truce holds today."),
                article("best", 0, title="Truce", text="A truce, a truce holds today."),
            ]
        )
        archive.refresh()
        hits = archive.search("articles", Query(words="truce"))
        assert [hit.document.id for hit in hits] == ["best", "new", "old"]
        assert hits[0].score > hits[1].score > 0

    def test_a_hit_shows_its_match(self, filled: Archive) -> None:
        (hit,) = filled.search("articles", Query(words="ceasefire"))
        assert "[ceasefire]" in hit.excerpt
        assert hit.document == article("truce", 0, title="Truce agreed", text=TEXTS["truce"][1])
        (plain,) = filled.search("articles", Query(until=at(1)))
        assert TEXTS["truce"][1].startswith(plain.excerpt[:20])

    def test_a_long_text_gives_a_short_excerpt(self, archive: Archive) -> None:
        archive.write([article("a", text="filler " * 5000 + "armistice " + "filler " * 5000)])
        archive.refresh()
        for words in ("armistice", ""):
            (hit,) = archive.search("articles", Query(words=words))
            assert 0 < len(hit.excerpt) < 2000

    def test_times_are_half_open(self, filled: Archive) -> None:
        assert set(ids(filled, since=at(1), until=at(3))) == {"gas", "name"}
        assert ids(filled, words="truce", since=at(1)) == ["gas"]
        assert ids(filled, words="truce", until=at(1)) == ["truce"]

    def test_times_may_be_any(self, filled: Archive) -> None:
        first, last = (datetime(year, 1, 1, tzinfo=UTC) for year in (1, 9999))
        assert ids(filled, since=first, until=last) == ids(filled)
        assert ids(filled, since=last) == ids(filled, until=first) == []

    def test_fields_restrict_articles(self, archive: Archive) -> None:
        archive.write(
            [
                article("a", dossiers=("iran", "gaza"), topics={"sanctions": 0.9, "arms": 0.5}),
                article("b", 1, publisher="Harbour Post", family="harbour"),
            ]
        )
        archive.refresh()
        assert ids(archive, dossier="gaza") == ids(archive, topic="arms") == ["a"]
        assert ids(archive, dossier="ukraine") == ids(archive, publisher="Harbour Post") == ["b"]
        assert ids(archive, publisher="Harbour") == ids(archive, dossier="gaza", topic="x") == []
        assert ids(archive, words="envoys", dossier="gaza") == ["a"]

    def test_fields_restrict_claims(self, archive: Archive) -> None:
        archive.write([claim("a", novelty="changed", topics={"detainees": 1.0}), claim("b", 1)])
        archive.refresh()
        assert ids(archive, "claims", novelty="changed") == ["a"]
        assert ids(archive, "claims", topic="detainees") == ["a"]
        assert ids(archive, "claims", topic="ceasefire", dossier="ukraine") == ["b"]

    def test_fields_restrict_positions_and_developments(self, archive: Archive) -> None:
        archive.write(
            [
                position("a"),
                position("b", 1, party="ukraine", stance="supports", topic="ceasefire"),
                development("c", topic="sanctions", party="iran", novelty="changed"),
                development("d", 1),
            ]
        )
        archive.refresh()
        assert ids(archive, "positions", party="russia", stance="opposes") == ["a"]
        assert ids(archive, "positions", topic="ceasefire") == ["b"]
        assert ids(archive, "developments", topic="sanctions") == ["c"]
        assert ids(archive, "developments", party="iran", novelty="changed") == ["c"]
        assert ids(archive, "developments", words="truce", topic="ceasefire") == ["d"]

    def test_a_field_that_a_kind_does_not_have_matches_nothing(self, filled: Archive) -> None:
        assert ids(filled, party="russia") == ids(filled, stance="opposes") == []

    def test_odd_values_of_fields_match_nothing(self, filled: Archive) -> None:
        for value in ("", "\ud83d", "\x00", "*", '"', "x" * 10_000):
            assert ids(filled, publisher=value) == []

    def test_superseded_records_are_left_out_unless_asked_for(self, archive: Archive) -> None:
        archive.write(
            [claim("a", superseded_by="x"), claim("b", 1), article("c", superseded_by="d")]
        )
        archive.refresh()
        assert ids(archive, "claims") == ids(archive, "claims", words="truce") == ["b"]
        assert ids(archive, "claims", superseded=True) == ["b", "a"]
        assert set(ids(archive, "claims", words="truce", superseded=True)) == {"a", "b"}
        assert ids(archive) == []

    def test_search_follows_what_is_written_again(self, archive: Archive) -> None:
        archive.write([article("a", title="Armistice", text="First words.")])
        archive.write([article("a", title="Accord", text="Second words.")])
        archive.refresh()
        assert found(archive, "armistice") == found(archive, "first") == set()
        assert found(archive, "accord") == found(archive, "second") == {"a"}
