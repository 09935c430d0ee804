"""Records the answer to the question that was asked.

Must not know: which question comes next, any wording, any language.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.core.case import Case, Expiry, ExpiryBucket, Pending, Question, Removal, Risk, Tried
from bot.core.choices import split_choice
from bot.core.intents import Intent
from bot.core.prefill import absorb, date_pending, drop_pending, pending_for, place_pending, put_pending
from bot.core.reading import DateReading, Precision, Reading, Reply, Status
from bot.core.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Callable


class Hearing(StrEnum):
    """What became of an answer."""

    RECORDED = "recorded"
    NOT_UNDERSTOOD = "not_understood"
    NOTED_OTHER = "noted_other"
    """Not an answer, but a fact for another question; it waits for its confirmation."""
    BAD_DATE = "bad_date"
    """An impossible or far-away date; ``Heard.remark`` says which."""


@dataclass(frozen=True, slots=True)
class Heard:
    """The case after an answer, and what to say of it."""

    case: Case
    hearing: Hearing
    remark: str | None = None
    """A DateReading.problem."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One message, as the answer to one question."""

    question: Question
    reading: Reading
    choice: str | None = None
    intent: Intent = Intent.ANSWER

    @property
    def reply(self) -> Reply | None:
        """Yes, no, "I don't know" or "rather not say", by button, by words or by the classifier."""
        if self.choice is not None:
            return _REPLY_CHOICES.get(split_choice(self.choice)[1])
        return self.reading.reply or _REPLY_INTENTS.get(self.intent)

    @property
    def value(self) -> str | None:
        """What the pressed button stands for, when it belongs to the question."""
        if self.choice is None:
            return None
        question, value = split_choice(self.choice)
        asked = str(self.question)
        return value if question in {asked, asked.removeprefix("confirm_"), "any", "confirm"} else None


_REPLY_CHOICES = {"yes": Reply.YES, "no": Reply.NO, "dont_know": Reply.DONT_KNOW, "decline": Reply.DECLINE}
_REPLY_INTENTS = {Intent.AFFIRM: Reply.YES, Intent.DENY: Reply.NO, Intent.DONT_KNOW: Reply.DONT_KNOW}
_WHY = {Reply.DONT_KNOW: Unknown.DONT_KNOW, Reply.DECLINE: Unknown.DECLINED}

TITLE_GROUPS: dict[str | None, tuple[str, ...]] = {
    "group.vpf": ("ts.vpf_fr", "ts.vpf_liens", "ts.vpf_rf", "ts.vpf_vuln"),
    "group.cra": ("ts.cra1", "ts.cra10"),
}
"""Buttons that stand for several titles; the next question names them."""

_FIELDS = {
    Question.REMOVAL: ("removal",),
    Question.PLACE: ("departement",),
    Question.CONFIRM_PLACE: ("departement",),
    Question.PROCEDURE: ("procedure",),
    Question.TITLE: ("title",),
    Question.CONFIRM_TITLE: ("title", "procedure"),
    Question.EXPIRY: ("expiry",),
    Question.CONFIRM_DATE: ("expiry",),
    Question.BLOCKAGE: ("blockage",),
    Question.TRIED: ("tried",),
    Question.RISK: ("risks",),
}


def record(case: Case, answer: Answer) -> Heard:
    """The case with the answer recorded; other facts of the same text wait to be confirmed."""
    reply = answer.reply
    if reply in _WHY and answer.question in _FIELDS:
        heard = Heard(_mark_unknown(case, answer.question, _WHY[reply]), Hearing.RECORDED)
    else:
        heard = _RECORDERS[answer.question](case, answer)
    if answer.choice is not None:
        return _finish(heard, answer.question)
    absorbed = absorb(heard.case, answer.reading, skip=answer.question)
    if heard.hearing is Hearing.NOT_UNDERSTOOD and _facts(absorbed) != _facts(heard.case):
        heard = Heard(heard.case, Hearing.NOTED_OTHER)
    return _finish(replace(heard, case=absorbed), answer.question)


def _facts(case: Case) -> tuple[object, object]:
    return case.pending, case.situation


def _finish(heard: Heard, question: Question) -> Heard:
    case = heard.case
    if heard.hearing is Hearing.RECORDED:
        answered = (*(q for q in case.answered if q is not question), question)
        case = replace(case, answered=answered, misses=0)
    elif heard.hearing is not Hearing.NOTED_OTHER:
        case = replace(case, misses=case.misses + 1)
    return replace(heard, case=case)


def _mark_unknown(case: Case, question: Question, why: Unknown) -> Case:
    case = drop_pending(case, (question,))
    unknowns = case.unknowns + 1 if why is Unknown.DONT_KNOW else case.unknowns
    fields = [name for name in _FIELDS[question] if isinstance(getattr(case.situation, name), Unknown)]
    return replace(case.with_situation(**dict.fromkeys(fields, why)), unknowns=unknowns)


