"""Rows that did not open when they were claimed: how often, and when that is enough.

Counted in memory: claims are no measure, since a row that waits for its turn is claimed over and over, and a column
for what hardly ever happens is not worth its place. A new start gives such a row its three chances anew.
Must not know: what a row holds.
"""

from __future__ import annotations

from threading import Lock

from bot.core.errors import KeyDestroyedError, RecipientGoneError, UnreadableError

UNREADABLE_AFTER = 3
"""Failures to open after which a row is given up, so that the person's next ones go on."""

NEVER_OPENS = (UnreadableError, KeyDestroyedError, RecipientGoneError)
"""What the next try will meet again; a store that is locked, full or refuses a read is another matter."""


class Unopened:
    """Safe to share between threads."""

    def __init__(self) -> None:
        """None yet."""
        self._lock = Lock()
        self._times: dict[int, int] = {}

    def is_enough(self, seq: int) -> bool:
        """Count one failure of the row; True the third time, and then it is forgotten."""
        with self._lock:
            times = self._times.pop(seq, 0) + 1
            if times < UNREADABLE_AFTER:
                self._times[seq] = times
            return times >= UNREADABLE_AFTER
