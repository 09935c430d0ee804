"""Times as whole microseconds since 1970, UTC: exact, comparable in SQL, back and forth without loss.

Must not know: the tables.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.core.errors import StorageError

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def to_micros(moment: datetime) -> int:
    """Microseconds since 1970. Raises StorageError for a time without zone."""
    if moment.tzinfo is None:
        raise StorageError("a time without a zone cannot be stored")
    return (moment - _EPOCH) // _MICROSECOND


def from_micros(micros: int) -> datetime:
    """The aware UTC time."""
    return _EPOCH + timedelta(microseconds=micros)
