"""Dossiers: the negotiations being monitored, as YAML that needs no code."""

from pipeline.dossiers.dossier import Dossier, PartyEntry, PropositionEntry
from pipeline.dossiers.loader import built_in, load_dossiers
from pipeline.dossiers.watchwords import Watchwords

__all__ = [
    "Dossier",
    "PartyEntry",
    "PropositionEntry",
    "Watchwords",
    "built_in",
    "load_dossiers",
]
