import pytest

from models.encoder import Encoder
from models.heads import HeadsAnalyst
from models.heads.weights import load_heads
from models.subject import Party, Proposition, Subject


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    return Encoder.load()


@pytest.fixture(scope="session")
def analyst(encoder: Encoder) -> HeadsAnalyst:
    return HeadsAnalyst(encoder, load_heads())


@pytest.fixture
def subject() -> Subject:
    return Subject(
        "strait",
        (
            Party("velin", "Velin", ("Velin's", "President Orsk", "Orsk")),
            Party("tarsk", "Tarsk", ("Tarsk City", "US")),
        ),
        {
            "ceasefire": Proposition("ceasefire", "an immediate truce", ("offers a truce",), ()),
            "sanctions": Proposition("sanctions", "lifting sanctions on Velin"),
        },
    )
