"""Runs a job again and again in a thread of its own; the only place that catches everything.

An error is counted and logged by class name only, and the job goes on after a pause that grows.
Must not know: what the jobs do.
"""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

logger = logging.getLogger(__name__)

IDLE_SECONDS = 1.0
"""How long a job with nothing to do sleeps unless woken."""

MAX_PAUSE_SECONDS = 30.0


class Runner:
    """One job, one thread."""

    def __init__(self, name: str, step: Callable[[], object], *, idle_seconds: float = IDLE_SECONDS) -> None:
        """``step`` does one piece of work and returns something true when there may be more."""
        self.name = name
        self._step = step
        self._idle = idle_seconds
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._is_owed = False
        """Somebody has announced work that was not looked for yet."""
        self._thread = threading.Thread(target=self._run, name=f"job-{name}", daemon=True)
        self.failures = 0

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def wake(self) -> None:
        """There is work now; announced before the end, it is still taken up."""
        if not self._stop.is_set():
            self._is_owed = True
        self._wake.set()

    def end(self) -> None:
        """Take up no more work than was announced."""
        self._stop.set()
        self._wake.set()

    def stop(self, timeout: float = 10.0) -> None:
        """Finish the piece of work in hand, then end."""
        self.end()
        if self._thread.is_alive():
            self._thread.join(timeout)

    def _run(self) -> None:
        pause = 0.5
        while not self._stop.is_set() or self._is_owed:
            self._wake.clear()
            self._is_owed = False
            try:
                has_more = bool(self._step())
                pause = 0.5
            except Exception as error:  # noqa: BLE001  (the one broad except of the project)
                self.failures += 1
                logger.error("job %s failed: %s", self.name, type(error).__name__)  # noqa: TRY400  (no traceback: it may hold words)
                self._stop.wait(pause)
                pause = min(MAX_PAUSE_SECONDS, pause * 2)
                continue
            if not has_more:
                self._wake.wait(self._idle)