def _known(case: Case, **facts: object) -> Heard:
    return Heard(replace(case.with_situation(**facts), unknowns=0), Hearing.RECORDED)


def _missed(case: Case) -> Heard:
    return Heard(case, Hearing.NOT_UNDERSTOOD)


def _consent(case: Case, answer: Answer) -> Heard:
    if answer.reply in {Reply.YES, Reply.NO}:
        return _known(case, consent=answer.reply is Reply.YES)
    return _missed(case)


def _language(case: Case, answer: Answer) -> Heard:
    code = answer.value or answer.reading.named_language or answer.reading.language
    return _missed(case) if code is None else Heard(replace(case, language=code), Hearing.RECORDED)


def _removal(case: Case, answer: Answer) -> Heard:
    if answer.value in set(Removal):
        return _known(case, removal=Removal(answer.value))
    if answer.reply is Reply.NO:
        return _known(case, removal=Removal.NONE)
    if answer.reply is Reply.YES:
        # Either kind stops the bot (U0); the letter is by far the more frequent.
        return _known(case, removal=Removal.LETTER)
    return _missed(case)


def _place(case: Case, answer: Answer) -> Heard:
    if answer.value is not None:
        return _known(drop_pending(case, (Question.CONFIRM_PLACE,)), departement=answer.value)
    found = answer.reading.place.found
    is_told = answer.reading.place.status is Status.FOUND and not answer.reading.place.is_whereabouts
    if is_told and found is not None:
        case = drop_pending(case, (Question.CONFIRM_PLACE,))
        return _known(case, departement=found.departement, arrondissement=found.arrondissement)
    pending = place_pending(answer.reading.place)
    return _missed(case) if pending is None else Heard(put_pending(case, pending), Hearing.RECORDED)


def _confirm_place(case: Case, answer: Answer) -> Heard:
    pending = pending_for(case, Question.CONFIRM_PLACE)
    if answer.value is not None and answer.reply is None:
        return _place(case, answer)
    if answer.choice is None and answer.reading.place.status is not Status.NONE:
        return _place(case, answer)
    if answer.reply is Reply.YES and pending is not None and pending.departement is not None:
        case = drop_pending(case, (Question.CONFIRM_PLACE,))
        return _known(case, departement=pending.departement, arrondissement=pending.arrondissement)
    if answer.reply is Reply.NO:
        return Heard(drop_pending(case, (Question.CONFIRM_PLACE,)), Hearing.RECORDED)
    return _missed(case)


def _procedure(case: Case, answer: Answer) -> Heard:
    reading = answer.reading
    if answer.value is not None:
        return _known(case, procedure=answer.value)
    is_told = reading.procedure.status is Status.FOUND
    heard = _known(case, procedure=reading.procedure.id) if is_told else _missed(case)
    if reading.title.status is Status.NONE:
        return heard
    return replace(heard, case=_title(heard.case, answer).case)


def _title(case: Case, answer: Answer) -> Heard:
    if answer.value in TITLE_GROUPS:
        pending = Pending(Question.CONFIRM_TITLE, candidates=TITLE_GROUPS[answer.value])
        return Heard(put_pending(case, pending), Hearing.RECORDED)
    if answer.value is not None:
        case = drop_pending(case, (Question.CONFIRM_TITLE,))
        return _known(case, title=answer.value)
    reading = answer.reading.title
    if reading.status is Status.FOUND:
        return _known(drop_pending(case, (Question.CONFIRM_TITLE,)), title=reading.id)
    if reading.status is Status.AMBIGUOUS:
        pending = Pending(Question.CONFIRM_TITLE, candidates=reading.candidates)
        return Heard(put_pending(case, pending), Hearing.RECORDED)
    return _missed(case)


def _confirm_title(case: Case, answer: Answer) -> Heard:
    pending = pending_for(case, Question.CONFIRM_TITLE) or Pending(Question.CONFIRM_TITLE)
    if answer.value is not None and answer.reply is None:
        return _with_procedure(_title(case, answer), pending)
    if answer.choice is None and answer.reading.title.status is not Status.NONE:
        return _with_procedure(_title(case, answer), pending)
    if answer.reply is Reply.YES and not pending.candidates:
        facts: dict[str, object] = {}
        if pending.title is not None:
            facts["title"] = pending.title
        if pending.procedure is not None:
            facts["procedure"] = pending.procedure
        return _known(drop_pending(case, (Question.CONFIRM_TITLE,)), **facts)
    if answer.reply is Reply.NO:
        return Heard(drop_pending(case, (Question.CONFIRM_TITLE,)), Hearing.RECORDED)
    return _missed(case)


