"""What is done about a message that a platform had taken and that failed after all (channels.md 2.7).

The same codes mean the same as in the answer to a send (services.deliver): wait and try again within the message's
life, rest the channel, take the person for unreachable, call a window closed, put a template aside, or give up.
Must not know: any platform.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.core.channel import TellsLater
from bot.core.delivery import WINDOW_CLOSED, Permanent, Retry, Scope
from bot.core.remedy import Remedy
from bot.services.deliver import BASE, CAP, CHANNEL_REST, STOP_REST

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from bot.core.channel import Channel
    from bot.core.events import StatusEvent
    from bot.core.queued import Queued
    from bot.services.deliver import Deliver

MOST_TRIES = 5
"""Tries after which a message that fails each time is given up, should it still live."""


@dataclass(frozen=True, slots=True)
class SettleReport:
    """One failure; the same one told again does nothing."""

    deliver: Deliver
    """Its queue, channels, templates and rests are those that messages are sent with."""
    _put_aside: dict[str, datetime] = field(default_factory=dict)
    """When a report last led to a template's being put aside, by channel."""

    def __call__(self, name: str, event: StatusEvent) -> None:
        """Deal with a report of failure that bears a token. Raises StorageError."""
        now, channel, token = self.deliver.clock.now(), self.deliver.channels.get(name), event.token or ""
        queued = told = None
        if isinstance(channel, TellsLater):
            queued = self.deliver.outbox.reported(token)
            told = None if queued is None else channel.verdict(event.code or "", queued.tries + 1)
        if channel is None or queued is None or told is None:
            self.deliver.outbox.confirm(token, event.status, now, event.code, name=event.external_id)
            return
        remedy = self._remedy(channel, queued, told, now)
        if not self.deliver.outbox.confirm(
            token, event.status, now, told.reason, name=event.external_id, remedy=remedy
        ):
            return
        self.deliver.meter.delivered(name, f"Failed{type(told).__name__}")
        if told.scope is Scope.PERSON and isinstance(told, Permanent):
            self.deliver.persons.refused(queued.address, told, now)
        elif told.scope not in {Scope.MESSAGE, Scope.PERSON}:
            self.deliver.rest(queued, _rest(told), told.reason, is_whole=told.scope is Scope.CHANNEL)

    def _remedy(self, channel: Channel, queued: Queued, told: Retry | Permanent, now: datetime) -> Remedy:
        if told.scope not in {Scope.MESSAGE, Scope.PERSON}:
            # Nothing is wrong with the message: it waits until the channel is mended.
            return self._within_its_life(channel, queued, Remedy(now + _rest(told), is_counted=False))
        if isinstance(told, Retry):
            wait = told.after
            if wait is None:
                wait = min(CAP, BASE * float(2**queued.tries)) * self.deliver.fraction()
            return self._within_its_life(channel, queued, Remedy(now + wait, told.is_counted))
        window = channel.capabilities.window
        if told.reason == WINDOW_CLOSED and window is not None:
            # Its clock is not ours: what it calls closed is closed, and only a template may leave.
            return self._within_its_life(channel, queued, Remedy(now, closed_before=now - window))
        if self._has_another_template(channel.name, queued, told, now):
            return self._within_its_life(channel, queued, Remedy(now))
        return Remedy()

    def _has_another_template(self, name: str, queued: Queued, told: Permanent, now: datetime) -> bool:
        """Put aside the template that the platform refuses later; whether another one says the same.

        Which one the message left with is not known: of a message older than the last one put aside it may be that one.
        """
        tried = self.deliver.template(name, queued.message)
        if tried is None:
            return False
        last = self._put_aside.get(name)
        if last is None or queued.queued_at is None or queued.queued_at > last:
            self.deliver.refused(name, tried, told.reason)
            another = self.deliver.template(name, queued.message)
            if another == tried:
                return False
            self._put_aside[name] = now
            return another is not None
        return True

    def _within_its_life(self, channel: Channel, queued: Queued, remedy: Remedy) -> Remedy:
        """The remedy, or none when the message would come too late or has failed often enough."""
        ends, late_after = queued.expires_at, channel.capabilities.late_after
        if ends is None and late_after is not None and queued.queued_at is not None:
            ends = queued.queued_at + late_after
        is_late = ends is not None and remedy.retry_at is not None and remedy.retry_at > ends
        return Remedy() if is_late or (remedy.is_counted and queued.tries + 1 >= MOST_TRIES) else remedy


def _rest(told: Retry | Permanent) -> timedelta:
    return STOP_REST if isinstance(told, Permanent) else told.after or CHANNEL_REST
