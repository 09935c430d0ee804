"""How long data lives."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.core.case import Alert, Case, Expiry, Pending, Question, Risk, Situation, Tried
from bot.core.retention import (
    PROOF_FOLDER,
    PROOF_NOTICE,
    is_folder_over,
    is_notice_due,
    kept_case,
)

START = datetime(2026, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)

NOTICES = [
    (75, None, False),
    (76, None, True),
    (200, None, True),
    (76, 76, False),
]
FOLDERS = [
    (89, None, False),
    (90, None, False),
    (103, None, False),
    (104, None, True),
    (89, 70, False),
    (90, 76, True),
    (90, 77, False),
    (91, 77, True),
]


def test_every_line_of_the_tables_is_played() -> None:
    assert (len(NOTICES), len(FOLDERS)) == (4, 8)
    assert (PROOF_FOLDER, PROOF_NOTICE) == (90 * DAY, 14 * DAY)


@pytest.mark.parametrize(("day", "notice", "expected"), NOTICES)
def test_notice_is_due_fourteen_days_before_the_folder_goes(day: int, notice: int | None, expected: bool) -> None:
    notice_at = None if notice is None else START + notice * DAY
    assert is_notice_due(START, notice_at, START + day * DAY) is expected


@pytest.mark.parametrize(("day", "notice", "expected"), FOLDERS)
def test_folder_goes_when_both_terms_are_over(day: int, notice: int | None, expected: bool) -> None:
    notice_at = None if notice is None else START + notice * DAY
    assert is_folder_over(START, notice_at, START + day * DAY) is expected


FULL = Case(
    language="ar",
    situation=Situation(
        consent=True,
        alerts=frozenset({Alert.REMOVAL}),
        departement="93",
        arrondissement="Le Raincy",
        procedure="proc.renew",
        title="ts.etu",
        expiry=Expiry(date(2027, 1, 20)),
        blockage="blk.noslot",
        tried=Tried.MONTHS,
        risks=frozenset({Risk.HEALTH}),
        is_youth=True,
    ),
    pending=(Pending(Question.PLACE),),
    asked=(Question.PLACE,),
    answered=(Question.PLACE,),
    is_done=True,
    is_stopped=True,
    proof_consent=True,
    handoff=True,
)


def test_reminder_keeps_language_consent_and_stop_alone() -> None:
    kept = kept_case(FULL, has_folder=False)
    assert kept == Case(language="ar", situation=Situation(consent=True), is_stopped=True, proof_consent=True)


def test_folder_also_keeps_what_its_letter_prints() -> None:
    kept = kept_case(FULL, has_folder=True)
    assert replace(kept, situation=Situation()) == Case(language="ar", is_stopped=True, proof_consent=True)
    assert kept.situation == Situation(
        consent=True,
        departement="93",
        arrondissement="Le Raincy",
        procedure="proc.renew",
        title="ts.etu",
        expiry=Expiry(date(2027, 1, 20)),
    )
