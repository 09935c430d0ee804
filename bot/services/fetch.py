"""Fetches the next file that lies with a platform, looks at it, seals it, and lets its message go on.

A picture is decoded here and not in a turn, where everybody would wait for it; one that was uploaded to us lies sealed
already and is only looked at. A file that cannot be had now is tried
again for an hour; the message waits twenty seconds, then the person is told and the file, when it comes, is one more
message: no capture is lost.
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
    MediaGoneError,
    MediaTooLargeError,
    StorageError,
    UnreadableError,
)
from bot.core.events import HELD
from bot.core.ids import FileId
from bot.core.messages import InboundFile
from bot.core.ports import OURS, FileKind
from bot.services.problems import problem_of
from bot.services.receive import MAX_FILE_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.core.channel import Webhooks
    from bot.core.ids import PersonId
    from bot.core.ports import Clock, FetchTask, Files, Inspector, MediaQueue

LEASE = timedelta(minutes=5)
"""Longer than the slowest fetch with a look at it: WhatsApp's may take ninety seconds twice, the look ten. A shorter one
would let a second worker begin anew and the first one's file be thrown away, again and again."""
FIRST_PAUSE = timedelta(seconds=1)
LONGEST_PAUSE = timedelta(minutes=5)
GIVE_UP_AFTER = timedelta(hours=1)
MAX_CLAIMS = 40
"""More than an hour of pauses holds, however short chance makes them."""


@dataclass(frozen=True, slots=True)
class Fetch:
    """One file at a time; any number of threads may call it at once."""

    queue: MediaQueue
    files: Files
    inspector: Inspector
    channels: Mapping[str, Webhooks]
    clock: Clock
    fraction: Callable[[], float]
    """A random number in [0, 1): the jitter."""
    failed: Callable[[str, str], None] = lambda _channel, _error: None
    """Counts what went wrong, by channel and class name."""

    def __call__(self) -> PersonId | None:
        """Fetch one file; the person it is from, or None when none waits."""
        task = self.queue.claim(self.clock.now(), LEASE, only=(OURS, *self.channels))
        if task is None:
            return None
        with contextlib.suppress(LeaseLostError, KeyDestroyedError):
            # Erased meanwhile, or another worker has it: nothing is left to fetch for.
            self._fetch(task)
        return task.person

    def _fetch(self, task: FetchTask) -> None:
        if task.attempts > MAX_CLAIMS:
            # A file that kills its process again and again never reaches an except.
            self._end(task, "unavailable")
            return
        if task.ref.kind == HELD:
            self._look(task)
            return
        try:
            data = self.channels[task.channel].fetch(task.ref, MAX_FILE_BYTES)
        except (MediaTooLargeError, MediaGoneError) as error:
            self.failed(task.channel, type(error).__name__)
            self._end(task, "too_large" if isinstance(error, MediaTooLargeError) else "unavailable")
            return
        except Exception as error:  # noqa: BLE001 - whatever an answer of a platform does to its library; it ends in time
            self._try_again(task, error)
            return
        if not data:
            self._end(task, "empty")
            return
        self._keep(task, data)

    def _try_again(self, task: FetchTask, error: Exception) -> None:
        """Later, unless an hour has passed since the file was named."""
        self.failed(task.channel, type(error).__name__)
        if self.clock.now() - task.noticed_at >= GIVE_UP_AFTER:
            self._end(task, "unavailable")
            return
        self._later(task, error)

    def _later(self, task: FetchTask, error: Exception) -> None:
        now = self.clock.now()
        pause = min(LONGEST_PAUSE, FIRST_PAUSE * float(2 ** (task.attempts - 1)))
        self.queue.retry(task, type(error).__name__, now, now + pause * (0.5 + self.fraction() / 2))

    def _look(self, task: FetchTask) -> None:
        """Look at a file that lies with us."""
        original = FileId(task.ref.ref)
        try:
            data = self.files.open(task.person, original)
        except UnreadableError:
            # Erased meanwhile by a turn that was played before, or by the purge.
            self._end(task, "gone")
            return
        except KeyDestroyedError:
            raise
        except StorageError as error:
            # It is there, and the store refuses for now: no capture is given up for that.
            self._later(task, error)
            return
        try:
            picture = self.inspector.inspect(data)
        except MediaError as error:
            self._end(task, problem_of(error))
            return
        self._put(task, data, ((picture.safe, FileKind.SAFE),), original)

    def _keep(self, task: FetchTask, data: bytes) -> None:
        """Nothing is written of a picture that is not to be kept; a death before the end leaves what the purge takes."""
        try:
            picture = self.inspector.inspect(data)
        except MediaError as error:
            self._end(task, problem_of(error))
            return
        self._put(task, data, ((data, FileKind.ORIGINAL), (picture.safe, FileKind.SAFE)))

    def _put(self, task: FetchTask, data: bytes, contents: tuple[tuple[bytes, FileKind], ...], *there: FileId) -> None:
        """Seal what is not there yet; original and copy end the row together."""
        now, ref, made = self.clock.now(), task.ref, []
        try:
            for content, kind in contents:
                made.append(self.files.put(task.person, content, kind, now))
            original, copy = (*there, *made)
            digest = sha256(data).hexdigest()
            file = InboundFile(original, ref.claimed_type[:100], len(data), digest, ref.as_document, safe_copy=copy)
            self.queue.fetched(task, file, now)
        except BaseException:
            self.files.discard(task.person, tuple(made))
            raise

    def _end(self, task: FetchTask, problem: str) -> None:
        """The turn erases what lies with us and has a problem, in its commit."""
        ref = task.ref
        name = FileId(ref.ref if ref.kind == HELD else "")
        lost = InboundFile(name, ref.claimed_type[:100], ref.size or 0, "", ref.as_document, problem)
        self.queue.fetched(task, lost, self.clock.now())
