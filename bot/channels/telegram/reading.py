"""Fields of an update as plain values that cannot surprise: no wrong types, no half characters, no infinite numbers.

The library hands a field on as it came, whatever its type.
Must not know: what a field means.
"""

from __future__ import annotations

MOST = 1 << 53
"""Above this no number of Telegram's lies; the store takes a little more."""


def text(value: object) -> str:
    """The text itself without half characters, or an empty one for anything else."""
    return value.encode("utf-8", "ignore").decode() if isinstance(value, str) else ""


def whole(value: object) -> int | None:
    """A number that Telegram could mean; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if -MOST < value < MOST else None


def required(value: object) -> int:
    """A number that must be there. Raises TypeError."""
    found = whole(value)
    if found is None:
        raise TypeError("no number")
    return found


def degrees(value: object, limit: float) -> float | None:
    """A coordinate within its limits; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if abs(value) <= limit else None
