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

    def take(self, key: str, now: datetime, tokens: int = 1) -> None:
        """Use so many tokens; the caller has waited for the first, and the next message waits for the others."""
        left = self._left(key, now)
        self._buckets.pop(key, None)
        self._buckets[key] = Bucket(left - tokens, now)
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
    """Whether a channel is worth trying: it rests after failures in a row, each time longer, then one message tries.

    Several messages are on their way at once. Each belongs to the round in which it began, and a rest ends the round:
    what comes of an older one says nothing of the channel after that.
    """

    failures: int = 0
    rests: int = 0
    until: datetime | None = None
    reason: str = ""
    round: int = 0
    is_probing: bool = False

    def is_resting(self, now: datetime) -> bool:
        """True while nothing should be sent."""
        return self.until is not None and now < self.until

    def is_closed(self, now: datetime) -> bool:
        """True while nothing may begin: it rests, or the one message that tries after a rest is on its way."""
        return self.is_resting(now) or (self.rests > 0 and self.is_probing)

    def begin(self) -> int:
        """A message leaves; the round it belongs to, to be told with what comes of it."""
        self.is_probing = self.rests > 0
        return self.round

    def ended(self, begun: int) -> None:
        """A message of that round is no more on its way; what came of it has been told, or told nothing."""
        if begun == self.round:
            self.is_probing = False

    def succeeded(self, begun: int) -> None:
        """The channel took a message of that round."""
        if begun == self.round:
            self.failures = self.rests = 0
            self.until = None
            self.reason = ""

    def failed(self, begun: int, now: datetime, reason: str) -> None:
        """It did not take one of that round; the fifth in a row, or the first after a rest, lets it rest."""
        if begun != self.round:
            return
        self.failures += 1
        if self.failures >= FAILURES or self.rests:
            self.rest(now, min(LONGEST_REST, FIRST_REST * 2**self.rests), reason)

    def rest(self, now: datetime, span: timedelta, reason: str) -> None:
        """Leave the channel alone so long; a longer rest that has begun stays as it is."""
        if not self.is_resting(now):
            self.rests = min(self.rests + 1, 10)
            self.round += 1
        self.failures = 0
        self.is_probing = False
        if self.until is None or now + span > self.until:
            self.until = now + span
            self.reason = reason


@dataclass(slots=True)
class Pacing:
    """The buckets and the breaker of one of our numbers."""

    channel: Buckets | None
    person: Buckets | None
    breaker: Breaker = field(default_factory=Breaker)
    worked_at: datetime | None = None
    """When it last took a message, or said no to that message alone."""

    def wait_for_all(self, now: datetime) -> timedelta:
        """How long until anybody may be written to."""
        return timedelta(0) if self.channel is None else self.channel.wait("", now)

    def wait(self, person: str, now: datetime) -> timedelta:
        """How long until this person may be written to."""
        return max(self.wait_for_all(now), timedelta(0) if self.person is None else self.person.wait(person, now))

    def take(self, person: str, now: datetime, tokens: int = 1) -> None:
        """So many parts of a message leave."""
        if self.channel is not None:
            self.channel.take("", now, tokens)
        if self.person is not None:
            self.person.take(person, now, tokens)
