"""The triage form: hears the answer to the question it asked, then asks the next one.

Must not know: how a text was understood, the law.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.core.answers import Answer, Hearing, record
from bot.core.case import Case, Question
from bot.core.intents import Intent
from bot.core.messages import InboundKind
from bot.core.prefill import absorb
from bot.core.questions import next_question
from bot.services.flow import Ask, Finish, Reject
from flows.common.small_talk import POLITE
from flows.triage.asking import ask

if TYPE_CHECKING:
    from bot.services.flow import Result
    from bot.services.registry import Services
    from bot.services.turn import Turn

MISSES = 3
"""Answers in a row that cannot be used before a human is offered."""

_HEARD_HERE = frozenset(
    {
        Intent.ANSWER,
        Intent.AFFIRM,
        Intent.DENY,
        Intent.DONT_KNOW,
        Intent.BLOCKED_APPOINTMENT,
        Intent.STATE_PLACE,
        Intent.STATE_TITLE,
        Intent.STATE_EXPIRY,
        Intent.ANEF_PROBLEM,
        Intent.NLU_FALLBACK,
        Intent.OUT_OF_SCOPE,
        Intent.GREET,
        Intent.THANKS_BYE,
    }
)
_COMES_FIRST = {Question.LANGUAGE, Question.CONSENT}


class ValidateTriageForm:
    """Rasa's ``validate_triage_form``."""

    name = "validate_triage_form"

    def __init__(self, services: Services) -> None:
        """``services`` answers what the turn cannot."""
        self._services = services

    def run(self, turn: Turn, requested: str | None) -> Result:
        """Hear the message unless it was used already, then say the next question."""
        if not turn.is_heard:
            if requested is None or not requested.startswith("triage_"):
                turn.case = open_case(turn)
            elif turn.intent not in _HEARD_HERE or _is_command(turn):
                return Reject()
            else:
                again = self._hear(turn, Question(requested.removeprefix("triage_")))
                if again is not None:
                    return again
            turn.is_heard = True
        return self._go_on(turn)

    def _hear(self, turn: Turn, question: Question) -> Result | None:
        """Record the answer; a result when nothing more is to be asked in this turn."""
        if turn.case.is_stopped:
            turn.case = replace(turn.case, is_stopped=False)
            turn.say("utter_back")
        if turn.choice == "do:continue":
            return None
        if turn.message.kind is InboundKind.CHOICE and turn.choice is None:
            turn.say("utter_choice_inactive")
            turn.case = replace(turn.case, misses=turn.case.misses + 1)
            return _offer_human(turn, question)
        if turn.intent in POLITE and not _has_answer(turn, question):
            turn.say(POLITE[turn.intent])
            turn.case = absorb(turn.case, turn.reading)
            return None
        heard = record(turn.case, Answer(question, turn.reading, turn.choice, turn.intent))
        turn.case = heard.case
        self._remark(turn, heard.hearing, heard.remark)
        return _offer_human(turn, question)

    def _remark(self, turn: Turn, hearing: Hearing, remark: str | None) -> None:
        if hearing is Hearing.BAD_DATE:
            turn.say(f"utter_bad_date_{remark}")
        elif hearing is Hearing.NOTED_OTHER:
            turn.say("utter_noted_other")
        elif hearing is Hearing.NOT_UNDERSTOOD:
            turn.say(_missed(turn))

    def _go_on(self, turn: Turn) -> Result:
        case = turn.case
        if case.situation.consent is False:
            return Finish()
        question = next_question(case, self._services.titles, turn.today)
        if question is None or question is Question.NEXT:
            turn.case = replace(case, is_done=True, pending=())
            return Finish()
        ask(turn, question, self._services)
        return Ask(f"triage_{question}")


def open_case(turn: Turn) -> Case:
    """The case with all that the opening message says, waiting to be confirmed."""
    case = turn.case
    return absorb(case, turn.reading) if turn.reading.text else case


def _offer_human(turn: Turn, question: Question) -> Result | None:
    """After three answers in a row that cannot be used: a human, instead of the question once more."""
    if turn.case.misses < MISSES:
        return None
    turn.utterances.clear()
    turn.say("utter_stuck", asks=question)
    turn.case = replace(turn.case, misses=0)
    return Ask(f"triage_{question}")


def _is_command(turn: Turn) -> bool:
    return turn.message.kind is InboundKind.MEDIA


def _has_answer(turn: Turn, question: Question) -> bool:
    return turn.choice is not None or (question not in _COMES_FIRST and turn.reading.reply is not None)


def _missed(turn: Turn) -> str:
    if turn.intent is Intent.OUT_OF_SCOPE:
        return "utter_out_of_scope"
    if not turn.reading.text and turn.choice is None:
        return "utter_empty"
    return "utter_not_understood_again" if turn.case.misses > 1 else "utter_not_understood"
