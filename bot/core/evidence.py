"""Attempts and proofs: what a person can show of trying in vain, and how it is spread in time.

Proof is about spread, not volume (domain.md 0.1, F-03): four captures over five days were refused.
Must not know: where files lie, how they were decoded, any wording.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING

from bot.core.cadence import suggest
from bot.core.case import AttemptChannel, AttemptResult
from bot.core.guidance import Step

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

    from bot.core.cadence import Suggestion
    from bot.core.ids import AttemptId, FileId

SPREAD_DAYS = 8
"""R-SPREAD: below this span no log is called usable, whatever the count (domain.md 3.5, F-03)."""

WINDOW_DAYS = 7

GAP_DAYS = 14
"""A longer pause is pointed out (domain.md 4.3)."""


@dataclass(frozen=True, slots=True)
class Proof:
    """A picture that goes with an attempt: what reached us, and when."""

    original: FileId
    safe_copy: FileId
    sha256: str
    """Hex digest of the original bytes as received."""
    size: int
    """Bytes of the original."""
    received_at: datetime
    """Machine fact: when it reached us; not when the screen was seen."""
    is_forwarded: bool = False
    """Passed on from another message: nobody knows who took it, so it is not first-hand (channels.md 1.6)."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One complete try up to the refusal message, as the person told it (domain.md 3.5)."""

    id: AttemptId
    at: datetime
    """Aware, in the local time of the person's prefecture; the person's statement."""
    has_hour: bool
    """False when only the day was told."""
    channel: AttemptChannel
    result: AttemptResult
    recorded_at: datetime
    """Machine fact, UTC."""
    proofs: tuple[Proof, ...] = ()


@dataclass(frozen=True, slots=True)
class Gap:
    """A pause longer than 14 days between two attempts."""

    after: date
    until: date
    days: int


@dataclass(frozen=True, slots=True)
class Log:
    """A person's attempts, cleaned and measured; days are counted in local time."""

    attempts: tuple[Attempt, ...]
    """In the order of their time; duplicates of a minute merged, future ones and obtained slots left out."""
    span_days: int = 0
    """Days from the first attempt to the last."""
    windows7: int = 0
    """Non-overlapping 7-day windows that hold an attempt."""
    with_proof: int = 0
    days: int = 0
    """Different days on which the person tried."""
    gaps: tuple[Gap, ...] = ()
    merged: int = 0
    """Attempts dropped because they were told twice."""
    future: tuple[AttemptId, ...] = ()
    """Attempts with a date after today: never counted."""

    @property
    def count(self) -> int:
        """How many attempts count."""
        return len(self.attempts)

    @property
    def first(self) -> date | None:
        """The day of the first attempt."""
        return self.attempts[0].at.date() if self.attempts else None

    @property
    def last(self) -> date | None:
        """The day of the last attempt."""
        return self.attempts[-1].at.date() if self.attempts else None

    @property
    def is_spread(self) -> bool:
        """False below 8 days of span: R-SPREAD (F-03)."""
        return self.span_days >= SPREAD_DAYS


def read_log(attempts: Iterable[Attempt], today: date) -> Log:
    """The log of these attempts as of today; nothing in it is invented or moved (domain.md 4.3)."""
    told = sorted(attempts, key=_moment)
    future = tuple(attempt.id for attempt in told if attempt.at.date() > today)
    failed = [a for a in told if a.at.date() <= today and a.result is not AttemptResult.SLOT]
    kept = merge(failed)
    days = [attempt.at.date() for attempt in kept]
    return Log(
        attempts=kept,
        span_days=_span(days),
        windows7=_windows(days),
        with_proof=sum(1 for attempt in kept if attempt.proofs),
        days=len(set(days)),
        gaps=_gaps(days),
        merged=len(failed) - len(kept),
        future=future,
    )


