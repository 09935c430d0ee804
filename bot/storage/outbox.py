"""Messages on their way to people, durable and in order per person.

Must not know: channels, the engine.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.errors import StorageError
from bot.core.history import Direction, Entry, in_order
from bot.core.messages import InboundMessage, OutboundMessage
from bot.core.ports import Queued
from bot.storage.codec import from_bytes, to_bytes
from bot.storage.moments import from_micros, to_micros
from bot.storage.queues import Queue
from bot.storage.sealing import Purpose

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable
    from datetime import datetime, timedelta

    from bot.core.ids import PersonId
    from bot.storage.database import Database
    from bot.storage.erasure import Erased, Erasure
    from bot.storage.leases import Leases
    from bot.storage.people import People

UNREADABLE_AFTER = 3
"""Claims after which a row that does not open is given up, so that the person's next ones go on."""


class SqliteOutbox:
    """The port ``Outbox``."""

    def __init__(self, database: Database, people: People, erasure: Erasure, leases: Leases) -> None:
        self._database = database
        self._people = people
        self._erasure = erasure
        self._queue = Queue("outbox", database, leases)

    def claim(self, now: datetime, lease: timedelta) -> Queued | None:
        """The oldest unsent message of a person whose earlier messages are all sent or given up.

        Raises StorageError for a message that does not open; the third time it is given up.
        """
        held = self._queue.claim(now, lease)
        if held is None:
            return None
        try:
            with self._database.reading() as conn:
                key = self._people.keyring.of(conn, held.number, held.person)
                address = self._people.address(conn, held.number, key)
            message = from_bytes(OutboundMessage, key.open(Purpose.OUTBOX, held.payload))
        except StorageError as error:
            if held.attempts >= UNREADABLE_AFTER:
                self._close(held.seq, held.attempts, type(error).__name__, now, None)
            raise
        return Queued(held.seq, held.person, address, message, held.attempts)

    def sent(self, queued: Queued, now: datetime) -> None:
        """The channel has it; with the last farewell of an erased person the blank one goes too.

        Raises LeaseLostError when another worker has claimed the row since, or the person was erased.
        """
        with self._database.transaction() as conn:
            number = self._queue.finish(conn, queued.seq, queued.attempts, now)
            erased = self._end_farewell(conn, number, now)
        if erased:
            self._erasure.clean([erased])

    def failed(self, queued: Queued, error: str, now: datetime, retry_at: datetime | None) -> None:
        """Not delivered; retried at ``retry_at``, or given up when None. Raises LeaseLostError."""
        self._close(queued.seq, queued.attempts, error, now, retry_at)

    def put(self, person: PersonId, message: OutboundMessage, dedupe_key: str, now: datetime) -> bool:
        """Queue a message outside a turn; False when this person already had one under the key.

        Raises KeyDestroyedError when the person was erased.
        """
        data = to_bytes(message)
        with self._database.transaction() as conn:
            number, key = self._people.keyring.find(conn, person)
            return enqueue(conn, number, [(dedupe_key, key.seal(Purpose.OUTBOX, data))], to_micros(now)) == 1

    def since(self, person: PersonId, after: int, channel: str) -> list[Queued]:
        """Messages already handed to the channel with a number above ``after``, oldest first (web replay).

        Raises KeyDestroyedError when the person was erased.
        """
        with self._database.snapshot() as conn:
            number, key = self._people.keyring.find(conn, person)
            address = self._people.address(conn, number, key)
            rows = conn.execute(
                "SELECT seq, payload, attempts FROM outbox WHERE person = ? AND state = 2 AND seq > ? ORDER BY seq",
                (number, after),
            ).fetchall()
        if address.channel != channel:
            return []
        return [
            Queued(seq, person, address, from_bytes(OutboundMessage, key.open(Purpose.OUTBOX, payload)), attempts)
            for seq, payload, attempts in rows
        ]

    def history(self, person: PersonId) -> list[Entry]:
        """All the person wrote and all that was answered, in order; what was given up is left out.

        An answer is part of it as soon as it is committed: a page that looks is a delivery like another.

        Raises KeyDestroyedError when the person was erased.
        """
        with self._database.snapshot() as conn:
            number, key = self._people.keyring.find(conn, person)
            received = conn.execute("SELECT seq, at, payload FROM inbox WHERE person = ?", (number,)).fetchall()
            sent = conn.execute(
                "SELECT seq, at, payload FROM outbox WHERE person = ? AND state < 3", (number,)
            ).fetchall()
        entries = [
            Entry(Direction.IN, seq, from_micros(at), from_bytes(InboundMessage, key.open(Purpose.INBOX, payload)))
            for seq, at, payload in received
        ]
        entries += [
            Entry(Direction.OUT, seq, from_micros(at), from_bytes(OutboundMessage, key.open(Purpose.OUTBOX, payload)))
            for seq, at, payload in sent
        ]
        return in_order(entries)

    def _close(self, seq: int, attempts: int, error: str, now: datetime, retry_at: datetime | None) -> None:
        with self._database.transaction() as conn:
            number = self._queue.fail(conn, (seq, attempts), error, now, retry_at)
            erased = self._end_farewell(conn, number, now) if retry_at is None else None
        if erased:
            self._erasure.clean([erased])

    def _end_farewell(self, conn: sqlite3.Connection, number: int, now: datetime) -> Erased | None:
        is_over = conn.execute(
            "SELECT 1 FROM persons WHERE number = ? AND farewell_at IS NOT NULL"
            " AND NOT EXISTS (SELECT 1 FROM outbox WHERE person = number AND state IN (0, 1))",
            (number,),
        ).fetchone()
        return self._erasure.erase(conn, number, now) if is_over else None


def enqueue(conn: sqlite3.Connection, number: int, rows: Iterable[tuple[str, bytes]], at: int) -> int:
    """Insert ``(dedupe key, sealed message)`` rows; how many were new."""
    return conn.executemany(
        "INSERT OR IGNORE INTO outbox(person, dedupe_key, payload, at) VALUES (?, ?, ?, ?)",
        [(number, dedupe_key, payload, at) for dedupe_key, payload in rows],
    ).rowcount
