"""Fetches the next file that lies with a platform, seals it, and lets its message go on.

A file that cannot be had now is tried again for an hour; the message waits twenty seconds, then the person is told and
the file, when it comes, is a message of its own: no capture is lost.
Must not know: any platform, what a picture is.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from bot.core.errors import (
    KeyDestroyedError,
    LeaseLostError,
    MediaError,
    MediaTooLargeError,
    MediaUnavailableError,
)
from bot.core.ids import FileId
from bot.core.messages import InboundFile
from bot.core.ports import FileKind
from bot.services.receive import MAX_FILE_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.core.channel import Webhooks
    from bot.core.ids import PersonId
    from bot.core.ports import Clock, FetchTask, Files, MediaQueue

LEASE = timedelta(minutes=5)
"""Longer than the slowest fetch: WhatsApp's may take ninety seconds twice. A shorter one would let a second worker begin
anew and the first one's file be thrown away, again and again."""
FIRST_PAUSE = timedelta(seconds=1)
LONGEST_PAUSE = timedelta(minutes=5)
GIVE_UP_AFTER = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Fetch:
    """One file at a time; any number of threads may call it at once."""

    queue: MediaQueue
    files: Files
    channels: Mapping[str, Webhooks]
    clock: Clock
    fraction: Callable[[], float]
    """A random number in [0, 1): the jitter."""
    failed: Callable[[str, str], None] = lambda _channel, _error: None
    """Counts what went wrong, by channel and class name."""

    def __call__(self) -> PersonId | None:
        """Fetch one file; the person it is from, or None when none waits."""
        task = self.queue.claim(self.clock.now(), LEASE, only=self.channels)
        if task is None:
            return None
        with contextlib.suppress(LeaseLostError, KeyDestroyedError):
            # Erased meanwhile, or another worker has it: nothing is left to fetch for.
            self._fetch(task)
        return task.person

    def _fetch(self, task: FetchTask) -> None:
        try:
            data = self.channels[task.channel].fetch(task.ref, MAX_FILE_BYTES)
        except MediaUnavailableError as error:
            self.failed(task.channel, type(error).__name__)
            now = self.clock.now()
            if now - task.noticed_at < GIVE_UP_AFTER:
                pause = min(LONGEST_PAUSE, FIRST_PAUSE * float(2 ** (task.attempts - 1)))
                self.queue.retry(task, type(error).__name__, now, now + pause * (0.5 + self.fraction() / 2))
                return
            self._end(task, "unavailable")
            return
        except MediaError as error:
            self.failed(task.channel, type(error).__name__)
            self._end(task, "too_large" if isinstance(error, MediaTooLargeError) else "unavailable")
            return
        if not data:
            self._end(task, "empty")
            return
        self._keep(task, data)

    def _keep(self, task: FetchTask, data: bytes) -> None:
        now = self.clock.now()
        file = self.files.put(task.person, data, FileKind.ORIGINAL, now)
        kept = InboundFile(file, task.ref.claimed_type[:100], len(data), sha256(data).hexdigest(), task.ref.as_document)
        try:
            self.queue.fetched(task, kept, now)
        except BaseException:
            self.files.discard(task.person, (file,))
            raise

    def _end(self, task: FetchTask, problem: str) -> None:
        ref = task.ref
        lost = InboundFile(FileId(""), ref.claimed_type[:100], ref.size or 0, "", ref.as_document, problem)
        self.queue.fetched(task, lost, self.clock.now())