def _moment(attempt: Attempt) -> tuple[datetime, datetime, str]:
    return attempt.at, attempt.recorded_at, attempt.id


def merge(attempts: Iterable[Attempt]) -> tuple[Attempt, ...]:
    """The attempts by time, those of one minute and one channel made one with all their proofs.

    A day told without its hour counts once a channel: two such cannot be told apart.
    """
    kept: dict[tuple[object, ...], Attempt] = {}
    for attempt in sorted(attempts, key=_moment):
        moment = attempt.at.replace(second=0, microsecond=0) if attempt.has_hour else attempt.at.date()
        key = (moment, attempt.has_hour, attempt.channel)
        first = kept.get(key)
        if first is None:
            kept[key] = attempt
            continue
        seen = {proof.sha256 for proof in first.proofs}
        more = tuple(proof for proof in attempt.proofs if proof.sha256 not in seen)
        kept[key] = replace(first, proofs=first.proofs + more)
    return tuple(kept.values())


def span_days(attempts: Iterable[Attempt]) -> int:
    """Days from the first failed attempt to the last, in local time; 0 for none or one."""
    return _span(_days(attempts))


def windows7(attempts: Iterable[Attempt]) -> int:
    """How many 7-day windows, each opening at an attempt after the one before closed, hold a failed attempt.

    The strictest way to count: as many attempts as can be picked that lie seven days or more apart.
    """
    return _windows(_days(attempts))


def _days(attempts: Iterable[Attempt]) -> list[date]:
    return [attempt.at.date() for attempt in attempts if attempt.result is not AttemptResult.SLOT]


def _span(days: Sequence[date]) -> int:
    return (max(days) - min(days)).days if days else 0


def _windows(days: Iterable[date], apart: int = WINDOW_DAYS) -> int:
    count = 0
    opened: date | None = None
    for day in sorted(days):
        if opened is None or (day - opened).days >= apart:
            opened = day
            count += 1
    return count


def _gaps(days: Iterable[date]) -> tuple[Gap, ...]:
    return tuple(
        Gap(earlier, later, (later - earlier).days)
        for earlier, later in pairwise(sorted(days))
        if (later - earlier).days > GAP_DAYS
    )


class Level(StrEnum):
    """How far a log has come; the wording key is ``level.<value>``."""

    WEAK = "weak"
    GROWING = "growing"
    OFTEN_BETTER_ACCEPTED = "often_better_accepted"


class Lack(StrEnum):
    """One thing a log lacks; its value is its wording key."""

    SPREAD = "coach.spread"
    """R-SPREAD: everything within a few days."""
    SPAN = "coach.span"
    WINDOWS = "coach.windows"
    ATTEMPTS = "coach.attempts"
    CAPTURES = "coach.captures"
    EMAIL = "coach.email"
    LETTER = "coach.letter"
    CCC = "coach.ccc"
    PAN = "coach.pan"
    RESUME = "coach.resume"
    """No attempt for more than 14 days."""


@dataclass(frozen=True, slots=True)
class Plan:
    """One row of domain.md 3.5: product policy, to be tuned with jurists."""

    id: str
    min_span_days: int
    min_windows7: int
    min_attempts: int
    per_week: int
    """Days a week on which to try."""
    per_day: int
    """Tries on such a day, at different hours."""
    as_of: date
    expires_on: date
    """Past it no log is called better accepted."""
    min_captures: int = 0
    """Attempts with a capture, on days eight or more apart."""
    required: tuple[AttemptChannel, ...] = ()
    """Channels without which the log is not usable (ANEF: contact centre and PAN)."""
    advised: tuple[AttemptChannel, ...] = ()
    """Channels that make it stronger: e-mail, registered letter."""
    is_referred_at_once: bool = False
    """U1: a lawyer or an association today; the bot never judges such a log."""
    is_jurist_first: bool = False
    """AES: only after a jurist has looked."""

    @property
    def wording_key(self) -> str:
        """The key of the rule that tells the plan: ``rule.plan_e_r2``."""
        return f"rule.plan_{self.id.lower().replace('-', '_')}"


