"""Answers become facts; readings of other things wait."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.answers import Answer, Hearing, record
from bot.core.case import (
    Alert,
    Case,
    Expiry,
    ExpiryBucket,
    Pending,
    Question,
    Removal,
    Risk,
    Route,
    Situation,
    Tried,
)
from bot.core.intents import Intent
from bot.core.prefill import absorb, pending_for
from bot.core.reading import CodeReading, DateReading, PlaceCandidate, PlaceReading, Precision, Reading, Reply, Status
from bot.core.unknown import Unknown

BOBIGNY = PlaceReading(Status.FOUND, PlaceCandidate("93", "pref-93", "Bobigny"))
SAINT_DENIS = PlaceReading(Status.AMBIGUOUS, None, (PlaceCandidate("93", "pref-93"), PlaceCandidate("974", "pref-974")))
SAL = CodeReading(Status.FOUND, "ts.sal")
VPF = CodeReading(Status.AMBIGUOUS, None, ("ts.vpf_fr", "ts.vpf_liens"))
RENEW = CodeReading(Status.FOUND, "proc.renew")
NOSLOT = CodeReading(Status.FOUND, "blk.noslot")
DAY = DateReading(Status.FOUND, "2027-01-20", Precision.DAY, is_explicit=True)
MONTH = DateReading(Status.FOUND, "2027-01", Precision.MONTH)
TWO = DateReading(Status.AMBIGUOUS, candidates=(date(2027, 4, 3), date(2027, 3, 4)))


def hear(question, reading=None, choice=None, case=None, intent=Intent.ANSWER):
    return record(case or Case(language="fr"), Answer(question, reading or Reading(), choice, intent))


def pending(**facts):
    return Case(language="fr", pending=(Pending(**facts),))


FACTS = [
    (Question.CONSENT, {"choice": "consent:yes"}, {"consent": True}),
    (Question.CONSENT, {"reading": Reading(reply=Reply.NO)}, {"consent": False}),
    (Question.CONSENT, {"intent": Intent.AFFIRM}, {"consent": True}),
    (Question.REMOVAL, {"choice": "removal:none"}, {"removal": Removal.NONE}),
    (Question.REMOVAL, {"choice": "removal:held"}, {"removal": Removal.HELD}),
    (Question.REMOVAL, {"reading": Reading(reply=Reply.NO)}, {"removal": Removal.NONE}),
    (Question.REMOVAL, {"reading": Reading(reply=Reply.YES)}, {"removal": Removal.LETTER}),
    (Question.REMOVAL, {"choice": "any:dont_know"}, {"removal": Unknown.DONT_KNOW}),
    (Question.REMOVAL, {"choice": "any:decline"}, {"removal": Unknown.DECLINED}),
    (Question.PLACE, {"reading": Reading(place=BOBIGNY)}, {"departement": "93", "arrondissement": "Bobigny"}),
    (Question.PLACE, {"choice": "place:974"}, {"departement": "974"}),
    (Question.PROCEDURE, {"choice": "procedure:proc.renew"}, {"procedure": "proc.renew"}),
    (
        Question.PROCEDURE,
        {"reading": Reading(procedure=RENEW, title=SAL)},
        {"procedure": "proc.renew", "title": "ts.sal"},
    ),
    (Question.TITLE, {"choice": "title:ts.etu"}, {"title": "ts.etu"}),
    (Question.TITLE, {"reading": Reading(title=SAL)}, {"title": "ts.sal"}),
    (Question.EXPIRY, {"choice": "expiry:expired"}, {"expiry": Expiry(bucket=ExpiryBucket.EXPIRED)}),
    (
        Question.EXPIRY,
        {"reading": Reading(bucket=ExpiryBucket.NO_DATE)},
        {"expiry": Expiry(bucket=ExpiryBucket.NO_DATE)},
    ),
    (Question.EXPIRY, {"reading": Reading(reply=Reply.NO)}, {"expiry": Expiry(bucket=ExpiryBucket.NO_DATE)}),
    (Question.BLOCKAGE, {"choice": "blockage:blk.anef_wait"}, {"blockage": "blk.anef_wait"}),
    (Question.BLOCKAGE, {"reading": Reading(blockage=NOSLOT)}, {"blockage": "blk.noslot"}),
    (Question.TRIED, {"choice": "tried:weeks"}, {"tried": Tried.WEEKS}),
    (Question.TRIED, {"reading": Reading(tried=Tried.MONTHS)}, {"tried": Tried.MONTHS}),
    (Question.TRIED, {"reading": Reading(reply=Reply.NO)}, {"tried": Tried.NEVER}),
    (Question.RISK, {"choice": "risk:work"}, {"risks": frozenset({Risk.WORK})}),
    (Question.RISK, {"reading": Reading(risks=frozenset({Risk.TRAVEL}))}, {"risks": frozenset({Risk.TRAVEL})}),
    (Question.RISK, {"reading": Reading(reply=Reply.NO)}, {"risks": frozenset({Risk.NONE})}),
]


def test_the_table_of_facts_is_whole():
    assert len(FACTS) == 26


@pytest.mark.parametrize(("question", "said", "facts"), FACTS)
def test_an_answer_becomes_a_fact(question, said, facts):
    heard = hear(question, **said)
    assert heard.hearing is Hearing.RECORDED
    assert {name: getattr(heard.case.situation, name) for name in facts} == facts
    assert heard.case.answered[-1] is question
    assert heard.case.misses == 0


CONFIRMED = [
    (
        {"question": Question.CONFIRM_PLACE, "departement": "93", "arrondissement": "Bobigny"},
        {"departement": "93", "arrondissement": "Bobigny"},
    ),
    (
        {"question": Question.CONFIRM_TITLE, "title": "ts.sal", "procedure": "proc.renew"},
        {"title": "ts.sal", "procedure": "proc.renew"},
    ),
    (
        {"question": Question.CONFIRM_TITLE, "procedure": "proc.renew"},
        {"procedure": "proc.renew", "title": Unknown.UNASKED},
    ),
    ({"question": Question.CONFIRM_DATE, "on": date(2027, 1, 20)}, {"expiry": Expiry(on=date(2027, 1, 20))}),
    (
        {"question": Question.CONFIRM_DATE, "on": date(2027, 1, 1), "is_month_only": True},
        {"expiry": Expiry(on=date(2027, 1, 1), is_month_only=True)},
    ),
]


@pytest.mark.parametrize(("waiting", "facts"), CONFIRMED)
def test_a_yes_makes_a_reading_a_fact(waiting, facts):
    assert len(CONFIRMED) == 5
    heard = hear(waiting["question"], Reading(reply=Reply.YES), case=pending(**waiting))
    assert {name: getattr(heard.case.situation, name) for name in facts} == facts
    assert heard.case.pending == ()


@pytest.mark.parametrize(("waiting", "_facts"), CONFIRMED)
def test_a_no_forgets_the_reading_and_no_fact_is_made(waiting, _facts):
    heard = hear(waiting["question"], choice="confirm:no", case=pending(**waiting))
    assert heard.hearing is Hearing.RECORDED
    assert heard.case.situation == Situation()
    assert heard.case.pending == ()


def test_a_better_place_answers_the_confirmation():
    heard = hear(
        Question.CONFIRM_PLACE,
        Reading(place=BOBIGNY, reply=Reply.NO),
        case=pending(question=Question.CONFIRM_PLACE, departement="69"),
    )
    assert heard.case.situation.departement == "93"


def test_a_chosen_place_among_several_is_a_fact():
    heard = hear(
        Question.CONFIRM_PLACE,
        choice="place:974",
        case=pending(question=Question.CONFIRM_PLACE, candidates=("93", "974")),
    )
    assert heard.case.situation.departement == "974"


def test_a_yes_to_several_places_is_no_answer():
    heard = hear(
        Question.CONFIRM_PLACE,
        Reading(reply=Reply.YES),
        case=pending(question=Question.CONFIRM_PLACE, candidates=("93", "974")),
    )
    assert heard.hearing is Hearing.NOT_UNDERSTOOD


def test_a_yes_to_several_titles_is_no_answer():
    heard = hear(
        Question.CONFIRM_TITLE,
        Reading(reply=Reply.YES),
        case=pending(question=Question.CONFIRM_TITLE, candidates=("ts.aps", "ts.rece")),
    )
    assert heard.hearing is Hearing.NOT_UNDERSTOOD


def test_a_yes_without_a_date_is_no_answer():
    heard = hear(
        Question.CONFIRM_DATE,
        Reading(reply=Reply.YES),
        case=pending(question=Question.CONFIRM_DATE, candidates=("2027-03-04", "2027-04-03")),
    )
    assert heard.hearing is Hearing.NOT_UNDERSTOOD


def test_an_ambiguous_place_waits_to_be_chosen():
    heard = hear(Question.PLACE, Reading(place=SAINT_DENIS))
    assert pending_for(heard.case, Question.CONFIRM_PLACE).candidates == ("93", "974")
    assert heard.case.situation.departement is Unknown.UNASKED


def test_an_ambiguous_title_keeps_the_procedure_that_waits():
    case = pending(question=Question.CONFIRM_TITLE, title="ts.sal", procedure="proc.renew")
    heard = hear(Question.CONFIRM_TITLE, Reading(title=VPF), case=case)
    waiting = pending_for(heard.case, Question.CONFIRM_TITLE)
    assert waiting.candidates == ("ts.vpf_fr", "ts.vpf_liens")
    assert waiting.procedure == "proc.renew"
    chosen = hear(Question.CONFIRM_TITLE, choice="title:ts.vpf_fr", case=heard.case)
    assert chosen.case.situation.title == "ts.vpf_fr"
    assert chosen.case.situation.procedure == "proc.renew"


def test_a_button_for_several_titles_leads_to_their_choice():
    heard = hear(Question.TITLE, choice="title:group.cra")
    assert pending_for(heard.case, Question.CONFIRM_TITLE).candidates == ("ts.cra1", "ts.cra10")
    assert heard.case.situation.title is Unknown.UNASKED


def test_a_chosen_title_without_a_waiting_procedure():
    case = pending(question=Question.CONFIRM_TITLE, candidates=("ts.vpf_fr",))
    assert hear(Question.CONFIRM_TITLE, choice="title:ts.vpf_fr", case=case).case.situation.title == "ts.vpf_fr"


def test_a_date_waits_for_its_yes_even_when_it_was_asked_for():
    heard = hear(Question.EXPIRY, Reading(date=DAY))
    assert pending_for(heard.case, Question.CONFIRM_DATE).on == date(2027, 1, 20)
    assert heard.case.situation.expiry is Unknown.UNASKED


def test_a_month_waits_as_its_first_day():
    waiting = pending_for(hear(Question.EXPIRY, Reading(date=MONTH)).case, Question.CONFIRM_DATE)
    assert (waiting.on, waiting.is_month_only) == (date(2027, 1, 1), True)


def test_two_readings_of_a_date_are_both_offered_and_one_is_chosen():
    heard = hear(Question.EXPIRY, Reading(date=TWO))
    assert pending_for(heard.case, Question.CONFIRM_DATE).candidates == ("2027-04-03", "2027-03-04")
    chosen = hear(Question.CONFIRM_DATE, choice="confirm_date:2027-03-04", case=heard.case)
    assert chosen.case.situation.expiry == Expiry(on=date(2027, 3, 4))


def test_a_date_without_a_year_is_chosen_by_its_year_alone():
    two = DateReading(Status.AMBIGUOUS, None, Precision.DAY, (date(2027, 3, 3), date(2026, 3, 3)))
    case = hear(Question.EXPIRY, Reading(date=two)).case
    for told in (
        DateReading(Status.FOUND, "2027", Precision.YEAR),
        DateReading(Status.FOUND, "2027-03", Precision.MONTH),
    ):
        heard = hear(Question.CONFIRM_DATE, Reading(date=told), case=case)
        assert heard.case.situation.expiry == Expiry(on=date(2027, 3, 3))
        assert pending_for(heard.case, Question.CONFIRM_DATE) is None
    other = Reading(date=DateReading(Status.FOUND, "2030", Precision.YEAR))
    assert hear(Question.CONFIRM_DATE, other, case=case).hearing is Hearing.NOT_UNDERSTOOD


def test_a_month_without_a_year_stays_a_month():
    two = DateReading(Status.AMBIGUOUS, None, Precision.MONTH, (date(2027, 3, 1), date(2026, 3, 1)))
    case = hear(Question.EXPIRY, Reading(date=two)).case
    assert pending_for(case, Question.CONFIRM_DATE).candidates == ("2027-03", "2026-03")
    chosen = hear(Question.CONFIRM_DATE, choice="confirm_date:2027-03", case=case)
    assert chosen.case.situation.expiry == Expiry(on=date(2027, 3, 1), is_month_only=True)


def test_a_new_date_replaces_the_one_that_waits():
    case = pending(question=Question.CONFIRM_DATE, on=date(2026, 1, 1))
    heard = hear(Question.CONFIRM_DATE, Reading(date=DAY, reply=Reply.NO), case=case)
    assert pending_for(heard.case, Question.CONFIRM_DATE).on == date(2027, 1, 20)


@pytest.mark.parametrize("problem", ["impossible", "too_far", "too_old"])
def test_an_impossible_date_is_said_and_counts_as_a_miss(problem):
    heard = hear(Question.EXPIRY, Reading(date=DateReading(problem=problem)))
    assert (heard.hearing, heard.remark, heard.case.misses) == (Hearing.BAD_DATE, problem, 1)


def test_a_year_alone_is_no_date():
    assert (
        hear(Question.EXPIRY, Reading(date=DateReading(Status.FOUND, "2027", Precision.YEAR))).hearing
        is Hearing.NOT_UNDERSTOOD
    )


@pytest.mark.parametrize(
    "question",
    [
        q
        for q in Question
        if q
        in {
            Question.CONSENT,
            Question.LANGUAGE,
            Question.REMOVAL,
            Question.PLACE,
            Question.PROCEDURE,
            Question.TITLE,
            Question.EXPIRY,
            Question.BLOCKAGE,
            Question.TRIED,
            Question.RISK,
            Question.CONFIRM_PLACE,
            Question.CONFIRM_TITLE,
            Question.CONFIRM_DATE,
        }
    ],
)
def test_nothing_understood_is_a_miss_and_no_fact(question):
    heard = hear(question)
    assert heard.hearing is Hearing.NOT_UNDERSTOOD
    assert heard.case.misses == 1
    assert heard.case.situation == Situation()


def test_a_fact_for_another_question_waits_and_is_no_miss():
    heard = hear(Question.REMOVAL, Reading(title=SAL, place=BOBIGNY))
    assert heard.hearing is Hearing.NOTED_OTHER
    assert heard.case.misses == 0
    assert heard.case.situation.title is Unknown.UNASKED
    assert {p.question for p in heard.case.pending} == {Question.CONFIRM_TITLE, Question.CONFIRM_PLACE}


def test_a_language_is_named_chosen_or_detected():
    assert hear(Question.LANGUAGE, choice="language:ar").case.language == "ar"
    assert hear(Question.LANGUAGE, Reading(named_language="en")).case.language == "en"
    assert hear(Question.LANGUAGE, Reading(language="ar")).case.language == "ar"


def test_three_times_i_dont_know_are_counted_and_a_fact_starts_again():
    case = Case(language="fr")
    for question in (Question.REMOVAL, Question.PLACE, Question.PROCEDURE):
        case = hear(question, Reading(reply=Reply.DONT_KNOW), case=case).case
    assert case.unknowns == 3
    assert hear(Question.TITLE, choice="title:ts.sal", case=case).case.unknowns == 0


def test_preferring_not_to_say_is_no_i_dont_know():
    assert hear(Question.PLACE, Reading(reply=Reply.DECLINE)).case.unknowns == 0


def test_an_opening_message_fills_nothing_and_keeps_everything():
    reading = Reading(
        alerts=(Alert.SCAM,),
        route=Route.VISA,
        is_youth=True,
        place=BOBIGNY,
        title=SAL,
        procedure=RENEW,
        date=DAY,
        blockage=NOSLOT,
        tried=Tried.WEEKS,
        text="…",
    )
    case = absorb(Case(), reading)
    assert case.situation.departement is Unknown.UNASKED
    assert case.situation.title is Unknown.UNASKED
    assert case.situation.expiry is Unknown.UNASKED
    assert {p.question for p in case.pending} == {Question.CONFIRM_PLACE, Question.CONFIRM_TITLE, Question.CONFIRM_DATE}
    assert case.situation.blockage == "blk.noslot"
    assert case.situation.tried is Tried.WEEKS
    assert case.situation.alerts == {Alert.SCAM}
    assert case.situation.is_youth is True
    assert case.situation.route is Route.VISA
    assert absorb(case, Reading(route=Route.EU, is_youth=True)).situation.route is Route.VISA


def test_a_bucket_is_kept_unless_a_date_waits():
    assert absorb(Case(), Reading(bucket=ExpiryBucket.EXPIRED)).situation.expiry == Expiry(bucket=ExpiryBucket.EXPIRED)
    assert absorb(Case(), Reading(bucket=ExpiryBucket.EXPIRED, date=DAY)).situation.expiry is Unknown.UNASKED


def test_a_known_fact_is_never_touched_by_a_later_text():
    known = Case().with_situation(
        departement="69",
        title="ts.etu",
        procedure="proc.first",
        blockage="blk.closed",
        tried=Tried.NEVER,
        expiry=Expiry(on=date(2027, 5, 1)),
    )
    reading = Reading(place=BOBIGNY, title=SAL, procedure=RENEW, date=DAY, blockage=NOSLOT, tried=Tried.MONTHS)
    assert absorb(known, reading) == known


readings = st.builds(
    Reading,
    place=st.sampled_from([PlaceReading(), BOBIGNY, SAINT_DENIS]),
    title=st.sampled_from([CodeReading(), SAL, VPF]),
    procedure=st.sampled_from([CodeReading(), RENEW]),
    blockage=st.sampled_from([CodeReading(), NOSLOT]),
    date=st.sampled_from([DateReading(), DAY, MONTH, TWO, DateReading(problem="too_old")]),
    reply=st.sampled_from([None, *Reply]),
    tried=st.sampled_from([None, *Tried]),
    bucket=st.sampled_from([None, *ExpiryBucket]),
    risks=st.sampled_from([None, frozenset({Risk.WORK})]),
    named_language=st.sampled_from([None, "ar"]),
)
askable = st.sampled_from(
    [
        Question.CONSENT,
        Question.LANGUAGE,
        Question.REMOVAL,
        Question.PLACE,
        Question.PROCEDURE,
        Question.TITLE,
        Question.EXPIRY,
        Question.BLOCKAGE,
        Question.TRIED,
        Question.RISK,
        Question.CONFIRM_PLACE,
        Question.CONFIRM_TITLE,
        Question.CONFIRM_DATE,
    ]
)


@given(st.lists(st.tuples(askable, readings), max_size=8))
def test_a_date_is_a_fact_only_after_a_yes_a_choice_or_a_bucket(steps):
    """No text alone ever makes an exact date a fact."""
    case = Case(language="fr")
    for question, reading in steps:
        before = case.situation.expiry
        was_waiting = pending_for(case, Question.CONFIRM_DATE)
        case = record(case, Answer(question, reading)).case
        after = case.situation.expiry
        if after != before and isinstance(after, Expiry) and after.on is not None:
            assert question is Question.CONFIRM_DATE
            assert reading.reply is Reply.YES
            assert was_waiting.on == after.on


@given(askable, readings, readings)
def test_no_answer_adds_more_than_one_miss(question, first, second):
    case = record(Case(language="fr"), Answer(question, first)).case
    again = record(replace(case), Answer(question, second)).case
    assert again.misses <= case.misses + 1
