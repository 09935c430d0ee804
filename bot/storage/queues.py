"""What inbox and outbox share: rows in order per person, leased, fenced, retried or given up.

One row of a person at a time: a waiting row is claimable only when none of the person is leased and no earlier one
waits; ``rank`` says what is earlier. Among persons ``round`` decides: each has one row in a round. A leased row is claimable when its lease has ended or its worker is dead.
Must not know: what a row carries.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from bot.core.errors import LeaseLostError
from bot.storage.moments import to_micros

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable
    from datetime import datetime, timedelta

    from bot.core.ids import PersonId
    from bot.storage.database import Database
    from bot.storage.leases import Leases

_NEXT = """
SELECT i.seq, i.state, i.attempts, i.lease_owner, i.lease_until
FROM @queue AS i INDEXED BY @queue_open
WHERE i.state < 2 AND i.channel NOT IN (SELECT value FROM json_each(:skip)) @account
  AND (:only IS NULL OR i.channel IN (SELECT value FROM json_each(:only)))
  AND (i.state = 1 AND (i.lease_until <= :now OR i.lease_owner NOT IN (SELECT value FROM json_each(:alive)))
    OR i.state = 0 AND i.not_before <= :now @alone)
ORDER BY @by LIMIT 1"""
_ALONE = """
  AND NOT EXISTS (SELECT 1 FROM @queue AS j WHERE j.person = i.person AND j.state = 1 @same)
  AND NOT EXISTS (SELECT 1 FROM @queue AS j WHERE j.person = i.person AND j.state = 0 @same
    AND (j.rank < i.rank OR j.rank = i.rank AND j.seq < i.seq))"""
_ACCOUNT = """
  AND (i.channel, i.account) NOT IN (
    SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(:skip_accounts))"""
_IN_ORDER = """
  AND NOT EXISTS (SELECT 1 FROM inbox AS j WHERE j.person = i.person AND j.state = 1)
  AND NOT EXISTS (SELECT 1 FROM inbox AS j INDEXED BY inbox_waiting
    WHERE j.person = i.person AND j.state = 0 AND j.rank < i.rank)
  AND NOT EXISTS (SELECT 1 FROM inbox AS j INDEXED BY inbox_waiting
    WHERE j.person = i.person AND j.state = 0 AND j.rank = i.rank AND j.seq < i.seq)"""
_SHAPES = {
    # One conversation a person, whatever the channel; persons in turns.
    "inbox": ("i.round, i.seq", _IN_ORDER, ""),
    # A channel that does not answer holds up that channel alone, a number of ours that rests that number alone.
    "outbox": ("i.rank, i.seq", _ALONE.replace("@same", "AND j.channel = i.channel"), _ACCOUNT),
    # Files are fetched side by side, persons in turns.
    "media": ("i.round, i.seq", "", ""),
}
_TAKE = """
UPDATE @queue SET state = 1, attempts = attempts + 1, lease_until = :until, lease_owner = :owner
WHERE seq = :seq AND state = :state AND attempts = :attempts
RETURNING seq, person, payload, at, attempts, (SELECT id FROM persons WHERE number = person)"""
_CLOSE = """
UPDATE @queue SET state = :to, not_before = :not_before, lease_owner = NULL, done_at = :done_at
WHERE seq = :seq AND state = 1 AND attempts = :attempts AND lease_owner = :owner
RETURNING person"""
_HOLD = """
UPDATE @queue SET state = 0, not_before = :until, lease_owner = NULL
WHERE seq = :seq AND state = 1 AND attempts = :attempts AND lease_owner = :owner
RETURNING person"""
_GIVE_BACK = """
UPDATE @queue SET state = 0, not_before = :until, lease_owner = NULL, attempts = attempts - 1
WHERE seq = :seq AND state = 1 AND attempts = :attempts AND lease_owner = :owner
RETURNING person"""
_RENEW = """
UPDATE @queue SET lease_until = :until
WHERE seq = :seq AND state = 1 AND attempts = :attempts AND lease_owner = :owner
RETURNING person"""
_LINE_UP = """
UPDATE @queue SET round = max(
  coalesce((SELECT round FROM @queue INDEXED BY @queue_open
            WHERE state < 2 AND seq <> :seq ORDER BY round, seq LIMIT 1), 0),
  coalesce((SELECT round + 1 FROM @queue
            WHERE person = :person AND state = 0 AND seq <> :seq ORDER BY seq DESC LIMIT 1), 0),
  coalesce((SELECT round + 1 FROM @queue WHERE person = :person AND state = 1 ORDER BY seq DESC LIMIT 1), 0))
WHERE seq = :seq"""
_CLASS_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.]{0,79}|[0-9]{1,6}", re.ASCII)

DONE = 2
GIVEN_UP = 3


@dataclass(frozen=True, slots=True)
class Leased:
    """A row that this worker holds."""

    seq: int
    number: int
    """Of the person's row."""
    payload: bytes
    at: int
    attempts: int
    person: PersonId


