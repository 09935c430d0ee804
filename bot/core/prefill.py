"""Keeps what was said before it was asked: as readings to confirm, never as facts.

Must not know: the order of questions, any wording.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from bot.core.case import Case, Expiry, Pending, Question
from bot.core.reading import DateReading, PlaceReading, Precision, Reading, Status
from bot.core.unknown import is_open

if TYPE_CHECKING:
    from collections.abc import Iterable

_MONTH_LENGTH = len("2027-01")


def absorb(case: Case, reading: Reading, *, skip: Question | None = None) -> Case:
    """The case with every fact of the reading that nobody has asked for yet, waiting for a yes.

    ``skip`` is the question the text answers, whose fact is recorded elsewhere. A fact that is already known
    is not touched: only "correct" changes it.
    """
    situation = case.situation
    alerts = situation.alerts | frozenset(reading.alerts)
    changes: dict[str, object] = {"alerts": alerts}
    if reading.route is not None and situation.route is None:
        changes["route"] = reading.route
    if reading.is_youth and is_open(situation.is_youth):
        changes["is_youth"] = True
    case = case.with_situation(**changes)
    if skip not in {Question.PLACE, Question.CONFIRM_PLACE} and is_open(situation.departement):
        case = put_pending(case, place_pending(reading.place))
    if skip not in {Question.TITLE, Question.PROCEDURE, Question.CONFIRM_TITLE}:
        case = put_pending(case, title_pending(case, reading))
    if skip not in {Question.EXPIRY, Question.CONFIRM_DATE, Question.ATTEMPT_WHEN} and is_open(situation.expiry):
        case = put_pending(case, date_pending(reading.date))
        if reading.bucket is not None and not pending_for(case, Question.CONFIRM_DATE):
            case = case.with_situation(expiry=Expiry(bucket=reading.bucket))
    if skip is not Question.BLOCKAGE and is_open(situation.blockage) and reading.blockage.status is Status.FOUND:
        case = case.with_situation(blockage=reading.blockage.id)
    if skip is not Question.TRIED and is_open(situation.tried) and reading.tried is not None:
        case = case.with_situation(tried=reading.tried)
    return case


def place_pending(place: PlaceReading) -> Pending | None:
    """The place to confirm, or the places to choose from, or None."""
    if place.status is Status.FOUND and place.found is not None:
        found = place.found
        return Pending(Question.CONFIRM_PLACE, departement=found.departement, arrondissement=found.arrondissement)
    if place.status is Status.AMBIGUOUS:
        codes = tuple(dict.fromkeys(c.departement for c in place.candidates))
        return Pending(Question.CONFIRM_PLACE, candidates=codes)
    return None


def title_pending(case: Case, reading: Reading) -> Pending | None:
    """The title and procedure to confirm together, or the titles to choose from, or None."""
    situation = case.situation
    wants_title = is_open(situation.title) and reading.title.status is not Status.NONE
    wants_procedure = is_open(situation.procedure) and reading.procedure.status is Status.FOUND
    if not wants_title and not wants_procedure:
        return None
    earlier = pending_for(case, Question.CONFIRM_TITLE) or Pending(Question.CONFIRM_TITLE)
    if wants_procedure:
        earlier = replace(earlier, procedure=reading.procedure.id)
    if wants_title and reading.title.status is Status.FOUND:
        earlier = replace(earlier, title=reading.title.id, candidates=())
    elif wants_title:
        earlier = replace(earlier, title=None, candidates=reading.title.candidates)
    return earlier


def date_pending(reading: DateReading) -> Pending | None:
    """The date to read back, or the dates to choose from, or None; a year alone is no date."""
    if reading.status is Status.AMBIGUOUS and reading.candidates:
        is_month_only = reading.precision is Precision.MONTH
        size = _MONTH_LENGTH if is_month_only else None
        isos = tuple(on.isoformat()[:size] for on in reading.candidates)
        return Pending(Question.CONFIRM_DATE, candidates=isos, is_month_only=is_month_only)
    if reading.status is not Status.FOUND or reading.iso is None:
        return None
    if reading.precision is Precision.DAY:
        return Pending(Question.CONFIRM_DATE, on=date.fromisoformat(reading.iso))
    if reading.precision is Precision.MONTH:
        return Pending(Question.CONFIRM_DATE, on=date.fromisoformat(f"{reading.iso}-01"), is_month_only=True)
    return None


def put_pending(case: Case, pending: Pending | None) -> Case:
    """The case with this reading waiting, in the place of an earlier one of its kind."""
    if pending is None:
        return case
    others = tuple(p for p in case.pending if p.question is not pending.question)
    return replace(case, pending=(*others, pending))


def drop_pending(case: Case, questions: Iterable[Question]) -> Case:
    """The case without the readings that wait for these questions."""
    gone = set(questions)
    return replace(case, pending=tuple(p for p in case.pending if p.question not in gone))


def pending_for(case: Case, question: Question) -> Pending | None:
    """The reading that waits for this question, or None."""
    return next((p for p in case.pending if p.question is question), None)
