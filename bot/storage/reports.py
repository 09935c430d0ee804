"""What a platform tells of messages that were handed over, and what that makes of their rows.

A row may have several things on the platform (parts, copies after a doubt), each with the platform's own name: what is
counted or acted upon is so once for each of them, however often and in whatever order it is told.
Must not know: a platform's codes, what is to be done about a failure (services.settle_report).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.core.delivery import Status, advance
from bot.core.messages import OutboundMessage
from bot.core.queued import Queued
from bot.core.retention import REPLAY_KEY
from bot.storage.arrivals import is_known, remember
from bot.storage.codec import from_bytes
from bot.storage.moments import from_micros, to_micros
from bot.storage.queues import class_name
from bot.storage.sealing import Purpose
from bot.storage.unopened import NEVER_OPENS

if TYPE_CHECKING:
    import sqlite3
    from datetime import datetime

    from bot.core.remedy import Remedy
    from bot.storage.database import Database
    from bot.storage.erasure import Erasure
    from bot.storage.people import People
    from bot.storage.tokens import Tokens

PART_LOST = "PartLost"
"""The error of a message of which a part failed; the platform's code follows after a full stop."""

_ROW = (
    "SELECT o.seq, o.person, o.channel, o.state, o.doubt, o.is_repeated, o.parts, o.status,"
    " o.rank > 0 AND i.heard_at > o.done_at FROM outbox AS o LEFT JOIN identities AS i ON i.number = o.identity"
    " WHERE o.seq = ?"
)
_MESSAGE = (
    "SELECT o.person, p.id, o.identity, o.payload, o.attempts, o.tries, o.is_repeated, o.expires_at, o.at,"
    " o.state = 2 AND coalesce(o.status, 0) NOT IN (2, 3) OR o.state < 2 AND o.doubt > 0"
    " FROM outbox AS o JOIN persons AS p ON p.number = o.person WHERE o.seq = ?"
)
_ARRIVED = (
    "UPDATE outbox SET state = 2, doubt = 0, lease_owner = NULL, done_at = ?, error = NULL"
    " WHERE seq = ? AND state <> 2 AND (doubt > 0 OR ?)"
)
# Freed from whoever waits for the answer to the send: their lease is lost.
_AGAIN = (
    "UPDATE outbox SET state = 0, doubt = 0, lease_owner = NULL, done_at = NULL, status = NULL, error = ?,"
    " not_before = ?, tries = tries + ? WHERE seq = ?"
)
_OVER = (
    "UPDATE outbox SET state = 3, doubt = 0, lease_owner = NULL, done_at = ?, status = ?, error = ?,"
    " tries = tries + 1 WHERE seq = ?"
)
_CLOSED = (
    "UPDATE identities SET heard_at = min(heard_at, ?) WHERE number = (SELECT identity FROM outbox WHERE seq = ?)"
    " AND heard_at <= (SELECT coalesce(done_at, ?) FROM outbox WHERE seq = ?)"
)


@dataclass(frozen=True, slots=True)
class _Row:
    seq: int
    person: int
    channel: str
    state: int
    doubt: int
    is_repeated: int
    parts: int
    status: int | None
    is_overtaken: int | None
    """A reminder, and the person has written since it was sent: STOP perhaps."""

    @property
    def known(self) -> Status | None:
        return None if self.status is None else Status(self.status)

    def is_in_doubt(self, part: int) -> bool:
        """True for the part at which sending ended without an answer: nothing left after it, so it speaks for all."""
        return self.state == 0 and self.doubt > 0 and part == self.parts + 1


