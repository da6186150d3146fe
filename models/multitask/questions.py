"""What the second reading of a sentence is asked, in words: does this party support that?"""

from __future__ import annotations

from models.subject import Proposition

GLOSSES = 2  # of each side that are read out: more of them cost more than they tell


def question(party: str, proposition: Proposition, *, opposed: bool = False) -> str:
    """“Norland supports a truce: offers a truce; not: rejects a truce”, as the model reads it.

    `opposed` asks whether the party opposes it, with the glosses in each other's place: a question
    that training asks too, with the answer turned round.
    """
    sides = proposition.supports_when[:GLOSSES], proposition.opposes_when[:GLOSSES]
    yes, no = sides[::-1] if opposed else sides
    granted = f": {', '.join(yes)}" if yes else ""
    denied = f"; not: {', '.join(no)}" if no else ""
    return f"{party} {'opposes' if opposed else 'supports'} {proposition.text}{granted}{denied}"


def turned(stance: int) -> int:
    """The class (none, supports, opposes, conditional) that is right where `opposed` is asked."""
    return (0, 2, 1, 3)[stance]
