"""Sealed files: bytes in the data directory, the key of each wrapped under its person's key in a row.

Deleting the row erases the file, whatever becomes of the bytes. Format of the bytes: chunks.py.
Must not know: what a picture is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.errors import StorageError, UnreadableError
from bot.core.ids import FileId
from bot.storage.chunks import PREFIX_BYTES, open_file, seal_file
from bot.storage.moments import to_micros
from bot.storage.sealing import KEY_BYTES, Random, fresh_id

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable
    from datetime import datetime

    from bot.core.ids import PersonId
    from bot.core.messages import InboundFile
    from bot.core.ports import FileKind
    from bot.storage.database import Database
    from bot.storage.disk import Disk
    from bot.storage.keyring import Keyring
    from bot.storage.leases import Leases


class SqliteFiles:
    """The port ``Files``."""

    def __init__(self, database: Database, keyring: Keyring, disk: Disk, leases: Leases, random: Random) -> None:
        self._database = database
        self._keyring = keyring
        self._disk = disk
        self._leases = leases
        self._random = random

    def put(self, person: PersonId, data: bytes, kind: FileKind, now: datetime) -> FileId:
        """Seal and store; the file waits, and is erased unless an attempt keeps it (domain.md S-PHOTO).

        Raises KeyDestroyedError when the person was erased.
        """
        with self._database.reading() as conn:
            number, key = self._keyring.find(conn, person)
        file = FileId(fresh_id("f", self._random))
        file_key = self._random(KEY_BYTES)
        sealed = seal_file(file_key, self._random(PREFIX_BYTES), _associated(person, file), data)
        draft = self._disk.draft(file, sealed)
        try:
            with self._database.transaction() as conn:
                self._keyring.find(conn, person)
                conn.execute(
                    "INSERT INTO files(id, person, kind, wrapped_key, at) VALUES (?, ?, ?, ?, ?)",
                    (file, number, kind.value, key.wrap(file_key), to_micros(now)),
                )
                self._disk.publish(draft, file)  # inside, so that ``sweep`` never meets a file without its row
        except BaseException:
            self._disk.drop(draft)
            self._disk.remove([file])
            raise
        return file

    def open(self, person: PersonId, file: FileId) -> bytes:
        """The original bytes, checked. Raises UnreadableError when missing or altered, else StorageError.

        Whoever is told the first may give the picture up; after the second it is still there.
        """
        with self._database.snapshot() as conn:
            number, key = self._keyring.find(conn, person)
            row = conn.execute(
                "SELECT wrapped_key, sealed_for FROM files WHERE id = ? AND person = ?", (file, number)
            ).fetchone()
        if row is None:
            raise UnreadableError(f"file {file} does not exist")
        wrapped, sealed_for = row
        return open_file(key.unwrap(wrapped), _associated(sealed_for or person, file), self._disk.read(file))

    def discard(self, person: PersonId, files: tuple[FileId, ...]) -> None:
        """Erase rows and bytes; missing ones are passed over."""
        with self._database.transaction() as conn:
            row = conn.execute("SELECT number FROM persons WHERE id = ?", (person,)).fetchone()
            gone = delete_files(conn, row[0], files) if row else []
        self._disk.remove(gone)

    def discard_waiting(self, before: datetime) -> int:
        """Erase all files that wait since before that time; returns how many.

        A file whose message is not answered yet does not wait.
        """
        with self._database.transaction() as conn:
            rows = conn.execute(
                "DELETE FROM files WHERE state = 0 AND at < ?"
                " AND NOT EXISTS (SELECT 1 FROM inbox WHERE seq = files.inbox AND state < 2) RETURNING id",
                (to_micros(before),),
            ).fetchall()
        self._disk.remove(file for (file,) in rows)
        return len(rows)

    def sweep(self) -> int:
        """Unlink what a crash left without a row; returns how many."""
        with self._database.transaction() as conn:  # keeps ``put`` from publishing meanwhile
            orphans = self._disk.orphans(lambda file: _exists(conn, file), self._leases.is_alive)
            self._disk.remove(orphans)
        return len(orphans)


def kept_files(files: Iterable[InboundFile]) -> list[FileId]:
    """The files that were kept, with their copies."""
    kept = [file for file in files if file.problem is None]
    return [file.id for file in kept] + [file.safe_copy for file in kept if file.safe_copy is not None]


def link_files(conn: sqlite3.Connection, number: int, files: Iterable[FileId], seq: int) -> None:
    """Tie waiting files to the message that names them. Raises StorageError when one is not the person's."""
    for file in files:
        found = conn.execute("UPDATE files SET inbox = ? WHERE id = ? AND person = ?", (seq, file, number))
        if not found.rowcount:
            raise StorageError(f"file {file} does not exist for this person")


def agree_files(conn: sqlite3.Connection, number: int, files: Iterable[FileId]) -> None:
    """Let files wait no longer; those already erased are passed over."""
    for file in files:
        conn.execute("UPDATE files SET state = 1 WHERE id = ? AND person = ? AND state = 0", (file, number))


def record_files(conn: sqlite3.Connection, number: int, files: Iterable[FileId]) -> None:
    """Keep files with a recorded attempt. Raises StorageError when one is gone: no attempt claims what is not there."""
    for file in files:
        found = conn.execute("UPDATE files SET state = 2 WHERE id = ? AND person = ?", (file, number))
        if not found.rowcount:
            raise StorageError(f"file {file} of an attempt does not exist")


def delete_files(conn: sqlite3.Connection, number: int, files: Iterable[FileId]) -> list[FileId]:
    """Delete rows; the files whose bytes are to be unlinked after the commit."""
    return [
        file for file in files if conn.execute("DELETE FROM files WHERE id = ? AND person = ?", (file, number)).rowcount
    ]


def _exists(conn: sqlite3.Connection, file: FileId) -> bool:
    return conn.execute("SELECT 1 FROM files WHERE id = ?", (file,)).fetchone() is not None


def _associated(person: PersonId, file: FileId) -> bytes:
    return b"guichet file 1\x00" + person.encode() + b"\x00" + file.encode()
