"""Takes a conversation up again where a digression left it.

Must not know: what the digression was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.case import Question
from bot.services.flow import Done, Then

if TYPE_CHECKING:
    from bot.services.flow import Result
    from bot.services.turn import Turn


def resume(turn: Turn) -> Result:
    """The open question again: of the attempt being told, of the triage, or what to do next."""
    turn.is_heard = True
    if turn.case.draft is not None:
        return Then("proof_form")
    if not turn.case.is_done:
        return Then("triage_form")
    ask_next(turn)
    return Done()


def ask_next(turn: Turn) -> None:
    """What the person wants now that the triage is done."""
    turn.say("utter_ask_next", asks=Question.NEXT)
