"""What a message wants, from everything that was read in it.

The question just asked decides first, then alarms, then the classifier: a classifier alone would take
"Saint-Denis" for a request (engine.md 3, 5). Must not know: how any reading or ranking was made.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.case import Alert, Question
from bot.core.choices import split_choice
from bot.core.intents import ALERTS, DIGRESSIONS, STATEMENTS, Intent, RankedIntent
from bot.core.reading import Reading, Reply, Status

if TYPE_CHECKING:
    from collections.abc import Sequence

SURE = 0.55
"""From here a request interrupts a question (POLICY; re-measured by ``poe evaluate``)."""

ALARM_SURE = 0.8
"""From here an alarm counts without its keywords; below, Q2 asks anyway (ADR 0030)."""

ALARM_DENIED = 0.06
"""Below this the classifier denies an alarm that keywords rang: "my OQTF of 2015 was annulled, I want to renew" (ADR 0030).

Low: a person who may be sent away must not pay for fewer false alarms.
"""

ALARM_LIKELIEST = 0.5
"""From here the classifier says which of several rung alarms a text is about."""

SURE_NO = 0.7
"""From here a "no" in other words answers Q2; a wrong one would hide a letter to leave France."""

LIKELY = 0.25
"""Below this the classifier's first line means nothing (engine.md 3)."""

COMMANDS = {
    "stop": Intent.STOP,
    "erase": Intent.DELETE_DATA,
    "human": Intent.ASK_HUMAN,
    "language": Intent.CHANGE_LANGUAGE,
    "summary": Intent.ASK_STATUS,
    "correct": Intent.CORRECT,
    "urgent": Intent.ALERT_REMOVAL,
    "help": Intent.ASK_PRIVACY,
    "link": Intent.LINK_CHANNELS,
}

ALERT_INTENTS = {
    Alert.REMOVAL: Intent.ALERT_REMOVAL,
    Alert.DETENTION: Intent.ALERT_DETENTION,
    Alert.VIOLENCE: Intent.ALERT_VIOLENCE,
    Alert.SUICIDE: Intent.ALERT_VIOLENCE,
    Alert.MINOR: Intent.ALERT_MINOR,
    Alert.SCAM: Intent.REPORT_SCAM,
}

CHOICE_INTENTS = {
    "next:letter": Intent.ASK_LETTER,
    "next:human": Intent.ASK_HUMAN,
    "next:proof": Intent.REPORT_ATTEMPT,
    "next:association": Intent.ASK_ASSOCIATION,
    "next:advice": Intent.ASK_PROOF,
    "next:summary": Intent.ASK_STATUS,
    "next:stop": Intent.STOP,
    "do:human": Intent.ASK_HUMAN,
    "do:correct": Intent.CORRECT,
    "do:privacy": Intent.ASK_PRIVACY,
    "do:erase": Intent.DELETE_DATA,
    "do:language": Intent.CHANGE_LANGUAGE,
    "do:association": Intent.ASK_ASSOCIATION,
    "do:proof": Intent.REPORT_ATTEMPT,
    "do:letter": Intent.ASK_LETTER,
}
"""Buttons that ask for something rather than answer a question."""

_CHOICE_KINDS = {
    "language": Intent.CHANGE_LANGUAGE,
    "correct": Intent.CORRECT,
    "erase": Intent.DELETE_DATA,
    "link": Intent.LINK_CHANNELS,
}

_HARM = (Alert.VIOLENCE, Alert.SUICIDE)
_BESIDE_HARM = {
    Intent.BLOCKED_APPOINTMENT,
    Intent.ANEF_PROBLEM,
    Intent.REPORT_ATTEMPT,
    Intent.REPORT_SCAM,
    Intent.DELETE_DATA,
    Intent.STOP,
}
"""Requests that say nothing of violence: words of it beside them are a second matter, not the first one misread."""

