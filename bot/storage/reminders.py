"""Times at which a person wants to hear from us, in SQLite.

Must not know: what a reminder says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.effects import ReminderKind
from bot.storage.moments import from_micros, to_micros

if TYPE_CHECKING:
    from datetime import datetime

    from bot.core.ids import PersonId
    from bot.storage.database import Database


class SqliteReminders:
    """The port ``Reminders``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def due(self, now: datetime) -> list[tuple[PersonId, ReminderKind, datetime]]:
        """Those whose time has come and that were not sent, oldest first."""
        at = to_micros(now)
        with self._database.reading() as conn:
            rows = conn.execute(
                "SELECT p.id, r.kind, r.at, r.is_announced FROM reminders AS r JOIN persons AS p ON p.number = r.person"
                " WHERE r.at <= ? ORDER BY r.at, r.person, r.kind",
                (at,),
            ).fetchall()
        if not all(is_announced for *_, is_announced in rows):
            with self._database.transaction() as conn:
                conn.execute("UPDATE reminders SET is_announced = 1 WHERE at <= ? AND is_announced = 0", (at,))
        return [(person, ReminderKind(kind), from_micros(moment)) for person, kind, moment, _ in rows]

    def done(self, person: PersonId, kind: ReminderKind) -> None:
        """It was queued; one that a turn has set anew since ``due`` told of it stays."""
        with self._database.transaction() as conn:
            conn.execute(
                "DELETE FROM reminders WHERE kind = ? AND is_announced = 1"
                " AND person = (SELECT number FROM persons WHERE id = ?)",
                (kind.value, person),
            )
