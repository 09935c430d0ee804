"""Making one person of two: everything of the one goes to the other, sealed anew under the other's key.

In the caller's transaction, which then erases the emptied person. File bytes stay as they are: only their keys are
wrapped anew, and the row notes whose id the bytes name.
Must not know: who asked, what was said.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.storage.sealing import Purpose

if TYPE_CHECKING:
    import sqlite3

    from bot.core.ids import PersonId
    from bot.storage.people import People
    from bot.storage.sealing import PersonKey

CODE_LIFE = timedelta(minutes=10)


def issue_code(conn: sqlite3.Connection, people: People, number: int, code: str, at: int) -> None:
    """Remember a code of this person, hashed; an earlier one of theirs is void."""
    conn.execute("DELETE FROM link_codes WHERE person = ?", (number,))
    until = at + CODE_LIFE // timedelta(microseconds=1)
    conn.execute(
        "INSERT OR REPLACE INTO link_codes(hash, person, until) VALUES (?, ?, ?)",
        (people.code_hash(code), number, until),
    )


def find_issuer(conn: sqlite3.Connection, people: People, code: str, at: int) -> tuple[int, PersonId] | None:
    """Row number and id of whoever got this code and may still use it, or None."""
    row: tuple[int, PersonId] | None = conn.execute(
        "SELECT p.number, p.id FROM link_codes AS c JOIN persons AS p ON p.number = c.person"
        " WHERE c.hash = ? AND c.until > ?",
        (people.code_hash(code), at),
    ).fetchone()
    return row


def join_persons(conn: sqlite3.Connection, given: tuple[int, PersonKey], kept: tuple[int, PersonKey]) -> None:
    """Move identities, folder, open messages and marks; the kept one's case, dialogue and reminders win."""
    number, key = given
    to, new_key = kept
    # What was queued for the one under a name must not meet what was queued for the other under the same.
    conn.execute("UPDATE outbox SET dedupe_key = 'joined:' || person || ':' || dedupe_key WHERE person = ?", (number,))
    for table, column, purpose in _SEALED:
        rows = conn.execute(
            f"SELECT rowid, {column} FROM {table} WHERE person = ? AND {column} IS NOT NULL",  # noqa: S608 - names of ours
            (number,),
        ).fetchall()
        conn.executemany(
            f"UPDATE {table} SET {column} = ? WHERE rowid = ?",  # noqa: S608
            [(new_key.seal(purpose, key.open(purpose, sealed)), row) for row, sealed in rows],
        )
    files = conn.execute("SELECT id, wrapped_key, sealed_for FROM files WHERE person = ?", (number,)).fetchall()
    conn.executemany(
        "UPDATE files SET wrapped_key = ?, sealed_for = ? WHERE id = ?",
        [(new_key.wrap(key.unwrap(wrapped)), named or key.person, file) for file, wrapped, named in files],
    )
    # Whoever holds a message or a file of the one that goes can end nothing any more: it is taken up anew at once.
    for table in ("inbox", "media"):
        conn.execute(
            f"UPDATE {table} SET state = 0, lease_owner = NULL WHERE person = ? AND state = 1",  # noqa: S608
            (number,),
        )
    for table in ("identities", "attempts", "inbox", "outbox", "media", "files"):
        conn.execute(f"UPDATE {table} SET person = ? WHERE person = ?", (to, number))  # noqa: S608
    for table in ("handoffs", "reminders"):
        conn.execute(f"UPDATE OR IGNORE {table} SET person = ? WHERE person = ?", (to, number))  # noqa: S608
    conn.execute("DELETE FROM link_codes WHERE person IN (?, ?)", (number, to))
    conn.execute(
        "UPDATE persons SET created_at = min(created_at, (SELECT created_at FROM persons WHERE number = ?))"
        " WHERE number = ?",
        (number, to),
    )


_SEALED = (
    ("identities", "sealed", Purpose.IDENTITY),
    ("attempts", "record", Purpose.ATTEMPT),
    ("inbox", "payload", Purpose.INBOX),
    ("outbox", "payload", Purpose.OUTBOX),
    ("media", "payload", Purpose.INBOX),
    ("media", "result", Purpose.INBOX),
)
"""What is sealed under a person's key, besides the case and the dialogue."""