_SMALL_TALK = {Intent.GREET, Intent.THANKS_BYE, Intent.OUT_OF_SCOPE}
"""What answers no question and is still understood: it is answered in kind, and the question asked again.

Of the language it is an answer: "salam" says which one.
"""

_FACTS = {
    Question.PLACE: "place",
    Question.CONFIRM_PLACE: "place",
    Question.TITLE: "title",
    Question.CONFIRM_TITLE: "title",
    Question.PROCEDURE: "procedure",
    Question.EXPIRY: "date",
    Question.CONFIRM_DATE: "date",
    Question.ATTEMPT_WHEN: "date",
    Question.BLOCKAGE: "blockage",
}


def interpret(
    reading: Reading,
    ranking: Sequence[RankedIntent],
    *,
    asked: str | None,
    choice: str | None,
    is_picture: bool,
    known_alerts: frozenset[Alert],
) -> Intent:
    """The one thing this message wants."""
    if choice is not None:
        return CHOICE_INTENTS.get(choice) or _CHOICE_KINDS.get(split_choice(choice)[0], Intent.ANSWER)
    if reading.command is not None:
        return COMMANDS[reading.command]
    new = [alert for alert in rung_alerts(reading, ranking) if alert not in known_alerts]
    if new:
        return _named_alarm(new, ranking)
    if is_picture:
        return Intent.SEND_PICTURE
    question = Question(asked) if asked else None
    if question is Question.LANGUAGE and reading.named_language is not None:
        return Intent.CHANGE_LANGUAGE
    top = _alarm_first(ranking)
    if question is not None:
        return _in_question(question, reading, top)
    return _in_the_open(reading, top)


def rung_alerts(reading: Reading, ranking: Sequence[RankedIntent]) -> tuple[Alert, ...]:
    """The alarms that the keywords of a text rang, unless the classifier denies them.

    Without a ranking they stand; nothing denies a scam, which stops nobody, nor a blow told beside a sale or a
    request: the classifier names one thing of a text, and the request hides the blow.
    """
    alarms = [ranked.confidence for ranked in ranking if ranked.intent in ALERTS]
    if not alarms or sum(alarms) >= ALARM_DENIED:
        return reading.alerts
    is_beside = Alert.SCAM in reading.alerts or ranking[0].intent in _BESIDE_HARM
    kept = {Alert.SCAM, *(_HARM if is_beside else ())}
    return tuple(alert for alert in reading.alerts if alert in kept)


def _named_alarm(alerts: Sequence[Alert], ranking: Sequence[RankedIntent]) -> Intent:
    """Which of several rung alarms a text is about: the one the classifier is sure of, else the gravest.

    All are kept and answered together; the first names what was said. A scam hides no danger the classifier is sure of.
    """
    dangers = [ALERT_INTENTS[alert] for alert in alerts if alert is not Alert.SCAM]
    if not dangers:
        top = _alarm_first(ranking)
        return top.intent if top.intent in ALERTS and top.confidence >= ALARM_SURE else Intent.REPORT_SCAM
    sure = {ranked.intent for ranked in ranking if ranked.confidence >= ALARM_LIKELIEST}
    return next((intent for intent in dangers if intent in sure), dangers[0])


def heard_alerts(reading: Reading, ranking: Sequence[RankedIntent], intent: Intent) -> tuple[Alert, ...]:
    """All alarms of a text: those its keywords rang, and the one that was decided without them."""
    rung = rung_alerts(reading, ranking)
    told = next((alert for alert, named in ALERT_INTENTS.items() if named is intent and intent in ALERTS), None)
    is_new = told is not None and not any(ALERT_INTENTS[alert] is intent for alert in rung)
    return (told, *rung) if told is not None and is_new else rung


def _alarm_first(ranking: Sequence[RankedIntent]) -> RankedIntent:
    """The best intent; or the best alarm when alarms together are sure, however they share the certainty."""
    alarms = [ranked for ranked in ranking if ranked.intent in ALERTS]
    together = sum(ranked.confidence for ranked in alarms)
    if together >= ALARM_SURE:
        return RankedIntent(alarms[0].intent, together)
    return ranking[0] if ranking else RankedIntent(Intent.NLU_FALLBACK, 0.0)


