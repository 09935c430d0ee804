"""Hands the next outbound message to its channel; retried with back-off and full jitter, never lost silently.

What happens to a message, in this order: it may have come too late; it may be in doubt; it may have to wait for its
turn; its channel may need a template; then it is marked, handed over, and the result decides.
Must not know: any platform.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field, replace
from datetime import timedelta
from threading import Lock
from typing import TYPE_CHECKING, Protocol

from bot.core.capabilities import UnknownPolicy
from bot.core.delivery import (
    WINDOW_CLOSED,
    Outgoing,
    Permanent,
    Retry,
    Scope,
    SendResult,
    Sent,
    TemplateCall,
    UnknownOutcome,
)
from bot.core.errors import DocumentError, KeyDestroyedError, LeaseLostError
from bot.core.pacing import Buckets, Pacing
from bot.core.ports import Doubt

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from bot.core.channel import Channel
    from bot.core.ids import PersonId
    from bot.core.messages import OutboundFile, OutboundMessage
    from bot.core.ports import Clock, Outbox, Persons, Queued

LEASE = timedelta(minutes=3)
"""Longer than the slowest send (a document in several parts, each part with its patience), else two workers would send
it at once. A process that dies gives its leases back by dying, so that nobody waits for the end of this."""
MAX_TRIES = 5
"""Tries of a message that has no lifetime (a page, a terminal), or that fails alone."""
ALONE = timedelta(minutes=5)
"""How long a message is tried that fails while its channel takes those of others: it holds the person's next ones up,
and those have a lifetime too."""
BASE = timedelta(seconds=2)
CAP = timedelta(minutes=5)
"""Longest wait between two tries, unless the platform asks for a longer one."""
LONGEST_EXPONENT = 10

STATUS_WAIT = timedelta(seconds=60)
"""How long a platform that reports on messages may take before one in doubt is sent again (channels.md 6.2)."""

STOP_REST = timedelta(minutes=5)
"""A channel that refuses everything for good is asked again after so long: somebody may have mended it."""

CHANNEL_REST = timedelta(seconds=30)
"""A channel that asks for patience without saying how long."""


class Meter(Protocol):
    """Counts what became of messages."""

    def delivered(self, channel: str, result: str) -> None:
        """One with this result."""


class NoMeter:
    """Counts nothing."""

    def delivered(self, channel: str, result: str) -> None:
        """Nothing."""


@dataclass(frozen=True, slots=True)
class Deliver:
    """One message at a time; any number of threads may call it at once."""

    outbox: Outbox
    persons: Persons
    channels: Mapping[str, Channel]
    clock: Clock
    fraction: Callable[[], float]
    """A random number in [0, 1): the jitter."""
    draw: Callable[[OutboundFile], bytes]
    """The bytes of a document. Raises DocumentError."""
    template: Callable[[str, OutboundMessage], TemplateCall | None] = lambda _channel, _message: None
    """The approved message of a channel that says the same, for the time when free text is not allowed."""
    refused: Callable[[str, TemplateCall, str], None] = lambda _channel, _template, _reason: None
    """Told of a template that the platform did not take, with its reason."""
    meter: Meter = field(default_factory=NoMeter)
    _pacings: dict[str, Pacing] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def __call__(self) -> PersonId | None:
        """Deal with one waiting message; the person it is for, or None when none waits."""
        now = self.clock.now()
        queued = self.outbox.claim(now, LEASE, only=self.channels, skip=self.resting(now))
        if queued is None:
            return None
        try:
            self._deal_with(queued, self.channels[queued.address.channel], now)
        except (KeyDestroyedError, LeaseLostError):
            # Erased meanwhile, or taken over by another worker: nothing is left to say here.
            return queued.person
        return queued.person

    def resting(self, now: datetime) -> list[str]:
        """The channels that are left alone for a while."""
        with self._lock:
            return [name for name, pacing in self._pacings.items() if pacing.breaker.is_resting(now)]

    def why_resting(self, channel: str) -> str | None:
        """The reason of the channel's rest, or None while it works."""
        with self._lock:
            pacing = self._pacings.get(channel)
            return pacing.breaker.reason if pacing and pacing.breaker.is_resting(self.clock.now()) else None

    def _deal_with(self, queued: Queued, channel: Channel, now: datetime) -> None:
        abilities = channel.capabilities
        if queued.is_blocked:
            self._give_up(queued, "RecipientGoneError")
            return
        if self._is_late(queued, channel, now):
            self._give_up(queued, "TooLate")
            return
        is_doubtful = queued.doubt is not Doubt.NONE and abilities.unknown is not UnknownPolicy.REPEAT
        if is_doubtful and queued.is_repeated:
            self._give_up(queued, "UnknownOutcome")
            return
        if is_doubtful and queued.doubt is Doubt.ON_ITS_WAY and abilities.unknown is UnknownPolicy.AWAIT_STATUS:
            self.outbox.hold(queued, now + STATUS_WAIT, Doubt.WAITED)
            return
        wait = self._wait_for_turn(queued, channel, now)
        if wait:
            self.outbox.hold(queued, now + wait, queued.doubt)
            return
        outgoing = self._outgoing(queued, channel, now)
        if outgoing is None:
            self._give_up(queued, WINDOW_CLOSED)
            return
        if abilities.unknown is not UnknownPolicy.REPEAT:
            self.outbox.sending(queued, is_repeated=is_doubtful)
        result = self._send(channel, outgoing)
        if isinstance(result, Permanent) and result.reason == WINDOW_CLOSED and outgoing.template is None:
            # Its clock is not ours: what it calls closed is closed.
            template = self.template(channel.name, queued.message)
            if template is not None:
                outgoing = replace(outgoing, template=template, is_window_open=False, skip=0)
                result = self._send(channel, outgoing)
        if isinstance(result, Permanent) and outgoing.template is not None:
            self.refused(channel.name, outgoing.template, result.reason)
        self._settle(queued, channel, result)

    def _is_late(self, queued: Queued, channel: Channel, now: datetime) -> bool:
        ends_at = _ends_at(queued, channel)
        return ends_at is not None and now > ends_at

    def _wait_for_turn(self, queued: Queued, channel: Channel, now: datetime) -> timedelta:
        """How long the message waits for its turn; a token is taken when it need not."""
        with self._lock:
            pacing = self._pacing(channel)
            wait = pacing.wait(queued.person, now)
            if not wait:
                pacing.take(queued.person, now)
            return wait

    def _pacing(self, channel: Channel) -> Pacing:
        known = self._pacings.get(channel.name)
        if known is None:
            abilities = channel.capabilities
            known = self._pacings[channel.name] = Pacing(
                Buckets(abilities.channel_pace) if abilities.channel_pace else None,
                Buckets(abilities.person_pace) if abilities.person_pace else None,
            )
        return known

    def _outgoing(self, queued: Queued, channel: Channel, now: datetime) -> Outgoing | None:
        """The message for the wire; None when free text is not allowed now and no template says the same."""
        window, heard_at = channel.capabilities.window, queued.heard_at
        is_open = window is None or heard_at is None or now < heard_at + window
        template = None if is_open else self.template(channel.name, queued.message)
        if not is_open and template is None:
            return None
        return Outgoing(
            queued.seq,
            queued.token,
            queued.address,
            queued.message,
            queued.choice_tokens,
            is_window_open=is_open,
            template=template,
            skip=0 if template is not None else queued.parts,  # a template is one part, and none of it has left
            account=queued.account,
            attempts=queued.tries + 1,
            person=queued.person,
        )

    def _send(self, channel: Channel, outgoing: Outgoing) -> SendResult:
        try:
            return channel.send(outgoing, self.draw)
        except DocumentError as error:
            return Retry(type(error).__name__)

    def _settle(self, queued: Queued, channel: Channel, result: SendResult) -> None:
        now = self.clock.now()
        self.meter.delivered(channel.name, type(result).__name__)
        match result:
            case Sent():
                self._breathe(channel, None)
                self.outbox.sent(queued, now)
            case Retry():
                self._retry(queued, channel, result, now)
            case Permanent():
                self._refused(queued, channel, result, now)
            case UnknownOutcome(reason, parts):
                self._breathe(channel, reason)
                if channel.capabilities.unknown is UnknownPolicy.REPEAT:
                    self._later(queued, channel, Retry(reason, parts=parts), now)
                else:
                    self.outbox.hold(queued, now, Doubt.ON_ITS_WAY, parts=parts)

    def _retry(self, queued: Queued, channel: Channel, result: Retry, now: datetime) -> None:
        if result.scope is Scope.CHANNEL:
            with self._lock:
                self._pacing(channel).breaker.rest(now, result.after or CHANNEL_REST, result.reason)
            self.outbox.hold(queued, now + (result.after or CHANNEL_REST), parts=result.parts)
        elif not result.is_counted:
            patience = BASE if result.after is None else result.after
            self.outbox.hold(queued, now + patience + BASE * self.fraction(), parts=result.parts)
        else:
            self._breathe(channel, result.reason if result.scope is Scope.MESSAGE else None)
            self._later(queued, channel, result, now)

    def _later(self, queued: Queued, channel: Channel, result: Retry, now: datetime) -> None:
        retry_at = self._retry_at(queued, channel, result, now)
        with contextlib.suppress(LeaseLostError):
            self.outbox.failed(queued, result.reason, now, retry_at, parts=result.parts)

    def _retry_at(self, queued: Queued, channel: Channel, result: Retry, now: datetime) -> datetime | None:
        """When a message that was not taken is tried again, or None: its lifetime decides, where it has one."""
        wait = result.after
        if wait is None:
            wait = min(CAP, BASE * float(2 ** min(queued.tries, LONGEST_EXPONENT))) * self.fraction()
        is_last = queued.tries + 1 >= MAX_TRIES
        ends_at = _ends_at(queued, channel)
        if ends_at is None:
            return None if is_last else now + wait
        if is_last and result.scope is Scope.MESSAGE and self._fails_alone(queued, channel, now):
            return None
        left = ends_at - now
        if wait < left:
            return now + wait
        # One that the platform wants back too late is given up; our own wait is cut, for the last tries count.
        return now + left / 2 if result.after is None and left > BASE else None

    def _fails_alone(self, queued: Queued, channel: Channel, now: datetime) -> bool:
        """True when its channel has taken others since, for a while: then it is not the platform that is ill."""
        with self._lock:
            worked_at = self._pacing(channel).worked_at
        since = queued.queued_at
        return since is not None and worked_at is not None and worked_at > since and now - since >= ALONE

    def _refused(self, queued: Queued, channel: Channel, result: Permanent, now: datetime) -> None:
        if result.scope is Scope.CHANNEL:
            # Nothing is wrong with the message: it waits until the channel is mended.
            with self._lock:
                self._pacing(channel).breaker.rest(now, STOP_REST, result.reason)
            self.outbox.hold(queued, now + STOP_REST, parts=result.parts)
            return
        self._breathe(channel, None)
        self._give_up(queued, result.reason, parts=result.parts)
        if result.scope is Scope.PERSON:
            self.persons.set_reachable(queued.address, now, is_reachable=False)

    def _breathe(self, channel: Channel, failure: str | None) -> None:
        with self._lock:
            pacing, now = self._pacing(channel), self.clock.now()
            if failure is None:
                pacing.breaker.succeeded()
                pacing.worked_at = now
            else:
                pacing.breaker.failed(now, failure)

    def _give_up(self, queued: Queued, reason: str, *, parts: int = 0) -> None:
        with contextlib.suppress(LeaseLostError):
            self.outbox.failed(queued, reason, self.clock.now(), None, parts=parts)


def _ends_at(queued: Queued, channel: Channel) -> datetime | None:
    """The end of the message's lifetime; None for one that is read whenever the person looks."""
    late_after = channel.capabilities.late_after
    if queued.expires_at is not None or late_after is None or queued.queued_at is None:
        return queued.expires_at
    return queued.queued_at + late_after
