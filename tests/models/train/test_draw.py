"""Drawing sentences for readers, on rows made up for this."""

import json
from collections import Counter
from pathlib import Path

import pytest

from models.subject import Party, Subject
from models.train.cues import cue, is_prose
from models.train.draw import PER_ARTICLE, Design, allot, draw, write
from models.train.overlap import HeldOut, texts_of
from models.train.pool import Drawn, distinct, sentences

NORTH = Subject("north", (Party("norland", "Norland", ("Nord City",)), Party("un", "UN", ())), {})
SOUTH = Subject("south", (Party("suria", "Suria", ()), Party("un", "UN", ())), {})
SUBJECTS = {"north": NORTH, "south": SOUTH}
DESIGN = Design(80, {"north": 0.75, "south": 0.25}, {"papers": 0.5, "wires": 0.5}, seed=7)
NOTHING = HeldOut(())


def made_up(articles: int = 30, each: int = 20) -> list[Drawn]:
    """Sentences that have no run of words in common; every other one has a cue."""
    pool = []
    for number in range(articles):
        dossier = "south" if number % 3 == 0 else "north"
        source = "wires" if number % 2 else "papers"
        for place in range(each):
            text = " ".join(f"w{number}x{place}y{word}" for word in range(10))
            kind = ("speech", None, "progress", None)[place % 4]
            identity = f"{source}:a{number}:{place}:t"
            pool.append(Drawn(identity, f"a{number}", source, dossier, text, kind))
    return pool


def sample_of(pool: list[Drawn], design: Design = DESIGN) -> list[Drawn]:
    return draw(distinct(pool, NOTHING, design.seed)[0], design)


HELD = "The envoys of both islands will meet on the ferry again in the first week of May."


@pytest.mark.parametrize(
    ("text", "shares"),
    [
        ("She said the ENVOYS of both islands, will meet on the bridge.", True),
        ("She said the [envoys of both](https://a.example/b) islands will meet on deck.", True),
        ("Envoys of both islands will meet on the bridge.", True),
        ("Envoys of both islands will meet on a bridge.", False),
        ("On the ferry again.", True),
        ("On the ferry never.", False),
    ],
)
def test_a_run_of_eight_words_or_a_whole_shorter_sentence_is_refused(
    text: str, shares: bool
) -> None:
    assert HeldOut([HELD]).shares(text) is shares


def test_a_run_across_two_held_out_sentences_counts() -> None:
    row = {"later": [{"text": "The ferry left at noon."}, {"text": "Nobody was on board then."}]}
    assert HeldOut(texts_of(row)).shares("It left at noon, nobody was on board then: left at noon.")


def test_what_is_held_out_or_nearly_there_twice_does_not_reach_the_pool() -> None:
    texts = (
        HELD,
        "A quite different thing happened in the harbour of the capital on Monday night.",
    )
    twin = texts[1].replace("Monday", "Sunday")
    pool = [Drawn(f"s:a:{n}:t", "a", "s", "north", t, None) for n, t in enumerate([*texts, twin])]
    kept, overlapping, alike = distinct(pool, HeldOut([HELD]), seed=1)
    assert (len(kept), overlapping, alike) == (1, 1, 1)


def test_the_sample_keeps_the_shares_of_dossiers_sources_and_halves() -> None:
    sample = sample_of(made_up())
    counts = Counter((one.dossier, one.source, one.drawn) for one in sample)
    assert counts == {
        (dossier, source, drawn): half // 2
        for dossier, half in (("north", 30), ("south", 10))
        for source in ("papers", "wires")
        for drawn in ("random", "cue")
    }


def test_what_one_source_lacks_the_other_gives() -> None:
    pool = [one for one in made_up() if one.source == "papers"]
    assert Counter(one.drawn for one in sample_of(pool)) == {"random": 40, "cue": 40}


@pytest.mark.parametrize("most", range(12))
def test_however_shares_are_rounded_as_many_are_drawn_as_wanted(most: int) -> None:
    shares = dict.fromkeys("abcde", 0.2)
    counts = allot(most, shares, dict.fromkeys("abcde", 100))
    assert sum(counts.values()) == most
    assert min(counts.values()) >= 0
    few = allot(most, shares, {"a": 0, "b": 1, "c": 1, "d": 100, "e": 1})
    assert sum(few.values()) == most
    assert few["a"] == 0


