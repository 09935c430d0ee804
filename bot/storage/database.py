"""One SQLite file, a connection a thread, short immediate transactions.

WAL with ``synchronous=FULL``: what was committed survives a power cut. ``secure_delete=ON``: what was deleted is
overwritten. Within a process writers queue at a turnstile, which is fairer and faster than SQLite's own waiting, and
lets what a platform waits for pass before the jobs; between processes ``busy_timeout`` decides.
Must not know: the tables, what is sealed.
"""

from __future__ import annotations

import sqlite3
import threading
import weakref
from contextlib import contextmanager
from typing import TYPE_CHECKING

import sqlite_utils

from bot.core.errors import StorageError
from bot.storage.migrations import MIGRATIONS
from bot.storage.turnstile import Turnstile

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BUSY_SECONDS = 5.0
"""How long a writer waits for another before the store counts as locked."""

_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",
    "PRAGMA temp_store = MEMORY",
)


class _Handle:
    """A thread's connection, closed when the thread ends."""

    __slots__ = ("__weakref__", "conn")

    def __init__(self, conn: sqlite3.Connection) -> None:
        self.conn = conn
        weakref.finalize(self, conn.close)


class Database:
    """The open database; safe to share between threads."""

    def __init__(self, path: Path, busy_seconds: float = BUSY_SECONDS) -> None:
        self.path = path
        self._busy_seconds = busy_seconds
        self._writers = Turnstile()
        self._local = threading.local()
        self._handles: weakref.WeakSet[_Handle] = weakref.WeakSet()
        self._is_open = True

    def connection(self) -> sqlite3.Connection:
        """This thread's connection. Raises StorageError when the file cannot be opened or the store is closed."""
        handle: _Handle | None = getattr(self._local, "handle", None)
        if handle is not None and self._is_open:
            return handle.conn
        if not self._is_open:
            raise StorageError("the store is closed")
        handle = _Handle(self._connect())
        self._local.handle = handle
        self._handles.add(handle)
        return handle.conn

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Single reads; errors of SQLite come out as StorageError."""
        try:
            yield self.connection()
        except sqlite3.Error as error:
            raise _refused(error) from error

    @contextmanager
    def snapshot(self) -> Iterator[sqlite3.Connection]:
        """Several reads of one moment."""
        with self.reading() as conn:
            conn.execute("BEGIN")
            try:
                yield conn
            finally:
                _end(conn, "COMMIT")

    @contextmanager
    def transaction(self, *, is_urgent: bool = False, outlives_power: bool = True) -> Iterator[sqlite3.Connection]:
        """All that is written inside becomes durable together, or nothing does; ``is_urgent``: somebody waits outside.

        Without ``outlives_power`` it is not waited until the disk has it: it outlives a kill of the process, and a power
        cut only with the next transaction that waits. Raises StorageError when the database is locked for too long, full
        or unreadable.
        """
        with self._writing(is_urgent=is_urgent), self.reading() as conn, _waiting(conn, for_disk=outlives_power):
            conn.execute("BEGIN IMMEDIATE")
            try:
                yield conn
                conn.execute("COMMIT")
            except BaseException:
                _end(conn, "ROLLBACK")
                raise

    def checkpoint(self) -> bool:
        """Move the write-ahead log into the database and empty it, so that no old page stays in it.

        False when a reader kept it from finishing.
        """
        with self._writing(), self.reading() as conn:
            is_busy: int = conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            return not is_busy

    def rewrite(self) -> None:
        """Write the whole database anew: copies that SQLite left in free space of its pages are gone."""
        with self._writing(), self.reading() as conn:
            conn.execute("VACUUM")

    def size(self) -> int:
        """Bytes of the database, without its write-ahead log."""
        with self.reading() as conn:
            pages: int = conn.execute("PRAGMA page_count").fetchone()[0]
            page: int = conn.execute("PRAGMA page_size").fetchone()[0]
            return pages * page

    def close(self) -> None:
        """Close every thread's connection; the last one empties the write-ahead log."""
        self._is_open = False
        for handle in list(self._handles):
            handle.conn.close()

    @contextmanager
    def _writing(self, *, is_urgent: bool = False) -> Iterator[None]:
        if not self._writers.enter(self._busy_seconds, is_urgent=is_urgent):
            raise StorageError("the database is locked")
        try:
            yield
        finally:
            self._writers.leave()

    def _connect(self) -> sqlite3.Connection:
        try:
            conn = sqlite3.connect(self.path, timeout=self._busy_seconds, isolation_level=None, check_same_thread=False)
            for pragma in _PRAGMAS:
                conn.execute(pragma).fetchall()
        except sqlite3.Error as error:
            raise _refused(error) from error
        return conn


@contextmanager
def _waiting(conn: sqlite3.Connection, *, for_disk: bool) -> Iterator[None]:
    if for_disk:
        yield
        return
    conn.execute("PRAGMA synchronous = NORMAL")
    try:
        yield
    finally:
        conn.execute("PRAGMA synchronous = FULL")


def open_database(path: Path, busy_seconds: float = BUSY_SECONDS) -> Database:
    """The database at that path, made and brought up to date if need be; safe beside other processes that start.

    Raises StorageError.
    """
    database = Database(path, busy_seconds)
    with database.reading() as conn:
        # A step that makes a table anew drops the old one, which must not take along what refers to it.
        conn.execute("PRAGMA foreign_keys = OFF")
    with database.transaction() as conn:
        MIGRATIONS.apply(sqlite_utils.Database(conn, execute_plugins=False))
        if conn.execute("PRAGMA foreign_key_check").fetchone() is not None:
            raise StorageError("a step of the database left a row that refers to nothing")
    with database.reading() as conn:
        conn.execute("PRAGMA foreign_keys = ON")
    return database


def _end(conn: sqlite3.Connection, how: str) -> None:
    """COMMIT or ROLLBACK, unless SQLite has ended the transaction by itself, as it does when the disk is full."""
    if conn.in_transaction:
        conn.execute(how)


def _refused(error: sqlite3.Error) -> StorageError:
    return StorageError(f"the database refused: {getattr(error, 'sqlite_errorname', type(error).__name__)}")
