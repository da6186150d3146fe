"""The fixed label sets that every dossier shares."""

from typing import Final, Literal

TOPICS: Final = (
    "ceasefire",
    "territory",
    "alliances",
    "security_guarantees",
    "arms_and_forces",
    "nuclear_programme",
    "energy_infrastructure",
    "sanctions",
    "trade_and_resources",
    "navigation",
    "detainees",
    "humanitarian_aid",
    "talks_process",
    "political_settlement",
    "bilateral_relations",
)

Stance = Literal["supports", "opposes", "conditional"]
STANCES: Final[tuple[Stance, ...]] = ("supports", "opposes", "conditional")
Side = Literal["supports", "opposes"]
SIDES: Final[tuple[Side, ...]] = ("supports", "opposes")

Outlook = Literal["progress", "setback", "neutral"]
OUTLOOKS: Final[tuple[Outlook, ...]] = ("progress", "setback", "neutral")

Novelty = Literal["new", "changed", "repeated", "none"]
NOVELTIES: Final[tuple[Novelty, ...]] = ("new", "changed", "repeated", "none")
