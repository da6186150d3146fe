import pytest

from models.novelty.quantities import quantities
from models.novelty.words import tokens


def found(text: str) -> list[tuple[str, float]]:
    return [(one.kind, round(one.value, 3)) for one in quantities(tokens(text))]


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("six people were killed", "count", 6),
        ("a dozen ships", "count", 12),
        ("twenty-three soldiers", "count", 23),
        ("1,212 bodies", "count", 1212),
        ("two hundred trucks", "count", 200),
        ("a 30-day truce", "hours", 720),
        ("a truce of a month", "hours", 720),
        ("fuel for two more days", "hours", 48),
        ("half a billion dollars", "dollar", 5e8),
        ("$500 million", "dollar", 5e8),
        ("€1.5 bln", "euro", 1.5e9),
        ("€90bn", "euro", 9e10),
        ("£300m", "pound", 3e8),
        ("$500k", "dollar", 5e5),
        ("5 million roubles", "ruble", 5e6),
        ("2bn people", "count", 2e9),
        ("67.8 percent", "percent", 67.8),
        ("3 per cent", "percent", 3),
        ("0.5%", "percent", 0.5),
        ("one-fifth of exports", "count", 0.2),
        ("a quarter of the catch", "count", 0.25),
        ("the 18th package", "ordinal", 18),
        ("12 miles", "metres", 19308),
        ("by 0915 GMT", "clock", 555),
        ("at 8:30 p.m.", "clock", 1230),
        ("at 10:30", "clock", 630),
        ("at 10.30 a.m.", "clock", 630),
        ("at 22:00 UTC", "clock", 1320),
        ("at 8 a.m.", "clock", 480),
        ("by 8pm", "clock", 1200),
        ("at 12:15 p.m.", "clock", 735),
        ("at 12:15 a.m.", "clock", 15),
        ("at 1700 local time", "clock", 1020),
        ("at 10.30", "count", 10.3),
        ("on Tuesday", "weekday", 1),
        ("in 2014", "year", 2014),
        ("no casualties", "count", 0),
    ],
)
def test_value_is_in_the_unit_of_its_kind(text: str, kind: str, value: float) -> None:
    assert found(text) == [(kind, value)]


def test_date_is_the_same_in_both_orders() -> None:
    assert found("on 15 April") == found("on April 15") != found("on 16 April")


def test_the_month_of_may_is_not_the_verb() -> None:
    assert found("He may 5 times") == [("count", 5)]


def test_day_of_a_statement_is_marked() -> None:
    said, met = quantities(tokens("He said on Monday that they would meet on Friday"))
    assert (said.reported, met.reported) == (True, False)


def test_day_and_time_that_follow_the_day_of_a_statement_are_marked() -> None:
    said = quantities(tokens("He said on Monday, 4 May at 10:30 that they would meet at 11:00"))
    assert [one.reported for one in said] == [True, True, True, False]


def test_words_are_no_numbers() -> None:
    assert found("The talks will second-guess an agreement in a hotel") == [("ordinal", 2)]
    assert found("A delegation came to the table") == []
