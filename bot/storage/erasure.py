"""Erasing a person: the key first, then rows, then files, then what SQLite left behind.

The rows go in the caller's transaction; ``clean`` follows its commit. A crash between the two leaves files that no key
opens, which the next start sweeps, and a mark that makes the next purge rewrite the database.
Must not know: who asked, what replaces the person.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.core.errors import StorageError
from bot.core.retention import REPLAY_KEY
from bot.storage.moments import to_micros

if TYPE_CHECKING:
    import sqlite3
    from datetime import datetime

    from bot.core.ids import FileId, PersonId
    from bot.storage.database import Database
    from bot.storage.disk import Disk
    from bot.storage.keyring import Keyring

REWRITE_AT_ONCE_BYTES = 16 << 20
"""A database up to this size is rewritten after every erasure (about 0.1 s); a larger one by the nightly purge."""

REWRITE_BYTES = 256 << 20
"""Above this no rewrite: keys are overwritten at once in any case, so that what may be left opens for nobody."""

_MARK = "rewrite is due"


@dataclass(frozen=True, slots=True)
class Erased:
    """What is left to do after the commit."""

    person: PersonId
    files: tuple[FileId, ...]


class Erasure:
    """Erases persons."""

    def __init__(self, database: Database, keyring: Keyring, disk: Disk) -> None:
        self._database = database
        self._keyring = keyring
        self._disk = disk

    def erase(self, conn: sqlite3.Connection, number: int, now: datetime) -> Erased:
        """Delete the key and every row of an existing person in the caller's transaction.

        The keyed hashes of received messages stay 8 days, without the person, against redelivery.
        """
        person = conn.execute("SELECT id FROM persons WHERE number = ?", (number,)).fetchone()[0]
        files = conn.execute("SELECT id FROM files WHERE person = ?", (number,)).fetchall()
        conn.execute("DELETE FROM keys WHERE person = ?", (number,))
        keep_replay_keys(conn, messages_of(conn, number), now)
        conn.execute("DELETE FROM persons WHERE number = ?", (number,))
        conn.execute("INSERT OR IGNORE INTO meta(name, value) VALUES (?, '')", (_MARK,))
        return Erased(person, tuple(file for (file,) in files))

    def end_farewell(self, conn: sqlite3.Connection, number: int, now: datetime) -> Erased | None:
        """Erase the blank person whose last farewell is sent or given up; None for everybody else."""
        is_over = conn.execute(
            "SELECT 1 FROM persons WHERE number = ? AND farewell_at IS NOT NULL"
            " AND NOT EXISTS (SELECT 1 FROM outbox WHERE person = number AND state IN (0, 1))",
            (number,),
        ).fetchone()
        return self.erase(conn, number, now) if is_over else None

    def clean(self, erased: list[Erased], *, is_nightly: bool = False) -> None:
        """Forget keys, unlink files, overwrite old pages.

        What fails here is redone by the nightly purge; the erasure itself is done.
        """
        limit = REWRITE_BYTES if is_nightly else REWRITE_AT_ONCE_BYTES
        for each in erased:
            self._keyring.forget(each.person)
            self._disk.remove(each.files)
        with suppress(StorageError):
            if self._is_marked() and self._database.size() <= limit:
                self._database.rewrite()
                with self._database.transaction() as conn:
                    conn.execute("DELETE FROM meta WHERE name = ?", (_MARK,))
            self._database.checkpoint()

    def _is_marked(self) -> bool:
        with self._database.reading() as conn:
            return conn.execute("SELECT 1 FROM meta WHERE name = ?", (_MARK,)).fetchone() is not None


def keep_replay_keys(conn: sqlite3.Connection, seqs: list[int], now: datetime) -> None:
    """Copy the keyed hashes of inbox rows that are about to be deleted."""
    until = to_micros(now + REPLAY_KEY)
    conn.executemany(
        "INSERT OR IGNORE INTO replays(channel, external_hash, until)"
        " SELECT channel, external_hash, ? FROM inbox WHERE seq = ?",
        [(until, seq) for seq in seqs],
    )


def messages_of(conn: sqlite3.Connection, number: int) -> list[int]:
    """The inbox numbers of a person."""
    return [seq for (seq,) in conn.execute("SELECT seq FROM inbox WHERE person = ?", (number,)).fetchall()]
