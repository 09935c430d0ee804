"""Logs of attempts: cleaned, measured, coached."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations, pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.cadence import HOURS, suggest
from bot.core.case import AttemptChannel, AttemptResult
from bot.core.evidence import Attempt, Lack, Level, coach, merge, read_log, span_days, windows7
from bot.core.guidance import Step
from bot.storage.reference.rules import load_plans
from tests.situations import TODAY, attempt

PLANS = load_plans(Path(__file__).parents[2] / "bot" / "data" / "plans.yml")
START = date(2026, 9, 1)


def spread(*days: int, channel: AttemptChannel = AttemptChannel.SITE, proofs: int = 0) -> list[Attempt]:
    return [
        attempt(START + timedelta(days=day), 8 + number % 12, channel=channel, proofs=proofs, number=number)
        for number, day in enumerate(days)
    ]


WINDOWS = [
    ((), 0, 0),
    ((0,), 0, 1),
    ((0, 6), 6, 1),
    ((0, 7), 7, 2),
    ((0, 1, 2, 3, 4, 5, 6), 6, 1),
    ((0, 8, 16), 16, 3),
    ((0, 13, 14), 14, 2),
    ((6, 7), 1, 1),
    ((0, 20, 80), 80, 3),
]


@pytest.mark.parametrize(("days", "span", "windows"), WINDOWS)
def test_a_log_is_measured_in_elapsed_days_and_whole_windows(days, span, windows) -> None:
    assert len(WINDOWS) == 9
    told = spread(*days)
    assert (span_days(told), windows7(told)) == (span, windows)
    log = read_log(told, TODAY)
    assert (log.count, log.span_days, log.windows7) == (len(days), span, windows)


def test_four_captures_from_friday_to_wednesday_lie_in_two_weeks_of_the_calendar_and_are_still_too_short() -> None:
    told = [attempt(date(2019, 9, day), number=day) for day in (13, 16, 17, 18)]
    assert len({a.at.isocalendar().week for a in told}) == 2
    found = coach(PLANS["E-R2"], told, date(2019, 9, 20))
    assert found.is_too_short
    assert found.level is Level.WEAK


def test_conversation_26_forty_captures_over_five_days_are_told_to_go_on() -> None:
    days = [date(2026, 11, 13) + timedelta(days=number % 6) for number in range(40)]
    told = [attempt(day, 8 + i % 12, minute=i, proofs=1, number=i) for i, day in enumerate(days)]
    found = coach(PLANS["E-R2"], told, TODAY)
    assert found.log.count == 40
    assert found.log.span_days == 5
    assert found.level is Level.WEAK
    assert found.missing[0].lack is Lack.SPREAD
    assert (found.missing[0].have, found.missing[0].need) == (5, 8)


def test_two_tries_in_one_minute_are_one_with_all_their_captures() -> None:
    first, second = attempt(START, 9, proofs=1, number=1), attempt(START, 9, proofs=2, number=2)
    same = replace(second, proofs=(*second.proofs, *first.proofs))
    (merged,) = merge([same, first])
    assert merged.id == "a1"
    assert len(merged.proofs) == 3
    assert read_log([first, same], TODAY).merged == 1


DISTINCT = [
    {"minute": 1},
    {"hour": 10},
    {"channel": AttemptChannel.EMAIL},
    {"hour": None},
]


@pytest.mark.parametrize("change", DISTINCT)
def test_another_minute_channel_or_a_day_alone_is_another_try(change: dict[str, object]) -> None:
    assert len(DISTINCT) == 4
    other = {"hour": 9, "number": 2} | change
    assert len(merge([attempt(START, 9, number=1), attempt(START, **other)])) == 2  # type: ignore[arg-type]


def test_two_days_without_an_hour_cannot_be_told_apart() -> None:
    assert len(merge([attempt(START, None, number=1), attempt(START, None, number=2)])) == 1


def test_a_future_try_and_a_slot_that_was_found_do_not_count() -> None:
    told = [
        attempt(TODAY, number=1),
        attempt(TODAY + timedelta(days=1), number=2),
        attempt(TODAY - timedelta(days=30), result=AttemptResult.SLOT, number=3),
    ]
    log = read_log(told, TODAY)
    assert (log.count, log.span_days, log.future) == (1, 0, ("a2",))
    assert span_days(told) == 1


def test_a_pause_of_more_than_two_weeks_is_pointed_out() -> None:
    log = read_log(spread(0, 14, 29), TODAY)
    (gap,) = log.gaps
    assert (gap.after, gap.until, gap.days) == (START + timedelta(days=14), START + timedelta(days=29), 15)


def test_a_log_knows_its_first_and_last_day_and_its_captures() -> None:
    log = read_log([*spread(3, proofs=1), attempt(START, number=9)], TODAY)
    assert (log.first, log.last, log.with_proof, log.days) == (START, START + timedelta(days=3), 1, 2)
    assert read_log([], TODAY).first is None
    assert read_log([], TODAY).last is None


THRESHOLDS = [
    ("E-R2", (0, 2, 5, 7, 9, 11, 14, 15), Level.OFTEN_BETTER_ACCEPTED, set()),
    ("E-R2", (0, 2, 5, 7, 9, 11, 13, 14), Level.GROWING, {Lack.SPAN}),
    ("E-R2", (0, 2, 5, 7, 9, 14, 15), Level.GROWING, {Lack.ATTEMPTS}),
    ("E-R2", (0, 1, 2, 3, 4, 5, 6, 15), Level.GROWING, {Lack.WINDOWS}),
    ("E-R3", (0, 3, 6, 9, 12, 15, 18, 20, 21), Level.OFTEN_BETTER_ACCEPTED, set()),
    ("E-R3", (0, 3, 6, 9, 12, 15, 18, 20), Level.GROWING, {Lack.SPAN, Lack.ATTEMPTS}),
    ("E-F", tuple(range(0, 25, 2)), Level.GROWING, {Lack.SPAN}),
    ("E-F", (*range(0, 25, 2), 28), Level.OFTEN_BETTER_ACCEPTED, set()),
    ("E-A", tuple(range(0, 91, 3)), Level.OFTEN_BETTER_ACCEPTED, set()),
    ("E-A", tuple(range(0, 85, 3)), Level.GROWING, {Lack.SPAN}),
    ("E-R1", tuple(range(60)), Level.GROWING, set()),
]


@pytest.mark.parametrize(("plan", "days", "level", "lacks"), THRESHOLDS)
def test_a_log_reaches_the_minimum_of_its_plan_and_not_before(plan, days, level, lacks) -> None:
    assert len(THRESHOLDS) == 11
    told = [
        *spread(*days),
        attempt(START, 6, channel=AttemptChannel.EMAIL, number=90),
        attempt(START, 7, channel=AttemptChannel.LETTER, number=91),
    ]
    if plan in {"E-R2", "E-R3"}:
        told = spread(*days)
    found = coach(PLANS[plan], told, START + timedelta(days=days[-1]))
    assert found.level is level
    assert {missing.lack for missing in found.missing} - {Lack.EMAIL, Lack.LETTER} == lacks


def test_anef_wants_two_captures_eight_days_apart_and_the_ladder() -> None:
    plan, end = PLANS["E-N"], START + timedelta(days=9)
    captures = spread(0, 8, channel=AttemptChannel.ANEF, proofs=1)
    ladder = [
        attempt(START, 18, channel=AttemptChannel.PHONE, number=20),
        attempt(START, 19, channel=AttemptChannel.DESK, number=21),
    ]
    assert coach(plan, [*captures, *ladder], end).level is Level.OFTEN_BETTER_ACCEPTED
    near = spread(0, 7, channel=AttemptChannel.ANEF, proofs=1)
    late = [replace(ladder[0], at=ladder[0].at + timedelta(days=9)), ladder[1]]
    assert Lack.CAPTURES in {missing.lack for missing in coach(plan, [*near, *late], end).missing}
    bare = coach(plan, captures, end)
    assert [missing.lack for missing in bare.missing] == [Lack.CCC, Lack.PAN, Lack.LETTER]
    assert bare.next_step is Step.CCC
    assert coach(plan, [*captures, ladder[0]], end).next_step is Step.PAN


def test_a_plan_past_its_date_calls_no_log_better_accepted() -> None:
    old = replace(PLANS["E-R2"], expires_on=START)
    days = (0, 2, 5, 7, 9, 11, 14, 15)
    assert coach(old, spread(*days), START + timedelta(days=15)).level is Level.GROWING


def test_a_log_left_alone_for_two_weeks_is_taken_up_again() -> None:
    days = (0, 2, 5, 7, 9, 11, 14, 15)
    fresh, stale = START + timedelta(days=29), START + timedelta(days=30)
    assert coach(PLANS["E-R2"], spread(*days), fresh).level is Level.OFTEN_BETTER_ACCEPTED
    assert coach(PLANS["E-R2"], spread(*days), stale).missing[0].lack is Lack.RESUME


def test_the_next_step_is_the_first_thing_that_lacks() -> None:
    assert coach(PLANS["E-R1"], [], TODAY).next_step is Step.LAWYER
    assert coach(PLANS["E-R2"], [], TODAY).next_step is Step.CAPTURE
    assert coach(PLANS["E-A"], [], TODAY).next_step is Step.ASSOCIATION
    assert coach(PLANS["E-R2"], spread(0), START).next_step is Step.EMAIL
    mailed = [*spread(0), attempt(START, 20, channel=AttemptChannel.EMAIL, number=90)]
    assert coach(PLANS["E-R2"], mailed, START).next_step is Step.LETTER
    assert coach(PLANS["E-A"], spread(0), START).next_step is Step.CAPTURE
    whole = [*spread(*range(0, 91, 3))]
    assert coach(PLANS["E-A"], whole, START + timedelta(days=90)).next_step is Step.ASSOCIATION


def test_the_wording_of_a_plan_is_a_rule() -> None:
    assert PLANS["E-R2"].wording_key == "rule.plan_e_r2"


DAY_OFFSETS = st.lists(st.integers(0, 120), max_size=14)
LOGS = st.lists(
    st.builds(
        attempt,
        st.integers(0, 7).map(lambda day: START + timedelta(days=day)),
        st.one_of(st.none(), st.integers(0, 22)),
        minute=st.integers(0, 59),
        channel=st.sampled_from(list(AttemptChannel)),
        result=st.sampled_from(list(AttemptResult)),
        proofs=st.integers(0, 2),
        number=st.integers(0, 9999),
    ),
    max_size=60,
    unique_by=lambda told: told.id,
)


@given(LOGS, st.sampled_from(sorted(PLANS)), st.integers(0, 400))
def test_no_log_of_less_than_eight_days_is_ever_called_usable(told: list[Attempt], plan: str, later: int) -> None:
    found = coach(PLANS[plan], told, START + timedelta(days=7 + later))
    assert found.log.span_days < 8
    assert found.is_too_short
    assert found.level is Level.WEAK
    assert found.missing[0].lack is Lack.SPREAD


@given(DAY_OFFSETS)
def test_windows_and_span_agree_with_brute_force(days: list[int]) -> None:
    told = spread(*days)
    apart = max(
        (
            len(chosen)
            for size in range(len(set(days)) + 1)
            for chosen in combinations(sorted(set(days)), size)
            if all(later - earlier >= 7 for earlier, later in pairwise(chosen))
        ),
        default=0,
    )
    assert windows7(told) == apart
    assert span_days(told) == max((abs(a - b) for a in days for b in days), default=0)


@given(LOGS, st.randoms(use_true_random=False))
def test_the_order_in_which_attempts_are_told_changes_nothing(told: list[Attempt], chance) -> None:
    mixed = list(told)
    chance.shuffle(mixed)
    assert read_log(told, START + timedelta(days=3)) == read_log(mixed, START + timedelta(days=3))


@given(LOGS, st.integers(1, 7), st.integers(1, 2))
def test_suggestions_vary_in_day_and_hour_and_are_few(told: list[Attempt], per_week: int, per_day: int) -> None:
    found = suggest([(a.at, a.has_hour) for a in told], per_week, per_day, TODAY)
    days = {suggestion.on for suggestion in found}
    assert len(found) == per_week * per_day
    assert len(days) == per_week
    assert len(set(found)) == len(found)
    assert all(TODAY < day <= TODAY + timedelta(days=7) for day in days)
    assert len({suggestion.hour for suggestion in found}) == min(len(found), len(HOURS))
    assert list(found) == sorted(found, key=lambda suggestion: (suggestion.on, suggestion.hour))


def test_the_least_used_weekdays_and_hours_come_first() -> None:
    mondays = [attempt(date(2026, 11, 16), 8, number=1), attempt(date(2026, 11, 9), 8, number=2)]
    found = suggest([(a.at, a.has_hour) for a in mondays], 6, 1, TODAY)
    assert all(suggestion.on.weekday() != 0 for suggestion in found)
    assert found[0].hour != 8