def test_a_source_with_no_share_left_gives_nothing() -> None:
    pool = [
        Drawn(f"{s}:a:{n}:t", f"{s}{n}", s, "north", f"{s}{n} " * 8, None)
        for s in "abcde"
        for n in range(20)
    ]
    design = Design(6, {"north": 1.0}, dict.fromkeys("abcde", 0.2), seed=7)
    assert len(sample_of(pool, design)) == 3


def test_no_article_gives_more_than_its_share() -> None:
    design = Design(600, {"north": 0.5, "south": 0.5}, DESIGN.sources, seed=7)
    counts = Counter(one.article for one in sample_of(made_up(), design))
    assert max(counts.values()) == PER_ARTICLE


def test_the_sample_depends_on_the_seed_and_not_on_the_order_of_the_input() -> None:
    pool = made_up()
    again = Design(DESIGN.total, DESIGN.dossiers, DESIGN.sources, seed=8)
    assert sample_of(pool) == sample_of(pool[::-1])
    assert sample_of(pool) != sample_of(pool, again)


def test_weights_undo_the_cap_and_cues_have_none() -> None:
    """Of the 20 + 60 sentences of two articles that may give 12 each, a quarter is in the first."""
    pool = made_up(1, 20) + [
        Drawn(f"papers:b:{n}:t", "b", "papers", "south", f"b{n} " * 8, None) for n in range(60)
    ]
    design = Design(48, {"south": 1.0}, {"papers": 1.0}, seed=3)
    sample = sample_of(pool, design)
    weights = dict.fromkeys(("a0", "b"), 0.0)
    for one in sample:
        assert (one.weight > 0) is (one.drawn == "random")
        weights[one.article] += one.weight
    assert weights["a0"] / sum(weights.values()) == pytest.approx(0.25, abs=0.001)


def test_a_sentence_goes_to_the_dossier_whose_own_parties_it_names() -> None:
    text = "Norland said on Monday that it would wait. Suria said on Monday that the UN would come."
    row = {"url": "https://a.example/1", "text": text, "dossiers": ["north", "south"]}
    first, second = sentences("papers", row, SUBJECTS)
    assert (first.dossier, second.dossier) == ("north", "south")
    source, article, start, _ = second.id.split(":")
    assert (source, article) == ("papers", second.article)
    assert text[int(start) :] == second.text


@pytest.mark.parametrize(
    ("text", "prose"),
    [
        ("The envoy left the room before noon.", True),
        ("“We will wait for as long as it takes,”", True),
        ("He left.", False),
        ("Norland Envoy Leaves Talks Early As Mood Sours.", False),
        ("The envoy left the room because of the", False),
        ("The envoy left the room because of the …", False),
        ("Please sign up here for the daily letter.", False),
    ],
)
def test_prose_is_told_from_furniture(text: str, prose: bool) -> None:
    assert is_prose(text) is prose


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("“Our troops stay where they are.”", "speech"),
        ("Both sides named a place for it.", "speech"),
        ("The ministry's spokesman is ill, a senior official said.", "speech"),
        ("Norland and its neighbour agreed on a date.", "progress"),
        ("Nord City will not demand the islands back.", "stance"),
        ("The weather in the islands was mild.", None),
        ("The team will not demand a second match.", None),
    ],
)
def test_cues(text: str, kind: str | None) -> None:
    assert cue(text, NORTH) == kind


def test_readers_see_no_more_than_they_need(tmp_path: Path) -> None:
    sample = sample_of(made_up())
    write(sample, tmp_path, parts=2, rows=15)
    pages = sorted(tmp_path.glob("part*/*.jsonl"))
    assert [f"{page.parent.name}/{page.stem}" for page in pages] == [
        f"part{part}/{page:02}" for part in (1, 2) for page in range(3)
    ]
    rows = [json.loads(line) for page in pages for line in page.read_text().splitlines()]
    assert [row["id"] for row in rows] == [one.id for one in sample]
    assert {tuple(row) for row in rows} == {("id", "dossier", "text")}
