"""Making one person of two: everything of the one goes to the other, sealed anew under the other's key.

In the caller's transaction, which then erases the emptied person. File bytes stay as they are: only their keys are
wrapped anew, and the row notes whose id the bytes name.
Must not know: who asked, what was said.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.core.errors import StorageError
from bot.core.ids import PersonId
from bot.storage.sealing import Purpose

if TYPE_CHECKING:
    import sqlite3

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
    for table, column, purpose, name in _SEALED:
        rows = conn.execute(f"SELECT {name}, {column} FROM {table} WHERE person = ?", (number,)).fetchall()  # noqa: S608
        conn.executemany(
            f"UPDATE {table} SET person = ?, {column} = ? WHERE {name} = ?",  # noqa: S608 - names of ours
            [(to, new_key.seal(purpose, key.open(purpose, sealed)), row) for row, sealed in rows if sealed is not None],
        )
    results = conn.execute("SELECT seq, result FROM media WHERE person = ? AND result IS NOT NULL", (to,)).fetchall()
    conn.executemany(
        "UPDATE media SET result = ? WHERE seq = ?",
        [
            (new_key.seal(Purpose.INBOX, key.open(Purpose.INBOX, sealed)), seq)
            for seq, sealed in results
            if _is_of(key, sealed)
        ],
    )
    files = conn.execute("SELECT id, wrapped_key, sealed_for FROM files WHERE person = ?", (number,)).fetchall()
    conn.executemany(
        "UPDATE files SET person = ?, wrapped_key = ?, sealed_for = ? WHERE id = ?",
        [(to, new_key.wrap(key.unwrap(wrapped)), named or key.person, file) for file, wrapped, named in files],
    )
    for table in ("handoffs", "reminders"):
        conn.execute(f"UPDATE OR IGNORE {table} SET person = ? WHERE person = ?", (to, number))  # noqa: S608
    conn.execute("DELETE FROM link_codes WHERE person IN (?, ?)", (number, to))


_SEALED = (
    ("identities", "sealed", Purpose.IDENTITY, "number"),
    ("attempts", "record", Purpose.ATTEMPT, "number"),
    ("inbox", "payload", Purpose.INBOX, "seq"),
    ("outbox", "payload", Purpose.OUTBOX, "seq"),
    ("media", "payload", Purpose.INBOX, "seq"),
)


def _is_of(key: PersonKey, sealed: bytes) -> bool:
    """True for bytes that this key opens."""
    try:
        key.open(Purpose.INBOX, sealed)
    except StorageError:
        return False
    return True
