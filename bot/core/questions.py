"""Which question comes next: one at a time, at most eight, none that changes nothing (domain.md 3, 3.2).

Must not know: how an answer is heard or stored, any wording.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.blockages import FILED, Blockage
from bot.core.case import Question, Tried
from bot.core.filing import filing
from bot.core.outcomes import COLLECTIVITIES, MAX_UNKNOWNS, Facts, Outcome, decide, is_minor, is_stop, is_unsafe
from bot.core.prefill import pending_for
from bot.core.procedures import ON_THE_SIDE, ONLINE, RUNNING, Procedure
from bot.core.unknown import is_open, known
from bot.core.urgency import RECEIPTS, WITHOUT_TITLE, Urgency, grade

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from bot.core.case import Case, Pending, Situation
    from bot.core.titles import Title

MAX_QUESTIONS = 8
"""Consent, language and what comes after the outcome are not counted."""

_GROUPS = (
    (Question.REMOVAL,),
    (Question.PLACE, Question.CONFIRM_PLACE),
    (Question.PROCEDURE, Question.TITLE, Question.CONFIRM_TITLE),
    (Question.EXPIRY, Question.CONFIRM_DATE),
    (Question.BLOCKAGE,),
    (Question.TRIED,),
    (Question.RISK,),
)
"""Questions about the same fact: once one of them was asked, the others may follow beyond the eighth."""

_GROUP_OF = {question: group for group in _GROUPS for question in group}

_WITHOUT_TITLE_QUESTION = ONLINE | {Procedure.PICK, Procedure.RECEIPT}
"""Procedures in which the title changes nothing."""

_WITH_END = RECEIPTS | {"ts.vls", "ts.aps", "ts.aps_pt"}
"""Documents whose end matters even in a first request."""

_RESETS: dict[Question, tuple[str, ...]] = {
    Question.CONSENT: ("consent",),
    Question.REMOVAL: ("removal",),
    Question.PLACE: ("departement", "arrondissement"),
    Question.CONFIRM_PLACE: ("departement", "arrondissement"),
    Question.PROCEDURE: ("procedure",),
    Question.TITLE: ("title",),
    Question.CONFIRM_TITLE: ("title", "procedure"),
    Question.EXPIRY: ("expiry",),
    Question.CONFIRM_DATE: ("expiry",),
    Question.BLOCKAGE: ("blockage",),
    Question.TRIED: ("tried",),
    Question.RISK: ("risks",),
}


def answer_resets(question: Question) -> tuple[str, ...]:
    """The fields of Situation that go back to unasked when the answer to this question is corrected."""
    return _RESETS.get(question, ())


def next_question(case: Case, titles: Mapping[str, Title], today: date) -> Question | None:
    """The question to ask now, or None when the outcome can be given; NEXT once it was given.

    An alarm, another door, a child, or three "I don't know" in a row end the questions at once.
    """
    situation = case.situation
    if is_stop(situation) or is_unsafe(situation) or is_minor(situation) or situation.route is not None:
        return Question.NEXT if case.is_done and situation.route is not None and not _is_alarm(situation) else None
    if case.is_done:
        return Question.NEXT
    if case.language is None:
        return Question.LANGUAGE
    if situation.consent is not True:
        return None if situation.consent is False else Question.CONSENT
    if case.unknowns >= MAX_UNKNOWNS:
        return None
    return next((question for question in _wanted(case, titles, today) if _fits(case, question)), None)


def _is_alarm(situation: Situation) -> bool:
    return is_stop(situation) or is_unsafe(situation) or is_minor(situation)


def _left(case: Case) -> int:
    return MAX_QUESTIONS - sum(1 for question in case.asked if question in _GROUP_OF)


def _fits(case: Case, question: Question) -> bool:
    """True while fewer than eight were asked; a question of a fact already asked about always fits."""
    return _left(case) > 0 or any(asked in _GROUP_OF[question] for asked in case.asked)


def _wanted(case: Case, titles: Mapping[str, Title], today: date) -> Iterator[Question]:
    """Every question still worth asking, in order."""
    situation = case.situation
    if is_open(situation.removal):
        yield Question.REMOVAL
    if is_open(situation.departement):
        yield Question.CONFIRM_PLACE if pending_for(case, Question.CONFIRM_PLACE) else Question.PLACE
    if known(situation.departement) in COLLECTIVITIES:
        return
    if _confirms_title(situation, pending_for(case, Question.CONFIRM_TITLE)):
        yield Question.CONFIRM_TITLE
    if is_open(situation.procedure):
        yield Question.PROCEDURE
    if known(situation.procedure) == Procedure.PICK or known(situation.blockage) == Blockage.REFUSED_DESK:
        return
    is_late = known(situation.blockage) == Blockage.LATE_DATE
    if not is_late and is_open(situation.title) and _wants_title(situation):
        yield Question.TITLE
    has_date = pending_for(case, Question.CONFIRM_DATE) is not None
    if is_open(situation.expiry) and _wants_expiry(situation, has_date=has_date):
        yield Question.CONFIRM_DATE if has_date else Question.EXPIRY
    if not is_late:
        yield from _about_blockage(case, titles, today)


def _about_blockage(case: Case, titles: Mapping[str, Title], today: date) -> Iterator[Question]:
    situation = case.situation
    title = titles.get(known(situation.title) or "")
    graded = grade(situation, title, today)
    outcome = decide(Facts(situation, filing(situation, title, today), graded))
    if outcome is Outcome.ROUTE:
        return
    if is_open(situation.blockage):
        yield Question.BLOCKAGE
    is_filed = known(situation.blockage) in FILED
    wants_tried = is_open(situation.tried) and (is_filed or graded.level is not Urgency.UX)
    is_calm = graded.level in {Urgency.U2, Urgency.U3, Urgency.U4}
    wants_risk = is_open(situation.risks) and is_calm and not (is_filed and _has_waited(situation))
    last = [Question.TRIED] * wants_tried + [Question.RISK] * wants_risk
    if _left(case) == 1 and not is_filed and Question.TRIED not in case.asked:
        # The eighth question: a risk may make it U1; how long it lasted may not, except for silence (F-19).
        last.reverse()
    yield from last


def _has_waited(situation: Situation) -> bool:
    return known(situation.tried) is Tried.FOUR_MONTHS


def _confirms_title(situation: Situation, pending: Pending | None) -> bool:
    """True when the reading that waits tells something that is still open and matters."""
    if pending is None:
        return False
    if pending.procedure is not None and is_open(situation.procedure):
        return True
    says_title = pending.title is not None or bool(pending.candidates)
    return says_title and is_open(situation.title) and _wants_title(situation)


def _wants_title(situation: Situation) -> bool:
    return known(situation.procedure) not in _WITHOUT_TITLE_QUESTION


def _wants_expiry(situation: Situation, *, has_date: bool) -> bool:
    """True when the end of the document can change the urgency; a date already told is always read back."""
    procedure, title = known(situation.procedure), known(situation.title)
    if title in WITHOUT_TITLE:
        return False
    if has_date:
        return True
    if procedure == Procedure.FIRST:
        return title in _WITH_END
    if known(situation.blockage) == Blockage.LATE_DATE:
        return procedure in RUNNING
    return procedure not in ON_THE_SIDE
