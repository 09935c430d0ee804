"""Situations and titles for tests of the triage: codes only, no person behind them."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from bot.core.case import (
    Alert,
    AttemptChannel,
    AttemptResult,
    Expiry,
    ExpiryBucket,
    Removal,
    Risk,
    Route,
    Situation,
    Tried,
)
from bot.core.evidence import Attempt, Proof
from bot.core.ids import AttemptId, FileId
from bot.core.titles import FilingChannel, Title, Window
from bot.core.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Mapping

TODAY = date(2026, 11, 23)
PARIS = timezone(timedelta(hours=1))

_TITLES = (
    ("ts.sal", "PREF", "PREF", "W60"),
    ("ts.etu", "ANEF", "ANEF", "W120"),
    ("ts.vpf_fr", "ANEF", "ANEF", "W120"),
    ("ts.vpf_liens", "MIX", "MIX", "W60"),
    ("ts.plur", "MIX", "MIX", "verify"),
    ("ts.res10", "MIX", "ANEF", "W120"),
    ("ts.resld", "ANEF", "ANEF", "W120"),
    ("ts.malade", "PREF", "PREF", "W60"),
    ("ts.tension", "PREF", "PREF", "verify"),
    ("ts.ase", "PREF", "PREF", "verify"),
    ("ts.aes", "PREF", "PREF", "NA"),
    ("ts.cra1", "MIX", "MIX", "verify"),
    ("ts.cra10", "MIX", "ANEF", "W120"),
    ("ts.ue", "ANEF", "ANEF", "verify"),
    ("ts.aps", "PREF", "PREF", "verify"),
    ("ts.aps_pt", "OTHER", "OTHER", "verify"),
    ("ts.vls", "ANEF", "ANEF", "NA"),
    ("ts.dcem", "ANEF", "ANEF", "verify"),
    ("doc.recep", "OTHER", "OTHER", "NA"),
    ("doc.dep", "OTHER", "OTHER", "NA"),
    ("doc.api", "OTHER", "OTHER", "NA"),
    ("doc.none", "OTHER", "OTHER", "NA"),
)


def title(title_id: str, channel: str = "PREF", renewal: str = "PREF", window: str = "W60") -> Title:
    """A title as bot/data/titles.yml would hold it."""
    return Title(
        title_id,
        title_id,
        FilingChannel(channel),
        FilingChannel(renewal),
        Window(window),
        fiche=None,
        source="test",
        status="READ-P",
        as_of="2026-11-23",
    )


TITLES: Mapping[str, Title] = {row[0]: title(*row) for row in _TITLES}


def expiry(told: object) -> Expiry:
    """An end: a date, a month as ``2027-03``, or the name of a bucket."""
    if isinstance(told, date):
        return Expiry(on=told)
    text = str(told)
    if text in set(ExpiryBucket):
        return Expiry(bucket=ExpiryBucket(text))
    return Expiry(on=date.fromisoformat(f"{text}-01"), is_month_only=True)


_READERS: Mapping[str, Any] = {
    "removal": Removal,
    "route": Route,
    "tried": Tried,
    "expiry": expiry,
    "alerts": lambda told: frozenset(Alert(item) for item in told),
    "risks": lambda told: frozenset(Risk(item) for item in told),
}


def situation(**facts: object) -> Situation:
    """A situation from plain codes; ``dont_know`` and ``declined`` are unknown for that reason."""
    told = {}
    for name, value in facts.items():
        is_unknown = isinstance(value, Unknown) or value in ("dont_know", "declined", "unasked")
        told[name] = Unknown(value) if is_unknown else _READERS.get(name, lambda same: same)(value)
    return Situation(consent=True, **told)  # type: ignore[arg-type]


RENEWAL = {
    "removal": "none",
    "departement": "93",
    "procedure": "proc.renew",
    "title": "ts.sal",
    "expiry": date(2027, 1, 20),
    "blockage": "blk.noslot",
    "tried": "weeks",
    "risks": ["none"],
}
"""Conversation 1 of domain.md 7."""


def attempt(
    day: date,
    hour: int | None = 10,
    *,
    minute: int = 0,
    channel: AttemptChannel = AttemptChannel.SITE,
    result: AttemptResult = AttemptResult.NO_SLOT,
    proofs: int = 0,
    number: int = 0,
) -> Attempt:
    """An attempt on a day; without an hour only the day was told."""
    at = datetime(day.year, day.month, day.day, 12 if hour is None else hour, minute, tzinfo=PARIS)
    files = tuple(
        Proof(FileId(f"f{number}-{i}"), FileId(f"s{number}-{i}"), f"{number}-{day}-{i}", 1, at) for i in range(proofs)
    )
    return Attempt(AttemptId(f"a{number}"), at, hour is not None, channel, result, at + timedelta(hours=1), files)
