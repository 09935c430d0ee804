"""Plays and delivers everything that waits, in this thread: for the terminal and for tests.

Must not know: what waits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

LIMIT = 10_000
"""Steps after which something is wrong: a message that answers itself."""


def settle(*steps: Callable[[], object]) -> int:
    """Run the steps in turn until none has anything left; returns how many pieces of work were done."""
    done = 0
    while done < LIMIT:
        worked = [step() for step in steps]
        pieces = sum(1 for piece in worked if piece is not None)
        if pieces == 0:
            return done
        done += pieces
    return done
