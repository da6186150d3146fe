"""The gate: which titles and leads bear on a dossier, and why."""

import pickle

import pytest

from connectors.config import parse_yaml
from pipeline.dossiers import Dossier, load_dossiers
from pipeline.gate import LEAD, lead_of, passes, passing

DOSSIERS = load_dossiers()
BY_NAME = {dossier.name: dossier for dossier in DOSSIERS}


def dossier(**watchwords: list[str]) -> Dossier:
    lists = {"names": ["Highland*"], "talks": ["talks"], **watchwords}
    text = "name: harbour\ntitle: Harbour\nparties: [{id: upper, name: Upper}]\n"
    return parse_yaml(f"{text}propositions: {{}}\nwatchwords: {lists}\n", Dossier, "test")


def verdict(title: str, lead: str = "", **watchwords: list[str]) -> tuple[bool, str]:
    found = passes(dossier(**watchwords), title, lead)
    return found.passed, found.reason


def test_a_name_needs_a_matter() -> None:
    assert verdict("Highlanders open a museum") == (False, "no_matter")
    assert verdict("Museum opens", "Talks went on.") == (False, "no_name")
    assert verdict("Highlanders at talks") == (True, "talks")


def test_name_and_matter_stand_in_one_sentence() -> None:
    assert verdict("News", "Highlanders dance. Union talks go on.") == (False, "no_matter")
    assert verdict("News", "They danced. Highlanders left the talks.") == (True, "talks")


def test_another_needs_the_terms_not_the_way_of_negotiating() -> None:
    lists = {"others": ["Lowland*"], "terms": ["truce"]}
    assert verdict("Lowlanders hold talks with the sea", **lists) == (False, "no_matter")
    assert verdict("Lowlanders break truce", **lists) == (True, "terms")
    assert verdict("Highlanders break truce", **lists) == (True, "terms")


def test_a_name_and_another_are_dealings_where_the_title_has_one() -> None:
    lists = {"others": ["Lowland*"]}
    assert verdict("Highlanders visit Lowlands", **lists) == (True, "dealings")
    assert verdict("Guards move", "Highlanders visit Lowlands.", **lists) == (False, "no_matter")


def test_a_conflict_only_in_the_lead_is_a_circumstance() -> None:
    lists = {"conflict": ["war"]}
    lead = "Wheat is dear since the Highland war."
    assert verdict("Bread prices rise", lead, **lists) == (False, "no_matter")
    assert verdict("Highland bread prices rise", lead, **lists) == (True, "conflict")
    assert verdict("A war drags on", lead, **lists) == (True, "conflict")


def test_a_title_on_something_else_lets_only_its_own_talks_count() -> None:
    lists = {"aside": ["football"], "conflict": ["war"]}
    assert verdict("Highland football and war", **lists) == (False, "aside")
    assert verdict("Highland football", "Highland talks.", **lists) == (False, "aside")
    assert verdict("Football at the Highland talks", **lists) == (True, "talks")


def test_always_is_enough_anywhere() -> None:
    assert verdict("News", "In the old custom-house.", always=["old custom house"])[1] == "always"


def test_ignored_phrases_are_struck_out() -> None:
    assert verdict("Highland cattle talks", ignore=["Highland cattle"]) == (False, "no_name")


@pytest.mark.parametrize(
    ("word", "text", "matches"),
    [
        ("Oman", "Oman", True),
        ("Oman", "OMAN", True),
        ("Oman", "oman", False),
        ("Oman", "Roman", False),
        ("Oman", "Omani", False),
        ("Oman*", "Omani", True),
        ("US", "us", False),
        ("U.S.", "the U.S.-led", True),
        ("truce", "Truce", True),
        ("cease fire*", "Cease-fires", True),
        ("Sa’ar", "Sa'ar", True),
        ("Sa'ar", "Sa’ar’s", True),
        ("Gaza", "Ga\u200bza", True),
        ("normalis* ties", "normalising ties", True),
    ],
)
def test_words_match_as_said(word: str, text: str, matches: bool) -> None:
    assert passes(dossier(always=[word]), text, "").passed is matches


def test_the_words_that_decided_are_told() -> None:
    assert passes(dossier(), "Highlanders at Talks", "").words == ("Highlanders", "Talks")


@pytest.mark.parametrize(
    ("title", "lead", "names"),
    [
        ("Envoys agree on a truce in Gaza", "", ["gaza"]),
        ("Hamas dissolves its government", "", ["gaza"]),
        ("Tehran says enrichment goes on", "", ["iran"]),
        ("Tankers wait", "Ships lie idle before the Strait of Hormuz.", ["iran"]),
        ("Kremlin names its terms for a ceasefire", "", ["ukraine"]),
        ("Zelenskiy asks for air defence", "", ["ukraine"]),
        ("Missile parts", "Iran sends drones to Russia for its war on Ukraine.", ["iran"]),
        ("Iran win in the World Cup", "A goal in the last minute of the war of nerves.", []),
        ("Ten days in Kyiv: where to eat", "Dumplings, mostly.", []),
        ("Moscow opens a metro line", "", []),
        ("Iranian film wins a prize", "The director thanked the festival.", []),
        ("Bread is dear", "Prices have risen since the war in Ukraine.", []),
        ("Israeli firm buys rival", "", []),
        ("Truck drivers on strike across Iran", "", []),
        ("Gunmen free hostages in Nigeria", "", []),
        ("Arab League rejects displacement of Gazans", "", ["gaza"]),
        ("Arab League condemns strikes on Iran", "", ["iran"]),
        ("Arab League meets while war in Ukraine drags on", "", ["ukraine"]),
        ("Pentagon halts Patriots for Ukraine as stocks run low", "", ["ukraine"]),
        ("Premier League club honours victims of war in Gaza", "", []),
        ("Ukraine war weighs on European stocks", "", []),
    ],
)
def test_shipped_dossiers_tell_negotiation_from_country(
    title: str, lead: str, names: list[str]
) -> None:
    found, _ = passing(DOSSIERS, title, lead)
    assert [name for name in names if name not in found] == []
    assert bool(found) is bool(names)


@pytest.mark.parametrize(
    ("title", "reason"),
    [
        ("Bakers of Kendal win a prize", "no_name"),
        ("Iranian bakers win a prize", "no_matter"),
        ("Iran beat Wales at football", "aside"),
        ("Iran rejects a ceasefire", ""),
    ],
)
def test_what_passes_nowhere_lacks_what_the_nearest_dossier_missed(title: str, reason: str) -> None:
    assert passing(DOSSIERS, title, "")[1] == reason


def test_a_lead_ends_with_a_whole_word() -> None:
    """`Iran` of `Iranians` is no name."""
    content = "x" * (LEAD - 5) + " Iranians"
    assert lead_of("", content) == "x" * (LEAD - 5)
    assert lead_of("Short summary.", content) == "Short summary."
    assert lead_of("", "word " * LEAD) == ("word " * LEAD)[: LEAD - 1]


def test_a_lead_without_spaces_is_cut_where_it_is_long_enough() -> None:
    assert len(lead_of("", "BBC " + "谈" * 1000)) == LEAD


def test_odd_input_is_judged() -> None:
    for text in ("", "\n\n", "\ud800", "." * 5000, "Iran " * 2000):
        assert passes(BY_NAME["iran"], text, text).reason


def test_verdicts_can_be_sent_to_other_processes() -> None:
    found = passes(BY_NAME["iran"], "Iran talks", "")
    assert pickle.loads(pickle.dumps(found)) == found
