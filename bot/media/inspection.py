"""Looks at pictures in a warm worker process: implements the port Inspector.

The worker decodes what strangers send, so it is not trusted: its answers are checked, it is ended when it takes too
long, and replaced after some pictures, after a crash and after any doubt.
Must not know: whose picture it is; nothing about a picture is logged.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING

from bot.core.errors import MediaError, MediaRefusedError, MediaTooLargeError, MediaUnreadableError
from bot.core.ports import Picture
from bot.media.picture import Bounds
from bot.media.reading import find_reader
from bot.media.sniffing import sniff
from bot.media.worker import ANSWER, REQUEST, Outcome

if TYPE_CHECKING:
    from collections.abc import Sequence

_HOME = Path(__file__).parents[2]
"""The folder that holds the package ``bot``."""
WORKER = (sys.executable, "-s", "-E", "-m", "bot.media.worker")
_JPEG = b"\xff\xd8\xff"
_CHUNK = 1 << 18
_PROBLEMS: dict[int, tuple[type[MediaError], str]] = {
    Outcome.TOO_LARGE: (MediaTooLargeError, "more pixels than a picture may have"),
    Outcome.UNREADABLE: (MediaUnreadableError, "not a picture that can be decoded"),
    Outcome.EXHAUSTED: (MediaUnreadableError, "needs more memory than a picture may"),
    Outcome.REFUSED: (MediaRefusedError, "looks like an identity paper"),
}


@dataclass(frozen=True, slots=True)
class Limits:
    """What one picture may cost."""

    bytes: int = 16 << 20
    megabytes: int = 1024
    """Address space of the worker."""
    processor_seconds: int = 10
    seconds: float = 10.0
    """Wall clock, process start included."""
    pictures: int = 50
    """After so many a worker is replaced."""
    bounds: Bounds = field(default_factory=Bounds)


class Inspector:
    """One worker for one picture at a time; callers of other threads wait for it."""

    def __init__(
        self,
        tesseract: str | None = "tesseract",
        limits: Limits | None = None,
        *,
        command: Sequence[str] = WORKER,
    ) -> None:
        """``tesseract`` is a program or a path; None, or one that does not answer, means that no word is read.

        The worker starts with the first picture.
        """
        self._command = tuple(command)
        program = shutil.which(tesseract) if tesseract else None
        self._reader = find_reader(program) if program else None
        self._limits = limits or Limits()
        self._lock = Lock()
        self._worker: subprocess.Popen[bytes] | None = None
        self._seen = 0

    @property
    def can_read(self) -> bool:
        """True when words are read; without, identity papers are recognised by their machine-readable zone alone."""
        return self._reader is not None

    def inspect(self, data: bytes) -> Picture:
        """A safe copy. Raises MediaTooLargeError, MediaUnreadableError or MediaRefusedError, and nothing else."""
        if len(data) > self._limits.bytes:
            message = f"more than {self._limits.bytes} bytes"
            raise MediaTooLargeError(message)
        if sniff(data) is None:
            message = "not JPEG, PNG, WEBP or HEIF"
            raise MediaUnreadableError(message)
        with self._lock:
            reply = self._asked(data)
        if reply is None:
            message = "the picture could not be decoded in time"
            raise MediaUnreadableError(message)
        outcome, width, height, _ = ANSWER.unpack_from(reply)
        if outcome in _PROBLEMS:
            kind, message = _PROBLEMS[outcome]
            raise kind(message)
        return Picture(reply[ANSWER.size :], width, height)

    def close(self) -> None:
        """End the worker; the next picture starts another."""
        with self._lock:
            self._end()

    def _asked(self, data: bytes) -> bytes | None:
        """The worker's answer, checked; None when it crashed, took too long or made no sense."""
        deadline = monotonic() + self._limits.seconds
        try:
            reply = _exchange(self._running(), REQUEST.pack(len(data)) + data, deadline, self._longest_reply())
        except OSError:
            reply = None
        if reply is None or not self._is_sound(reply):
            self._end()
            return None
        self._seen += 1
        if self._seen >= self._limits.pictures or reply[0] == Outcome.EXHAUSTED:
            self._end()
        return reply

    def _longest_reply(self) -> int:
        """A JPEG is never larger than the raw picture."""
        return ANSWER.size + 3 * self._limits.bounds.longest**2

    def _is_sound(self, reply: bytes) -> bool:
        outcome, width, height, _ = ANSWER.unpack_from(reply)
        if outcome in _PROBLEMS:
            return len(reply) == ANSWER.size
        is_jpeg = reply[ANSWER.size :].startswith(_JPEG)
        longest = self._limits.bounds.longest
        return outcome == Outcome.SAFE and is_jpeg and 0 < width <= longest and 0 < height <= longest

    def _running(self) -> subprocess.Popen[bytes]:
        """The worker, started when there is none that lives. Raises OSError."""
        if self._worker is not None and self._worker.poll() is None:
            return self._worker
        self._end()
        limits = self._limits
        numbers = (limits.bounds.pixels, limits.bounds.longest, limits.bounds.quality, limits.megabytes)
        words = (self._reader.program, self._reader.languages) if self._reader else ()
        folder = os.environ.get("TESSDATA_PREFIX")
        self._worker = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [*self._command, *map(str, numbers), str(limits.processor_seconds), *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=_HOME,
            env={"PATH": os.defpath, "LANG": "C.UTF-8", "MALLOC_ARENA_MAX": "2"}
            | ({"TESSDATA_PREFIX": folder} if folder else {}),
            start_new_session=True,
            bufsize=0,
        )
        self._seen = 0
        return self._worker

    def _end(self) -> None:
        """Kill the worker and whatever it started."""
        worker, self._worker = self._worker, None
        if worker is None:
            return
        if worker.poll() is None:
            with contextlib.suppress(OSError):
                os.killpg(worker.pid, signal.SIGKILL)
        for pipe in (worker.stdin, worker.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        worker.wait()


def _exchange(worker: subprocess.Popen[bytes], request: bytes, deadline: float, longest: int) -> bytes | None:
    """Send a request and wait for the whole answer; None at the deadline, at the end of the pipe, or when too long."""
    if worker.stdin is None or worker.stdout is None:
        return None
    out, into = worker.stdout.fileno(), worker.stdin.fileno()
    os.set_blocking(into, False)
    reply, pending = bytearray(), memoryview(request)
    with selectors.DefaultSelector() as ready:
        ready.register(out, selectors.EVENT_READ)
        ready.register(into, selectors.EVENT_WRITE)
        while (left := deadline - monotonic()) > 0:
            for key, _ in ready.select(left):
                if key.fd == into:
                    pending = pending[os.write(into, pending[:_CHUNK]) :]
                    if not pending:
                        ready.unregister(into)
                    continue
                chunk = os.read(out, _CHUNK)
                reply += chunk
                if not chunk or len(reply) > longest:
                    return None
                missing = ANSWER.size - len(reply)
                if missing <= 0:
                    missing += ANSWER.unpack_from(reply)[3]
                if missing == 0 and not pending:
                    return bytes(reply)
                if missing < 0:
                    return None
    return None
