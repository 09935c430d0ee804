"""Facts of the letters, field by field of domain.md 4.2 and 4.3; names and addresses are blanks to fill by hand.

Must not know: how a page is drawn, the database.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from bot.core.evidence import Attempt


class LetterKind(StrEnum):
    """The letters of domain.md 4.2 that are written today."""

    RENEWAL = "a1"
    FIRST = "a2"


@dataclass(frozen=True, slots=True)
class LetterFacts:
    """All that a letter to the prefect needs from the case; what is None becomes a blank."""

    kind: LetterKind
    language: str
    """The person's language, printed beside the French; ``fr`` for French alone."""
    written_on: date
    departement: str
    departement_name: str | None
    """``Seine-Saint-Denis``."""
    prefecture_name: str | None
    """``Préfecture de la Seine-Saint-Denis`` or ``Préfecture de police``."""
    is_police_prefect: bool
    """True in Paris: the letter goes to the préfet de police."""
    prefecture_city: str | None
    prefecture_address: str | None
    """Only when verified; with its date in ``prefecture_address_as_of``."""
    prefecture_address_as_of: str | None
    title: str | None
    """An id such as ``ts.sal``."""
    title_name: str | None
    """The official French name."""
    procedure: str | None
    expires_on: date | None
    is_month_only: bool
    attempts: tuple[Attempt, ...]
    reference: str
    """Short random reference printed on the letter and its annex, unrelated to the person."""
