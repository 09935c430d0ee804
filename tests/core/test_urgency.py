"""Levels of urgency, and that they only rise."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.case import Alert, Expiry, ExpiryBucket, Removal, Risk, Situation
from bot.core.procedures import Procedure
from bot.core.reasons import Reason
from bot.core.unknown import UNASKED, Unknown
from bot.core.urgency import TENSION_ENDS, Urgency, grade, urgency
from tests.situations import RENEWAL, TITLES, TODAY, situation


def of(today: date = TODAY, **facts: object) -> Urgency:
    told = situation(**facts)
    title = TITLES.get(told.title) if isinstance(told.title, str) else None
    return urgency(told, title, today)


LEVELS = [
    ({"removal": "letter"}, Urgency.U0),
    ({"removal": "held"}, Urgency.U0),
    ({"alerts": ["removal"]}, Urgency.U0),
    ({"alerts": ["detention"]}, Urgency.U0),
    ({"alerts": ["violence"]}, Urgency.U0),
    ({"alerts": ["suicide"]}, Urgency.U0),
    ({"alerts": ["minor"]}, Urgency.U1),
    ({"alerts": ["scam"]}, Urgency.U4),
    ({}, Urgency.U4),
    ({"procedure": "proc.renew"}, Urgency.U2),
    ({"procedure": "proc.renew", "expiry": "dont_know"}, Urgency.U2),
    ({"procedure": "proc.renew", "expiry": "no_date"}, Urgency.U4),
    ({"procedure": "proc.change", "expiry": "declined"}, Urgency.U2),
    ({"procedure": "proc.recep"}, Urgency.U2),
    ({"procedure": "proc.dup"}, Urgency.U4),
    ({"procedure": "proc.other"}, Urgency.U4),
    ({"procedure": "proc.first"}, Urgency.U4),
    ({"procedure": "proc.first", "expiry": "expired"}, Urgency.U4),
    ({"procedure": "proc.first", "title": "doc.recep", "expiry": "expired"}, Urgency.U1),
    ({"procedure": "proc.first", "title": "doc.recep", "expiry": date(2027, 1, 10)}, Urgency.U2),
    ({"procedure": "proc.first", "title": "doc.recep", "expiry": date(2027, 3, 10)}, Urgency.U4),
    ({"procedure": "proc.first", "title": "doc.api", "expiry": date(2026, 12, 7)}, Urgency.U1),
    ({"procedure": "proc.first", "risks": ["work"]}, Urgency.U1),
    ({"procedure": "proc.first", "risks": ["benefits"]}, Urgency.U1),
    ({"procedure": "proc.first", "risks": ["youth"]}, Urgency.U1),
    ({"procedure": "proc.first", "risks": ["studies", "travel", "health", "none"]}, Urgency.U4),
    ({"procedure": "proc.first", "is_youth": True}, Urgency.U1),
    ({"procedure": "proc.first", "is_youth": False}, Urgency.U4),
    ({"procedure": "proc.first", "title": "ts.ase"}, Urgency.U1),
    ({"procedure": "proc.first", "title": "ts.tension"}, Urgency.U1),
    ({"title": "doc.none", "expiry": "expired"}, Urgency.U4),
    ({"title": "doc.none", "procedure": "proc.change", "expiry": "expired"}, Urgency.U4),
    ({"title": "ts.aes", "procedure": "proc.renew", "expiry": "expired"}, Urgency.U1),
    ({"expiry": "expired"}, Urgency.U1),
    ({"expiry": date(2028, 1, 1)}, Urgency.UX),
    ({"procedure": "proc.addr", "expiry": date(2028, 1, 1)}, Urgency.U4),
    ({"procedure": "proc.addr", "expiry": date(2026, 12, 30)}, Urgency.U2),
    ({"procedure": "proc.pick", "expiry": date(2026, 12, 1)}, Urgency.U1),
]


@pytest.mark.parametrize(("facts", "wanted"), LEVELS)
def test_a_situation_has_the_level_of_the_table(facts: dict[str, object], wanted: Urgency) -> None:
    assert len(LEVELS) == 38
    assert of(**facts) is wanted


def test_the_tension_scheme_is_urgent_from_ninety_days_before_its_end_and_stays_so() -> None:
    facts = {"procedure": "proc.first", "title": "ts.tension"}
    assert of(TENSION_ENDS - timedelta(days=91), **facts) is Urgency.U4
    assert of(TENSION_ENDS - timedelta(days=90), **facts) is Urgency.U1
    assert of(TENSION_ENDS + timedelta(days=400), **facts) is Urgency.U1


EXTENSION = [
    ("ts.res10", date(2026, 9, 8), False),
    ("ts.res10", date(2026, 9, 7), True),
    ("ts.res10", date(2026, 1, 1), True),
    ("ts.plur", date(2026, 9, 7), True),
    ("ts.sal", date(2026, 9, 7), False),
    ("ts.res10", date(2026, 11, 23), False),
    ("ts.res10", None, False),
]


@pytest.mark.parametrize(("title", "ends", "wanted"), EXTENSION)
def test_the_end_of_the_three_months_is_told_only_for_the_titles_the_law_names(title, ends, wanted) -> None:
    assert len(EXTENSION) == 7
    told = situation(procedure="proc.renew", title=title, expiry=ends or "expired")
    assert (Reason.EXTENSION_ENDS in grade(told, TITLES[title], TODAY).reasons) is wanted


def test_a_title_missing_from_the_table_still_counts_by_its_id() -> None:
    assert urgency(situation(title="ts.ase"), None, TODAY) is Urgency.U1


def test_reasons_come_most_urgent_first_and_once_each() -> None:
    told = situation(**(RENEWAL | {"risks": ["work", "youth"], "is_youth": True, "expiry": date(2027, 3, 1)}))
    assert grade(told, TITLES["ts.sal"], TODAY).reasons == (Reason.WORK, Reason.YOUTH, Reason.ENDS_IN_MONTHS)


def test_levels_are_ranked_from_the_most_urgent() -> None:
    assert [level.rank for level in Urgency] == [0, 1, 2, 3, 4, 5]


BUCKETS = (
    ExpiryBucket.BEYOND_THREE_MONTHS,
    ExpiryBucket.ONE_TO_THREE_MONTHS,
    ExpiryBucket.WITHIN_MONTH,
    ExpiryBucket.EXPIRED,
)
UNKNOWNS = list(Unknown)
NEAR = [-400, -100, -92, -60, -10, -1, 0, 5, 14, 15, 30, 60, 61, 90, 120, 121, 200, 700]
EXPIRIES = [
    *(Expiry(on=TODAY + timedelta(days=days)) for days in NEAR),
    *(Expiry(on=TODAY + timedelta(days=days), is_month_only=True) for days in NEAR[::3]),
    *(Expiry(bucket=bucket) for bucket in ExpiryBucket),
    *UNKNOWNS,
]
CALM = [frozenset[Risk]()] * 6
SITUATIONS = st.builds(
    Situation,
    consent=st.just(True),
    alerts=st.sampled_from([frozenset[Alert]()] * 20 + [frozenset({alert}) for alert in Alert]),
    removal=st.sampled_from([Removal.NONE] * 12 + [*Removal, *UNKNOWNS]),
    procedure=st.sampled_from(["proc.renew"] * 10 + ["proc.first"] * 4 + [*map(str, Procedure), *UNKNOWNS]),
    title=st.sampled_from([*["ts.sal", "ts.etu", "ts.tension"] * 3, *sorted(TITLES), *UNKNOWNS]),
    expiry=st.sampled_from(EXPIRIES),
    risks=st.sampled_from([*CALM, *(frozenset({risk}) for risk in Risk), *UNKNOWNS]),
    is_youth=st.sampled_from([False] * 6 + [True, *UNKNOWNS]),
)
"""Weighted to the situations people are in: few alarms, mostly renewals, dates around every threshold."""


def worse(draw: st.DrawFn, base: Situation) -> Situation:
    """One step down the partial order of worsening: a fact that is added, or that comes nearer."""
    kind = draw(st.sampled_from(["alert", "removal", "risk", "youth", "over", *["nearer"] * 6]))
    told = base.risks if isinstance(base.risks, frozenset) else frozenset[Risk]()
    changes: dict[str, dict[str, object]] = {
        "alert": {"alerts": base.alerts | {draw(st.sampled_from(list(Alert)))}},
        "removal": {"removal": draw(st.sampled_from([Removal.LETTER, Removal.HELD]))},
        "risk": {"risks": told | {draw(st.sampled_from(list(Risk)))}},
        "youth": {"is_youth": True},
        "over": {"expiry": Expiry(bucket=ExpiryBucket.EXPIRED)},
        "nearer": {"expiry": nearer(draw, base.expiry)},
    }
    return replace(base, **changes[kind])  # type: ignore[arg-type]


def nearer(draw: st.DrawFn, expiry: Expiry | Unknown) -> Expiry | Unknown:
    """The same end some days earlier, or a nearer bucket; an unknown end, and one without a date, stay."""
    if isinstance(expiry, Unknown):
        return expiry
    if expiry.on is not None:
        return replace(expiry, on=expiry.on - timedelta(days=draw(st.integers(0, 500))))
    if expiry.bucket not in BUCKETS:
        return expiry
    place = BUCKETS.index(expiry.bucket)
    return Expiry(bucket=BUCKETS[draw(st.integers(place, len(BUCKETS) - 1))])


@settings(max_examples=250)
@given(st.data(), SITUATIONS)
def test_urgency_never_falls_when_a_fact_gets_worse(data: st.DataObject, base: Situation) -> None:
    bad = data.draw(st.composite(worse)(base))
    title = TITLES.get(base.title) if isinstance(base.title, str) else None
    assert urgency(bad, title, TODAY).rank <= urgency(base, title, TODAY).rank


@settings(max_examples=250)
@given(SITUATIONS, st.integers(0, 900))
def test_urgency_never_falls_as_days_go_by(base: Situation, days: int) -> None:
    title = TITLES.get(base.title) if isinstance(base.title, str) else None
    later = TODAY + timedelta(days=days)
    assert urgency(base, title, later).rank <= urgency(base, title, TODAY).rank


@given(SITUATIONS)
def test_an_unknown_end_of_a_running_document_is_never_called_calm(base: Situation) -> None:
    told = replace(base, expiry=UNASKED, procedure="proc.renew")
    title = TITLES.get(told.title) if isinstance(told.title, str) else None
    assert urgency(told, title, TODAY).rank <= Urgency.U2.rank