class Queue:
    """One of the three tables."""

    def __init__(self, table: Literal["inbox", "outbox", "media"], database: Database, leases: Leases) -> None:
        self.table = table
        self._database = database
        self._leases = leases
        by, alone, account = _SHAPES[table]
        following = _NEXT.replace("@by", by).replace("@alone", alone).replace("@account", account)
        self._next, self._take, self._close, self._hold, self._give_back, self._renew = (
            sql.replace("@queue", table) for sql in (following, _TAKE, _CLOSE, _HOLD, _GIVE_BACK, _RENEW)
        )

    def claim(
        self,
        now: datetime,
        lease: timedelta,
        *,
        only: Iterable[str] | None = None,
        skip: Iterable[str] = (),
        skip_accounts: Iterable[tuple[str, str]] = (),
    ) -> Leased | None:
        """The next claimable row, leased until ``now + lease``; without work nothing is written.

        ``only`` and ``skip`` name channels: those this process serves, and those that must rest; ``skip_accounts`` our
        numbers that must, each with its channel (outbox).
        """
        alive = [self._leases.owner]
        moment, until = to_micros(now), to_micros(now + lease)
        channels = {
            "only": None if only is None else json.dumps(list(only)),
            "skip": json.dumps(list(skip)),
            "skip_accounts": json.dumps(list(skip_accounts)),
        }
        while True:
            with self._database.reading() as conn:
                row = conn.execute(self._next, {**channels, "now": moment, "alive": json.dumps(alive)}).fetchone()
            if row is None:
                return None
            seq, state, attempts, owner, lease_until = row
            if state == 1 and lease_until > moment and self._leases.is_alive(owner):
                alive.append(owner)
                continue
            values = {
                "seq": seq,
                "state": state,
                "attempts": attempts,
                "until": until,
                "owner": self._leases.owner,
            }
            with self._database.transaction() as conn:
                taken = conn.execute(self._take, values).fetchall()
            if taken:
                return Leased(*taken[0])

    def finish(self, conn: sqlite3.Connection, seq: int, attempts: int, now: datetime) -> int:
        """Mark the row done in the caller's transaction; the number of its person. Raises LeaseLostError."""
        return self._end(conn, seq, attempts, {"to": DONE, "not_before": 0, "done_at": to_micros(now)})

    def hold(self, conn: sqlite3.Connection, seq: int, attempts: int, until: datetime) -> int:
        """Free the row until a time without calling it a failure; the number of its person. Raises LeaseLostError."""
        return self._end(conn, seq, attempts, {"until": to_micros(until)}, self._hold)

    def give_back(self, conn: sqlite3.Connection, seq: int, attempts: int, until: datetime) -> int:
        """Free the row until a time as if it had not been taken up; the number of its person. Raises LeaseLostError."""
        return self._end(conn, seq, attempts, {"until": to_micros(until)}, self._give_back)

    def renew(self, conn: sqlite3.Connection, seq: int, attempts: int, until: datetime) -> None:
        """Let the lease end then. Raises LeaseLostError."""
        self._end(conn, seq, attempts, {"until": to_micros(until)}, self._renew)

    def fail(
        self, conn: sqlite3.Connection, held: tuple[int, int], error: str, now: datetime, retry_at: datetime | None
    ) -> int:
        """Free the row for ``retry_at`` or give it up; ``held`` is its number and attempts. Raises LeaseLostError."""
        if retry_at is None:
            values: dict[str, int | None] = {"to": GIVEN_UP, "not_before": 0, "done_at": to_micros(now)}
        else:
            values = {"to": 0, "not_before": to_micros(retry_at), "done_at": None}
        number = self._end(conn, *held, values)
        conn.execute(
            "INSERT INTO failures(queue, error, at, is_final) VALUES (?, ?, ?, ?)",
            (self.table, class_name(error), to_micros(now), retry_at is None),
        )
        return number

    def _end(
        self, conn: sqlite3.Connection, seq: int, attempts: int, values: dict[str, int | None], sql: str = ""
    ) -> int:
        fence = {"seq": seq, "attempts": attempts, "owner": self._leases.owner}
        rows = conn.execute(sql or self._close, {**values, **fence}).fetchall()
        if not rows:
            raise LeaseLostError(f"{self.table} {seq}: the lease of attempt {attempts} is lost")
        number: int = rows[0][0]
        return number


def line_up(conn: sqlite3.Connection, table: Literal["inbox", "media"], seq: int, person: int) -> None:
    """Give a new row its round: the one now served, or the one after the person's last that waits or is leased.

    Whoever sends two hundred messages is served one a round, like everybody else; the claim reads no further than the
    round it serves, however long the queue is.
    """
    conn.execute(_LINE_UP.replace("@queue", table), {"seq": seq, "person": person})


def class_name(error: str) -> str:
    """The name if it can only be a class name or a platform's code; anything else might hold a person's words."""
    return error if _CLASS_NAME.fullmatch(error) else "unnamed"
