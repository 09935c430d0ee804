"""How an edited message enters the inbox: into the one that still waits, else as one of its own (ADR 0034).

Everything happens inside the caller's transaction.
Must not know: who calls, what an edit means to a conversation.
"""

from __future__ import annotations

import contextlib
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.core.errors import DuplicateMessageError, StorageError, UnknownPersonError
from bot.core.messages import InboundKind, InboundMessage
from bot.core.retention import REPLAY_KEY
from bot.storage.arrivals import remember
from bot.storage.codec import from_bytes, to_bytes
from bot.storage.sealing import Purpose

if TYPE_CHECKING:
    import sqlite3

    from bot.core.ports import Address
    from bot.storage.arrivals import Row
    from bot.storage.people import People

LOOKED_AT = 50
"""So many of a person's last messages are opened to find the edited one: people correct what they just wrote."""

_WORDS = {InboundKind.TEXT, InboundKind.START}


def require_person(conn: sqlite3.Connection, people: People, address: Address, aliases: tuple[Address, ...]) -> None:
    """Raises UnknownPersonError when nobody has the address, or only a farewell is left of who had it."""
    found = next(filter(None, (people.find(conn, name) for name in (address, *aliases))), None)
    is_there = "SELECT EXISTS (SELECT 1 FROM persons WHERE number = ? AND farewell_at IS NULL)"
    if found is None or not conn.execute(is_there, (found[0],)).fetchone()[0]:
        raise UnknownPersonError("an edit begins no conversation")


def correct(conn: sqlite3.Connection, row: Row, message: InboundMessage) -> int | None:
    """Give the new words to the message if it still waits, and return its number; None when they are their own turn.

    Raises DuplicateMessageError when the words are those we have: platforms tell of changes that nobody sees.
    """
    rows = conn.execute(
        "SELECT seq, state, payload FROM inbox WHERE person = ? AND channel = ? ORDER BY seq DESC LIMIT ?",
        (row.person, row.channel, LOOKED_AT),
    ).fetchall()
    for seq, state, payload in rows:
        earlier = _opened(row, payload)
        if earlier is None or message.edits not in {earlier.external_id, earlier.edits}:
            continue
        if earlier.text == message.text and (message.text or earlier.kind is message.kind):
            raise DuplicateMessageError("the edit changes no word")
        if state != 0 or earlier.kind not in _WORDS:
            return None
        mended = replace(earlier, kind=message.kind, text=message.text)
        sealed = row.key.seal(Purpose.INBOX, to_bytes(mended))
        conn.execute("UPDATE inbox SET payload = ? WHERE seq = ?", (sealed, seq))
        remember(conn, row.channel, [row.external_hash], row.at + REPLAY_KEY // timedelta(microseconds=1))
        return int(seq)
    return None


def _opened(row: Row, payload: bytes) -> InboundMessage | None:
    """The message of a row, None for one that does not open: it is not what stands in the way of an edit."""
    with contextlib.suppress(StorageError):
        return from_bytes(InboundMessage, row.key.open(Purpose.INBOX, payload))
    return None
