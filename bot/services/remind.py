"""Queues the reminders whose time has come: a neutral text, nothing of the case (domain.md 6.2).

Must not know: how a message is sent.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.core.errors import KeyDestroyedError, RecipientGoneError, StorageError
from bot.core.queued import Priority
from bot.core.wording import Utterance

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.core.messages import OutboundMessage
    from bot.core.ports import Clock, Outbox, Persons, Reminders


@dataclass(frozen=True, slots=True)
class Remind:
    """All due reminders."""

    reminders: Reminders
    persons: Persons
    outbox: Outbox
    clock: Clock
    say: Callable[[Utterance, str], OutboundMessage]

    def __call__(self) -> int:
        """Queue every due reminder once; returns how many.

        Raises StorageError for a person whose record does not open, after everybody else was served.
        """
        now = self.clock.now()
        due = self.reminders.due(now)
        unreadable: StorageError | None = None
        for person, kind, at in due:
            try:
                state = self.persons.state(person)
            except KeyDestroyedError:
                self.reminders.done(person, kind)
                continue
            except StorageError as error:
                unreadable = error
                continue
            said = self.say(Utterance(f"utter_reminder_{kind}"), state.case.language or "fr")
            message = replace(said, template=f"reminder_{kind}")
            with contextlib.suppress(RecipientGoneError):
                self.outbox.put(person, message, f"remind:{person}:{kind}:{at.isoformat()}", now, Priority.REMINDER)
            self.reminders.done(person, kind)
        if unreadable is not None:
            raise unreadable
        return len(due)
