"""How fast we may speak: a bucket for each channel and for each person there; and when a channel must rest.

Pure: the time comes from outside. Nothing here knows a person but by an opaque key.
Must not know: platforms.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from bot.core.capabilities import Pace

MOST_BUCKETS = 10_000
"""Persons remembered at a time; the one longest silent goes first, and by then its bucket is full again."""


@dataclass(slots=True)
class Bucket:
    """Tokens left at a time."""

    left: float
    since: datetime


class Buckets:
    """One bucket a key, all of one pace."""

    def __init__(self, pace: Pace) -> None:
        """All are full."""
        self._pace = pace
        self._buckets: dict[str, Bucket] = {}

    def wait(self, key: str, now: datetime) -> timedelta:
        """How long until this key may speak; nothing is taken."""
        left = self._left(key, now)
        return timedelta(0) if left >= 1 else timedelta(seconds=(1 - left) / self._pace.per_second)

    def take(self, key: str, now: datetime) -> None:
        """Use one token; the caller has waited."""
        left = self._left(key, now)
        self._buckets.pop(key, None)
        self._buckets[key] = Bucket(left - 1, now)
        while len(self._buckets) > MOST_BUCKETS:
            del self._buckets[next(iter(self._buckets))]

    def _left(self, key: str, now: datetime) -> float:
        bucket = self._buckets.get(key)
        if bucket is None:
            return float(self._pace.burst)
        bucket.since = min(bucket.since, now)  # the clock went back: nobody waits until it has caught up
        seconds = (now - bucket.since).total_seconds()
        return min(float(self._pace.burst), bucket.left + seconds * self._pace.per_second)


FAILURES = 5
"""Failures in a row after which a channel rests."""
FIRST_REST = timedelta(seconds=5)
LONGEST_REST = timedelta(minutes=1)
"""An answer lives fifteen minutes: a channel that is well again is found out soon, by one message a minute."""


@dataclass(slots=True)
class Breaker:
    """Whether a channel is worth trying: it rests after failures in a row, each time longer, then one message tries."""

    failures: int = 0
    rests: int = 0
    until: datetime | None = None
    reason: str = ""

    def is_resting(self, now: datetime) -> bool:
        """True while nothing should be sent."""
        return self.until is not None and now < self.until

    def succeeded(self) -> None:
        """The channel works."""
        self.failures = self.rests = 0
        self.until = None
        self.reason = ""

    def failed(self, now: datetime, reason: str) -> None:
        """The channel did not take a message; the fifth in a row, or the first after a rest, lets it rest."""
        self.failures += 1
        if self.failures >= FAILURES or self.rests:
            self.rest(now, min(LONGEST_REST, FIRST_REST * 2**self.rests), reason)

    def rest(self, now: datetime, span: timedelta, reason: str) -> None:
        """Leave the channel alone so long."""
        self.rests = min(self.rests + 1, 10)
        self.failures = 0
        self.until = now + span
        self.reason = reason


@dataclass(slots=True)
class Pacing:
    """The buckets and the breaker of one channel."""

    channel: Buckets | None
    person: Buckets | None
    breaker: Breaker = field(default_factory=Breaker)
    worked_at: datetime | None = None
    """When it last took a message, or said no to that message alone."""

    def wait(self, person: str, now: datetime) -> timedelta:
        """How long until this person may be written to."""
        waits = [timedelta(0)]
        if self.channel is not None:
            waits.append(self.channel.wait("", now))
        if self.person is not None:
            waits.append(self.person.wait(person, now))
        return max(waits)

    def take(self, person: str, now: datetime) -> None:
        """A message leaves."""
        if self.channel is not None:
            self.channel.take("", now)
        if self.person is not None:
            self.person.take(person, now)
