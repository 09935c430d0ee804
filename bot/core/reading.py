"""What a text seems to say: readings, never facts.

A reading becomes a fact only when a question asked for it or the person confirmed it.
Must not know: how the readings were made.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from bot.core.case import Alert, ExpiryBucket, Risk, Route, Tried


class Status(StrEnum):
    """Whether a text names one thing, several, or none."""

    FOUND = "found"
    AMBIGUOUS = "ambiguous"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class PlaceCandidate:
    """One place the text may mean."""

    departement: str
    prefecture: str | None
    """An id of prefectures.csv such as ``pref-93``; None in collectivities without one there."""
    arrondissement: str | None = None
    """Name of the arrondissement, such as ``Le Raincy``, when the text tells it."""
    label: str = ""
    """As shown to the person: ``Saint-Denis (93)``."""


@dataclass(frozen=True, slots=True)
class PlaceReading:
    """Which prefecture a text points to."""

    status: Status = Status.NONE
    found: PlaceCandidate | None = None
    candidates: tuple[PlaceCandidate, ...] = ()
    is_whereabouts: bool = False
    """Where the person is, not where they said they live: never a fact before a yes."""


@dataclass(frozen=True, slots=True)
class CodeReading:
    """Which id of a controlled vocabulary a text names (titles, procedures, blockages)."""

    status: Status = Status.NONE
    id: str | None = None
    candidates: tuple[str, ...] = ()


class Precision(StrEnum):
    """How much of a date was said."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class DateReading:
    """Which date a text says; ``iso`` is ``2027-01-20``, ``2027-01`` or ``2027`` by precision."""

    status: Status = Status.NONE
    iso: str | None = None
    precision: Precision | None = None
    candidates: tuple[date, ...] = ()
    is_explicit: bool = False
    """Day, month and four-digit year were all written, Gregorian, unmistakable order."""
    problem: str | None = None
    """``impossible``, ``too_far``, ``too_old``, ``foreign_calendar`` or ``range`` when the text needs a remark."""


class Reply(StrEnum):
    """A bare answer that fits any question."""

    YES = "yes"
    NO = "no"
    DONT_KNOW = "dont_know"
    DECLINE = "decline"


@dataclass(frozen=True, slots=True)
class Reading:
    """All that the resolvers read in one text."""

    alerts: tuple[Alert, ...] = ()
    route: Route | None = None
    place: PlaceReading = field(default_factory=PlaceReading)
    title: CodeReading = field(default_factory=CodeReading)
    procedure: CodeReading = field(default_factory=CodeReading)
    blockage: CodeReading = field(default_factory=CodeReading)
    date: DateReading = field(default_factory=DateReading)
    reply: Reply | None = None
    tried: Tried | None = None
    risks: frozenset[Risk] | None = None
    bucket: ExpiryBucket | None = None
    """``expired`` or ``no_date`` and the like, when the end was told without a date."""
    is_youth: bool = False
    named_language: str | None = None
    """A language the person named or chose: "arabe", "English"."""
    command: str | None = None
    """``stop``, ``erase``, ``human``, ``language``, ``summary``, ``correct``, ``urgent``, ``help``, ``link`` when typed as such."""
    link_code: str | None = None
    """The one-time code that was typed, with the command or as it was shown."""
    language: str | None = None
    """Detected language code, None when unknown."""
    language_confidence: float = 0.0
    text: str = ""
    """The cleaned text."""
