"""The commands that look into an archive and keep it in order, over one that was swept twice."""

import csv
import io
import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from connectors.archive.open import open_archive
from connectors.archive.protocol import ArchiveBusy
from pipeline.cli import upkeep
from pipeline.dossiers import Dossier
from pipeline.follow import Follower, leased
from pipeline.sweep import Plan
from tests.connectors.conftest import serving
from tests.pipeline.cli.conftest import Parley
from tests.pipeline.paper import NOW, Paper, bare, irrelevant, relevant

KINDS = ("articles", "claims", "positions", "developments", "feeds", "dead_letters")


def warm(dossiers: tuple[Dossier, ...]) -> tuple[Dossier, ...]:
    return tuple(one.model_copy(update={"warm_up": timedelta(0)}) for one in dossiers)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A first poll, which is backlog, then a day with news and a dead letter."""
    folder = tmp_path_factory.mktemp("paper")
    with serving("127.0.0.1") as host:
        paper = Paper(host, folder)
        plan = paper.plan()
        plan = Plan(plan.archive_url, plan.feeds, warm(plan.dossiers))
        with leased(plan.archive_url, NOW) as (store, _):
            for day, reports in enumerate(([irrelevant(1)], [relevant(5), bare(6)])):
                paper.publish(*reports)
                now = NOW + timedelta(days=day)
                Follower(store, plan, lambda now=now: now).sweep()  # type: ignore[misc]
        yield plan.archive_url


def test_status_tells_how_entries_ended_and_feeds_do(parley: Parley, archive: str) -> None:
    done = parley("status", "--archive", archive, "--json")
    (row,) = done.rows
    ends = {(one["disposition"], one["reason"]): one["count"] for one in row["dispositions"]}
    assert ends == {
        ("indexed", ""): 1,
        ("irrelevant", "no_name"): 1,
        ("dead_letter", "no_text"): 1,
    }
    assert row["feeds"][0]["name"] == "paper"
    assert "state" not in row["feeds"][0]
    shown = parley("status", "--archive", archive)
    assert "no_name" in shown.out


def test_the_report_shows_developments_stances_and_entries(parley: Parley, archive: str) -> None:
    rows = parley("report", "--archive", archive, "--json").rows
    kinds = {row["row"] for row in rows}
    assert {"entries", "development", "stance", "idle"} <= kinds  # it was swept in March
    shown = parley("report", "--archive", archive)
    assert "Stances · ukraine" in shown.out
    assert "russia" in shown.out


def test_a_report_of_another_dossier_is_empty(parley: Parley, archive: str) -> None:
    rows = parley("report", "--archive", archive, "--json", "--dossier", "iran").rows
    assert {row["row"] for row in rows} == {"entries", "idle"}


def test_search_finds_by_words_and_by_what_was_judged(parley: Parley, archive: str) -> None:
    rows = parley("search", "ceasefire", "--kind", "claims", "--archive", archive, "--json").rows
    assert rows
    assert all("ceasefire" in row["text"].lower() for row in rows)
    held = parley(
        "search", "--kind", "positions", "--party", "russia", "--archive", archive, "--json"
    )
    assert {row["party"] for row in held.rows} == {"russia"}
    nothing = parley("search", "zeppelin", "--archive", archive)
    assert nothing.code == 0
    assert "nothing found" in nothing.out


@pytest.mark.parametrize("option", ["--topic", "--stance", "--novelty"])
def test_a_search_refuses_what_is_none_of_a_fixed_set(
    parley: Parley, archive: str, option: str
) -> None:
    done = parley("search", option, "cesefire", "--archive", archive)
    assert done.code == 2
    assert "cesefire" in done.err
    assert {"--topic": "sanctions", "--stance": "opposes", "--novelty": "changed"}[
        option
    ] in done.err


@pytest.mark.parametrize("command", ["search", "report"])
def test_a_dossier_of_which_nothing_is_known_is_pointed_at(
    parley: Parley, archive: str, command: str
) -> None:
    done = parley(command, "--dossier", "ukrain", "--archive", archive)
    assert "no article is of dossier 'ukrain'; built in are gaza, iran, ukraine" in done.err
    assert parley(command, "--dossier", "ukraine", "--archive", archive).err == ""


def test_a_table_of_nothing_has_its_header(parley: Parley, archive: str, tmp_path: Path) -> None:
    empty = f"sqlite:///{tmp_path}/empty.db"
    open_archive(empty).close()
    for kind in KINDS:
        head = parley("export", kind, "--format", "csv", "--archive", empty).out
        full = parley("export", kind, "--format", "csv", "--archive", archive).out
        assert head.splitlines() == full.splitlines()[:1]


@pytest.mark.parametrize("arguments", [["export", "claims"], ["report"]])
def test_a_reader_that_has_gone_is_no_error(archive: str, arguments: list[str]) -> None:
    command = [sys.executable, "-m", "pipeline", *arguments, "--archive", archive]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    with process.stderr as err:
        told = err.read()
    assert (process.wait(timeout=60), told) == (0, b"")


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_exported_as_json_lines_and_csv(
    parley: Parley, archive: str, kind: str
) -> None:
    rows = parley("export", kind, "--archive", archive).rows
    assert rows
    assert "vector" not in rows[0]
    table = parley("export", kind, "--format", "csv", "--archive", archive)
    read = list(csv.DictReader(io.StringIO(table.out)))
    assert len(read) == len(rows)
    assert set(read[0]) == set(rows[0])


def test_dead_letters_are_replayed_once(parley: Parley, archive: str) -> None:
    dry = parley("replay", "--archive", archive, "--dry-run", "--json").rows
    assert [row["reason"] for row in dry] == ["no_text"]
    assert parley("replay", "--archive", archive, "--reason", "bug", "--json").rows == []
    assert len(parley("replay", "--archive", archive, "--json").rows) == 1
    assert parley("replay", "--archive", archive, "--json").rows == []
    (row,) = parley("status", "--archive", archive, "--json").rows
    assert {one["disposition"] for one in row["dispositions"]} >= {"pending"}


def test_a_pruned_dead_letter_is_not_replayed(parley: Parley, paper: Paper) -> None:
    paper.publish(bare(6))
    plan = paper.plan()
    with leased(plan.archive_url, NOW) as (store, _):
        Follower(store, plan, lambda: NOW).sweep()
        letters = list(store.export("dead_letters"))
        store.prune("2026-04")
        store.write(letters)  # as if another month's prune had left it
    assert parley("replay", "--archive", plan.archive_url, "--json").rows == []


def test_prune_leaves_what_novelty_is_judged_against(
    parley: Parley, archive: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upkeep, "utc_now", lambda: NOW)  # 4 March: 30 days begin on 2 February
    refused = parley("prune", "--before", "2026-03", "--archive", archive)
    assert refused.code == 2
    assert "--before 2026-02" in refused.err
    assert parley("prune", "--before", "2026-02", "--archive", archive).code == 0


def test_only_what_writes_needs_the_run_stopped(parley: Parley, archive: str) -> None:
    with leased(archive, NOW):
        assert parley("replay", "--archive", archive, "--dry-run", "--json").code == 0
        assert parley("replay", "--archive", archive).code == 3


def test_who_holds_the_archive_is_named_by_its_command(
    parley: Parley, archive: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def replayed(*args: object, **kwargs: object) -> list[object]:
        with pytest.raises(ArchiveBusy) as busy, leased(archive, NOW):
            pass
        asked.append(busy.value.holder)
        return []

    monkeypatch.setattr(upkeep, "replay_letters", replayed)
    parley("replay", "--archive", archive)
    assert asked[0].startswith("parley replay, process")


def test_prune_deletes_months_before_and_no_identity(parley: Parley, archive: str) -> None:
    to = ["--archive", archive, "--json", "--force"]
    kept = parley("prune", "--before", "2026-03", *to).rows
    assert set(kept[0].values()) == {0}
    (gone,) = parley("prune", "--before", "2026-04", *to).rows
    assert gone["articles"] == 1
    assert parley("export", "articles", "--archive", archive).rows == []
    (row,) = parley("status", "--archive", archive, "--json").rows
    assert sum(one["count"] for one in row["dispositions"]) == 3


def test_the_doctor_finds_a_sound_installation(parley: Parley, archive: str) -> None:
    done = parley("doctor", "--archive", archive, "--json")
    assert done.code == 0
    assert {row["what"] for row in done.rows} >= {"models", "dossiers", "archive"}


def test_the_doctor_names_what_is_ill(parley: Parley, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.db"
    wrong.write_bytes(b"no database" * 100)
    done = parley("doctor", "--archive", f"sqlite:///{wrong}", "--json")
    assert done.code == 1
    assert [row["what"] for row in done.rows if not row["ok"]] == ["archive"]


def test_the_doctor_makes_no_archive(parley: Parley, tmp_path: Path) -> None:
    done = parley("doctor", "--archive", f"sqlite:///{tmp_path}/new.db")
    assert done.code == 0
    assert "not there yet" in done.out
    assert not (tmp_path / "new.db").exists()


def test_an_archive_that_is_not_there_is_no_empty_one(parley: Parley, tmp_path: Path) -> None:
    """A typing error in an address must not read as `nothing found`."""
    done = parley("search", "ceasefire", "--archive", f"sqlite:///{tmp_path}/typo.db")
    assert done.code == 3
    assert "typo.db" in done.err
    assert not (tmp_path / "typo.db").exists()


def test_json_output_is_one_object_a_line(parley: Parley, archive: str) -> None:
    out = parley("report", "--archive", archive, "--json").out
    assert all(isinstance(json.loads(line), dict) for line in out.splitlines())
