"""The effects of a turn as SQL, inside the turn's own transaction.

``EraseEverything``, ``JoinPersons`` and ``IssueLinkCode`` are not here (inbox.py).
Must not know: queues, the case.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from bot.core.effects import (
    CancelReminders,
    CloseHandoffs,
    DiscardFiles,
    EraseEverything,
    HandOver,
    IssueLinkCode,
    JoinPersons,
    KeepFiles,
    RecordAttempt,
    Remind,
)
from bot.core.queued import Priority
from bot.storage.codec import to_bytes
from bot.storage.files import agree_files, delete_files, record_files
from bot.storage.moments import to_micros
from bot.storage.sealing import Purpose

if TYPE_CHECKING:
    import sqlite3

    from bot.core.effects import Effect, HandoffReason
    from bot.core.ids import FileId
    from bot.storage.sealing import PersonKey


def apply(conn: sqlite3.Connection, number: int, key: PersonKey, effects: tuple[Effect, ...], at: int) -> list[FileId]:
    """Apply the effects in order; the files whose bytes are to be unlinked after the commit."""
    gone: list[FileId] = []
    for effect in effects:
        match effect:
            case RecordAttempt(attempt):
                record_files(
                    conn, number, [file for proof in attempt.proofs for file in (proof.original, proof.safe_copy)]
                )
                record = key.seal(Purpose.ATTEMPT, to_bytes(attempt))
                conn.execute("INSERT INTO attempts(person, record) VALUES (?, ?)", (number, record))
            case KeepFiles(files):
                agree_files(conn, number, files)
            case DiscardFiles(files):
                gone += delete_files(conn, number, files)
            case HandOver(reason):
                open_handoff(conn, number, reason, at)
            case CloseHandoffs():
                conn.execute("UPDATE handoffs SET closed_at = ? WHERE person = ? AND closed_at IS NULL", (at, number))
            case Remind(moment, kind):
                conn.execute(
                    "INSERT OR REPLACE INTO reminders(person, kind, at) VALUES (?, ?, ?)",
                    (number, kind.value, to_micros(moment)),
                )
            case CancelReminders():
                conn.execute("DELETE FROM reminders WHERE person = ?", (number,))
                # Queued already, it may wait for hours; given up, somebody could send it again.
                conn.execute(
                    "DELETE FROM outbox WHERE person = ? AND rank = ? AND state IN (0, 3)",
                    (number, Priority.REMINDER),
                )
                # One in somebody's hand right now is over should it come back.
                conn.execute(
                    "UPDATE outbox SET expires_at = ? WHERE person = ? AND rank = ? AND state = 1",
                    (at, number, Priority.REMINDER),
                )
            case EraseEverything() | JoinPersons() | IssueLinkCode():
                pass  # inbox.py: they concern more than the person's own rows
            case _:
                assert_never(effect)
    return gone


def open_handoff(conn: sqlite3.Connection, number: int, reason: HandoffReason, at: int) -> None:
    """Mark the person for a human; an open mark for the same reason keeps its time."""
    conn.execute("INSERT OR IGNORE INTO handoffs(person, reason, since) VALUES (?, ?, ?)", (number, reason.value, at))
