import pytest

from models.subject import Party, Proposition, Subject


@pytest.fixture
def subject() -> Subject:
    """An invented negotiation of four parties and two propositions."""
    return Subject(
        "norland-suria",
        (
            Party("norland", "Norland", ("Norlandic", "Nord City", "Vik")),
            Party("suria", "Suria", ("Surian", "Tamar")),
            Party("un", "United Nations", ("U.N.", "Guterres")),
            Party("eastern-league", "Eastern League", ("the League",)),
        ),
        {
            "ceasefire": Proposition(
                "ceasefire", "a truce", ("offers a truce", "stops firing"), ("rejects a truce",)
            ),
            "sanctions": Proposition("sanctions", "lifting the embargo"),
        },
    )
