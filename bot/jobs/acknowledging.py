"""Shows people that somebody reads: typing, read marks, the spinner of a button; best effort, beside everything else.

What cannot be shown at once is dropped: it is worth nothing later.
Must not know: any platform.
"""

from __future__ import annotations

import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bot.core.channel import Webhooks
    from bot.core.events import Inbound

logger = logging.getLogger(__name__)

THREADS = 2
MOST_WAITING = 100


class Acknowledging:
    """A small pool of threads; closed with the process."""

    def __init__(self, channels: Mapping[str, Webhooks]) -> None:
        """Nothing waits."""
        self._channels = channels
        self._pool = ThreadPoolExecutor(THREADS, "acknowledge")
        self._room = threading.BoundedSemaphore(MOST_WAITING)

    def __call__(self, messages: Iterable[Inbound]) -> None:
        """Acknowledge each soon, or never."""
        for message in messages:
            if not self._room.acquire(blocking=False):
                return
            try:
                self._pool.submit(self._show, message)
            except RuntimeError:
                self._room.release()  # the pool is closed: the process is ending
                return

    def _show(self, message: Inbound) -> None:
        try:
            self._channels[message.addresses[0].channel].acknowledge(message)
        except Exception as error:  # noqa: BLE001 - nobody waits for it, and its text may quote the message
            logger.warning("acknowledging failed: %s", type(error).__name__)
        finally:
            self._room.release()

    def close(self) -> None:
        """Drop what waits."""
        self._pool.shutdown(wait=False, cancel_futures=True)
