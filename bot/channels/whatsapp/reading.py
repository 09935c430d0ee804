"""Bytes of a webhook as plain values that cannot surprise: bounded depth, no NaN, no half characters, no wrong types.

Must not know: what any field means.
"""

from __future__ import annotations

import json
import math
from typing import Any, NoReturn

MAX_DEPTH = 32
"""Meta's deepest sample has 11 levels."""

LARGEST = 2**63 - 1
"""JSON's numbers have no end, and dates, spans of time and SQLite's columns have."""


class UnreadableError(ValueError):
    """The body is no JSON object that we accept; carries nothing of it."""


def read_object(raw: bytes) -> dict[str, Any]:
    """The object a body holds. Raises UnreadableError."""
    try:
        found = json.loads(raw.decode("utf-8"), parse_constant=_refuse, parse_float=_finite)
    except (ValueError, RecursionError):
        # The decoder's own error would carry the body in its ``doc``.
        raise UnreadableError("json") from None
    if not isinstance(found, dict):
        raise UnreadableError("object")
    if _depth(found) > MAX_DEPTH:
        raise UnreadableError("depth")
    return found


def table(value: object) -> dict[str, Any]:
    """The object itself, or an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def rows(value: object) -> list[dict[str, Any]]:
    """The objects of a list; anything else is left out."""
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def text(value: object) -> str:
    """The text itself with half characters replaced, or an empty one for anything else."""
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if isinstance(value, str) else ""


def whole(value: object) -> int | None:
    """A number of 64 bits that came as digits or as a number; None for anything else."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value if abs(value) <= LARGEST else None
    is_digits = isinstance(value, str) and len(value) <= 19 and value.isascii() and value.isdigit()
    return whole(int(str(value))) if is_digits else None


def degrees(value: object, limit: float) -> float | None:
    """A coordinate within its limits; Meta's description types them as texts, its samples as numbers."""
    try:
        number = float(value) if isinstance(value, int | float | str) and not isinstance(value, bool) else math.nan
    except (ValueError, OverflowError):
        return None
    return number if abs(number) <= limit else None


def _refuse(_constant: str) -> NoReturn:
    raise UnreadableError("number")


def _finite(digits: str) -> float:
    number = float(digits)
    return number if math.isfinite(number) else _refuse(digits)


def _depth(value: object) -> int:
    """How many levels of objects and lists lie in one another, counted without recursion."""
    level, depth = [value], 0
    while level and depth <= MAX_DEPTH + 1:
        inner = [one for one in level if isinstance(one, dict | list)]
        depth += bool(inner)
        level = [part for one in inner for part in (one.values() if isinstance(one, dict) else one)]
    return depth
