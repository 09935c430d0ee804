"""The actions of the triage.

Must not know: Rasa.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flows.triage.form import ValidateTriageForm
from flows.triage.outcome import Alarm, OtherDoor, Reminder, Scam, TriageOutcome

if TYPE_CHECKING:
    from bot.services.flow import FlowAction
    from bot.services.registry import Services


def actions(services: Services) -> list[FlowAction]:
    """The actions of this flow."""
    return [
        ValidateTriageForm(services),
        TriageOutcome(services),
        Alarm(services),
        Scam(),
        OtherDoor(services),
        Reminder(services),
    ]
