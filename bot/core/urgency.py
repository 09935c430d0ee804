"""How urgent a situation is (domain.md 3.4, POLICY on top of F-10 and F-13).

Urgency only rises with what is known: each fact may raise it, none lowers it, and what is unknown counts on
the cautious side. Must not know: the clock, what the person is told, which outcome follows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.core.calendar import add_months, days_left, days_to_end, has_ended
from bot.core.case import Alert, ExpiryBucket, Removal, Risk
from bot.core.procedures import ON_THE_SIDE, RENEWALS, RUNNING, Procedure
from bot.core.reasons import Reason
from bot.core.unknown import known

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.core.case import Expiry, Situation
    from bot.core.titles import Title

SOON_DAYS = 14
WEEKS_DAYS = 60
MONTHS_DAYS = 120
"""Last days left of U1, U2 and U3."""

TENSION_ENDS = date(2026, 12, 31)
"""End of the experiment of L.435-4 as enacted (F-22); what follows is unknown, so urgency stays."""

TENSION_NEAR_DAYS = 90

EXTENSION_MONTHS = 3
"""Months during which L.433-3 keeps an expired card alive (F-13)."""

EXTENDED = frozenset({"ts.res10", "ts.plur"})
"""Titles L.433-3 names; bilateral titles are left out until a jurist confirms them (domain.md 1.5)."""

RECEIPTS = frozenset({"doc.recep", "doc.api"})
"""Papers that carry the stay until a decision: their end is urgent whatever is asked for."""

WITHOUT_TITLE = frozenset({"ts.aes", "doc.none"})

_YOUTH_TITLE = "ts.ase"
_TENSION_TITLE = "ts.tension"


class Urgency(StrEnum):
    """The levels of domain.md 3.4, most urgent first."""

    U0 = "U0"
    """A human now; the bot stops collecting."""
    U1 = "U1"
    """Referral today, evidence in parallel."""
    U2 = "U2"
    U3 = "U3"
    U4 = "U4"
    UX = "UX"
    """Too early: a reminder only."""

    @property
    def rank(self) -> int:
        """0 for the most urgent."""
        return _ORDER.index(self)


_ORDER = (Urgency.U0, Urgency.U1, Urgency.U2, Urgency.U3, Urgency.U4, Urgency.UX)


@dataclass(frozen=True, slots=True)
class Grade:
    """How urgent, and why: every reason found, the most urgent first; of an alarm, the alarms alone."""

    level: Urgency
    reasons: tuple[Reason, ...]


def urgency(situation: Situation, title: Title | None, today: date) -> Urgency:
    """The level of domain.md 3.4 for what is known today."""
    return grade(situation, title, today).level


def grade(situation: Situation, title: Title | None, today: date) -> Grade:
    """The level with its reasons; ``title`` is the entry of ``situation.title``, None when that is unknown."""
    title_id = known(situation.title) if title is None else title.id
    found = [*_alarms(situation), *_cliffs(situation, title_id, today), *_ends(situation, title_id, today)]
    found.sort(key=lambda entry: entry[0].rank)
    if found[0][0] is Urgency.U0:
        found = [entry for entry in found if entry[0] is Urgency.U0]
    return Grade(found[0][0], tuple(dict.fromkeys(reason for _level, reason in found)))


def _alarms(situation: Situation) -> Iterator[tuple[Urgency, Reason]]:
    removal = known(situation.removal)
    if removal is Removal.HELD or Alert.DETENTION in situation.alerts:
        yield Urgency.U0, Reason.HELD
    if removal is Removal.LETTER or Alert.REMOVAL in situation.alerts:
        yield Urgency.U0, Reason.REMOVAL
    if Alert.VIOLENCE in situation.alerts:
        yield Urgency.U0, Reason.VIOLENCE
    if Alert.SUICIDE in situation.alerts:
        yield Urgency.U0, Reason.SUICIDE
    if Alert.MINOR in situation.alerts:
        # 3.4 has no line for a child alone; 119 the same day is nearest to U1.
        yield Urgency.U1, Reason.MINOR


def _cliffs(situation: Situation, title_id: str | None, today: date) -> Iterator[tuple[Urgency, Reason]]:
    risks = known(situation.risks) or frozenset()
    if Risk.WORK in risks:
        yield Urgency.U1, Reason.WORK
    if Risk.BENEFITS in risks:
        yield Urgency.U1, Reason.BENEFITS
    if Risk.YOUTH in risks or known(situation.is_youth) or title_id == _YOUTH_TITLE:
        yield Urgency.U1, Reason.YOUTH
    if title_id == _TENSION_TITLE and days_left(TENSION_ENDS, today) <= TENSION_NEAR_DAYS:
        yield Urgency.U1, Reason.TENSION_ENDS


def _ends(situation: Situation, title_id: str | None, today: date) -> Iterator[tuple[Urgency, Reason]]:
    procedure = known(situation.procedure)
    expiry = known(situation.expiry)
    days = None if expiry is None else days_to_end(expiry, today)
    if days is not None and title_id in RECEIPTS and days <= WEEKS_DAYS:
        yield (Urgency.U1 if days <= SOON_DAYS else Urgency.U2), Reason.RECEIPT_ENDS
    if procedure == Procedure.FIRST:
        yield Urgency.U4, Reason.FIRST_REQUEST
        if days is not None and days <= WEEKS_DAYS:
            yield Urgency.U4, Reason.VISA_ENDS_SOON
    elif title_id in WITHOUT_TITLE and procedure not in RENEWALS:
        yield Urgency.U4, Reason.NO_PAPERS
    elif expiry is None or days is None:
        yield _without_date(procedure, expiry)
    else:
        yield _scale(days, procedure, is_over=has_ended(expiry, today))
        if _extension_ends(expiry, title_id, procedure, today):
            yield Urgency.U1, Reason.EXTENSION_ENDS


def _without_date(procedure: str | None, expiry: Expiry | None) -> tuple[Urgency, Reason]:
    if procedure in ON_THE_SIDE:
        return Urgency.U4, Reason.OTHER_REQUEST
    if expiry is not None and expiry.bucket is ExpiryBucket.NO_DATE:
        return Urgency.U4, Reason.NO_END
    # Nobody knows the end of a document that runs: it may be this month.
    return (Urgency.U2 if procedure in RUNNING else Urgency.U4), Reason.END_UNKNOWN


def _scale(days: int, procedure: str | None, *, is_over: bool) -> tuple[Urgency, Reason]:
    if days <= SOON_DAYS:
        return Urgency.U1, Reason.EXPIRED if is_over else Reason.ENDS_SOON
    if days <= WEEKS_DAYS:
        return Urgency.U2, Reason.ENDS_IN_WEEKS
    if procedure in ON_THE_SIDE:
        return Urgency.U4, Reason.OTHER_REQUEST
    if days <= MONTHS_DAYS:
        return Urgency.U3, Reason.ENDS_IN_MONTHS
    return Urgency.UX, Reason.TOO_EARLY


def _extension_ends(expiry: Expiry, title_id: str | None, procedure: str | None, today: date) -> bool:
    """True when the three months of L.433-3 (F-13) are over or end within 14 days."""
    if title_id not in EXTENDED or procedure not in RENEWALS or expiry.on is None or expiry.on >= today:
        return False
    return days_left(add_months(expiry.on, EXTENSION_MONTHS), today) <= SOON_DAYS
