"""Cases marked for a human, in SQLite.

Must not know: what was said.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.effects import HandoffReason
from bot.core.ports import HandoffRow
from bot.storage.moments import from_micros

if TYPE_CHECKING:
    from bot.storage.database import Database


class SqliteHandoffs:
    """The port ``Handoffs``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def open(self) -> list[HandoffRow]:
        """All open ones, oldest first; a person stands once for each reason."""
        with self._database.reading() as conn:
            rows = conn.execute(
                "SELECT p.id, h.reason, h.since, coalesce((SELECT channel FROM identities WHERE person = p.number"
                " ORDER BY heard_at DESC LIMIT 1), '')"
                " FROM handoffs AS h JOIN persons AS p ON p.number = h.person"
                " WHERE h.closed_at IS NULL ORDER BY h.since, h.number"
            ).fetchall()
        return [
            HandoffRow(person, HandoffReason(reason), from_micros(since), channel)
            for person, reason, since, channel in rows
        ]