def _with_procedure(heard: Heard, pending: Pending) -> Heard:
    if pending.procedure is None:
        return heard
    if pending_for(heard.case, Question.CONFIRM_TITLE) is not None:
        again = replace(pending_for(heard.case, Question.CONFIRM_TITLE) or pending, procedure=pending.procedure)
        return replace(heard, case=put_pending(heard.case, again))
    return replace(heard, case=heard.case.with_situation(procedure=pending.procedure))


def _expiry(case: Case, answer: Answer) -> Heard:
    if answer.value in set(ExpiryBucket):
        return _known(case, expiry=Expiry(bucket=ExpiryBucket(answer.value)))
    reading = answer.reading
    pending = date_pending(reading.date)
    if pending is not None and reading.date.problem not in {"impossible", "too_far", "too_old"}:
        return Heard(put_pending(case, pending), Hearing.RECORDED)
    if reading.date.problem is not None:
        return Heard(case, Hearing.BAD_DATE, reading.date.problem)
    if reading.bucket is not None:
        return _known(case, expiry=Expiry(bucket=reading.bucket))
    if answer.reply is Reply.NO:
        return _known(case, expiry=Expiry(bucket=ExpiryBucket.NO_DATE))
    return _missed(case)


def _confirm_date(case: Case, answer: Answer) -> Heard:
    pending = pending_for(case, Question.CONFIRM_DATE)
    chosen = answer.value if answer.reply is None else None
    if chosen is None and answer.choice is None and pending is not None:
        chosen = _of_year(pending, answer.reading.date)
    if chosen is not None:
        return _known(drop_pending(case, (Question.CONFIRM_DATE,)), expiry=_expiry_on(chosen))
    if answer.choice is None and (answer.reading.date.status is not Status.NONE or answer.reading.date.problem):
        return _expiry(drop_pending(case, (Question.CONFIRM_DATE,)), answer)
    if answer.reply is Reply.YES and pending is not None and pending.on is not None:
        case = drop_pending(case, (Question.CONFIRM_DATE,))
        return _known(case, expiry=Expiry(on=pending.on, is_month_only=pending.is_month_only))
    if answer.reply is Reply.NO:
        return Heard(drop_pending(case, (Question.CONFIRM_DATE,)), Hearing.RECORDED)
    return _missed(case)


def _of_year(pending: Pending, told: DateReading) -> str | None:
    """The candidate that a year, or a month with its year, points to when the year was asked for: ``2027``."""
    if told.precision is Precision.DAY or told.iso is None:
        return None
    fitting = [iso for iso in pending.candidates if iso.startswith(told.iso)]
    return fitting[0] if len(fitting) == 1 else None


def _expiry_on(iso: str) -> Expiry:
    """A day, or a month as its first day: ``2027-01``."""
    is_month_only = iso.count("-") == 1
    return Expiry(on=date.fromisoformat(f"{iso}-01" if is_month_only else iso), is_month_only=is_month_only)


def _blockage(case: Case, answer: Answer) -> Heard:
    if answer.value is not None:
        return _known(case, blockage=answer.value)
    if answer.reading.blockage.status is Status.FOUND:
        return _known(case, blockage=answer.reading.blockage.id)
    return _missed(case)


def _tried(case: Case, answer: Answer) -> Heard:
    if answer.value in set(Tried):
        return _known(case, tried=Tried(answer.value))
    if answer.choice is None and answer.reading.tried is not None:
        return _known(case, tried=answer.reading.tried)
    if answer.reply is Reply.NO:
        return _known(case, tried=Tried.NEVER)
    return _missed(case)


def _risk(case: Case, answer: Answer) -> Heard:
    if answer.value in set(Risk):
        return _known(case, risks=frozenset({Risk(answer.value)}))
    if answer.choice is None and answer.reading.risks is not None:
        return _known(case, risks=answer.reading.risks)
    if answer.reply is Reply.NO:
        return _known(case, risks=frozenset({Risk.NONE}))
    return _missed(case)


_RECORDERS: dict[Question, Callable[[Case, Answer], Heard]] = {
    Question.CONSENT: _consent,
    Question.LANGUAGE: _language,
    Question.REMOVAL: _removal,
    Question.PLACE: _place,
    Question.CONFIRM_PLACE: _confirm_place,
    Question.PROCEDURE: _procedure,
    Question.TITLE: _title,
    Question.CONFIRM_TITLE: _confirm_title,
    Question.EXPIRY: _expiry,
    Question.CONFIRM_DATE: _confirm_date,
    Question.BLOCKAGE: _blockage,
    Question.TRIED: _tried,
    Question.RISK: _risk,
}
