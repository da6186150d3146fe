import pytest

from models.stance.candidates import Candidate, candidates, holders
from models.subject import Subject

Likely = dict[str, float]


def named(found: list[Candidate]) -> set[tuple[str, str, bool]]:
    return {(one.party.id, one.proposition.topic, one.named) for one in found}


def test_a_named_party_is_asked_about_what_the_words_or_the_scores_speak_of(
    subject: Subject, nothing_likely: Likely
):
    text = "Vik offered a truce."
    assert named(candidates(text, nothing_likely, subject)) == {("norland", "ceasefire", True)}
    likely = nothing_likely | {"sanctions": 0.5}
    assert named(candidates(text, likely, subject)) == {
        ("norland", "ceasefire", True),
        ("norland", "sanctions", True),
    }


def test_without_a_topic_nobody_is_asked(subject: Subject, nothing_likely: Likely):
    assert candidates("Vik went fishing with the Surian envoy.", nothing_likely, subject) == []


def test_all_mentions_of_a_party_are_its_places(subject: Subject, nothing_likely: Likely):
    text = "Norland will keep to the truce, Vik said."
    (found,) = [c for c in candidates(text, nothing_likely, subject) if c.named]
    assert [text[place.start : place.end] for place in found.places] == ["Norland", "Vik"]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("We are ready for a truce.", "We"),
        ("“It’s a truce that I want,” he added.", "I"),
        ("Both sides agreed to the truce.", "Both sides"),
        ("The two countries extended the truce.", "The two countries"),
        ("The warring parties signed the truce.", "The warring parties"),
        ("They rejected any truce.", "They"),
        ("The foreign ministry rejected the truce.", "The foreign ministry"),
        ("Two senior officials spoke of a truce on Monday, the president said.", "the president"),
        ("A government spokeswoman called the truce dead.", "A government spokeswoman"),
    ],
)
def test_an_unnamed_holder_may_be_each_principal_party(subject: Subject, text: str, word: str):
    found = holders(text, subject)
    assert [party.id for party, _, _ in found] == ["norland", "suria", "un"]
    assert not any(by_name for _, _, by_name in found)
    places = [text[place.start : place.end] for place in found[0][1]]
    assert word in places


def test_words_that_only_look_like_a_pronoun_are_none(subject: Subject):
    assert holders("The US and i-Weala met at the west gate; this is theory.", subject) == []


def test_a_named_party_is_not_implied_as_well(subject: Subject):
    found = holders("We told Norland that we want a truce.", subject)
    assert [(party.id, by_name) for party, _, by_name in found] == [
        ("norland", True),
        ("suria", False),
        ("un", False),
    ]


def test_a_pronoun_means_who_was_named_before(subject: Subject):
    before = ["Suria recalled its envoy.", "The Eastern League met in Tamar on Monday."]
    found = holders("“We will not sign a truce,” he added.", subject, before)
    assert [party.id for party, _, _ in found] == ["eastern-league"]


def test_both_sides_are_more_than_who_was_named_before(subject: Subject):
    found = holders("Both sides want a truce, he added.", subject, ["Suria recalled its envoy."])
    assert [party.id for party, _, _ in found] == ["norland", "suria", "un"]


def test_sentences_far_before_do_not_count(subject: Subject):
    before = ["Suria recalled its envoy.", "It rained.", "It snowed."]
    assert len(holders("He rejected the truce.", subject, before)) == 3


def test_a_role_inside_a_name_is_no_second_holder(subject: Subject):
    found = holders("Guterres, the U.N. chief, backed the truce.", subject)
    assert [(party.id, by_name) for party, _, by_name in found] == [("un", True)]
