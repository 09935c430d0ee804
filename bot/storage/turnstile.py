"""A lock that lets whoever is waited for outside pass before those who only work.

Must not know: what it guards.
"""

from __future__ import annotations

from collections import deque
from threading import Lock

MOST_IN_A_ROW = 8
"""Urgent ones that pass while somebody else waits: a flood at the doors may slow the jobs, and may not stop them."""


class Turnstile:
    """Each of the two rows is served in the order it came."""

    def __init__(self) -> None:
        """Nobody is inside."""
        self._counter = Lock()
        self._is_taken = False
        self._urgent: deque[Lock] = deque()
        self._others: deque[Lock] = deque()
        self._in_a_row = 0

    def enter(self, seconds: float, *, is_urgent: bool) -> bool:
        """Wait for one's turn; False when it does not come in time. Whoever has entered must leave."""
        row = self._urgent if is_urgent else self._others
        with self._counter:
            if not self._is_taken:
                self._is_taken = True
                return True
            ticket = Lock()
            ticket.acquire()
            row.append(ticket)
        if ticket.acquire(timeout=seconds):
            return True
        with self._counter:
            if ticket in row:
                row.remove(ticket)
                return False
        return True  # it was our turn just as we gave up

    def leave(self) -> None:
        """The next one's turn."""
        with self._counter:
            is_urgent = bool(self._urgent) and (not self._others or self._in_a_row < MOST_IN_A_ROW)
            row = self._urgent if is_urgent else self._others
            self._in_a_row = self._in_a_row + 1 if is_urgent and self._others else 0
            if row:
                row.popleft().release()
            else:
                self._is_taken = False
