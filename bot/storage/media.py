"""Files that lie with a platform: fetched in their own time, while the message that names them waits a little.

A row waits, is leased, and ends with the file it became, or with the problem that keeps it from being one. The message
goes on when all of its rows have ended, or when its patience has, which does not end before each file had its chance
once; what comes later comes as one more message.
Must not know: platforms, what a picture is.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.core.errors import KeyDestroyedError, LeaseLostError, UnreadableError
from bot.core.events import HELD, MediaRef
from bot.core.ids import FileId
from bot.core.messages import InboundFile
from bot.core.ports import OURS, FetchTask
from bot.storage.arrivals import Row, join_late
from bot.storage.codec import from_bytes, to_bytes
from bot.storage.files import kept_files, link_files
from bot.storage.moments import from_micros, to_micros
from bot.storage.queues import Queue, line_up
from bot.storage.sealing import Purpose

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable
    from datetime import datetime

    from bot.storage.database import Database
    from bot.storage.leases import Leases
    from bot.storage.people import People
    from bot.storage.sealing import PersonKey

PATIENCE = timedelta(seconds=20)
"""How long a turn waits for its pictures."""
_PATIENCE = PATIENCE // timedelta(microseconds=1)
_DONE = 2
_NO_REF = MediaRef("", "unread")
_NEEDS_PATIENCE = """
SELECT not_before <= (SELECT max(at) FROM media WHERE inbox = :seq) + :patience AND EXISTS (
  SELECT 1 FROM media WHERE inbox = :seq AND state < 2 AND is_late = 0 AND not_before = 0)
