"""The dossiers that ship: whom and what they know."""

from datetime import timedelta

import pytest

from models.mentions import mentions
from models.taxonomy import TOPICS
from pipeline.dossiers import Dossier, load_dossiers

DOSSIERS = load_dossiers()
BY_NAME = {dossier.name: dossier for dossier in DOSSIERS}
PARTIES = {
    "ukraine": "ukraine russia united-states europe nato china",
    "iran": "iran united-states israel europe russia china gulf-states pakistan",
    "gaza": "israel hamas united-states palestinian-authority europe egypt qatar un",
}
each = pytest.mark.parametrize("dossier", DOSSIERS, ids=lambda dossier: dossier.name)


@each
def test_parties_are_those_of_the_guide_those_who_go_unnamed_first(dossier: Dossier) -> None:
    assert [party.id for party in dossier.parties] == PARTIES[dossier.name].split()


@each
def test_each_proposition_is_glossed_by_five_to_ten_acts_a_side(dossier: Dossier) -> None:
    for topic, entry in dossier.propositions.items():
        assert topic in TOPICS
        assert 5 <= len(entry.supports_when) <= 10, topic
        assert 5 <= len(entry.opposes_when) <= 10, topic


@each
def test_the_subject_carries_everything_the_models_need(dossier: Dossier) -> None:
    subject = dossier.subject
    assert subject.name == dossier.name
    assert [party.id for party in subject.parties] == [party.id for party in dossier.parties]
    for topic, proposition in subject.propositions.items():
        assert proposition.topic == topic
        assert proposition.opposes_when == dossier.propositions[topic].opposes_when


@pytest.mark.parametrize(
    ("dossier", "party", "topic", "side"),
    [
        ("ukraine", "russia", "alliances", "opposes"),
        ("ukraine", "russia", "territory", "supports"),
        ("ukraine", "united-states", "sanctions", None),  # it has done both
        ("iran", "iran", "sanctions", "supports"),
        ("gaza", "israel", "territory", "opposes"),
    ],
)
def test_the_models_are_told_which_side_a_party_is_known_to_take(
    dossier: str, party: str, topic: str, side: str | None
) -> None:
    assert BY_NAME[dossier].subject.known.get((party, topic)) == side


@each
def test_nothing_is_announced_on_the_first_day(dossier: Dossier) -> None:
    assert dossier.warm_up == timedelta(hours=24)


def named(dossier: str, text: str) -> list[str]:
    return [mention.party for mention in mentions(BY_NAME[dossier].subject, text)]


@pytest.mark.parametrize(
    ("dossier", "text", "parties"),
    [
        ("ukraine", "Lavrov met Rubio.", ["russia", "united-states"]),
        ("ukraine", "Zelenskyy, Zelenskiy and Zelensky", ["ukraine"] * 3),
        ("ukraine", "Downing Street backed Nato's Rutte", ["europe", "nato", "nato"]),
        ("iran", "Araghchi flew to Muscat", ["iran", "gulf-states"]),
        ("iran", "The IRGC warned the U.S.-led force", ["iran", "united-states"]),
        ("iran", "Ishaq Dar spoke to Wang Yi", ["pakistan", "china"]),
        ("gaza", "Sa’ar and Sa'ar", ["israel", "israel"]),
        ("gaza", "UNRWA and Cairo urged Hamas", ["un", "egypt", "hamas"]),
        ("gaza", "Ramallah welcomed it", ["palestinian-authority"]),
        ("gaza", "Abbas and the P.A. agreed", ["palestinian-authority"] * 2),
    ],
)
def test_people_capitals_and_bodies_name_their_party(
    dossier: str, text: str, parties: list[str]
) -> None:
    assert named(dossier, text) == parties


@pytest.mark.parametrize(
    ("dossier", "text"),
    [
        ("ukraine", "Let us go to Costa Rica."),
        ("iran", "A roman romance in Dar es Salaam, said Mr Wright."),
        ("gaza", "They went to East Jerusalem and Gaza City."),
        ("gaza", "They landed on Monday, PA Media reported."),
    ],
)
def test_look_alikes_name_nobody(dossier: str, text: str) -> None:
    assert named(dossier, text) == []
