"""Which question comes next."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.core.case import Alert, Case, Expiry, Pending, Question, Removal, Situation
from bot.core.questions import answer_resets, next_question
from bot.core.unknown import UNASKED, Unknown
from tests.situations import RENEWAL, TITLES, TODAY, situation

Q = Question
EIGHT = (Q.REMOVAL, Q.PLACE, Q.PROCEDURE, Q.TITLE, Q.EXPIRY, Q.CONFIRM_DATE, Q.BLOCKAGE, Q.TRIED)


def ask(case: Case) -> Question | None:
    return next_question(case, TITLES, TODAY)


def case(pending: tuple[Pending, ...] = (), asked: tuple[Question, ...] = (), **facts: object) -> Case:
    return Case(language="fr", situation=situation(**facts), pending=pending, asked=asked)


def known(*without: str, **facts: object) -> dict[str, object]:
    """Conversation 1 without some facts, with others."""
    return {name: value for name, value in RENEWAL.items() if name not in without} | facts


def test_language_then_consent_then_the_letter() -> None:
    fresh = Case()
    assert ask(fresh) is Q.LANGUAGE
    assert ask(replace(fresh, language="fr")) is Q.CONSENT
    assert ask(case()) is Q.REMOVAL


def test_without_a_yes_nothing_is_asked() -> None:
    refused = Case(language="fr", situation=Situation(consent=False))
    assert ask(refused) is None
    assert ask(replace(refused, situation=Situation(consent=Unknown.DECLINED))) is Q.CONSENT


ENDED = [
    {"alerts": ["removal"]},
    {"alerts": ["detention"]},
    {"alerts": ["violence"]},
    {"alerts": ["suicide"]},
    {"alerts": ["minor"]},
    {"removal": "letter"},
    {"removal": "held"},
    {"route": "asylum"},
]


@pytest.mark.parametrize("facts", ENDED)
def test_an_alarm_another_door_or_a_child_end_the_questions_even_before_consent(facts: dict[str, object]) -> None:
    assert len(ENDED) == 8
    told = situation(**facts)
    assert ask(Case(situation=replace(told, consent=UNASKED))) is None
    assert ask(Case(language="fr", situation=told)) is None


def test_nothing_is_asked_after_an_alarm_but_another_door_may_be_talked_about() -> None:
    for facts in ENDED:
        done = Case(language="fr", situation=situation(**facts), is_done=True)
        assert ask(done) is (Q.NEXT if "route" in facts else None)
    both = situation(route="asylum", alerts=["removal"])
    assert ask(Case(language="fr", situation=both, is_done=True)) is None


def test_a_scam_does_not_end_the_questions() -> None:
    assert ask(case(alerts=["scam"], pending=(Pending(Q.CONFIRM_PLACE, departement="75"),))) is Q.REMOVAL


def test_17_and_a_half_stays_in_the_triage() -> None:
    assert ask(case(alerts=["minor"], is_youth=True)) is Q.REMOVAL


def test_what_comes_after_the_outcome_is_asked_once_it_was_given() -> None:
    assert ask(replace(case(**RENEWAL), is_done=True)) is Q.NEXT


ORDER = [
    ((), Q.REMOVAL),
    (("removal",), Q.PLACE),
    (("removal", "departement"), Q.PROCEDURE),
    (("removal", "departement", "procedure"), Q.TITLE),
    (("removal", "departement", "procedure", "title"), Q.EXPIRY),
    (("removal", "departement", "procedure", "title", "expiry"), Q.BLOCKAGE),
    (("removal", "departement", "procedure", "title", "expiry", "blockage"), Q.TRIED),
    (("removal", "departement", "procedure", "title", "expiry", "blockage", "tried"), Q.RISK),
    (tuple(RENEWAL), None),
]


@pytest.mark.parametrize(("told", "wanted"), ORDER)
def test_questions_come_in_the_order_of_the_tree(told: tuple[str, ...], wanted: Question | None) -> None:
    assert len(ORDER) == 9
    assert ask(case(**{name: RENEWAL[name] for name in told})) is wanted


@pytest.mark.parametrize("why", [Unknown.DONT_KNOW, Unknown.DECLINED])
def test_a_question_that_was_answered_with_i_do_not_know_is_not_asked_again(why: Unknown) -> None:
    told = case(removal=why, departement=why)
    assert ask(told) is Q.PROCEDURE


def test_conversation_1_confirms_place_title_and_date_then_asks_what_is_left() -> None:
    place = Pending(Q.CONFIRM_PLACE, departement="93")
    title = Pending(Q.CONFIRM_TITLE, title="ts.sal", procedure="proc.renew")
    when = Pending(Q.CONFIRM_DATE, on=date(2027, 1, 20))
    opening = case((place, title, when), blockage="blk.noslot")
    assert ask(opening) is Q.REMOVAL
    assert ask(case((place, title, when), removal="none", blockage="blk.noslot")) is Q.CONFIRM_PLACE
    assert ask(case((title, when), removal="none", departement="93", blockage="blk.noslot")) is Q.CONFIRM_TITLE
    assert ask(case((when,), **known("expiry", "tried", "risks"))) is Q.CONFIRM_DATE
    assert ask(case(**known("tried", "risks"))) is Q.TRIED
    assert ask(case(**known("risks"))) is Q.RISK


CONFIRMED = [
    (Pending(Q.CONFIRM_TITLE, procedure="proc.renew"), {}, Q.CONFIRM_TITLE),
    (Pending(Q.CONFIRM_TITLE, title="ts.sal"), {}, Q.CONFIRM_TITLE),
    (Pending(Q.CONFIRM_TITLE, candidates=("ts.sal", "ts.tt")), {}, Q.CONFIRM_TITLE),
    (Pending(Q.CONFIRM_TITLE, procedure="proc.renew"), {"procedure": "proc.first"}, Q.TITLE),
    (Pending(Q.CONFIRM_TITLE, title="ts.sal"), {"procedure": "proc.first", "title": "ts.etu"}, Q.BLOCKAGE),
    (Pending(Q.CONFIRM_TITLE, title="ts.sal"), {"procedure": "proc.dcem"}, Q.BLOCKAGE),
    (Pending(Q.CONFIRM_TITLE), {"procedure": "proc.first"}, Q.TITLE),
    (Pending(Q.CONFIRM_DATE, on=date(2027, 3, 1)), {"procedure": "proc.first", "title": "ts.vpf_fr"}, Q.CONFIRM_DATE),
    (Pending(Q.CONFIRM_DATE, on=date(2027, 3, 1)), {"procedure": "proc.first", "title": "doc.none"}, Q.BLOCKAGE),
    (Pending(Q.CONFIRM_DATE, on=date(2027, 3, 1)), {"procedure": "proc.dup", "title": "ts.sal"}, Q.CONFIRM_DATE),
]


@pytest.mark.parametrize(("pending", "facts", "wanted"), CONFIRMED)
def test_a_reading_is_confirmed_when_it_is_still_open_and_matters(pending, facts, wanted) -> None:
    assert len(CONFIRMED) == 10
    assert ask(case((pending,), removal="none", departement="93", **facts)) is wanted


SKIPPED = [
    ("proc.dcem", "unasked", Q.BLOCKAGE),
    ("proc.travel", "unasked", Q.BLOCKAGE),
    ("proc.addr", "unasked", Q.BLOCKAGE),
    ("proc.recep", "unasked", Q.EXPIRY),
    ("proc.dup", "unasked", Q.TITLE),
    ("proc.dup", "ts.sal", Q.BLOCKAGE),
    ("proc.first", "ts.sal", Q.BLOCKAGE),
    ("proc.first", "doc.recep", Q.EXPIRY),
    ("proc.first", "ts.vls", Q.EXPIRY),
    ("proc.first", "doc.none", Q.BLOCKAGE),
    ("proc.renew", "doc.none", Q.BLOCKAGE),
    ("proc.renew", "ts.aes", Q.BLOCKAGE),
    ("proc.change", "ts.etu", Q.EXPIRY),
    ("proc.other", "ts.etu", Q.EXPIRY),
    ("dont_know", "ts.etu", Q.EXPIRY),
    ("proc.pick", "unasked", None),
]


@pytest.mark.parametrize(("procedure", "title", "wanted"), SKIPPED)
def test_a_question_that_changes_nothing_is_left_out(procedure: str, title: str, wanted: Question | None) -> None:
    assert len(SKIPPED) == 16
    assert ask(case(removal="none", departement="93", procedure=procedure, title=title)) is wanted


EARLY = [
    ({"procedure": "proc.pick"}, Q.PLACE),
    ({"procedure": "proc.pick", "departement": "93"}, None),
    ({"blockage": "blk.late_date"}, Q.PLACE),
    ({"blockage": "blk.late_date", "departement": "93"}, Q.PROCEDURE),
    ({"blockage": "blk.late_date", "departement": "93", "procedure": "proc.first"}, None),
    ({"blockage": "blk.late_date", "departement": "93", "procedure": "proc.renew"}, Q.EXPIRY),
    ({"blockage": "blk.late_date", "departement": "93", "procedure": "proc.renew", "expiry": "no_date"}, None),
    ({"blockage": "blk.refused_desk", "departement": "93"}, Q.PROCEDURE),
    ({"blockage": "blk.refused_desk", "departement": "93", "procedure": "proc.renew"}, None),
    ({"departement": "988"}, None),
    ({"departement": "93", "procedure": "proc.first", "title": "ts.ue"}, None),
    ({"departement": "93", "procedure": "proc.renew", "title": "ts.sal", "expiry": date(2028, 1, 1)}, Q.BLOCKAGE),
    (known("tried", "risks", expiry=date(2028, 1, 1)), None),
    (known("tried", "risks", expiry=date(2028, 1, 1), title="ts.etu", blockage="blk.anef_wait"), Q.TRIED),
    (known("risks", expiry=date(2026, 11, 1)), None),
    (known("risks", title="ts.etu", blockage="blk.anef_wait", tried="four_months"), None),
    (known("risks", title="ts.etu", blockage="blk.anef_wait"), Q.RISK),
]


@pytest.mark.parametrize(("facts", "wanted"), EARLY)
def test_questions_end_as_soon_as_the_rest_changes_nothing(facts: dict[str, object], wanted: Question | None) -> None:
    assert len(EARLY) == 17
    assert ask(case(**({"removal": "none"} | facts))) is wanted


def test_three_unknown_answers_in_a_row_end_the_questions() -> None:
    told = case(removal="none", departement="93")
    assert ask(replace(told, unknowns=2)) is Q.PROCEDURE
    assert ask(replace(told, unknowns=3)) is None


def test_the_ninth_question_is_never_asked() -> None:
    assert ask(case(asked=EIGHT, **known("risks"))) is None
    assert ask(case(asked=(Q.LANGUAGE, Q.CONSENT, *EIGHT[:7]), **known("risks"))) is Q.RISK


def test_the_eighth_question_is_the_risk_unless_silence_may_decide() -> None:
    seven = EIGHT[:7]
    assert ask(case(asked=seven, **known("tried", "risks"))) is Q.RISK
    assert ask(case(asked=seven[:6], **known("tried", "risks"))) is Q.TRIED
    waits = known("tried", "risks", title="ts.etu", blockage="blk.anef_wait")
    assert ask(case(asked=seven, **waits)) is Q.TRIED
    assert ask(case(asked=(*seven[:6], Q.TRIED), **known("tried", "risks"))) is Q.TRIED
    urgent = known("tried", "risks", expiry=date(2026, 11, 1))
    assert ask(case(asked=seven, **urgent)) is Q.TRIED


def test_a_question_that_was_not_understood_is_asked_again_beyond_the_eighth() -> None:
    assert ask(case(asked=EIGHT, **known("tried", "risks"))) is Q.TRIED


def test_a_corrected_answer_may_be_asked_and_read_back_beyond_the_eighth() -> None:
    eight = (Q.REMOVAL, Q.CONFIRM_PLACE, Q.PROCEDURE, Q.TITLE, Q.EXPIRY, Q.BLOCKAGE, Q.TRIED, Q.RISK)
    assert ask(case(asked=eight, **known("departement"))) is Q.PLACE
    when = Pending(Q.CONFIRM_DATE, on=date(2027, 1, 20))
    assert ask(case((when,), asked=eight, **known("expiry"))) is Q.CONFIRM_DATE


def test_correcting_an_answer_clears_what_it_filled() -> None:
    empty = Situation()
    triage = {*EIGHT, Q.RISK, Q.CONFIRM_PLACE, Q.CONFIRM_TITLE, Q.CONSENT}
    for question in triage:
        assert answer_resets(question)
        assert all(hasattr(empty, name) for name in answer_resets(question))
    assert answer_resets(Q.PLACE) == ("departement", "arrondissement")
    assert answer_resets(Q.NEXT) == ()
    assert answer_resets(Q.LANGUAGE) == ()


def test_a_known_fact_is_the_value_itself() -> None:
    told = case(**RENEWAL).situation
    assert told.removal is Removal.NONE
    assert told.expiry == Expiry(on=date(2027, 1, 20))
    assert Alert.SCAM not in told.alerts
