"""Shows people that somebody reads: typing, read marks, the spinner of a button; best effort, beside everything else.

What cannot be shown at once is dropped: it is worth nothing later. What fades is shown again while the person waits.
Must not know: any platform.
"""

from __future__ import annotations

import logging
import threading
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
        self._timers: dict[Address, threading.Timer] = {}
        self._lock = threading.Lock()
        self._is_closed = False

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
        """Once the sign fades; one timer a person, however much they write."""
        if seconds <= 0 or waited + seconds > LONGEST_SECONDS:
            return
        address = message.addresses[0]

        def due() -> None:
            with self._lock:
                self._timers.pop(address, None)
            self._soon(replace(message, callback=None), waited + seconds)

        timer = threading.Timer(seconds, due)
        timer.daemon = True
        with self._lock:
            if self._is_closed or address in self._timers or len(self._timers) >= MOST_WAITING:
                return
            self._timers[address] = timer
            timer.start()

    def close(self) -> None:
        """Drop what waits."""
        with self._lock:
            self._is_closed = True
            for timer in self._timers.values():
                timer.cancel()
        self._pool.shutdown(wait=False, cancel_futures=True)
