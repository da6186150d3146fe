"""The contract of identity, intake, feeds and dossiers."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest

from connectors.archive.documents import ArticleRef
from connectors.archive.protocol import Archive, ArchiveError
from tests.connectors.archive.samples import START, at, feed, intake

A, B, C = (ArticleRef(name, "2026-03") for name in "ABC")
ODD = "NUL \x00, surrogate \ud83d, bell \x07, escape \x1b, tab\t, emoji 😀, mark \u202e, \ufffe"
ODD_STORED = (
    "NUL \ufffd, surrogate \ufffd, bell \x07, escape \x1b, tab\t, emoji 😀, mark \u202e, \ufffe"
)


class IntakeContract:
    def test_the_first_call_coins_the_article(self, archive: Archive) -> None:
        assert archive.identify(["guid", "url"], A) == A

    def test_any_known_key_finds_the_article(self, archive: Archive) -> None:
        archive.identify(["guid", "url"], A)
        assert archive.identify(["guid"], B) == A
        assert archive.identify(["other guid", "url"], B) == A

    def test_a_later_key_is_bound_to_the_article_of_the_first(self, archive: Archive) -> None:
        archive.identify(["guid"], A)
        archive.identify(["guid", "canonical"], B)
        assert archive.identify(["canonical"], C) == A

    def test_an_earlier_key_is_bound_to_the_article_of_a_later_one(self, archive: Archive) -> None:
        archive.identify(["url"], A)
        archive.identify(["new guid", "url"], B)
        assert archive.identify(["new guid"], C) == A

    def test_a_bound_key_never_changes_its_article(self, archive: Archive) -> None:
        archive.identify(["one"], A)
        archive.identify(["two"], B)
        assert archive.identify(["one", "two"], C) == A
        assert archive.identify(["two", "one"], C) == B
        assert archive.identify(["two"], C) == B

    def test_the_month_of_an_article_is_chosen_once(self, archive: Archive) -> None:
        archive.identify(["guid"], A)
        assert archive.identify(["guid"], ArticleRef("A", "2026-04")).month == "2026-03"

    def test_keys_are_opaque(self, archive: Archive) -> None:
        keys = ["a/b?c=d&e", "Ключ 😀", "x" * 5000, "spaced  key ", "nul\x00", "half\ud83d"]
        for number, key in enumerate(keys):
            archive.identify([key], ArticleRef(f"article {number}", "2026-03"))
        found = [archive.identify([key], A).article_id for key in keys]
        assert found == [f"article {number}" for number in range(len(keys))]

    def test_racing_callers_with_one_key_agree(
        self, archive: Archive, reopen: Callable[[], Archive]
    ) -> None:
        others = (archive, reopen())

        def answers(keys: Sequence[str]) -> set[ArticleRef]:
            barrier = Barrier(4)

            def ask(number: int) -> ArticleRef:
                barrier.wait()
                own = [*keys, f"{keys[0]} of {number}"]
                return others[number % 2].identify(own, ArticleRef(f"by {number}", "2026-03"))

            with ThreadPoolExecutor(4) as pool:
                return set(pool.map(ask, range(4)))

        for attempt in range(10):
            agreed = answers([f"guid {attempt}", f"url {attempt}"])
            assert len(agreed) == 1
            assert archive.identify([f"url {attempt}"], C) in agreed
            assert archive.identify([f"guid {attempt} of 3"], C) in agreed

    def test_admitted_entries_are_pending_and_realtime(self, archive: Archive) -> None:
        entries = [intake("a", 1), intake("b", 2)]
        assert archive.admit(entries, feed()) == entries
        assert archive.intake(["a", "b", "missing"]) == {"a": entries[0], "b": entries[1]}
        assert archive.feeds() == {"wire": feed()}

    def test_an_entry_that_is_known_stays_as_it_was(self, archive: Archive) -> None:
        first = intake("a", 1)
        archive.admit([first], feed())
        archive.dispose("a", "irrelevant", "no_dossier", at(2))
        again = replace(intake("a", 60), title="Another title", backlog=True)
        ended = replace(first, disposition="irrelevant", reason="no_dossier", disposed_at=at(2))
        assert archive.admit([again, intake("b", 60)], feed()) == [ended, intake("b", 60)]
        assert archive.intake(["a"]) == {"a": ended}

    def test_admit_answers_in_the_order_asked(self, archive: Archive) -> None:
        archive.admit([intake("b", 1)], feed())
        asked = [intake(name, 1) for name in ("c", "b", "a", "b")]
        assert [entry.id for entry in archive.admit(asked, feed())] == ["c", "b", "a", "b"]

    def test_a_feed_without_entries_keeps_its_state(self, archive: Archive) -> None:
        assert archive.admit([], feed()) == []
        later = feed(failures=2, last_reason="not_a_feed", last_ok_at=None, state={})
        archive.admit([], later)
        archive.admit([], feed("other"))
        assert archive.feeds() == {"wire": later, "other": feed("other")}

    def test_the_state_of_a_feed_is_opaque(self, archive: Archive) -> None:
        state = {"etag": 'W/"x"', "n": 3, "half": 0.5, "none": None, "of": {"a.b": [1, "two", {}]}}
        archive.admit([], feed(state=state))
        archive.admit([], feed("other", state={"etag": 7, "n": "text", "of": [True]}))
        assert archive.feeds()["wire"].state == state

    def test_racing_callers_admit_an_entry_once(
        self, archive: Archive, reopen: Callable[[], Archive]
    ) -> None:
        others = (archive, reopen())

        def admit(number: int) -> str:
            entries = [intake(f"e{n}", number, title=f"by {number}") for n in range(20)]
            stored = others[number % 2].admit(entries, feed(f"feed {number}"))
            return "|".join(entry.title for entry in stored)

        with ThreadPoolExecutor(4) as pool:
            assert len(set(pool.map(admit, range(4)))) == 1
        archive.refresh()
        assert len(list(archive.entries())) == 20
        assert len(archive.feeds()) == 4

    def test_pending_comes_in_order(self, archive: Archive) -> None:
        late, early = intake("a", 5), intake("z", 1)
        dated = intake("m", 5, published_at=at(-60), published_from="published")
        archive.admit([late, early, dated], feed())
        archive.refresh()
        assert [entry.id for entry in archive.pending()] == ["z", "m", "a"]

    def test_what_has_a_disposition_is_not_pending(self, archive: Archive) -> None:
        archive.admit([intake("a", 1), intake("b", 2)], feed())
        archive.dispose("a", "indexed", "", at(3))
        archive.refresh()
        assert [entry.id for entry in archive.pending()] == ["b"]
        assert [entry.id for entry in archive.entries()] == ["a", "b"]

    def test_to_dispose_is_realtime_and_may_be_repeated(self, archive: Archive) -> None:
        archive.admit([intake("a", 1)], feed())
        for _ in range(2):
            archive.dispose("a", "copy", "near_copy", at(3))
        ended = archive.intake(["a"])["a"]
        assert (ended.disposition, ended.reason, ended.disposed_at) == ("copy", "near_copy", at(3))

    def test_a_dead_letter_can_be_made_pending_again(self, archive: Archive) -> None:
        archive.admit([intake("a", 1)], feed())
        archive.dispose("a", "dead_letter", "bug", at(3))
        archive.dispose("a", "pending", "", at(4))
        archive.refresh()
        assert list(archive.pending()) == [intake("a", 1)]
        archive.dispose("a", "indexed", "", at(5))
        archive.refresh()
        assert list(archive.pending()) == []

    def test_to_dispose_of_what_is_not_there_is_an_error(self, archive: Archive) -> None:
        with pytest.raises(ArchiveError, match="missing"):
            archive.dispose("missing", "indexed", "", at(1))

    def test_dispositions_are_counted(self, archive: Archive) -> None:
        archive.admit([intake(name, n) for n, name in enumerate("abcde")], feed())
        for name in "ab":
            archive.dispose(name, "irrelevant", "no_dossier", at(9))
        archive.dispose("c", "irrelevant", "no_topic", at(9))
        archive.dispose("d", "indexed", "", at(9))
        archive.refresh()
        assert archive.dispositions() == {
            ("irrelevant", "no_dossier"): 2,
            ("irrelevant", "no_topic"): 1,
            ("indexed", ""): 1,
            ("pending", ""): 1,
        }

    def test_many_entries_come_whole_and_in_order(self, archive: Archive) -> None:
        entries = [intake(f"e{n:04}", n) for n in range(1201)]
        archive.admit(entries[::-1], feed())
        assert len(archive.intake([entry.id for entry in entries])) == 1201
        archive.refresh()
        assert [entry.id for entry in archive.pending()] == [entry.id for entry in entries]

    def test_entries_may_end_while_they_are_read(self, archive: Archive) -> None:
        archive.admit([intake(f"e{n:04}", n) for n in range(601)], feed())
        archive.refresh()
        ended = 0
        for entry in archive.pending():
            archive.dispose(entry.id, "indexed", "", at(900))
            ended += 1
        archive.refresh()
        assert ended == 601
        assert list(archive.pending()) == []

    def test_an_entry_may_hold_any_text(self, archive: Archive) -> None:
        odd = intake("a", 1, title=ODD, summary="", content="я" * 2_500_000, guid=ODD, url=None)
        stored = replace(odd, title=ODD_STORED, guid=ODD_STORED)
        assert archive.admit([odd], feed()) == [stored]
        assert archive.admit([odd], feed()) == [stored]
        archive.refresh()
        assert list(archive.pending()) == [stored]

    def test_a_dossier_is_active_since_its_first_call(
        self, archive: Archive, reopen: Callable[[], Archive]
    ) -> None:
        assert archive.dossier_since("ukraine", START) == START
        assert archive.dossier_since("ukraine", at(60)) == START
        assert reopen().dossier_since("ukraine", at(90)) == START
        assert archive.dossier_since("iran", at(60)) == at(60)

    def test_nothing_is_there_at_first(self, archive: Archive) -> None:
        archive.refresh()
        assert list(archive.pending()) == list(archive.entries()) == []
        assert archive.intake([]) == archive.intake(["a"]) == archive.feeds() == {}
        assert archive.dispositions() == {}
