"""What a refusal of the Cloud API means: one table of codes, and what HTTP says when there is no code.

Meta asks to branch on ``error.code``, never on titles or on the HTTP status; the same codes arrive later in ``failed``
statuses. Must not know: how requests are made.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from bot.channels.whatsapp.reading import rows, table, whole
from bot.core.delivery import WINDOW_CLOSED, Permanent, Retry, Scope

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.channels.whatsapp.graph import Answer

TOKEN_PAUSE = timedelta(minutes=4)
"""A token is renewed by a person: nothing is hammered meanwhile, and an answer, which lives fifteen minutes, has three
more chances."""
CALLS_PAUSE = timedelta(minutes=5)
THROUGHPUT_PAUSE = timedelta(seconds=10)
PAIR_BASE = 4
PAIR_CAP = timedelta(minutes=5)
WAIT_CAP = timedelta(hours=1)
"""Longest wait we take over from a header."""
MINUTES_MAX = 24 * 60
SERVER_ERROR = 500
TOO_MANY = 429

BROKEN_TOKEN = (0, 190, 102, 3, 10, 131005, *range(200, 300))
"""The token has ended, or lacks a right: a person must act; the queue is kept."""
TOO_MANY_CALLS = (4, 80007, 613)
THROUGHPUT = (130429,)
PAIR_RATE = (131056,)
CLOSED = (131047,)
UNDELIVERABLE = (131026,)
"""No WhatsApp there, an old one, or blocked: Meta does not say which, and one such answer may be about one message."""
STRIKES = 3
"""Such answers in a row before the person is left alone."""
UNREACHABLE = (131030, 130497, 131021)
"""Another country's rule, our own number, or a test number that does not list the person."""
STOPPED = (368, 131042)
"""Against the rules, or unpaid: nothing leaves any more until a person has acted."""
STOPPED_NUMBER = (131031, 131037, 131045, 133010, 33)
"""The number is locked, unnamed or not registered: nothing leaves from it until a person has acted."""
PASSING = (1, 2, 131000, 131016, 131052, 131053, 131057, 133004)
REFUSED = (
    *(100, 131008, 131009, 131051),
    # Spam limits and "healthy engagement": trying again makes it worse.
    *(131048, 131049, 130472, 131050),
    # Templates: parameters, missing, length, policy, format, paused, disabled, flows.
    *(132000, 132001, 132005, 132007, 132012, 132015, 132016, 132068, 132069),
    135000,
)

Verdict = Retry | Permanent


def verdict(code: int, attempts: int = 1) -> Verdict | None:
    """What one of Meta's codes means for a message at its try number ``attempts``; None for an unknown code."""
    found = _TABLE.get(code)
    if found is None or code not in PAIR_RATE or not isinstance(found, Retry):
        return found
    return replace(found, after=min(PAIR_CAP, timedelta(seconds=PAIR_BASE ** min(max(attempts, 1), 8))))


def _table() -> dict[int, Verdict]:
    channel, number, person = Scope.CHANNEL, Scope.ACCOUNT, Scope.PERSON
    groups: tuple[tuple[tuple[int, ...], Verdict], ...] = (
        (BROKEN_TOKEN, Retry("", TOKEN_PAUSE, channel, is_counted=False)),
        (TOO_MANY_CALLS, Retry("", CALLS_PAUSE, channel, is_counted=False)),
        (THROUGHPUT, Retry("", THROUGHPUT_PAUSE, number, is_counted=False)),
        (PAIR_RATE, Retry("", timedelta(seconds=PAIR_BASE), person)),
        (CLOSED, Permanent("")),
        (UNDELIVERABLE, Permanent("", person, strikes=STRIKES)),
        (UNREACHABLE, Permanent("", person)),
        (STOPPED, Permanent("", channel)),
        (STOPPED_NUMBER, Permanent("", number)),
        (PASSING, Retry("")),
        (REFUSED, Permanent("")),
    )
    return {
        code: replace(verdict, reason=WINDOW_CLOSED if code in CLOSED else str(code))
        for codes, verdict in groups
        for code in codes
    }


_TABLE = _table()


@dataclass(frozen=True, slots=True)
class GraphError:
    """The ``error`` of an answer, without its texts."""

    code: int | None = None
    subcode: int | None = None
    is_transient: bool = False

    @property
    def is_missing_object(self) -> bool:
        """An id we sent (a file, a number) is not known any more."""
        return self.code == 100 and self.subcode == 33


def read_error(answer: Answer) -> GraphError:
    """The error of an answer; an empty one when it holds none."""
    error = table(table(answer.body).get("error"))
    return GraphError(
        whole(error.get("code")), whole(error.get("error_subcode")), is_transient=error.get("is_transient") is True
    )


def classify(answer: Answer, now: datetime, attempts: int = 1) -> Verdict:
    """What an answer other than a success means."""
    error = read_error(answer)
    found = None if error.code is None else verdict(error.code, attempts)
    if found is None:
        found = _by_status(answer.status, error)
    if isinstance(found, Retry) and found.scope in {Scope.ACCOUNT, Scope.CHANNEL}:
        told = wait_told(answer.headers, now)
        return replace(found, after=told or found.after)
    return found


def _by_status(status: int, error: GraphError) -> Verdict:
    """Codes of other years, and answers that are not Meta's (a proxy's page)."""
    reason = f"http_{status}" if error.code is None else str(error.code)
    if status in {401, 403}:
        return Retry(reason, TOKEN_PAUSE, Scope.CHANNEL, is_counted=False)
    if status == TOO_MANY:
        return Retry(reason, CALLS_PAUSE, Scope.CHANNEL, is_counted=False)
    if status >= SERVER_ERROR or error.is_transient or status == 408:
        return Retry(reason)
    if error.code is None:
        # No Graph answers so: a wrong address, a wall in between. The messages are not to blame.
        return Retry(reason, TOKEN_PAUSE, Scope.CHANNEL, is_counted=False)
    return Permanent(reason)


def wait_told(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """How long the platform asks to wait, by any of its two headers; None when by neither."""
    waits = [
        wait for wait in (_retry_after(headers, now), _regain(headers)) if wait is not None and wait > timedelta(0)
    ]
    return min(max(waits), WAIT_CAP) if waits else None


def _retry_after(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """Seconds, or a date."""
    value = headers.get("retry-after", "").strip()
    if re.fullmatch(r"\d{1,9}(\.\d+)?", value, re.ASCII):
        return timedelta(seconds=float(value))
    try:
        at = parsedate_to_datetime(value)
    except (ValueError, IndexError, TypeError, OverflowError):
        return None
    return (at if at.tzinfo else at.replace(tzinfo=UTC)) - now


def _regain(headers: Mapping[str, str]) -> timedelta | None:
    """``estimated_time_to_regain_access`` counts minutes."""
    try:
        usage = json.loads(headers.get("x-business-use-case-usage", ""))
    except (ValueError, RecursionError):
        return None
    minutes = [
        max(0, whole(row.get("estimated_time_to_regain_access")) or 0)
        for account in table(usage).values()
        for row in rows(account)
    ]
    return timedelta(minutes=min(max(minutes, default=0), MINUTES_MAX)) or None
