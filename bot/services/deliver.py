"""Hands the next outbound message to its channel; retried with back-off and full jitter, never lost silently.

Must not know: any platform.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.core.errors import ChannelUnavailableError, DeliveryError, KeyDestroyedError, LeaseLostError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.core.ids import PersonId
    from bot.core.ports import Channel, Clock, Outbox, Queued

LEASE = timedelta(seconds=60)
MAX_ATTEMPTS = 5
BASE = timedelta(seconds=2)
CAP = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Deliver:
    """One message at a time, in order for each person."""

    outbox: Outbox
    channels: Mapping[str, Channel]
    clock: Clock
    fraction: Callable[[], float]
    """A random number in [0, 1): the jitter."""

    def __call__(self) -> PersonId | None:
        """Send one waiting message; the person it is for, or None when none waits."""
        queued = self.outbox.claim(self.clock.now(), LEASE)
        if queued is None:
            return None
        try:
            channel = self.channels.get(queued.address.channel)
            if channel is None:
                raise ChannelUnavailableError(queued.address.channel)
            channel.send(queued)
            self.outbox.sent(queued, self.clock.now())
        except DeliveryError as error:
            self._failed(queued, error)
        except (KeyDestroyedError, LeaseLostError):
            # Erased meanwhile, or taken over by another worker: nothing is left to say here.
            return queued.person
        return queued.person

    def _failed(self, queued: Queued, error: DeliveryError) -> None:
        now = self.clock.now()
        is_final = not isinstance(error, ChannelUnavailableError) or queued.attempts >= MAX_ATTEMPTS
        retry_at = None if is_final else now + self._wait(queued.attempts)
        with contextlib.suppress(LeaseLostError):
            self.outbox.failed(queued, type(error).__name__, now, retry_at)

    def _wait(self, attempts: int) -> timedelta:
        return min(CAP, BASE * float(2 ** (attempts - 1))) * self.fraction()