@dataclass(frozen=True, slots=True)
class Missing:
    """What is there and what the plan wants."""

    lack: Lack
    have: int
    need: int


@dataclass(frozen=True, slots=True)
class Coaching:
    """Where a log stands under a plan."""

    log: Log
    level: Level
    missing: tuple[Missing, ...]
    """What keeps the log from being usable, then what would make it stronger."""
    next_step: Step
    suggestions: tuple[Suggestion, ...]
    """The next seven days' tries, in order."""

    @property
    def is_too_short(self) -> bool:
        """True when R-SPREAD speaks: fewer than eight days, whatever the count."""
        return not self.log.is_spread


_CHANNEL_LACKS = {
    AttemptChannel.EMAIL: Lack.EMAIL,
    AttemptChannel.LETTER: Lack.LETTER,
    AttemptChannel.PHONE: Lack.CCC,
    AttemptChannel.DESK: Lack.PAN,
}
_NEXT = {Lack.EMAIL: Step.EMAIL, Lack.LETTER: Step.LETTER, Lack.CCC: Step.CCC, Lack.PAN: Step.PAN}


def coach(plan: Plan, attempts: Iterable[Attempt], today: date) -> Coaching:
    """The level of the log under this plan, what it lacks, the next step and the next tries; never raises."""
    log = read_log(attempts, today)
    lacks = _lacks(plan, log, today)
    missing = (*lacks, *_missing_channels(plan.advised, log))
    return Coaching(
        log=log,
        level=_level(plan, log, lacks, today),
        missing=missing,
        next_step=_next_step(plan, log, missing),
        suggestions=suggest([(a.at, a.has_hour) for a in log.attempts], plan.per_week, plan.per_day, today),
    )


def _lacks(plan: Plan, log: Log, today: date) -> tuple[Missing, ...]:
    """What keeps the log from being usable."""
    found = []
    if not log.is_spread:
        found.append(Missing(Lack.SPREAD, log.span_days, SPREAD_DAYS))
    if log.last is not None and (today - log.last).days > GAP_DAYS:
        found.append(Missing(Lack.RESUME, (today - log.last).days, GAP_DAYS))
    captured = _windows((a.at.date() for a in log.attempts if a.proofs), SPREAD_DAYS)
    wanted = (
        (Lack.SPAN, log.span_days, plan.min_span_days),
        (Lack.WINDOWS, log.windows7, plan.min_windows7),
        (Lack.ATTEMPTS, log.count, plan.min_attempts),
        (Lack.CAPTURES, captured, plan.min_captures),
    )
    found.extend(Missing(lack, have, need) for lack, have, need in wanted if have < need)
    return (*found, *_missing_channels(plan.required, log))


def _missing_channels(channels: tuple[AttemptChannel, ...], log: Log) -> tuple[Missing, ...]:
    used = {attempt.channel for attempt in log.attempts}
    return tuple(Missing(_CHANNEL_LACKS[channel], 0, 1) for channel in channels if channel not in used)


def _level(plan: Plan, log: Log, lacks: tuple[Missing, ...], today: date) -> Level:
    if not log.is_spread:
        return Level.WEAK
    if lacks or plan.is_referred_at_once or today > plan.expires_on:
        return Level.GROWING
    return Level.OFTEN_BETTER_ACCEPTED


def _next_step(plan: Plan, log: Log, missing: tuple[Missing, ...]) -> Step:
    if plan.is_referred_at_once:
        return Step.LAWYER
    if not log.count:
        return Step.ASSOCIATION if plan.is_jurist_first else Step.CAPTURE
    if not missing:
        return Step.ASSOCIATION
    return next((_NEXT[lack.lack] for lack in missing if lack.lack in _NEXT), Step.CAPTURE)
