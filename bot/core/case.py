"""What we know of a person's situation, and what we do not.

Must not know: how a fact was understood, asked or stored. Never holds a name, a nationality, a birth date,
an address or a number (domain.md 3.2, "Never asked").
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.core.unknown import UNASKED, Unknown

if TYPE_CHECKING:
    from datetime import date

    from bot.core.evidence import Proof
    from bot.core.link_codes import Linking


class Question(StrEnum):
    """The questions of contracts.md, in the order of domain.md 3.2."""

    CONSENT = "consent"
    LANGUAGE = "language"
    REMOVAL = "removal"
    PLACE = "place"
    PROCEDURE = "procedure"
    TITLE = "title"
    EXPIRY = "expiry"
    BLOCKAGE = "blockage"
    TRIED = "tried"
    RISK = "risk"
    NEXT = "next"
    CONFIRM_PLACE = "confirm_place"
    CONFIRM_TITLE = "confirm_title"
    CONFIRM_DATE = "confirm_date"
    PROOF_CONSENT = "proof_consent"
    ATTEMPT_WHEN = "attempt_when"
    ATTEMPT_CHANNEL = "attempt_channel"
    ATTEMPT_RESULT = "attempt_result"
    ATTEMPT_CONFIRM = "attempt_confirm"


class Alert(StrEnum):
    """Alarms of domain.md 3.1, most urgent first."""

    REMOVAL = "removal"
    DETENTION = "detention"
    VIOLENCE = "violence"
    SUICIDE = "suicide"
    MINOR = "minor"
    SCAM = "scam"


class Route(StrEnum):
    """Needs that have another door (domain.md 1.6)."""

    ASYLUM = "asylum"
    UKRAINE = "ukraine"
    NATURALISATION = "naturalisation"
    VISA = "visa"
    EU = "eu"
    DRIVING = "driving"
    FAMILY_REUNIFICATION = "family_reunification"


class Removal(StrEnum):
    """The answer to Q2."""

    NONE = "none"
    LETTER = "letter"
    HELD = "held"


class Tried(StrEnum):
    """Since when the person has tried, or waited for an answer (Q8, buckets)."""

    NEVER = "never"
    UNDER_WEEK = "under_week"
    WEEKS = "weeks"
    """One to three weeks."""
    MONTHS = "months"
    """One to three months."""
    LONGER = "longer"
    """Three to four months."""
    FOUR_MONTHS = "four_months"
    """Four months or more: silence may have become a refusal (F-19)."""


class Risk(StrEnum):
    """What may happen soon (Q9); health carries no detail."""

    WORK = "work"
    BENEFITS = "benefits"
    STUDIES = "studies"
    TRAVEL = "travel"
    YOUTH = "youth"
    HEALTH = "health"
    NONE = "none"


class ExpiryBucket(StrEnum):
    """When the document ends, for those who give no date (i18n.md 4, rule 1)."""

    EXPIRED = "expired"
    WITHIN_MONTH = "within_month"
    ONE_TO_THREE_MONTHS = "one_to_three_months"
    BEYOND_THREE_MONTHS = "beyond_three_months"
    NO_DATE = "no_date"


@dataclass(frozen=True, slots=True)
class Expiry:
    """The end of the person's document: an exact confirmed date, or a month, or only a bucket."""

    on: date | None = None
    """For a month alone, its first day: the cautious side (i18n.md 4, rule 6)."""
    is_month_only: bool = False
    bucket: ExpiryBucket | None = None


@dataclass(frozen=True, slots=True)
class Situation:
    """The facts the triage looks at; each is a value or says why it is unknown."""

    consent: bool | Unknown = UNASKED
    alerts: frozenset[Alert] = frozenset()
    route: Route | None = None
    removal: Removal | Unknown = UNASKED
    departement: str | Unknown = UNASKED
    arrondissement: str | None = None
    procedure: str | Unknown = UNASKED
    title: str | Unknown = UNASKED
    expiry: Expiry | Unknown = UNASKED
    blockage: str | Unknown = UNASKED
    tried: Tried | Unknown = UNASKED
    risks: frozenset[Risk] | Unknown = UNASKED
    is_youth: bool | Unknown = UNASKED
    """17 and a half to 19 years old, or leaving child protection; only ever said by the person."""
    has_captures: bool | Unknown = UNASKED
    has_written: bool | Unknown = UNASKED
    """Has sent an e-mail or a registered letter to the prefecture."""


@dataclass(frozen=True, slots=True)
class Pending:
    """A reading that waits for the person's yes: never a fact until then."""

    question: Question
    departement: str | None = None
    arrondissement: str | None = None
    title: str | None = None
    procedure: str | None = None
    blockage: str | None = None
    on: date | None = None
    is_month_only: bool = False
    candidates: tuple[str, ...] = ()
    """Codes (places, titles) or ISO dates the person must choose from; empty for a yes/no question."""


@dataclass(frozen=True, slots=True)
class Case:
    """A person's case: the situation, and where the conversation stands around it."""

    language: str | None = None
    situation: Situation = field(default_factory=Situation)
    pending: tuple[Pending, ...] = ()
    """Readings of earlier words still to be confirmed, in the order to ask."""
    asked: tuple[Question, ...] = ()
    """Triage questions asked so far, once each, in order; at most eight (domain.md 3)."""
    answered: tuple[Question, ...] = ()
    """In the order they were answered, so that the last can be corrected first."""
    misses: int = 0
    """Answers in a row that could not be used; at three the person is offered a human."""
    unknowns: int = 0
    """Answers "I don't know" in a row; at three the outcome is O-HUMAN (domain.md 7)."""
    is_done: bool = False
    """The outcome has been given."""
    is_stopped: bool = False
    proof_consent: bool | Unknown = UNASKED
    draft: Draft | None = None
    """The attempt being recorded."""
    wants: str | None = None
    """What was asked for before consent or mid-triage, to come back to: ``letter``, ``association``, ``proof``."""
    language_refused: frozenset[str] = frozenset()
    drift: str | None = None
    """Another language the last message was written in; twice in a row, it is offered."""
    handoff: bool = False
    step: int = 0
    """How many of the outcome's steps have been shown; they come one at a time."""
    linking: Linking | None = None
    """Where the person stands with making one of several messengers."""

    def with_situation(self, **changes: object) -> Case:
        """The same case with some facts of its situation replaced."""
        return replace(self, situation=replace(self.situation, **changes))  # type: ignore[arg-type]


class AttemptChannel(StrEnum):
    """Where the person tried (domain.md 4.3, b.canal)."""

    SITE = "site"
    ANEF = "anef"
    EMAIL = "email"
    PHONE = "phone"
    DESK = "desk"
    LETTER = "letter"


class AttemptResult(StrEnum):
    """What came back (domain.md 4.3, b.resultat)."""

    NO_SLOT = "no_slot"
    ERROR = "error"
    CLOSED = "closed"
    NO_ANSWER = "no_answer"
    LATE_SLOT = "late_slot"
    SLOT = "slot"


@dataclass(frozen=True, slots=True)
class Draft:
    """An attempt that is being told; it becomes an Attempt when the person confirms."""

    at: str | None = None
    """ISO local date and time with offset, or an ISO date when the hour is not known."""
    channel: AttemptChannel | None = None
    result: AttemptResult | None = None
    proofs: tuple[Proof, ...] = ()
