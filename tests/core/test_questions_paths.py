"""Whatever a person answers: at most eight questions, never one twice for nothing, always an outcome."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.answers import Answer, record
from bot.core.blockages import Blockage
from bot.core.case import Alert, Case, ExpiryBucket, Question, Removal, Risk, Route, Situation, Tried
from bot.core.outcomes import Outcome
from bot.core.prefill import absorb, pending_for
from bot.core.procedures import Procedure
from bot.core.questions import next_question
from bot.core.reading import (
    CodeReading,
    DateReading,
    PlaceCandidate,
    PlaceReading,
    Precision,
    Reading,
    Reply,
    Status,
)
from bot.core.triage import QUESTIONS, assess
from bot.core.unknown import is_open
from bot.storage.reference.rules import load_rules
from tests.situations import TITLES, TODAY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

RULES = load_rules(Path(__file__).parents[2] / "bot" / "data" / "rules")
Q = Question
NOT_COUNTED = {Q.LANGUAGE, Q.CONSENT, Q.NEXT}
CONFIRMS = {Q.CONFIRM_PLACE: ("departement",), Q.CONFIRM_TITLE: ("title", "procedure"), Q.CONFIRM_DATE: ("expiry",)}


def place(code: str) -> PlaceCandidate:
    return PlaceCandidate(code, f"pref-{code}")


PLACES = [
    PlaceReading(Status.FOUND, place("93")),
    PlaceReading(Status.FOUND, place("988")),
    PlaceReading(Status.AMBIGUOUS, candidates=(place("93"), place("974"))),
]
DATES = [
    DateReading(Status.FOUND, "2027-01-20", Precision.DAY),
    DateReading(Status.FOUND, "2026-11-01", Precision.DAY),
    DateReading(Status.FOUND, "2027-03", Precision.MONTH),
    DateReading(Status.AMBIGUOUS, candidates=(date(2027, 3, 4), date(2027, 4, 3))),
    DateReading(problem="impossible"),
    DateReading(Status.FOUND, "2027", Precision.YEAR),
]
TITLE_READINGS = [
    CodeReading(Status.FOUND, "ts.sal"),
    CodeReading(Status.FOUND, "doc.none"),
    CodeReading(Status.AMBIGUOUS, candidates=("ts.vpf_fr", "ts.vpf_liens")),
]
READINGS = st.builds(
    Reading,
    alerts=st.sampled_from([()] * 30 + [(Alert.SCAM,), (Alert.REMOVAL,), (Alert.MINOR,)]),
    route=st.sampled_from([None] * 30 + [Route.ASYLUM]),
    place=st.sampled_from([PlaceReading(), *[PLACES[0]] * 4, *PLACES]),
    title=st.sampled_from([CodeReading(), *TITLE_READINGS]),
    procedure=st.sampled_from([CodeReading(), *(CodeReading(Status.FOUND, str(item)) for item in Procedure)]),
    blockage=st.sampled_from([*[CodeReading()] * 20, *(CodeReading(Status.FOUND, str(item)) for item in Blockage)]),
    date=st.sampled_from([DateReading(), *DATES]),
    tried=st.sampled_from([*[None] * 10, *Tried]),
    bucket=st.sampled_from([*[None] * 10, *ExpiryBucket]),
    is_youth=st.sampled_from([False] * 9 + [True]),
    text=st.just("x"),
)


def choices(question: Question, case: Case) -> list[str]:
    """Every button the question may carry."""
    values: dict[Question, Iterable[str]] = {
        Q.CONSENT: [*["consent:yes"] * 9, "consent:no"],
        Q.LANGUAGE: ("language:fr",),
        Q.REMOVAL: [*["removal:none"] * 9, *(f"removal:{item}" for item in Removal)],
        Q.PLACE: [*["place:93"] * 9, "place:988"],
        Q.PROCEDURE: (f"procedure:{item}" for item in Procedure),
        Q.TITLE: (f"title:{item}" for item in TITLES),
        Q.EXPIRY: (f"expiry:{item}" for item in ExpiryBucket),
        Q.BLOCKAGE: (f"blockage:{item}" for item in Blockage),
        Q.TRIED: (f"tried:{item}" for item in Tried),
        Q.RISK: (f"risk:{item}" for item in Risk),
    }
    unknown = [] if question in NOT_COUNTED else ["any:dont_know", "any:decline"]
    if question not in CONFIRMS:
        return [*values[question], *unknown]
    waiting = pending_for(case, question)
    kind = {Q.CONFIRM_PLACE: "place", Q.CONFIRM_TITLE: "title", Q.CONFIRM_DATE: "confirm_date"}[question]
    offered = [f"{kind}:{code}" for code in waiting.candidates] if waiting else []
    return [*(offered or ["confirm:yes"]), *["confirm:no"] * 4, *unknown]


def texts(question: Question) -> list[Reading]:
    """What a person may type instead of pressing a button."""
    typed = {
        Q.PLACE: [Reading(place=told) for told in PLACES],
        Q.TITLE: [Reading(title=told) for told in TITLE_READINGS],
        Q.EXPIRY: [Reading(date=told) for told in DATES],
        Q.CONFIRM_DATE: [Reading(date=told) for told in DATES],
    }
    return [*typed.get(question, []), Reading(reply=Reply.DONT_KNOW), Reading(text="?")]


def put(case: Case, question: Question) -> Case:
    """The case once the question was said, as the form does it; what must always hold is checked here."""
    situation = case.situation
    fields = CONFIRMS.get(question) or ((QUESTIONS[question],) if question in QUESTIONS else ())
    assert not fields or any(is_open(getattr(situation, name)) for name in fields), question
    if question in CONFIRMS:
        assert pending_for(case, question) is not None
    if question not in case.asked:
        case = replace(case, asked=(*case.asked, question))
    assert len([asked for asked in case.asked if asked not in NOT_COUNTED]) <= 8
    return case


def ends_well(case: Case) -> Outcome:
    found = assess(case.situation, TITLES, RULES, TODAY, unknowns=case.unknowns)
    assert found.steps
    assert case.unknowns < 3 or found.outcome in {
        Outcome.HUMAN,
        Outcome.PICK,
        Outcome.SILENCE,
        Outcome.ADVANCE,
        Outcome.REFUSAL,
    }
    return found.outcome


@settings(max_examples=500)
@given(st.data())
def test_any_conversation_ends_after_eight_questions_with_an_outcome(data: st.DataObject) -> None:
    case = absorb(Case(), data.draw(READINGS))
    refused: set[Question] = set()
    for _ in range(40):
        question = next_question(case, TITLES, TODAY)
        if question is None:
            break
        case = put(case, question)
        if data.draw(st.integers(0, 3)) == 0:
            answer = Answer(question, data.draw(st.one_of(st.sampled_from(texts(question)), READINGS)))
        else:
            answer = Answer(question, Reading(), data.draw(st.sampled_from(choices(question, case))))
        if question in CONFIRMS and answer.reply is Reply.NO and answer.choice:
            if question in refused:
                continue
            refused.add(question)
        case = record(case, answer).case
    else:
        # Forty turns: only a person who is never understood, or who takes back every date, gets here.
        assert case.misses or refused or case.pending or case.situation.consent is not True
    ends_well(case)


REPRESENTATIVES = {
    Q.LANGUAGE: ["language:fr"],
    Q.CONSENT: ["consent:yes"],
    Q.REMOVAL: ["removal:none", "removal:letter", "any:dont_know"],
    Q.PLACE: ["place:93", "place:988", "any:dont_know"],
    Q.TITLE: ["title:ts.sal", "title:ts.etu", "title:ts.ue", "title:doc.none", "title:doc.recep", "any:dont_know"],
    Q.EXPIRY: ["expiry:expired", "expiry:beyond_three_months", "any:decline"],
    Q.BLOCKAGE: ["blockage:blk.noslot", "blockage:blk.anef_wait", "blockage:blk.late_date", "any:dont_know"],
    Q.TRIED: ["tried:weeks", "tried:four_months", "any:dont_know"],
    Q.RISK: ["risk:work", "any:dont_know"],
}


def walk(case: Case) -> Iterator[Case]:
    """Every conversation by buttons, to its end."""
    question = next_question(case, TITLES, TODAY)
    if question is None:
        yield case
        return
    case = put(case, question)
    for choice in REPRESENTATIVES.get(question) or choices(question, case):
        yield from walk(record(case, Answer(question, Reading(), choice)).case)


def test_every_path_by_buttons_ends_within_eight_questions_with_an_outcome() -> None:
    reached: dict[Outcome, int] = {}
    paths = 0
    for case in walk(Case()):
        paths += 1
        outcome = ends_well(case)
        reached[outcome] = reached.get(outcome, 0) + 1
    assert paths > 5000
    alone_by_words = {Outcome.SAFE, Outcome.MINOR, Outcome.DDD, Outcome.REFUSAL}
    assert set(reached) == set(Outcome) - alone_by_words


def refusing(case: Case, typed: dict[Question, Reading]) -> list[Question]:
    """The questions put to a person who says no to every reading, then answers."""
    refused: set[Question] = set()
    while (question := next_question(case, TITLES, TODAY)) is not None:
        case = put(case, question)
        if question in CONFIRMS and question not in refused:
            refused.add(question)
            answer = Answer(question, Reading(), "confirm:no")
        elif question in typed:
            answer = Answer(question, typed[question])
        else:
            answer = Answer(question, Reading(), choices(question, case)[0])
        case = record(case, answer).case
    ends_well(case)
    return [question for question in case.asked if question not in NOT_COUNTED]


def test_whoever_takes_back_every_reading_is_still_asked_eight_questions_at_most() -> None:
    opening = Reading(
        place=PLACES[0], title=TITLE_READINGS[0], procedure=CodeReading(Status.FOUND, "proc.renew"), date=DATES[0]
    )
    typed = {
        Q.PROCEDURE: Reading(procedure=CodeReading(Status.FOUND, "proc.renew")),
        Q.EXPIRY: Reading(date=DATES[3]),
    }
    asked = refusing(absorb(Case(language="fr", situation=Situation(consent=True)), opening), typed)
    assert asked == [
        Q.REMOVAL, Q.CONFIRM_PLACE, Q.PLACE, Q.CONFIRM_TITLE, Q.PROCEDURE, Q.TITLE, Q.CONFIRM_DATE, Q.EXPIRY,
    ]  # fmt: skip


def test_a_date_told_with_the_eighth_answer_is_not_read_back() -> None:
    situation = Situation(consent=True, removal=Removal.NONE, departement="93", procedure="proc.first",
                          title="ts.malade", blockage="blk.noslot")  # fmt: skip
    eight = (Q.REMOVAL, Q.CONFIRM_PLACE, Q.PLACE, Q.CONFIRM_TITLE, Q.PROCEDURE, Q.TITLE, Q.BLOCKAGE, Q.TRIED)
    case = Case(language="fr", situation=situation, asked=eight)
    told = record(case, Answer(Q.TRIED, Reading(tried=Tried.WEEKS, date=DATES[0]))).case
    assert pending_for(told, Q.CONFIRM_DATE) is not None
    assert next_question(told, TITLES, TODAY) is None


def test_three_times_i_do_not_know_ends_with_a_person() -> None:
    case = Case(language="fr", situation=Situation(consent=True))
    asked = []
    while (question := next_question(case, TITLES, TODAY)) is not None:
        case = put(case, question)
        asked.append(question)
        case = record(case, Answer(question, Reading(), "any:dont_know")).case
    assert asked == [Q.REMOVAL, Q.PLACE, Q.PROCEDURE]
    assert ends_well(case) is Outcome.HUMAN


def test_the_walk_really_visits_different_ends() -> None:
    few = list(islice(walk(Case()), 50))
    assert len({case.situation for case in few}) == 50
