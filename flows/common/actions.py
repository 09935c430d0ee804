"""What a person can ask for at any moment: a human, the rules, a summary, another language, silence, erasure.

Must not know: Rasa, the triage's order of questions.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.core.case import Case, Question, Situation
from bot.core.effects import CancelReminders, CloseHandoffs, EraseEverything, HandoffReason, HandOver
from bot.core.ids import RuleId
from bot.core.intents import Intent
from bot.core.interpretation import has_facts
from bot.core.messages import InboundKind
from bot.core.questions import answer_resets
from bot.core.unknown import UNASKED, known
from bot.core.wording import Label, Lines, Name, Offer, Phrase
from bot.services import values
from bot.services.flow import Done, Leave, Then
from flows.common.linking import Link
from flows.common.resuming import ask_next, resume

if TYPE_CHECKING:
    from bot.core.wording import Value
    from bot.services.flow import FlowAction, Result
    from bot.services.registry import Services
    from bot.services.turn import Turn

RIGHTS_RULES = ("deposit_receipt", "legal_aid")
"""What is said to whoever asks about their rights, after the rules that fit the case; each only if statable today."""

RULES_SHOWN = 3


class Counter:
    """Anything said without an open question."""

    name = "action_counter"

    def __init__(self, services: Services) -> None:
        """``services`` answers what the turn cannot."""
        self._services = services

    def run(self, turn: Turn, requested: str | None) -> Result:
        """Open the triage, or go on after its outcome."""
        case = turn.case
        if case.is_stopped:
            turn.case = case = replace(case, is_stopped=False)
            turn.say("utter_back")
        if turn.choice == "do:mistake":
            return _mistake(turn)
        if case.situation.consent is False:
            turn.case = case.with_situation(consent=UNASKED)
        if not turn.case.is_done:
            return Then("triage_form")
        if turn.choice == "next:step":
            return Then("action_triage_outcome")
        if turn.choice == "next:reminder":
            return Then("action_reminder")
        if turn.message.kind is InboundKind.CHOICE and turn.choice is None:
            turn.say("utter_choice_inactive")
        elif has_facts(turn.reading):
            if known(turn.case.situation.departement) is None and turn.reading.place.found is not None:
                return _settled(turn)
            return Then("action_correct")
        elif not turn.is_heard:
            _greet_or_say_why_not(turn)
        ask_next(turn)
        return Done()


def _greet_or_say_why_not(turn: Turn) -> None:
    if turn.intent is Intent.OUT_OF_SCOPE:
        turn.say("utter_out_of_scope")
    elif turn.intent in {Intent.NLU_FALLBACK, Intent.ANSWER}:
        turn.say("utter_not_understood")
    else:
        turn.say("utter_welcome")
        turn.case = replace(turn.case, misses=0)


def _settled(turn: Turn) -> Result:
    """A place told once the questions are over, by an alarm above all: who helps there is what it is good for."""
    found = turn.reading.place.found
    assert found is not None  # noqa: S101  (checked by the caller)
    turn.case = turn.case.with_situation(departement=found.departement, arrondissement=found.arrondissement)
    return Then("action_association")


def _mistake(turn: Turn) -> Result:
    """The alarm was no alarm: the triage goes on as if it had not rung."""
    turn.case = replace(
        turn.case.with_situation(alerts=frozenset(), route=None, removal=UNASKED), is_done=False, step=0
    )
    turn.do(CloseHandoffs())
    turn.say("utter_alarm_mistake")
    turn.is_heard = True
    return Then("triage_form")


class Human:
    """A person is wanted."""

    name = "action_human"

    def run(self, turn: Turn, requested: str | None) -> Result:
        """Mark the case, once, and say honestly when somebody will answer."""
        if turn.case.handoff:
            turn.say("utter_human_already")
        else:
            turn.case = replace(turn.case, handoff=True)
            turn.do(HandOver(HandoffReason.ASKED))
            turn.say("utter_human")
        return resume(turn)


class Privacy:
    """What is kept, who reads."""

    name = "action_privacy"

    def run(self, turn: Turn, requested: str | None) -> Result:
        """Say it, and ask again."""
        turn.say("utter_privacy")
        return resume(turn)


class Rights:
    """A question of law: only what a rule states today, never about the person."""

    name = "action_rights"

    def __init__(self, services: Services) -> None:
        """``services`` holds the rules."""
        self._services = services

    def run(self, turn: Turn, requested: str | None) -> Result:
        """Say the statable rules, or that we cannot say."""
        fitting = self._services.assess(turn.case, turn.attempts, turn.today).rules
        general = [RuleId(rule) for rule in RIGHTS_RULES]
        statable = [r for r in (*fitting, *general) if self._services.rulebook.is_statable(r, turn.today)]
        lines: tuple[Value, ...] = tuple(Label(f"rule.{rule}") for rule in dict.fromkeys(statable))
        turn.say("utter_rights_cannot_say")
        if lines:
            turn.say("utter_rights_intro", rules=Lines(lines[:RULES_SHOWN]))
        return resume(turn)


class Status:
    """Where we are."""

    name = "action_status"

    def __init__(self, services: Services) -> None:
        """``services`` names the places."""
        self._services = services

    def run(self, turn: Turn, requested: str | None) -> Result:
        """Say every fact we hold."""
        lines = values.facts(turn.case, self._services.gazetteer)
        if turn.attempts:
            count = Phrase("utter_fact_attempts", {"count": Name(str(len(turn.attempts)))})
            lines = Lines((*lines.items, count))
        turn.say("utter_summary", facts=lines) if lines.items else turn.say("utter_summary_empty")
        return resume(turn)


class Language:
    """Another language, nothing else changed."""

    name = "action_language"

    def __init__(self, services: Services) -> None:
        """``services`` knows the languages."""
        self._services = services

    def run(self, turn: Turn, requested: str | None) -> Result:
        """Switch when the language is named, else show the picker."""
        chosen = (turn.choice or "").removeprefix("language:") if turn.choice else turn.reading.named_language
        codes = {code for code, _name in self._services.languages}
        if chosen == "keep":
            refused = turn.case.language_refused | ({turn.case.drift} if turn.case.drift else set())
            turn.case = replace(turn.case, drift=None, language_refused=frozenset(refused))
            return resume(turn)
        if chosen in codes:
            is_first = turn.case.language is None
            answered = tuple(q for q in turn.case.answered if q is not Question.LANGUAGE)
            turn.case = replace(turn.case, language=chosen, drift=None, answered=(*answered, Question.LANGUAGE))
            if not is_first:
                turn.say("utter_language_changed")
            return resume(turn)
        offers = tuple(Offer(f"language:{code}", Name(name)) for code, name in self._services.languages)
        turn.say("utter_language", asks=Question.LANGUAGE, offers=offers)
        return Done()


class Erase:
    """Everything goes; at once when the command was typed, after one question otherwise."""

    name = "action_erase"

    def run(self, turn: Turn, requested: str | None) -> Result:
        """Erase, keep, or ask."""
        if turn.choice == "erase:no":
            turn.say("utter_erase_kept")
            return resume(turn)
        if turn.choice == "erase:yes" or turn.reading.command == "erase":
            turn.do(EraseEverything())
            turn.say("utter_erased")
            turn.case = Case(language=turn.case.language)
            return Leave()
        turn.say("utter_erase_confirm")
        return Done()


class Stop:
    """Silence until the person writes again."""

    name = "action_stop"

    def run(self, turn: Turn, requested: str | None) -> Result:
        """Stop reminders and questions; the answers stay."""
        turn.case = replace(turn.case, is_stopped=True)
        turn.do(CancelReminders())
        turn.say("utter_stopped")
        return Done()


class Correct:
    """One answer is taken back."""

    name = "action_correct"

    def run(self, turn: Turn, requested: str | None) -> Result:
        """Ask which answer, or take the named one back and ask it again."""
        answered = tuple(q for q in values.FACT_QUESTIONS if _is_answered(turn.case, q))
        if not answered:
            turn.say("utter_correct_nothing")
            return resume(turn)
        named = next((q for q in answered if turn.choice == f"correct:{q}"), None)
        if named is not None:
            turn.case = take_back(turn.case, named)
            turn.say("utter_correct_again")
            turn.is_heard = True
            return Then("triage_form")
        offers = tuple(Offer(f"correct:{q}", Label(f"utter_correct_{q}")) for q in reversed(answered))
        turn.say("utter_correct_which", offers=offers)
        return Done()


def take_back(case: Case, question: Question) -> Case:
    """The case without the answer to this question; it will be asked again."""
    fresh = Situation()
    fields = answer_resets(question)
    situation = {name: getattr(fresh, name) for name in fields}
    kinds = {question, *_CONFIRMS.get(question, ())}
    return replace(
        case.with_situation(**situation),
        asked=tuple(q for q in case.asked if q not in kinds),
        answered=tuple(q for q in case.answered if q not in kinds),
        pending=tuple(p for p in case.pending if p.question not in kinds),
        is_done=False,
        step=0,
        unknowns=0,
    )


_CONFIRMS = {
    Question.PLACE: (Question.CONFIRM_PLACE,),
    Question.TITLE: (Question.CONFIRM_TITLE,),
    Question.PROCEDURE: (Question.CONFIRM_TITLE,),
    Question.EXPIRY: (Question.CONFIRM_DATE,),
}
_FIELD = {Question.PLACE: "departement", Question.RISK: "risks"}


def _is_answered(case: Case, question: Question) -> bool:
    return getattr(case.situation, _FIELD.get(question, str(question))) is not UNASKED


class Thanks:
    """Thank you and goodbye."""

    name = "action_thanks"

    def run(self, turn: Turn, requested: str | None) -> Result:
        """Say so; the conversation stays open."""
        turn.say("utter_thanks")
        return Done() if turn.case.is_done else resume(turn)


def actions(services: Services) -> list[FlowAction]:
    """The actions of this flow."""
    return [
        Counter(services),
        Human(),
        Privacy(),
        Rights(services),
        Status(services),
        Language(services),
        Erase(),
        Stop(),
        Correct(),
        Link(services),
        Thanks(),
    ]
