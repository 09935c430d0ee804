"""Says each question of the triage, with its buttons.

Must not know: which question is next.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from bot.core.case import Pending, Question
from bot.core.prefill import pending_for
from bot.core.unknown import known
from bot.core.wording import Day, Label, Lines, Month, Name, Offer, Phrase
from bot.services import values

if TYPE_CHECKING:
    from bot.core.wording import Value
    from bot.services.registry import Services
    from bot.services.turn import Turn

_WAITING = {"blk.anef_wait", "blk.dn_noanswer", "blk.mail_noanswer"}
_PLAIN = {
    Question.REMOVAL,
    Question.PLACE,
    Question.PROCEDURE,
    Question.TITLE,
    Question.EXPIRY,
    Question.BLOCKAGE,
    Question.RISK,
}
_YEAR = len("2027")
_ANY = (Offer("any:dont_know", Label("utter_dont_know")), Offer("any:decline", Label("utter_decline")))


def ask(turn: Turn, question: Question, services: Services) -> None:
    """Say the question; the first time, it is counted."""
    if question is Question.LANGUAGE:
        ask_language(turn, services)
    elif question is Question.CONSENT:
        is_again = question in turn.case.asked
        if not is_again and turn.case.language in services.draft_languages:
            turn.say("utter_language_draft")
        turn.say("utter_again_consent" if is_again else "utter_ask_consent", asks=question)
    elif question is Question.CONFIRM_PLACE:
        _confirm_place(turn, services)
    elif question is Question.CONFIRM_TITLE:
        _confirm_title(turn)
    elif question is Question.CONFIRM_DATE:
        _confirm_date(turn)
    elif question is Question.TRIED:
        is_wait = known(turn.case.situation.blockage) in _WAITING
        turn.say("utter_ask_waited" if is_wait else "utter_ask_tried", asks=question)
    elif question in _PLAIN:
        turn.say(f"utter_ask_{question}", asks=question)
    if question not in turn.case.asked:
        turn.case = replace(turn.case, asked=(*turn.case.asked, question))


def ask_language(turn: Turn, services: Services) -> None:
    """The picker in native names; the phone's language first, but only as a hint (i18n.md 3)."""
    hint = turn.message.language_hint
    languages = sorted(services.languages, key=lambda entry: entry[0] != hint)
    offers = tuple(Offer(f"language:{code}", Name(name)) for code, name in languages)
    turn.say("utter_language", asks=Question.LANGUAGE, offers=offers)


def _confirm_place(turn: Turn, services: Services) -> None:
    pending = pending_for(turn.case, Question.CONFIRM_PLACE) or Pending(Question.CONFIRM_PLACE)
    if pending.candidates:
        offers = tuple(Offer(f"place:{code}", values.place(code, services.gazetteer)) for code in pending.candidates)
        none = Offer("confirm:no", Label("utter_none_of_these"))
        turn.say("utter_choose_place", asks=Question.CONFIRM_PLACE, offers=(*offers, none, *_ANY))
        return
    place = values.place(str(pending.departement), services.gazetteer, pending.arrondissement)
    turn.say("utter_ask_confirm_place", asks=Question.CONFIRM_PLACE, place=place)


def _confirm_title(turn: Turn) -> None:
    pending = pending_for(turn.case, Question.CONFIRM_TITLE) or Pending(Question.CONFIRM_TITLE)
    if pending.candidates:
        offers = tuple(Offer(f"title:{code}", values.title(code)) for code in pending.candidates)
        none = Offer("confirm:no", Label("utter_none_of_these"))
        turn.say("utter_choose_title", asks=Question.CONFIRM_TITLE, offers=(*offers, none, *_ANY))
        return
    facts: list[Value] = []
    if pending.procedure is not None:
        facts.append(Phrase("utter_fact_procedure", {"value": values.procedure(pending.procedure)}))
    if pending.title is not None:
        facts.append(Phrase("utter_fact_title", {"value": values.title(pending.title)}))
    blockage = known(turn.case.situation.blockage)
    if blockage is not None and Question.BLOCKAGE not in turn.case.asked:
        facts.append(Phrase("utter_fact_blockage", {"value": values.blockage(blockage)}))
    turn.say("utter_ask_confirm_title", asks=Question.CONFIRM_TITLE, facts=Lines(tuple(facts)))


def _confirm_date(turn: Turn) -> None:
    pending = pending_for(turn.case, Question.CONFIRM_DATE) or Pending(Question.CONFIRM_DATE)
    if pending.candidates:
        offers = tuple(Offer(f"confirm_date:{iso}", _date(iso)) for iso in pending.candidates)
        none = Offer("confirm:no", Label("utter_none_of_these"))
        is_year = len({iso[_YEAR:] for iso in pending.candidates}) == 1 < len(pending.candidates)
        key = "utter_choose_year" if is_year else "utter_choose_date"
        turn.say(key, asks=Question.CONFIRM_DATE, offers=(*offers, none, *_ANY))
        return
    on = pending.on or turn.today
    value = Month(on) if pending.is_month_only else Day(on)
    turn.say("utter_ask_confirm_date", asks=Question.CONFIRM_DATE, date=value)


def _date(iso: str) -> Value:
    """A day, or a month where no day was told: ``2027-01``."""
    return Month(date.fromisoformat(f"{iso}-01")) if iso.count("-") == 1 else Day(date.fromisoformat(iso))
