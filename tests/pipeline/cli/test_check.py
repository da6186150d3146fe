"""`parley dossier` and `parley feeds`: configuration tried before it runs."""

from datetime import datetime
from pathlib import Path

import pytest
import yaml

from connectors.feeds import load_feeds, poll
from connectors.web import shared_client
from pipeline.follow import Follower, leased
from tests.pipeline.cli.conftest import Parley
from tests.pipeline.paper import NOW, Paper, irrelevant, relevant

SHIPPED = Path(__file__).parents[3] / "pipeline" / "dossiers"


def test_the_built_in_dossiers_are_listed(parley: Parley) -> None:
    names = [row["name"] for row in parley("dossier", "list", "--json").rows]
    assert names == ["gaza", "iran", "ukraine"]


def test_a_good_dossier_is_said_to_be_good(parley: Parley) -> None:
    done = parley("dossier", "check", "iran")
    assert done.code == 0
    assert "nothing wrong" in done.out


def test_a_mistake_is_told_with_file_line_key_and_reason(parley: Parley, tmp_path: Path) -> None:
    text = (SHIPPED / "gaza.yaml").read_text().replace("  ceasefire:", "  cease_fire:", 1)
    file = tmp_path / "mine.yaml"
    file.write_text(text)
    line = 1 + text[: text.index("  cease_fire:")].count("\n")
    done = parley("dossier", "check", file)
    assert done.code == 2
    assert f"{file}:{line}: propositions.cease_fire: is no topic" in done.err


def test_against_an_archive_it_says_what_would_pass(parley: Parley, paper: Paper) -> None:
    paper.publish(relevant(1), irrelevant(2))
    plan = paper.plan(dossiers=["gaza"])
    with leased(plan.archive_url, NOW) as (store, _):
        Follower(store, plan, lambda: NOW).sweep()
    done = parley("dossier", "check", "ukraine", "--against", plan.archive_url, "--json")
    assert [row["title"] for row in done.rows] == [relevant(1).title]
    shown = parley("dossier", "check", "ukraine", "--against", plan.archive_url)
    assert "passes 1 of 2 entries" in shown.out


def test_a_feed_is_shown_with_what_it_would_yield(parley: Parley, paper: Paper) -> None:
    paper.publish(relevant(1), irrelevant(2))
    url = f"{paper.host.url}/feed"
    asked = ["feeds", "check", url, "--contact", "mailto:ops@example.org"]
    done = parley(*asked, "--allow-network", "127.0.0.0/8", "--json")
    assert done.code == 0
    assert [entry["title"] for entry in done.rows[0]["entries"]] == [
        relevant(1).title,
        irrelevant(2).title,
    ]
    shown = parley(*asked, "--allow-network", "127.0.0.0/8")
    assert "2 entries" in shown.out


def test_a_private_address_is_refused_unless_allowed(parley: Parley, paper: Paper) -> None:
    paper.publish(relevant(1))
    done = parley(
        "feeds", "check", f"{paper.host.url}/feed", "--contact", "mailto:ops@example.org", "--json"
    )
    assert done.code == 1
    assert done.rows[0]["reason"] == "refused_address"
    assert not paper.host.asked


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["http://a.example/feed", "--contact", "me"], "must begin with mailto:"),
        (["http://a.example/feed", "--contact", "mailto:a@b.org", "--allow-network", "x"], "'x'"),
        (["ftp://a.example/feed", "--contact", "mailto:a@b.org"], "is no address"),
    ],
)
def test_what_cannot_be_used_is_told_in_a_line(
    parley: Parley, arguments: list[str], reason: str
) -> None:
    done = parley("feeds", "check", *arguments)
    assert (done.code, done.err.count("\n")) == (2, 1)
    assert reason in done.err


def test_the_command_line_adds_to_a_file_of_feeds(parley: Parley, paper: Paper) -> None:
    paper.publish(relevant(1))
    file = paper.write_feeds(allow_networks=[])
    assert parley("feeds", "check", "--feeds", file, "--json").code == 1
    more = ["--allow-network", "127.0.0.0/8", "--contact", "mailto:me@parley.org"]
    done = parley("feeds", "check", "--feeds", file, *more, "--json")
    assert (done.code, done.rows[0]["url"]) == (0, f"{paper.host.url}/feed")
    assert "mailto:me@parley.org" in paper.host.asked[-1][1]["User-Agent"]


@pytest.mark.parametrize("status", [200, 503])
def test_a_feed_of_a_file_is_asked_again_when_a_run_would_ask_it(
    parley: Parley, paper: Paper, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    rhythm = {"min_interval": "7m", "max_interval": "3h", "max_backoff": "2h", "max_entries": 1}
    paper.publish(relevant(1), irrelevant(2))
    if status != 200:
        paper.host.put("/feed", b"", status)
    file = paper.write_feeds()
    file.write_text(file.read_text() + yaml.safe_dump({"rhythm": rhythm}))
    monkeypatch.setattr("pipeline.cli.check.utc_now", lambda: NOW)
    (checked,) = parley("feeds", "check", "--feeds", file, "--json").rows
    feeds = load_feeds(file)
    (polled,) = poll(feeds, lambda _: None, shared_client(feeds.web), now=NOW, deadline=60)
    assert polled.state.next_due_at is not None
    assert datetime.fromisoformat(checked["next_due_at"]) == polled.state.next_due_at
    assert len(checked["entries"]) == len(polled.entries)


@pytest.mark.parametrize("arguments", [[], ["http://127.0.0.1/feed"]])
def test_what_a_check_needs_is_asked_for(parley: Parley, arguments: list[str]) -> None:
    assert parley("feeds", "check", *arguments).code == 2