class Reports:
    """Of the outbox."""

    def __init__(self, database: Database, people: People, erasure: Erasure, tokens: Tokens) -> None:
        self._database = database
        self._people = people
        self._erasure = erasure
        self._tokens = tokens

    def is_first(self, channel: str, fact: str, now: datetime) -> bool:
        """True the first time this is told of the channel, and then no more for eight days."""
        hashed = self._people.external_hash(channel, f"fact:{fact}")
        with self._database.reading() as conn:
            if is_known(conn, channel, [hashed]):
                return False
        with self._database.transaction(is_urgent=True) as conn:
            return remember(conn, channel, [hashed], to_micros(now + REPLAY_KEY)) == 1

    def reported(self, token: str) -> Queued | None:
        """The message behind a token, for whoever has to find a remedy; None when there is none to be found.

        That is a token that is not ours, a message that was delivered, given up or waits anyway, or whose person or
        address is gone.
        """
        named = self._tokens.read(token)
        if named is None:
            return None
        with self._database.snapshot() as conn:
            row = conn.execute(_MESSAGE, (named[0],)).fetchone()
            if row is None:
                return None
            number, person, wanted, payload, attempts, tries, is_repeated, expires_at, at, is_to_be_found = row
            if not is_to_be_found:
                return None
            try:
                key = self._people.keyring.of(conn, number, person)
                identity = self._people.identity(conn, number, key, wanted)
                message = from_bytes(OutboundMessage, key.open(Purpose.OUTBOX, payload))
            except NEVER_OPENS:
                return None
        if identity.number != wanted:
            return None
        return Queued(
            named[0],
            person,
            identity.address,
            message,
            attempts,
            tries=tries,
            is_repeated=bool(is_repeated),
            expires_at=None if expires_at is None else from_micros(expires_at),
            queued_at=from_micros(at),
            account=identity.account,
        )

    def confirm(
        self, token: str, status: Status, now: datetime, code: str | None, name: str | None, remedy: Remedy | None
    ) -> bool:
        """See the port ``Outbox``."""
        named = self._tokens.read(token)
        if named is None:
            return False
        seq, parts = named
        with self._database.transaction(is_urgent=True) as conn:
            found = conn.execute(_ROW, (seq,)).fetchone()
            if found is None:
                return True
            row = _Row(*found)
            if name is not None and self._is_old(conn, row, status, name, now):
                return False
            if parts is not None and not (status is Status.FAILED and row.is_in_doubt(parts)):
                self._part(conn, row, status, parts, code, now)
            elif status is Status.FAILED:
                self._failed(conn, row, code, now, remedy)
            else:
                self._came(conn, row, status, now)
            erased = self._erasure.end_farewell(conn, row.person, now)
        if erased:
            self._erasure.clean([erased])
        return True

    def _is_old(self, conn: sqlite3.Connection, row: _Row, status: Status, name: str, now: datetime) -> bool:
        """True for a failure that was told before, and for the start of what is known to have failed."""
        failure = [self._people.external_hash(row.channel, f"fact:failed:{name}")]
        if status is Status.FAILED:
            return remember(conn, row.channel, failure, to_micros(now + REPLAY_KEY)) == 0
        return status < Status.DELIVERED and is_known(conn, row.channel, failure)

    def _came(self, conn: sqlite3.Connection, row: _Row, status: Status, now: datetime) -> None:
        """It came so far: whatever waits to be sent again has arrived meanwhile."""
        kept = advance(row.known, status)
        conn.execute("UPDATE outbox SET status = ? WHERE seq = ?", (kept, row.seq))
        has_left = status >= Status.SENT
        if kept < Status.FAILED:
            conn.execute(_ARRIVED, (to_micros(now), row.seq, has_left))
        elif kept is Status.PART_LOST and row.state < 2 and (row.doubt or has_left):
            conn.execute(
                "UPDATE outbox SET state = 3, doubt = 0, lease_owner = NULL, done_at = ? WHERE seq = ?",
                (to_micros(now), row.seq),
            )

    def _part(
        self, conn: sqlite3.Connection, row: _Row, status: Status, parts: int, code: str | None, now: datetime
    ) -> None:
        """One part of several: that it arrived says nothing of the others; that it failed is never made good by them."""
        if status is not Status.FAILED:
            conn.execute("UPDATE outbox SET parts = max(parts, ?) WHERE seq = ?", (parts, row.seq))
            return
        error = class_name(f"{PART_LOST}.{code or 'failed'}")
        conn.execute(
            "UPDATE outbox SET status = ?, error = CASE WHEN state < 3 THEN ? ELSE error END,"
            " state = CASE state WHEN 2 THEN 3 ELSE state END WHERE seq = ?",
            (Status.PART_LOST, error, row.seq),
        )
        if row.state == 2:
            _record(conn, error, now, is_final=True)

    def _failed(
        self, conn: sqlite3.Connection, row: _Row, code: str | None, now: datetime, remedy: Remedy | None
    ) -> None:
        kept = advance(row.known, Status.FAILED)
        if kept in {Status.DELIVERED, Status.READ} or (row.state < 2 and not row.doubt):
            return  # outweighed; or of an earlier try, and says nothing of the one to come
        error = class_name(code or "failed")
        if row.state == 3 or remedy is None or (row.state == 1 and row.is_repeated):
            # Nobody knows what to do, or which of two copies it was: what is under way goes on.
            conn.execute(
                "UPDATE outbox SET status = ?, error = CASE WHEN state < 3 THEN ? ELSE error END,"
                " state = CASE state WHEN 2 THEN 3 ELSE state END WHERE seq = ?",
                (kept, error, row.seq),
            )
            return
        if remedy.retry_at is None or row.is_repeated or row.is_overtaken or kept is Status.PART_LOST:
            # Of two copies one may be there, and a reminder is none any more for whoever has written since.
            conn.execute(_OVER, (to_micros(now), kept, error, row.seq))
            _record(conn, error, now, is_final=True)
            return
        if remedy.closed_before is not None:
            conn.execute(_CLOSED, (to_micros(remedy.closed_before), row.seq, to_micros(now), row.seq))
        conn.execute(_AGAIN, (error, to_micros(remedy.retry_at), remedy.is_counted, row.seq))
        if remedy.is_counted:
            _record(conn, error, now, is_final=False)


def _record(conn: sqlite3.Connection, error: str, now: datetime, *, is_final: bool) -> None:
    conn.execute(
        "INSERT INTO failures(queue, error, at, is_final) VALUES ('outbox', ?, ?, ?)", (error, to_micros(now), is_final)
    )
