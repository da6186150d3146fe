"""Names of indices and aliases.

PREFIX-intake    PREFIX-identity    PREFIX-feeds    PREFIX-state        one index each
PREFIX-articles-2026-03, PREFIX-claims-2026-03, ...                     one index a month
PREFIX-articles, PREFIX-claims, ...                                     aliases to read by
"""

from dataclasses import dataclass
from typing import Final

from connectors.archive.documents import KINDS, Kind

FIXED: Final = ("intake", "identity", "feeds", "state")


@dataclass(frozen=True, slots=True)
class Names:
    prefix: str

    def fixed(self, name: str) -> str:
        return f"{self.prefix}-{name}"

    def alias(self, kind: Kind) -> str:
        return f"{self.prefix}-{kind.replace('_', '-')}"

    def monthly(self, kind: Kind, month: str) -> str:
        return f"{self.alias(kind)}-{month}"

    def pattern(self, kind: Kind) -> str:
        return f"{self.alias(kind)}-*"

    def month_of(self, kind: Kind, index: str) -> str:
        return index.removeprefix(f"{self.alias(kind)}-")

    @property
    def all(self) -> str:
        """Everything that belongs to this archive, and nothing of one with a longer prefix."""
        fixed = (self.fixed(name) for name in FIXED)
        return ",".join((*fixed, *(self.pattern(kind) for kind in KINDS)))
