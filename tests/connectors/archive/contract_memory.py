"""The contract of memory: neighbours, same text, revisions, corroboration."""

import numpy as np
import pytest

from connectors.archive.documents import Kind
from connectors.archive.protocol import Archive
from tests.connectors.archive.samples import (
    LAST,
    START,
    angle,
    article,
    at,
    claim,
    order,
    position,
    unit,
)


def near(archive: Archive, kind: Kind = "claims", count: int = 10, **bounds: object) -> list[str]:
    """Ids of the neighbours of `unit(1)`; bounds as wide as can be unless given."""
    limits = {"before": LAST, "since": START} | bounds
    found = archive.neighbours(kind, unit(1), count, **limits)  # type: ignore[arg-type]
    return [neighbour.document.id for neighbour in found]


class MemoryContract:
    def test_neighbours_come_best_first_with_their_cosine(self, archive: Archive) -> None:
        degrees = {"far": 90, "near": 10, "same": 0, "opposite": 180, "middle": 45}
        archive.write([claim(id_, vector=angle(value)) for id_, value in degrees.items()])
        archive.refresh()
        found = archive.neighbours("claims", unit(1), 10, before=LAST, since=START)
        assert [one.document.id for one in found] == ["same", "near", "middle", "far", "opposite"]
        cosines = np.cos(np.deg2rad([0, 10, 45, 90, 180]))
        np.testing.assert_allclose([one.score for one in found], cosines, atol=1e-4)

    def test_neighbours_come_whole_with_their_vectors(self, archive: Archive) -> None:
        archive.write([claim("c", 1, vector=unit(3, 4))])
        archive.refresh()
        (found,) = archive.neighbours("claims", unit(1), 1, before=LAST, since=START)
        assert found.document == claim("c", 1)
        np.testing.assert_allclose(found.document.vector, unit(3, 4), atol=1e-6)  # type: ignore[union-attr]

    def test_only_as_many_as_asked_for(self, archive: Archive) -> None:
        archive.write([claim(f"c{n}", vector=angle(n)) for n in range(30)])
        archive.refresh()
        assert near(archive, count=3) == ["c0", "c1", "c2"]
        assert near(archive, count=0) == []
        assert len(near(archive, count=100)) == 30

    def test_of_equally_near_ones_the_lower_ids_come(self, archive: Archive) -> None:
        archive.write([claim(id_, vector=angle(20)) for id_ in "hgbfaecd"])
        archive.refresh()
        assert near(archive, count=3) == ["a", "b", "c"]
        assert near(archive) == list("abcdefgh")

    def test_only_what_was_strictly_before(self, archive: Archive) -> None:
        archive.write([claim("early", 1), claim("own", 2), claim("late", 3)])
        archive.refresh()
        assert near(archive, before=order(2, "own")) == ["early"]
        assert near(archive, before=order(2, "zzz")) == ["early", "own"]

    def test_only_what_is_within_the_horizon(self, archive: Archive) -> None:
        archive.write([claim("old", -1), claim("edge", 0), claim("young", 1)])
        archive.refresh()
        assert near(archive, since=at(0)) == ["edge", "young"]
        assert near(archive, since=at(1)) == ["young"]
        assert near(archive, since=at(-60)) == ["edge", "old", "young"]

    def test_near_ones_out_of_bounds_do_not_hide_farther_ones(self, archive: Archive) -> None:
        late = [claim(f"late{n}", 100 + n) for n in range(200)]
        archive.write([*late, claim("early", 1, vector=angle(80))])
        archive.refresh()
        assert near(archive, count=1, before=order(50, "")) == ["early"]

    def test_memory_spans_months(self, archive: Archive) -> None:
        day = 24 * 60
        months = [claim(f"m{n}", 31 * day * n, vector=angle(n)) for n in range(6)]
        archive.write(months)
        archive.refresh()
        assert near(archive, since=at(31 * day * 4)) == ["m4", "m5"]
        assert near(archive, since=at(31 * day * 2), before=months[4].order) == ["m2", "m3"]
        assert near(archive) == [f"m{n}" for n in range(6)]

    def test_a_dossier_has_a_memory_of_its_own(self, archive: Archive) -> None:
        archive.write([claim("u"), claim("i", dossier="iran")])
        archive.refresh()
        assert near(archive, dossier="ukraine") == ["u"]
        assert near(archive, dossier="gaza") == []
        assert near(archive) == ["i", "u"]

    def test_an_article_is_in_each_of_its_dossiers(self, archive: Archive) -> None:
        archive.write([article("u"), article("both", dossiers=("iran", "ukraine"))])
        archive.refresh()
        assert near(archive, "articles", dossier="ukraine") == ["both", "u"]
        assert near(archive, "articles", dossier="iran") == ["both"]
        assert near(archive, "articles") == ["both", "u"]

    def test_copies_are_no_neighbours(self, archive: Archive) -> None:
        archive.write([article("a"), article("copy", 1, copy_of="article-a", copy_kind="exact")])
        archive.refresh()
        assert near(archive, "articles") == ["a"]

    def test_what_has_no_vector_is_no_neighbour(self, archive: Archive) -> None:
        archive.write([claim("with"), claim("without", vector=None)])
        archive.refresh()
        assert near(archive) == ["with"]

    def test_superseded_records_are_neighbours_still(self, archive: Archive) -> None:
        archive.write([claim("c", superseded_by="b"), article("a", superseded_by="b")])
        archive.refresh()
        assert near(archive) == ["c"]
        assert near(archive, "articles") == ["a"]

    def test_a_neighbour_comes_with_its_latest_mark(self, archive: Archive) -> None:
        archive.write([claim("c")])
        archive.refresh()
        near(archive)
        archive.write([claim("c", superseded_by="b")])
        archive.refresh()
        (found,) = archive.neighbours("claims", unit(1), 9, before=LAST, since=START)
        assert found.document.superseded_by == "b"  # type: ignore[union-attr]

    def test_memory_follows_what_is_written_again(self, archive: Archive) -> None:
        archive.write([article("a"), article("b"), claim("c"), claim("d", vector=angle(30))])
        archive.refresh()
        assert near(archive, "articles") == ["a", "b"]
        assert near(archive) == ["c", "d"]
        archive.write([article("a", copy_of="b", copy_kind="exact"), claim("c", vector=angle(60))])
        archive.refresh()
        assert near(archive, "articles", count=1) == ["b"]
        assert near(archive, count=1) == ["d"]
        assert near(archive) == ["d", "c"]

    def test_memory_grows_between_questions(self, archive: Archive) -> None:
        for n in range(5):
            archive.write([claim(f"c{n}", n), position(f"p{n}", n)])
            archive.refresh()
            assert near(archive) == [f"c{k}" for k in range(n + 1)]

    def test_an_older_horizon_may_be_asked_for_later(self, archive: Archive) -> None:
        day = 24 * 60
        archive.write([claim(f"m{n}", 31 * day * n, vector=angle(n)) for n in range(5)])
        archive.refresh()
        assert near(archive, since=at(31 * day * 4)) == ["m4"]
        archive.write([claim("x", 1, vector=angle(40))])
        archive.refresh()
        assert near(archive, since=START) == ["m0", "m1", "m2", "m3", "m4", "x"]

    def test_an_empty_memory_has_no_neighbours(self, archive: Archive) -> None:
        archive.refresh()
        assert near(archive) == near(archive, "articles") == []

    def test_the_same_text_is_found_by_its_hash_the_earliest_first(self, archive: Archive) -> None:
        archive.write(
            [
                article("late", 3, text_hash="h"),
                article("early", 2, text_hash="h"),
                article("copy", 1, text_hash="h", copy_of="x", copy_kind="exact"),
                article("other", 1, text_hash="g"),
            ]
        )
        archive.refresh()
        found = archive.same_text("h", before=LAST, since=START)
        assert found == article("early", 2, text_hash="h")
        assert archive.same_text("none", before=LAST, since=START) is None

    def test_the_same_text_is_looked_for_within_the_same_bounds(self, archive: Archive) -> None:
        archive.write([article("a", 1, text_hash="h"), article("b", 2, text_hash="h")])
        archive.refresh()
        assert archive.same_text("h", before=order(1, "a"), since=START) is None
        found = archive.same_text("h", before=LAST, since=at(2))
        assert found is not None
        assert found.id == "b"
        assert archive.same_text("h", before=LAST, since=at(3)) is None

    def test_revisions_of_an_article_come_in_order(self, archive: Archive) -> None:
        same = {"article_id": "one"}
        archive.write(
            [
                article("z", 1, **same),
                article("a", 3, **same),
                article("m", 2, superseded_by="a", **same),
            ]
        )
        archive.write([article("other", 1), claim("c", article_id="one")])
        archive.refresh()
        assert [one.id for one in archive.revisions("one")] == ["z", "m", "a"]
        assert archive.revisions("none") == []

    @pytest.mark.parametrize("superseded", [False, True])
    def test_corroboration_names_the_families_behind_a_root(
        self, archive: Archive, superseded: bool
    ) -> None:
        withdrawn = "later" if superseded else None
        archive.write(
            [
                claim("root", family="harbour"),
                claim("r1", 1, root_id="root", novelty="repeated", family="courier"),
                claim("r2", 2, root_id="root", novelty="repeated", family="harbour"),
                claim("r3", 3, root_id="root", family="agency", superseded_by=withdrawn),
                claim("alone", family="courier"),
            ]
        )
        archive.refresh()
        expected = ("courier", "harbour") if superseded else ("agency", "courier", "harbour")
        assert archive.corroboration(["root", "alone", "none", "root"]) == {
            "root": expected,
            "alone": ("courier",),
        }
        assert archive.corroboration([]) == {}

    def test_corroboration_counts_a_family_once_among_many(self, archive: Archive) -> None:
        claims = [claim(f"c{n}", n, root_id="root", family=f"f{n % 30:02}") for n in range(90)]
        archive.write(claims)
        archive.refresh()
        assert archive.corroboration(["root"]) == {"root": tuple(f"f{n:02}" for n in range(30))}
