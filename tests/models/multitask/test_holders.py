import pytest

from models.multitask.holders import Holder, holders
from models.subject import Subject


def who(found: list[Holder]) -> list[tuple[str, bool]]:
    return [(one.party.id, one.named) for one in found]


def places(text: str, holder: Holder) -> list[str]:
    return [text[place.start : place.end] for place in holder.places]


def test_named_parties_are_holders_in_the_order_of_the_subject(subject: Subject):
    assert who(holders("Tamar wrote to Vik.", subject)) == [("norland", True), ("suria", True)]


def test_nobody_named_and_nobody_meant_holds_nothing(subject: Subject):
    assert holders("The truce holds.", subject) == []
    assert holders("", subject) == []


def test_all_mentions_of_a_party_are_its_places(subject: Subject):
    text = "Norland will keep to the truce, Vik said."
    (found,) = holders(text, subject)
    assert places(text, found) == ["Norland", "Vik"]


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
    assert who(found) == [("norland", False), ("suria", False), ("un", False)]
    assert word in places(text, found[0])


def test_words_that_only_look_like_a_pronoun_are_none(subject: Subject):
    assert holders("The US and i-Weala met at the west gate; this is theory.", subject) == []


def test_a_named_party_is_not_implied_as_well(subject: Subject):
    found = holders("We told Norland that we want a truce.", subject)
    assert who(found) == [("norland", True), ("suria", False), ("un", False)]


def test_a_role_inside_a_name_is_no_second_holder(subject: Subject):
    found = holders("Guterres, the U.N. chief, backed the truce.", subject)
    assert who(found) == [("un", True)]


@pytest.mark.parametrize(
    "text",
    [
        "The Turkish government called for a truce.",
        "The General Assembly called for a truce.",
        "The general elections come before any truce.",
    ],
)
def test_who_is_named_and_no_party_is_no_unnamed_holder(subject: Subject, text: str):
    assert holders(text, subject) == []


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("The Foreign Ministry rejected the truce.", "The Foreign Ministry"),
        ("The state media told of a truce.", "The state media"),
        ("An Islamist group rejected the truce.", "An Islamist group"),
    ],
)
def test_what_a_role_is_of_may_stand_before_it(subject: Subject, text: str, word: str):
    assert {place for one in holders(text, subject) for place in places(text, one)} == {word}
