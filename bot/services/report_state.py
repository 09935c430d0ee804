"""The state of a case as contracts.md 1 prints it: ids and dates, null for what is unknown.

Must not know: the conversation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.evidence import span_days, windows7
from bot.core.unknown import known

if TYPE_CHECKING:
    from datetime import date

    from bot.core.effects import PersonState
    from bot.services.registry import Services


def report_state(person: PersonState, services: Services, today: date) -> dict[str, object]:
    """The ``state`` object of ``guichet chat --json``."""
    case = person.case
    situation = case.situation
    expiry = known(situation.expiry)
    outcome = urgency = None
    if case.is_done:
        assessment = services.assess(case, person.attempts, today)
        outcome, urgency = str(assessment.outcome), str(assessment.urgency)
    iso = None
    if expiry is not None and expiry.on is not None:
        iso = expiry.on.strftime("%Y-%m") if expiry.is_month_only else expiry.on.isoformat()
    return {
        "language": case.language,
        "departement": known(situation.departement),
        "title": known(situation.title),
        "procedure": known(situation.procedure),
        "expiry": iso,
        "blockage": known(situation.blockage),
        "urgency": urgency,
        "outcome": outcome,
        "alerts": sorted(str(alert) for alert in situation.alerts),
        "attempts": len(person.attempts),
        "span_days": span_days(person.attempts),
        "windows7": windows7(person.attempts),
        "handoff": case.handoff,
        "referral": None,
    }
