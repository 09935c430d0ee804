"""Messages that were given up: listed without their words, sent once more, or dropped.

Must not know: why they failed, beyond a class name.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.core.delivery import Status
from bot.core.queued import DeadLetter
from bot.storage.moments import from_micros, to_micros

if TYPE_CHECKING:
    from datetime import datetime

    from bot.storage.database import Database

REPLAY_SPAN = timedelta(days=1)
_MAY_HAVE_ARRIVED = f"doubt > 0 OR is_repeated OR coalesce(status, 0) = {Status.PART_LOST:d}"
# The status told of the earlier try; kept, its failure would outweigh what is told of the new one. A message that lacks
# a part goes again as a whole.
_REPLAY = f"""
UPDATE outbox SET state = 0, tries = 0, doubt = 0, not_before = 0, expires_at = ?, error = NULL, status = NULL,
    parts = CASE status WHEN {Status.PART_LOST:d} THEN 0 ELSE parts END, done_at = NULL
WHERE state = 3"""  # noqa: S608 - our numbers


class SqliteDeadLetters:
    """The dead letters of the outbox, and how its queues stand."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def listed(self, limit: int = 100) -> list[DeadLetter]:
        """The newest ones first."""
        with self._database.reading() as conn:
            rows = conn.execute(
                f"SELECT seq, channel, at, tries, coalesce(error, ''), {_MAY_HAVE_ARRIVED} FROM outbox"  # noqa: S608
                " WHERE state = 3 ORDER BY seq DESC LIMIT ?",
                (limit,),
            ).fetchall()
        return [
            DeadLetter(seq, channel, from_micros(at), tries, error, bool(doubt))
            for seq, channel, at, tries, error, doubt in rows
        ]

    def replay(self, seqs: list[int] | None, now: datetime) -> int:
        """Let these wait to be sent again, or when None all that are known not to have arrived; how many were dead.

        Whoever asks knows that they are late: they have a day to leave.
        """
        until = to_micros(now + REPLAY_SPAN)
        with self._database.transaction() as conn:
            if seqs is None:
                return conn.execute(f"{_REPLAY} AND NOT ({_MAY_HAVE_ARRIVED})", (until,)).rowcount
            return sum(conn.execute(f"{_REPLAY} AND seq = ?", (until, seq)).rowcount for seq in seqs)

    def doubtful(self) -> list[int]:
        """Those that may have arrived all the same, as a whole or in part."""
        with self._database.reading() as conn:
            query = f"SELECT seq FROM outbox WHERE state = 3 AND ({_MAY_HAVE_ARRIVED})"  # noqa: S608 - our words
            return [seq for (seq,) in conn.execute(query)]

    def drop(self, seqs: list[int]) -> int:
        """Erase these; how many were dead."""
        with self._database.transaction() as conn:
            return sum(conn.execute("DELETE FROM outbox WHERE state = 3 AND seq = ?", (seq,)).rowcount for seq in seqs)

    def standing(self) -> dict[tuple[str, str], tuple[int, int]]:
        """Open rows and the time of the oldest (microseconds), by queue and channel."""
        found: dict[tuple[str, str], tuple[int, int]] = {}
        with self._database.reading() as conn:
            for queue in ("inbox", "outbox", "media"):
                rows = conn.execute(
                    f"SELECT channel, count(*), min(at) FROM {queue} INDEXED BY {queue}_open"  # noqa: S608 - our names
                    " WHERE state < 2 GROUP BY channel"
                ).fetchall()
                found |= {(queue, channel): (count, oldest) for channel, count, oldest in rows}
        return found

    def dead(self) -> int:
        """How many there are."""
        with self._database.reading() as conn:
            count: int = conn.execute("SELECT count(*) FROM outbox WHERE state = 3").fetchone()[0]
            return count
