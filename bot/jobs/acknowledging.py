"""Shows people that somebody reads: typing, read marks, the spinner of a button; best effort, beside everything else.

What cannot be shown at once is dropped: it is worth nothing later. What fades is shown again while the person waits.
Must not know: any platform.
"""

from __future__ import annotations

import heapq
import itertools
import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from bot.core.channel import Webhooks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from bot.core.capabilities import Capabilities
    from bot.core.events import Inbound
    from bot.core.ports import Address

logger = logging.getLogger(__name__)

THREADS = 2
MOST_WAITING = 100
MARGIN_SECONDS = 0.5
"""A sign is shown again so long before it fades."""
LONGEST_SECONDS = 120.0
"""A turn that takes longer is stuck, and nobody writes."""


class Shown(Webhooks, Protocol):
    """A channel, and how long its signs last."""

    capabilities: Capabilities


class Acknowledging:
    """A small pool of threads; closed with the process."""

    def __init__(self, channels: Mapping[str, Shown], is_waiting: Callable[[Address], bool]) -> None:
        """``is_waiting`` tells whether a turn of whoever is behind an address is still to come. Nothing waits yet."""
        self._channels = channels
        self._is_waiting = is_waiting
        self._pool = ThreadPoolExecutor(THREADS, "acknowledge")
        self._room = threading.BoundedSemaphore(MOST_WAITING)
        self._later = _Later(self._soon)

    def __call__(self, messages: Iterable[Inbound]) -> None:
        """Acknowledge each soon, or never."""
        for message in messages:
            self._soon(message, 0.0)

    def _soon(self, message: Inbound, waited: float) -> None:
        if not self._room.acquire(blocking=False):
            return
        try:
            self._pool.submit(self._show, message, waited)
        except RuntimeError:
            self._room.release()  # the pool is closed: the process is ending

    def _show(self, message: Inbound, waited: float) -> None:
        address = message.addresses[0]
        try:
            if waited and not self._is_waiting(address):
                return
            channel = self._channels[address.channel]
            channel.acknowledge(message)
            self._show_again(message, channel.capabilities.typing_lasts - MARGIN_SECONDS, waited)
        except Exception as error:  # noqa: BLE001 - nobody waits for it, and its text may quote the message
            logger.warning("acknowledging failed: %s", type(error).__name__)
        finally:
            self._room.release()

    def _show_again(self, message: Inbound, seconds: float, waited: float) -> None:
        """Once the sign fades."""
        if seconds > 0 and waited + seconds <= LONGEST_SECONDS:
            self._later.add(replace(message, callback=None), seconds, waited + seconds)

    def close(self) -> None:
        """Drop what waits."""
        self._later.close()
        self._pool.shutdown(wait=False, cancel_futures=True)


class _Later:
    """Messages that are due after some seconds, one a person, however much they write; one thread for all of them."""

    def __init__(self, due: Callable[[Inbound, float], None]) -> None:
        self._due = due
        self._waiting: list[tuple[float, int, Inbound, float]] = []
        self._persons: set[Address] = set()
        self._numbers = itertools.count()
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._is_closed = False

    def add(self, message: Inbound, seconds: float, waited: float) -> None:
        """Hand the message back after so many seconds, unless its person waits already or too many do."""
        address = message.addresses[0]
        with self._changed:
            if self._is_closed or address in self._persons or len(self._persons) >= MOST_WAITING:
                return
            self._persons.add(address)
            heapq.heappush(self._waiting, (time.monotonic() + seconds, next(self._numbers), message, waited))
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="acknowledge-again", daemon=True)
                self._thread.start()
            self._changed.notify()

    def close(self) -> None:
        """Hand nothing back any more."""
        with self._changed:
            self._is_closed = True
            self._changed.notify()

    def _run(self) -> None:
        while (ready := self._next()) is not None:
            self._due(*ready)

    def _next(self) -> tuple[Inbound, float] | None:
        """The next message, once it is due; None after the end."""
        with self._changed:
            while not self._is_closed:
                left = self._waiting[0][0] - time.monotonic() if self._waiting else None
                if left is None or left > 0:
                    self._changed.wait(left)
                    continue
                _at, _number, message, waited = heapq.heappop(self._waiting)
                self._persons.discard(message.addresses[0])
                return message, waited
        return None
