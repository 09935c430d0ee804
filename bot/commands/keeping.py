"""What a process loads at its start and keeps for good, out of the garbage collector's sight.

Must not know: what is loaded.
"""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def kept_for_good() -> Iterator[None]:
    """No collection runs inside, and no later one visits what was made inside.

    A full collection over all words, places and models holds the interpreter for 0.3 s, and with it everyone who waits
    at a door: such pauses were nearly all of the webhooks' slowest percent.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
    gc.collect()
    gc.freeze()
    gc.collect()  # counts what is left: the next full one comes after some growth of that, not of what is frozen
