"""Small facts about the house itself that outlive a process: where a poller stands, which template is off.

Never about a person.
Must not know: what a fact means.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.storage.database import Database

_PREFIX = "note "


class SqliteNotes:
    """Names and texts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def read(self, name: str) -> str | None:
        """What was written last, or None."""
        with self._database.reading() as conn:
            row = conn.execute("SELECT value FROM meta WHERE name = ?", (_PREFIX + name,)).fetchone()
        return None if row is None else str(row[0])

    def first(self, name: str, value: str) -> str:
        """What was written first under a name: this value when there was none. Durable when this returns."""
        known = self.read(name)
        if known is not None:
            return known
        with self._database.transaction() as conn:
            conn.execute("INSERT OR IGNORE INTO meta(name, value) VALUES (?, ?)", (_PREFIX + name, value))
        return self.read(name) or value

    def write(self, name: str, value: str) -> None:
        """Durable when this returns."""
        with self._database.transaction() as conn:
            conn.execute(
                "INSERT INTO meta(name, value) VALUES (?, ?) ON CONFLICT(name) DO UPDATE SET value = excluded.value",
                (_PREFIX + name, value),
            )

    def change(self, name: str, change: Callable[[str | None], str]) -> None:
        """Write what ``change`` makes of what was written last; nobody writes in between. Durable when this returns."""
        with self._database.transaction() as conn:
            row = conn.execute("SELECT value FROM meta WHERE name = ?", (_PREFIX + name,)).fetchone()
            conn.execute(
                "INSERT INTO meta(name, value) VALUES (?, ?) ON CONFLICT(name) DO UPDATE SET value = excluded.value",
                (_PREFIX + name, change(None if row is None else str(row[0]))),
            )
