"""Where a message may leave now: paces, rests and messages on their way, by channel and by our number there.

A platform limits a number, so each has buckets and a breaker of its own; what stops all of a channel (a token that has
ended) lets the channel rest. One of these is shared by all threads that deliver.
Must not know: what is said, any platform.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from threading import Lock
from typing import TYPE_CHECKING

from bot.core.pacing import Breaker, Buckets, Pacing

if TYPE_CHECKING:
    from datetime import datetime

    from bot.core.capabilities import Capabilities

CLOSED = timedelta(seconds=1)
"""Wait of a message that was claimed in the instant in which its channel closed."""


@dataclass(frozen=True, slots=True)
class Leave:
    """One message may go; given back when it has gone."""

    channel: str
    account: str
    person: str
    rounds: tuple[int, int]
    """Of the channel's breaker and of the number's."""


@dataclass(frozen=True, slots=True)
class Closed:
    """Where nothing may begin now."""

    channels: list[str]
    accounts: list[tuple[str, str]]
    """Our numbers, each with its channel."""


@dataclass(slots=True)
class _Lanes:
    """One channel: its own breaker, and a pacing for each of our numbers."""

    breaker: Breaker = field(default_factory=Breaker)
    on_their_way: int = 0
    accounts: dict[str, Pacing] = field(default_factory=dict)


class Traffic:
    """Safe to call from several threads at once."""

    def __init__(self, at_once: int = 3) -> None:
        """``at_once``: messages of one channel on their way at a time.

        Fewer than there are senders, so that a platform that hangs leaves one of them to the others.
        """
        self._at_once = at_once
        self._channels: dict[str, _Lanes] = {}
        self._lock = Lock()

    def closed(self, now: datetime) -> Closed:
        """What to pass over: it rests, waits for its pace, is tried by one message after a rest, or has enough to do."""
        with self._lock:
            return Closed(
                [
                    name
                    for name, lanes in self._channels.items()
                    if lanes.on_their_way >= self._at_once or lanes.breaker.is_closed(now)
                ],
                [
                    (name, account)
                    for name, lanes in self._channels.items()
                    for account, pacing in lanes.accounts.items()
                    if pacing.breaker.is_closed(now) or pacing.wait_for_all(now)
                ],
            )

    def resting(self, now: datetime) -> list[str]:
        """The channels that are left alone for a while, or of which one number is."""
        with self._lock:
            return [name for name in self._channels if self._why(name, now) is not None]

    def why_resting(self, channel: str, now: datetime) -> str | None:
        """The reason of the channel's rest, or of the rest of one of its numbers; None while all work."""
        with self._lock:
            return self._why(channel, now)

    def enter(
        self, channel: str, abilities: Capabilities, account: str, person: str, now: datetime
    ) -> Leave | timedelta:
        """Leave to send one message, its first token taken; or how long it waits."""
        with self._lock:
            lanes, pacing = self._find(channel, abilities, account)
            wait = pacing.wait(person, now)
            if wait:
                return wait
            if lanes.breaker.is_closed(now) or pacing.breaker.is_closed(now) or lanes.on_their_way >= self._at_once:
                return CLOSED
            lanes.on_their_way += 1
            pacing.take(person, now)
            return Leave(channel, account, person, (lanes.breaker.begin(), pacing.breaker.begin()))

    def exit(self, leave: Leave) -> None:
        """The message has gone, or will not; what came of it was told before."""
        with self._lock:
            lanes, pacing = self._of(leave)
            lanes.on_their_way -= 1
            lanes.breaker.ended(leave.rounds[0])
            pacing.breaker.ended(leave.rounds[1])

    def charge(self, leave: Leave, requests: int, now: datetime) -> None:
        """The message needed so many requests more than the one it was let in for."""
        with self._lock:
            if requests > 0:
                self._of(leave)[1].take(leave.person, now, requests)

    def succeeded(self, leave: Leave, now: datetime) -> None:
        """The platform works: it took the message, or said no to this one alone."""
        with self._lock:
            lanes, pacing = self._of(leave)
            lanes.breaker.succeeded(leave.rounds[0])
            pacing.breaker.succeeded(leave.rounds[1])
            pacing.worked_at = now

    def failed(self, leave: Leave, now: datetime, reason: str) -> None:
        """The platform did not take the message, which may not be to blame."""
        with self._lock:
            lanes, pacing = self._of(leave)
            pacing.breaker.failed(leave.rounds[1], now, reason)
            if lanes.breaker.rests:  # it was the message that tries whether the channel is mended
                lanes.breaker.failed(leave.rounds[0], now, reason)

    def rest(
        self,
        channel: str,
        abilities: Capabilities,
        account: str,
        now: datetime,
        span: timedelta,
        reason: str,
        *,
        is_whole: bool,
    ) -> None:
        """Leave the number alone so long, or the whole channel."""
        with self._lock:
            lanes, pacing = self._find(channel, abilities, account)
            (lanes if is_whole else pacing).breaker.rest(now, span, reason)

    def worked_since(self, leave: Leave, since: datetime) -> bool:
        """Whether the number has taken a message of anybody since."""
        with self._lock:
            worked_at = self._of(leave)[1].worked_at
            return worked_at is not None and worked_at > since

    def _of(self, leave: Leave) -> tuple[_Lanes, Pacing]:
        lanes = self._channels[leave.channel]
        return lanes, lanes.accounts[leave.account]

    def _find(self, channel: str, abilities: Capabilities, account: str) -> tuple[_Lanes, Pacing]:
        lanes = self._channels.setdefault(channel, _Lanes())
        pacing = lanes.accounts.get(account)
        if pacing is None:
            pacing = lanes.accounts[account] = Pacing(
                Buckets(abilities.channel_pace) if abilities.channel_pace else None,
                Buckets(abilities.person_pace) if abilities.person_pace else None,
            )
        return lanes, pacing

    def _why(self, channel: str, now: datetime) -> str | None:
        lanes = self._channels.get(channel)
        if lanes is None:
            return None
        breakers = (lanes.breaker, *(pacing.breaker for pacing in lanes.accounts.values()))
        return next((breaker.reason for breaker in breakers if breaker.is_resting(now)), None)
