"""Hands the next outbound message to its channel; retried with back-off and full jitter, never lost silently.

What happens to a message, in this order: it may have come too late; it may be in doubt; it may have to wait for its
turn; its channel may need a template; then it is marked, handed over, and the result decides.
Must not know: any platform.
"""

from __future__ import annotations

import contextlib
import functools
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
from bot.core.errors import DocumentError, KeyDestroyedError, LeaseLostError, StorageError
from bot.core.queued import Doubt
from bot.services.traffic import Leave, Traffic

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from bot.core.channel import Channel
    from bot.core.ids import PersonId
    from bot.core.messages import OutboundFile, OutboundMessage
    from bot.core.ports import Clock, Outbox, Persons
    from bot.core.queued import Queued

LEASE = timedelta(minutes=3)
"""Longer than the slowest send (a channel limits the time of all its parts, and a template may follow), else two workers
would send it at once. A process that dies gives its leases back by dying, so that nobody waits for the end of this."""
MAX_TRIES = 5
"""Tries of a message that has no lifetime (a page, a terminal), or of an answer that fails alone."""
ALONE = timedelta(minutes=5)
"""How long an answer is tried that fails while its channel takes those of others: it holds the person's next ones up,
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
_OURS = (Scope.ACCOUNT, Scope.CHANNEL)
"""What concerns our number, or all of them, and no message."""


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
    traffic: Traffic = field(default_factory=Traffic)
    """Shared by all threads."""
    _entrance: Lock = field(default_factory=Lock)
    """One looks for a message at a time: what one takes of a pace, the next must see. Sending is outside."""

    def __call__(self) -> PersonId | None:
        """Deal with one waiting message; the person it is for, or None when none waits."""
        with self._entrance:
            now = self.clock.now()
            closed = self.traffic.closed(now)
            queued = self.outbox.claim(
                now, LEASE, only=self.channels, skip=closed.channels, skip_accounts=closed.accounts
            )
            if queued is None:
                return None
            channel = self.channels.get(queued.address.channel)
            # Its address may be gone since, and what the person has left not be served here.
            obstacle = "RecipientGoneError" if channel is None else self._obstacle(queued, channel, now)
            leave = None
            if channel is not None and obstacle is None:
                leave = self.traffic.enter(channel.name, channel.capabilities, queued.account, queued.person, now)
        # Erased meanwhile, or taken over by another worker: nothing is left to say then.
        with contextlib.suppress(KeyDestroyedError, LeaseLostError):
            if channel is not None and isinstance(leave, Leave):
                try:
                    self._go(queued, channel, leave, now)
                finally:
                    self.traffic.exit(leave)
            elif isinstance(leave, timedelta):
                self.outbox.hold(queued, now + leave, queued.doubt)
            elif obstacle == "UnknownOutcome":
                self._give_up(queued, obstacle)
            elif obstacle:
                self._drop(queued, obstacle)
            else:
                self.outbox.hold(queued, now + STATUS_WAIT, Doubt.WAITED)
        return queued.person

    def resting(self, now: datetime) -> list[str]:
        """The channels that are left alone for a while, or of which one number is."""
        return self.traffic.resting(now)

    def rest(self, queued: Queued, span: timedelta, reason: str, *, is_whole: bool) -> None:
        """Leave the message's channel, or its number there, alone: its platform reports what it might have answered."""
        channel, now = self.channels[queued.address.channel], self.clock.now()
        self.traffic.rest(channel.name, channel.capabilities, queued.account, now, span, reason, is_whole=is_whole)

    def why_resting(self, channel: str) -> str | None:
        """The reason of the rest of the channel, or of one of its numbers; None while it works."""
        return self.traffic.why_resting(channel, self.clock.now())

    def _obstacle(self, queued: Queued, channel: Channel, now: datetime) -> str | None:
        """Why the message never leaves; empty when its status is waited for, None when it may leave."""
        if queued.is_blocked:
            return "RecipientGoneError"
        ends_at = _ends_at(queued, channel)
        if ends_at is not None and now > ends_at:
            return "TooLate"
        if not _is_doubtful(queued, channel):
            return None
        if queued.is_repeated:
            return "UnknownOutcome"
        is_awaited = channel.capabilities.unknown is UnknownPolicy.AWAIT_STATUS
        return "" if is_awaited and queued.doubt is Doubt.ON_ITS_WAY else None

    def _go(self, queued: Queued, channel: Channel, leave: Leave, now: datetime) -> None:
        outgoing = self._outgoing(queued, channel, now)
        if outgoing is None:
            self._drop(queued, WINDOW_CLOSED)
            return
        if channel.capabilities.unknown is not UnknownPolicy.REPEAT:
            self.outbox.sending(queued, is_repeated=_is_doubtful(queued, channel))
        result = self._send(channel, outgoing, leave, paid=1)
        if isinstance(result, Permanent) and result.reason == WINDOW_CLOSED and outgoing.template is None:
            # Its clock is not ours: what it calls closed is closed.
            result = self._send_template(queued, channel, outgoing, leave) or result
        elif isinstance(result, Permanent) and outgoing.template is not None:
            self.refused(channel.name, outgoing.template, result.reason)
            result = self._send_template(queued, channel, outgoing, leave) or result
        self._settle(queued, channel, leave, result)

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
            last_error=queued.last_error,
            arrived=functools.partial(self._note_parts, queued),
        )

    def _note_parts(self, queued: Queued, parts: int) -> None:
        with contextlib.suppress(StorageError):  # the rest is on its way: without the note there is only more doubt
            self.outbox.arrived(queued, parts)

    def _send(self, channel: Channel, outgoing: Outgoing, leave: Leave, *, paid: int = 0) -> SendResult:
        try:
            result = channel.send(outgoing, self.draw)
        except DocumentError as error:
            return Retry(type(error).__name__)
        self.traffic.charge(leave, _requests(result, outgoing) - paid, self.clock.now())
        return result

    def _send_template(self, queued: Queued, channel: Channel, outgoing: Outgoing, leave: Leave) -> SendResult | None:
        """Send the message as a template; as the next one (in French) when that is refused. None without another."""
        result = None
        for _language in range(2):
            template = self.template(channel.name, queued.message)
            if template is None or template == outgoing.template:
                break
            outgoing = replace(outgoing, template=template, is_window_open=False, skip=0)
            result = self._send(channel, outgoing, leave)
            if not isinstance(result, Permanent):
                break
            self.refused(channel.name, template, result.reason)
        return result

    def _settle(self, queued: Queued, channel: Channel, leave: Leave, result: SendResult) -> None:
        now = self.clock.now()
        self.meter.delivered(channel.name, type(result).__name__)
        match result:
            case Sent():
                self.traffic.succeeded(leave, now)
                self.outbox.sent(queued, now)
            case Retry():
                self._retry(queued, channel, leave, result, now)
            case Permanent():
                self._refused(queued, channel, leave, result, now)
            case UnknownOutcome(reason, parts):
                self.traffic.failed(leave, now, reason)
                if channel.capabilities.unknown is UnknownPolicy.REPEAT:
                    self._later(queued, channel, leave, Retry(reason, parts=parts), now)
                else:
                    self.outbox.hold(queued, now, Doubt.ON_ITS_WAY, parts=parts)

    def _retry(self, queued: Queued, channel: Channel, leave: Leave, result: Retry, now: datetime) -> None:
        if result.scope in _OURS:
            self._rest(queued, channel, result, result.after or CHANNEL_REST, now)
        elif not result.is_counted:
            patience = BASE if result.after is None else result.after
            self.outbox.hold(queued, now + patience + BASE * self.fraction(), parts=result.parts)
        else:
            if result.scope is Scope.MESSAGE:
                self.traffic.failed(leave, now, result.reason)
            else:
                self.traffic.succeeded(leave, now)
            self._later(queued, channel, leave, result, now)

    def _rest(
        self, queued: Queued, channel: Channel, result: Retry | Permanent, span: timedelta, now: datetime
    ) -> None:
        is_whole = result.scope is Scope.CHANNEL
        abilities = channel.capabilities
        self.traffic.rest(channel.name, abilities, queued.account, now, span, result.reason, is_whole=is_whole)
        self.outbox.hold(queued, now + span, parts=result.parts)

    def _later(self, queued: Queued, channel: Channel, leave: Leave, result: Retry, now: datetime) -> None:
        retry_at = self._retry_at(queued, channel, leave, result, now)
        with contextlib.suppress(LeaseLostError):
            self.outbox.failed(queued, result.reason, now, retry_at, parts=result.parts)

    def _retry_at(
        self, queued: Queued, channel: Channel, leave: Leave, result: Retry, now: datetime
    ) -> datetime | None:
        """When a message that was not taken is tried again, or None: its lifetime decides, where it has one."""
        wait = result.after
        if wait is None:
            wait = min(CAP, BASE * float(2 ** min(queued.tries, LONGEST_EXPONENT))) * self.fraction()
        is_last = queued.tries + 1 >= MAX_TRIES
        ends_at = _ends_at(queued, channel)
        if ends_at is None:
            return None if is_last else now + wait
        if is_last and result.scope is Scope.MESSAGE and self._fails_alone(queued, leave, now):
            return None
        left = ends_at - now
        if wait < left:
            return now + wait
        # One that the platform wants back too late is given up; our own wait is cut, for the last tries count.
        return now + left / 2 if result.after is None and left > BASE else None

    def _fails_alone(self, queued: Queued, leave: Leave, now: datetime) -> bool:
        """True for an answer whose channel has taken others since, for a while: it is not the platform that is ill.

        A reminder holds no answer up, and has its day.
        """
        since = queued.queued_at
        if since is None or queued.expires_at is not None:
            return False
        return now - since >= ALONE and self.traffic.worked_since(leave, since)

    def _refused(self, queued: Queued, channel: Channel, leave: Leave, result: Permanent, now: datetime) -> None:
        if result.scope in _OURS:
            # Nothing is wrong with the message: it waits until the channel is mended.
            self._rest(queued, channel, result, STOP_REST, now)
            return
        self.traffic.succeeded(leave, now)
        self._give_up(queued, result.reason, parts=result.parts)
        if result.scope is Scope.PERSON:
            self.persons.refused(queued.address, result, now)

    def _give_up(self, queued: Queued, reason: str, *, parts: int = 0) -> None:
        with contextlib.suppress(LeaseLostError):
            self.outbox.failed(queued, reason, self.clock.now(), None, parts=parts)

    def _drop(self, queued: Queued, reason: str) -> None:
        """Give up what is not handed over at all."""
        self.meter.delivered(queued.address.channel, reason)
        self._give_up(queued, reason)


def _is_doubtful(queued: Queued, channel: Channel) -> bool:
    """True when the person may have it already, and would see it twice."""
    return queued.doubt is not Doubt.NONE and channel.capabilities.unknown is not UnknownPolicy.REPEAT


def _requests(result: SendResult, outgoing: Outgoing) -> int:
    """How many messages the platform was asked for: a long text leaves in several."""
    return len(result.external_ids) if isinstance(result, Sent) else result.parts - outgoing.skip + 1


def _ends_at(queued: Queued, channel: Channel) -> datetime | None:
    """The end of the message's lifetime; None for one that is read whenever the person looks."""
    late_after = channel.capabilities.late_after
    if queued.expires_at is not None or late_after is None or queued.queued_at is None:
        return queued.expires_at
    return queued.queued_at + late_after