FROM inbox WHERE seq = :seq"""
"""A file that was tried in vain has a time before which it is not tried again."""


class SqliteMedia:
    """The port ``MediaQueue``."""

    def __init__(self, database: Database, people: People, leases: Leases) -> None:
        self._database = database
        self._people = people
        self._queue = Queue("media", database, leases)

    def claim(self, now: datetime, lease: timedelta, *, only: Iterable[str] | None = None) -> FetchTask | None:
        """The next file to fetch. Raises UnreadableError for a row that does not open, given up by that."""
        held = self._queue.claim(now, lease, only=only)
        if held is None:
            return None
        try:
            with self._database.reading() as conn:
                key = self._people.keyring.of(conn, held.number, held.person)
                channel, is_late = conn.execute(
                    "SELECT channel, is_late FROM media WHERE seq = ?", (held.seq,)
                ).fetchone()
            ref = from_bytes(MediaRef, key.open(Purpose.INBOX, held.payload))
        except UnreadableError as error:
            with self._database.transaction() as conn:
                self._queue.fail(conn, (held.seq, held.attempts), type(error).__name__, now, None)
            raise
        return FetchTask(held.seq, held.person, channel, ref, held.attempts, from_micros(held.at), bool(is_late))

    def fetched(self, task: FetchTask, file: InboundFile, now: datetime) -> None:
        """It is here, or never will be (``file.problem`` says why); the last one of a message lets it go on.

        Raises LeaseLostError when another worker has it or the person was erased.
        """
        with self._database.transaction() as conn:
            number, key = self._holder(conn, task)
            self._queue.finish(conn, task.seq, task.attempts, now)
            sealed = key.seal(Purpose.INBOX, to_bytes(file))
            inbox, is_late = conn.execute(
                "UPDATE media SET result = ? WHERE seq = ? RETURNING inbox, is_late", (sealed, task.seq)
            ).fetchone()
            if is_late:
                self._come_late(conn, number, key, task, inbox, file, now)
            else:
                link_files(conn, number, kept_files([file]), inbox)
                _let_go_on(conn, inbox)

    def retry(self, task: FetchTask, error: str, now: datetime, retry_at: datetime) -> None:
        """Not yet. Raises LeaseLostError."""
        with self._database.transaction() as conn:
            self._queue.fail(conn, (task.seq, task.attempts), error, now, retry_at)

    def _holder(self, conn: sqlite3.Connection, task: FetchTask) -> tuple[int, PersonKey]:
        try:
            return self._people.keyring.find(conn, task.person)
        except KeyDestroyedError as error:
            raise LeaseLostError(f"media {task.seq}: the person was erased") from error

    def _come_late(
        self,
        conn: sqlite3.Connection,
        number: int,
        key: PersonKey,
        task: FetchTask,
        inbox: int,
        file: InboundFile,
        now: datetime,
    ) -> None:
        """The turn went on without the file: it comes with the others of its kind as a message of its own.

        No capture is lost, and whoever was told that it will be looked at hears what became of it.
        """
        channel, identity = conn.execute("SELECT channel, identity FROM inbox WHERE seq = ?", (inbox,)).fetchone()
        external = self._people.external_hash(channel, f"late media {task.seq}")
        row = Row(number, key, channel, identity, external, to_micros(now))
        seq, since = join_late(conn, self._people, row, file, inbox)
        link_files(conn, number, kept_files([file]), seq)
        due = since + _PATIENCE if _is_expecting(conn, inbox) else 0
        conn.execute("UPDATE inbox SET not_before = ? WHERE seq = ?", (due, seq))


def add_media(conn: sqlite3.Connection, row: Row, seq: int, refs: tuple[MediaRef, ...]) -> None:
    """Files to be fetched for a message; it waits for them, though not for ever."""
    if not refs:
        return
    for ref in refs:
        number = conn.execute(
            "INSERT INTO media(person, inbox, channel, payload, at) VALUES (?, ?, ?, ?, ?) RETURNING seq",
            (
                row.person,
                seq,
                OURS if ref.kind == HELD else row.channel,
                row.key.seal(Purpose.INBOX, to_bytes(ref)),
                row.at,
            ),
        ).fetchone()[0]
        line_up(conn, "media", number, row.person)
    conn.execute("UPDATE inbox SET not_before = max(not_before, ?) WHERE seq = ?", (row.at + _PATIENCE, seq))


def add_ended(conn: sqlite3.Connection, row: Row, seq: int, files: tuple[InboundFile, ...]) -> None:
    """What nobody can read in an album: it stands among the files, in their order, and nothing is fetched."""
    conn.executemany(
        "INSERT INTO media(person, inbox, channel, payload, at, state, done_at, result) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (row.person, seq, row.channel, row.key.seal(Purpose.INBOX, to_bytes(_NO_REF)), row.at, _DONE, row.at,
             row.key.seal(Purpose.INBOX, to_bytes(file)))
            for file in files
        ],
    )  # fmt: skip


def needs_patience(conn: sqlite3.Connection, seq: int) -> bool:
    """True when the time to wait for a message's files is over before each was tried: nobody was there to fetch them.

    Once for a message, and again when another file joined it.
    """
    found: int = conn.execute(_NEEDS_PATIENCE, {"seq": seq, "patience": _PATIENCE}).fetchone()[0]
    return bool(found)


def take_files(conn: sqlite3.Connection, key: PersonKey, seq: int) -> tuple[InboundFile, ...]:
    """What became of a message's files, as it is taken up; those still on their way are marked as late."""
    rows = conn.execute(
        "SELECT seq, state, result, payload, is_late FROM media WHERE inbox = ? ORDER BY seq", (seq,)
    ).fetchall()
    files = []
    for number, state, result, payload, is_late in rows:
        # A late file is a message of its own: a turn that is taken up once more has it no more than the first time.
        if result is not None and not is_late:
            files.append(from_bytes(InboundFile, key.open(Purpose.INBOX, result)))
            continue
        ref = from_bytes(MediaRef, key.open(Purpose.INBOX, payload))
        name = FileId(ref.ref if ref.kind == HELD else "")
        late = InboundFile(name, ref.claimed_type[:100], ref.size or 0, "", ref.as_document)
        files.append(replace(late, problem="late" if state < _DONE or is_late else "unreadable"))
        conn.execute("UPDATE media SET is_late = 1 WHERE seq = ? AND state < ?", (number, _DONE))
    return tuple(files)


ALBUM_QUIET = timedelta(milliseconds=1500)
"""After the last picture of an album came in, so long nothing more is expected."""


def _let_go_on(conn: sqlite3.Connection, inbox: int) -> None:
    """When all files of a waiting message have ended it is due, unless its album may go on."""
    if _is_expecting(conn, inbox):
        return
    last, album = conn.execute(
        "SELECT max(m.at), i.album FROM media AS m JOIN inbox AS i ON i.seq = m.inbox WHERE m.inbox = ?", (inbox,)
    ).fetchone()
    due = last + ALBUM_QUIET // timedelta(microseconds=1) if album is not None else 0
    conn.execute("UPDATE inbox SET not_before = ? WHERE seq = ? AND state = 0 AND attempts = 0", (due, inbox))


def _is_expecting(conn: sqlite3.Connection, inbox: int) -> bool:
    """True while one of a message's files has not ended."""
    found = conn.execute("SELECT 1 FROM media WHERE inbox = ? AND state < ? LIMIT 1", (inbox, _DONE)).fetchone()
    return found is not None
