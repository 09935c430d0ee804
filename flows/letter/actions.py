"""The letter to the prefect: a1 for a renewal, a2 for a first request, none where a letter can harm.

Must not know: how a page is drawn.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.core.outcomes import Outcome
from bot.services.flow import Then
from bot.services.letters import letter_facts, to_file
from flows.common.resuming import resume

if TYPE_CHECKING:
    from bot.services.flow import FlowAction, Result
    from bot.services.registry import Services
    from bot.services.turn import Turn

NEVER_ALONE = frozenset({Outcome.STOP, Outcome.SAFE, Outcome.MINOR, Outcome.SILENCE, Outcome.REFUSAL})
WRITTEN = frozenset({"a1", "a2"})
"""The letters of domain.md 4.2 that are written today."""


class LetterAction:
    """A letter is wanted."""

    name = "action_letter"

    def __init__(self, services: Services) -> None:
        """``services`` knows places, titles and rules."""
        self._services = services

    def run(self, turn: Turn, requested: str | None) -> Result:
        """Write it, ask what is missing first, or say why not."""
        case = turn.case
        if not case.is_done:
            turn.case = replace(case, wants="letter")
            turn.say("utter_letter_after_triage")
            turn.is_heard = True
            return Then("triage_form")
        turn.case = replace(case, wants=None)
        assessment = self._services.assess(case, turn.attempts, turn.today)
        facts = letter_facts(turn, self._services.gazetteer, self._services.titles, self._services.new_id()[:8].upper())
        if assessment.outcome in NEVER_ALONE:
            turn.say("utter_letter_stop")
        elif assessment.letter is None:
            turn.say("utter_letter_not_aes")
        elif assessment.letter not in WRITTEN or facts is None:
            turn.say("utter_letter_not_now")
        else:
            turn.say("utter_letter_ready", files=(to_file(facts, "lettre-prefet"),))
        return resume(turn)


def actions(services: Services) -> list[FlowAction]:
    """The actions of this flow."""
    return [LetterAction(services)]
