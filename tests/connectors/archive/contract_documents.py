"""The contract of stored documents: write, get, export, counts, prune."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from connectors.archive.documents import KINDS, Document, Kind, Vector
from connectors.archive.protocol import MAX_DOCUMENT_BYTES, Archive, DocumentRejected
from tests.connectors.archive.contract_intake import ODD, ODD_STORED
from tests.connectors.archive.samples import (
    LAST,
    START,
    article,
    at,
    claim,
    dead_letter,
    development,
    feed,
    intake,
    order,
    position,
    unit,
)

FULL: tuple[tuple[Kind, Document], ...] = (
    (
        "articles",
        article(
            "a",
            1,
            url=None,
            published_at=at(-30),
            published_from="published",
            dossiers=("ukraine", "iran"),
            topics={"ceasefire": 0.1234567890123, "talks_process": 1.0},
            copy_of="article-z",
            copy_kind="near",
            story="s",
            claim_ids=("c1", "c2"),
            position_ids=("p1",),
            superseded_by="b",
        ),
    ),
    ("claims", claim("c", 1, novelty="repeated", prior_id="b", root_id="a", topics={})),
    ("positions", position("p", 1, stance="conditional", superseded_by="b")),
    ("developments", development("d", 1, party="russia", stance="opposes", published_at=at(0))),
    ("dead_letters", dead_letter("x", 1, intake_id="a", replayed_at=at(2))),
)


MONTH = 60 * 24 * 31  # minutes from the first moment of March to that of April


def march_and_april() -> list[Document]:
    """One document of each kind in March, two in April."""
    return [
        make(f"{kind}{n}", 60 * 24 * day)  # type: ignore[operator]
        for kind, make in (
            ("a", article),
            ("c", claim),
            ("p", position),
            ("d", development),
            ("x", dead_letter),
        )
        for n, day in enumerate((1, 31, 32))
    ]


class DocumentsContract:
    @pytest.mark.parametrize(("kind", "document"), FULL, ids=[kind for kind, _ in FULL])
    def test_a_document_comes_back_as_it_was_written(
        self, archive: Archive, kind: Kind, document: Document
    ) -> None:
        archive.write([document])
        assert archive.get(kind, [document.id, "missing"]) == {document.id: document}

    def test_a_vector_comes_back_with_its_document(self, archive: Archive) -> None:
        vector = np.random.default_rng(7).normal(size=384).astype(np.float32)
        vector /= np.linalg.norm(vector)
        archive.write([claim("c", vector=vector), claim("none", vector=None)])
        found = archive.get("claims", ["c", "none"])
        stored = vector_of(found["c"])
        assert stored is not None
        assert stored.dtype == np.float32
        np.testing.assert_allclose(stored, vector, atol=1e-7)
        assert vector_of(found["none"]) is None

    def test_to_write_again_is_to_replace(self, archive: Archive) -> None:
        archive.write([claim("c"), position("p")])
        marked = replace(claim("c"), superseded_by="b")
        archive.write([marked])
        assert archive.get("claims", ["c"]) == {"c": marked}
        archive.write([claim("c", text="Other words.", vector=unit(0, 1))])
        archive.refresh()
        assert archive.counts()["claims"] == 1
        assert archive.get("claims", ["c"])["c"].text == "Other words."  # type: ignore[union-attr]

    def test_within_one_call_the_last_version_counts(self, archive: Archive) -> None:
        archive.write([claim("c"), replace(claim("c"), superseded_by="b")])
        assert archive.get("claims", ["c"])["c"].superseded_by == "b"  # type: ignore[union-attr]

    def test_kinds_have_ids_of_their_own(self, archive: Archive) -> None:
        archive.write([article("same"), claim("same"), position("same")])
        for kind in ("articles", "claims", "positions"):
            assert isinstance(archive.get(kind, ["same"])["same"], KINDS[kind])
        assert archive.get("developments", ["same"]) == {}

    def test_to_write_nothing_is_fine(self, archive: Archive) -> None:
        archive.write([])
        assert archive.get("articles", []) == {}

    def test_writing_is_realtime_for_others_too(
        self, archive: Archive, reopen: Callable[[], Archive]
    ) -> None:
        other = reopen()
        archive.write([article("a")])
        assert other.get("articles", ["a"]) == {"a": article("a")}

    def test_documents_may_hold_any_text(self, archive: Archive) -> None:
        odd = article("a", title=ODD, text=ODD * 3, url=None, topics={ODD: 0.5})
        archive.write([odd])
        stored = replace(odd, title=ODD_STORED, text=ODD_STORED * 3, topics={ODD_STORED: 0.5})
        assert archive.get("articles", ["a"]) == {"a": stored}

    @pytest.mark.parametrize("text", ["long " * 1_000_000, "ж" * 4_000_000], ids=["5MB", "8MB"])
    def test_a_document_of_megabytes_is_stored_and_found(self, archive: Archive, text: str) -> None:
        archive.write([article("a", text=text)])
        assert archive.get("articles", ["a"]) == {"a": article("a", text=text)}
        archive.refresh()
        assert [document.id for document in archive.export("articles")] == ["a"]

    def test_what_can_never_be_stored_is_named_and_the_rest_is_stored(
        self, archive: Archive
    ) -> None:
        huge = article("huge", text="x" * (MAX_DOCUMENT_BYTES + 1))
        with pytest.raises(DocumentRejected) as error:
            archive.write([article("a"), huge, dead_letter("b")])
        assert list(error.value.rejected) == ["huge"]
        assert "huge" in str(error.value)
        assert list(archive.get("articles", ["a", "huge"])) == ["a"]
        assert list(archive.get("dead_letters", ["b"])) == ["b"]

    @pytest.mark.parametrize(
        "malformed",
        [
            claim("bad", score=float("nan")),
            claim("bad", topics={"ceasefire": float("inf")}),
            claim("bad", vector=unit(1)[:100]),
            claim("bad", vector=np.zeros(384, np.float32)),
            claim("bad", vector=np.full(384, np.nan, np.float32)),
            claim("bad", vector=2 * unit(1)),
        ],
        ids=["nan score", "inf score", "short", "zero", "nan", "not of unit length"],
    )
    def test_malformed_numbers_are_rejected(self, archive: Archive, malformed: Document) -> None:
        with pytest.raises(DocumentRejected) as error:
            archive.write([malformed, claim("good")])
        assert list(error.value.rejected) == ["bad"]
        assert list(archive.get("claims", ["bad", "good"])) == ["good"]

    def test_threads_write_at_once_and_lose_nothing(
        self, archive: Archive, reopen: Callable[[], Archive]
    ) -> None:
        others = (archive, reopen())

        def write(number: int) -> None:
            for n in range(25):
                others[number % 2].write([claim(f"{number}-{n}", n), position(f"{number}-{n}", n)])

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(write, range(4)))
        archive.refresh()
        assert archive.counts()["claims"] == archive.counts()["positions"] == 100

    def test_counts_name_every_kind(self, archive: Archive) -> None:
        archive.refresh()
        assert archive.counts() == dict.fromkeys(KINDS, 0)
        archive.write([document for _, document in FULL] + [claim("c2")])
        archive.refresh()
        assert archive.counts() == {**dict.fromkeys(KINDS, 1), "claims": 2}

    def test_export_is_in_order(self, archive: Archive) -> None:
        claims = [
            claim("m", 5),
            claim("z", 1),
            claim("b", 3, order=order(3, "entry")),
            claim("a", 3, order=order(3, "entry")),
        ]
        archive.write([*claims, dead_letter("y", 1), dead_letter("x", 2), dead_letter("w", 1)])
        archive.refresh()
        assert [one.id for one in archive.export("claims")] == ["z", "a", "b", "m"]
        assert [one.id for one in archive.export("dead_letters")] == ["w", "y", "x"]
        assert list(archive.export("developments")) == []

    def test_export_holds_all_with_their_vectors(self, archive: Archive) -> None:
        claims = [claim(f"c{n:04}", n, superseded_by="x" if n % 2 else None) for n in range(1101)]
        archive.write(claims[::-1])
        archive.refresh()
        exported = list(archive.export("claims"))
        assert exported == claims
        np.testing.assert_allclose(vector_of(exported[1100]), unit(1), atol=1e-7)

    def test_prune_deletes_whole_months(self, archive: Archive) -> None:
        archive.write(march_and_april())
        archive.refresh()
        assert archive.prune("2026-04") == dict.fromkeys(KINDS, 1)
        archive.refresh()
        assert archive.counts() == dict.fromkeys(KINDS, 2)
        assert archive.get("articles", ["a0"]) == {}
        assert archive.prune("2026-04") == dict.fromkeys(KINDS, 0)

    @pytest.mark.parametrize("later", ["article", "claim"])
    def test_prune_leaves_an_article_that_has_changed_since(
        self, archive: Archive, later: str
    ) -> None:
        of = {"article_id": "lasting", "month": "2026-03"}
        early = [article("r1", 1, **of), claim("c1", 1, **of), position("p1", 1, **of)]
        changed = article("r2", MONTH, **of) if later == "article" else claim("c2", MONTH, **of)
        archive.write([*early, changed])
        assert set(archive.prune("2026-04").values()) == {0}
        archive.refresh()
        assert sum(archive.counts().values()) == 4
        archive.prune("9999-12")
        archive.refresh()
        assert sum(archive.counts().values()) == 0

    def test_what_was_pruned_is_found_no_more(self, archive: Archive) -> None:
        archive.write(march_and_april())
        archive.refresh()
        before = archive.neighbours("claims", unit(1), 9, before=LAST, since=START)
        archive.prune("2026-04")
        archive.refresh()
        after = archive.neighbours("claims", unit(1), 9, before=LAST, since=START)
        assert [n.document.id for n in before] == ["c0", "c1", "c2"]
        assert [n.document.id for n in after] == ["c1", "c2"]

    def test_prune_keeps_the_intake_without_its_texts(self, archive: Archive) -> None:
        old, waiting, young = intake("old", 1), intake("waiting", 2), intake("young", 60 * 24 * 40)
        archive.admit([old, waiting, young], feed())
        for entry in (old, young):
            archive.dispose(entry.id, "irrelevant", "no_dossier", at(9))
        archive.refresh()
        archive.prune("2026-04")
        archive.refresh()
        ended = {"disposition": "irrelevant", "reason": "no_dossier", "disposed_at": at(9)}
        slim = replace(old, title="", summary="", content="", **ended)
        kept = [slim, waiting, replace(young, **ended)]
        assert list(archive.entries()) == kept
        assert archive.admit([old, waiting, young], feed()) == kept

    def test_prune_leaves_its_texts_to_a_later_revision(self, archive: Archive) -> None:
        """The month is that of the first one, which may be long gone."""
        first = intake("r1", 1, article_id="old")
        later = intake("r2", 60 * 24 * 40, article_id="old", month=first.month)
        archive.admit([first, later], feed())
        for entry in (first, later):
            archive.dispose(entry.id, "dead_letter", "no_text", at(9))
        archive.refresh()
        archive.prune("2026-04")
        archive.refresh()
        kept = archive.intake(["r1", "r2"])
        assert (kept["r1"].title, kept["r2"].title) == ("", later.title)

    def test_prune_keeps_identities(self, archive: Archive) -> None:
        ref = archive.identify(["guid"], intake("a").ref)
        archive.write([article("a")])
        archive.refresh()
        archive.prune("2030-01")
        assert archive.identify(["guid"], intake("b").ref) == ref


def vector_of(document: Document) -> Vector | None:
    vector: Vector | None = getattr(document, "vector", None)
    return vector
