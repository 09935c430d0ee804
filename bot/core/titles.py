"""Residence documents and how they are applied for.

Must not know: what people call them in which language (that is bot/data, matched by core.vocabulary).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class FilingChannel(StrEnum):
    """Where an application is filed (domain.md 2): a hint, changing by prefecture."""

    ANEF = "ANEF"
    PREF = "PREF"
    MIX = "MIX"
    OTHER = "OTHER"


class Window(StrEnum):
    """When a renewal may be filed (R.431-5, F-10)."""

    W120 = "W120"
    """From the 120th to the 60th day before expiry."""
    W60 = "W60"
    """The last two months before expiry."""
    NONE = "NA"
    VERIFY = "verify"


@dataclass(frozen=True, slots=True)
class Title:
    """One entry of domain.md 2.1."""

    id: str
    name_fr: str
    """Official French name: stays French in every language."""
    channel: FilingChannel
    renewal_channel: FilingChannel
    """Differs from ``channel`` for ts.res10 and ts.cra10 (renewal on ANEF)."""
    window: Window
    fiche: str | None
    """service-public fiche."""
    source: str
    status: str
    as_of: str

    @property
    def is_document(self) -> bool:
        """True for a receipt, an attestation or a convocation: not a title."""
        return self.id.startswith("doc.")