def _in_question(question: Question, reading: Reading, top: RankedIntent) -> Intent:
    if top.intent in ALERTS and top.confidence >= ALARM_SURE and reading.reply is None:
        return top.intent
    if is_answer(question, reading):
        return Intent.ANSWER
    if reading.route is not None:
        return Intent.ROUTE_ASYLUM if reading.route == "asylum" else Intent.ROUTE_OTHER
    if top.intent in DIGRESSIONS and top.confidence >= SURE:
        return top.intent
    if question is Question.NEXT and top.confidence >= LIKELY:
        return top.intent
    needed = SURE_NO if question is Question.REMOVAL else LIKELY
    if top.confidence >= needed and top.intent in {Intent.AFFIRM, Intent.DENY, Intent.DONT_KNOW}:
        return top.intent
    if has_facts(reading) or reading.tried is not None:
        return Intent.BLOCKED_APPOINTMENT
    if top.intent in _SMALL_TALK and top.confidence >= SURE and question is not Question.LANGUAGE:
        return top.intent
    return Intent.NLU_FALLBACK


def _in_the_open(reading: Reading, top: RankedIntent) -> Intent:
    if top.intent in ALERTS and top.confidence >= ALARM_SURE:
        return top.intent
    if reading.route is not None:
        return Intent.ROUTE_ASYLUM if reading.route == "asylum" else Intent.ROUTE_OTHER
    if top.intent in DIGRESSIONS and top.confidence >= SURE:
        return top.intent
    if _is_elsewhere(reading, top):
        return Intent.OUT_OF_SCOPE
    if has_facts(reading):
        return top.intent if top.intent in STATEMENTS else Intent.BLOCKED_APPOINTMENT
    if reading.reply is Reply.YES:
        return Intent.AFFIRM
    if reading.reply is Reply.NO:
        return Intent.DENY
    if top.confidence < LIKELY or top.intent in ALERTS:
        return Intent.NLU_FALLBACK
    return top.intent


def _is_elsewhere(reading: Reading, top: RankedIntent) -> bool:
    """True when the classifier is sure that a text is nothing of ours, and no titre or procedure says otherwise.

    "The CAF site in Lyon is down" names a town and a blockage, and is no wish for an appointment.
    """
    if top.intent is not Intent.OUT_OF_SCOPE or top.confidence < SURE:
        return False
    return reading.title.status is Status.NONE and reading.procedure.status is Status.NONE


def has_facts(reading: Reading) -> bool:
    """True when the text says a place, a title, a procedure, a date or a blockage."""
    parts = (reading.place, reading.title, reading.procedure, reading.date, reading.blockage)
    return any(part.status is not Status.NONE for part in parts)


def is_answer(question: Question, reading: Reading) -> bool:
    """True when the text answers this question, by yes, no, "I don't know", or the fact itself."""
    if reading.reply in {Reply.DONT_KNOW, Reply.DECLINE}:
        return True
    if reading.reply is not None and question not in {
        Question.PLACE,
        Question.PROCEDURE,
        Question.TITLE,
        Question.ATTEMPT_WHEN,
        Question.ATTEMPT_CHANNEL,
        Question.ATTEMPT_RESULT,
        Question.LANGUAGE,
    }:
        return True
    if question in _FACTS and getattr(reading, _FACTS[question]).status is not Status.NONE:
        return True
    if question is Question.PROCEDURE:
        return reading.title.status is not Status.NONE
    if question is Question.EXPIRY:
        return reading.bucket is not None or reading.date.problem is not None
    if question is Question.TRIED:
        return reading.tried is not None
    if question is Question.RISK:
        return reading.risks is not None
    if question is Question.ATTEMPT_RESULT:
        return reading.blockage.status is not Status.NONE
    return question is Question.LANGUAGE and reading.named_language is not None
