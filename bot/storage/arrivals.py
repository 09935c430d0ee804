"""How a message enters the inbox: alone, or into the album whose first file still waits.

Everything happens inside the caller's transaction.
Must not know: who calls, what happens to the message afterwards.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.core.errors import StorageError
from bot.core.messages import InboundKind, InboundMessage
from bot.core.ports import Arrival
from bot.core.retention import REPLAY_KEY
from bot.storage.codec import from_bytes, to_bytes
from bot.storage.moments import to_micros
from bot.storage.queues import line_up
from bot.storage.sealing import Purpose

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from bot.core.messages import InboundFile
    from bot.storage.people import People
    from bot.storage.sealing import PersonKey

ALBUM_PICTURES = 10
"""A turn takes so many pictures; Telegram's albums have no more."""

ALBUM_PATIENCE = timedelta(seconds=10)
"""Pictures that come one after the other do not keep a turn waiting for ever."""

_WAITING = """
SELECT seq, payload, at
FROM (SELECT seq, payload, at, album FROM inbox
      WHERE person = :person AND state = 0 AND attempts = 0 ORDER BY seq DESC LIMIT 50) AS i
WHERE album = :album AND (SELECT count(*) FROM media WHERE inbox = i.seq) < :most
  AND (at >= :since OR NOT EXISTS (SELECT 1 FROM inbox AS j WHERE j.person = :person AND j.state < 2 AND j.seq > i.seq))
ORDER BY seq DESC LIMIT 1"""
"""Whatever came between two files of an album, the second joins the first for a while; and for as long as the first
waits when nothing came. Of a flood the last fifty are looked at."""


@dataclass(frozen=True, slots=True)
class Row:
    """What every inbox row has."""

    person: int
    key: PersonKey
    channel: str
    identity: int
    external_hash: bytes
    at: int


def insert(conn: sqlite3.Connection, people: People, row: Row, message: InboundMessage, arrival: Arrival) -> int:
    """A row of its own; its number."""
    album = people.album_hash(row.channel, arrival.album) if arrival.album else None
    not_before = 0 if arrival.not_before is None else to_micros(arrival.not_before)
    seq: int = conn.execute(
        "INSERT INTO inbox(person, channel, external_hash, payload, at, identity, rank, album, not_before, account)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING seq",
        (
            row.person,
            row.channel,
            row.external_hash,
            row.key.seal(Purpose.INBOX, to_bytes(message)),
            row.at,
            row.identity,
            arrival.rank or row.at,
            album,
            not_before,
            arrival.account,
        ),
    ).fetchone()[0]
    line_up(conn, "inbox", seq, row.person)
    return seq


def join(conn: sqlite3.Connection, people: People, row: Row, message: InboundMessage, arrival: Arrival) -> int | None:
    """Put the file into the person's message of the same album that still waits; None when there is none.

    Its words are added, its external id is remembered, and the message waits for the next one a little longer.
    """
    if arrival.album is None:
        return None
    since = row.at - ALBUM_PATIENCE // timedelta(microseconds=1)
    found = _waiting(conn, row.person, people.album_hash(row.channel, arrival.album), since)
    if found is None:
        return None
    seq, payload, at = found
    first = from_bytes(InboundMessage, row.key.open(Purpose.INBOX, payload))
    text = "\n".join(filter(None, (first.text, message.text)))
    both = replace(first, text=text, is_forwarded=first.is_forwarded or message.is_forwarded)
    patience = at + ALBUM_PATIENCE // timedelta(microseconds=1)
    until = 0 if arrival.not_before is None else min(to_micros(arrival.not_before), patience)
    conn.execute(
        "UPDATE inbox SET payload = ?, not_before = max(not_before, ?) WHERE seq = ?",
        (row.key.seal(Purpose.INBOX, to_bytes(both)), until, seq),
    )
    remember(conn, row.channel, [row.external_hash], row.at + REPLAY_KEY // timedelta(microseconds=1))
    return seq


def join_late(conn: sqlite3.Connection, people: People, row: Row, file: InboundFile, inbox: int) -> tuple[int, int]:
    """Put a file whose message went on without it into a message of its own, which all such files of that one share.

    The new message's number, and the time of its first file.
    """
    album = f"late files of {inbox}"
    found = _waiting(conn, row.person, people.album_hash(row.channel, album), 0)
    if found is None:
        of, account = conn.execute("SELECT payload, account FROM inbox WHERE seq = ?", (inbox,)).fetchone()
        message = InboundMessage(InboundKind.MEDIA, files=(file,), is_forwarded=_is_forwarded(row, of))
        return insert(conn, people, row, message, Arrival(album=album, account=account)), row.at
    seq, payload, at = found
    first = from_bytes(InboundMessage, row.key.open(Purpose.INBOX, payload))
    more = replace(first, files=(*first.files, file))
    conn.execute("UPDATE inbox SET payload = ? WHERE seq = ?", (row.key.seal(Purpose.INBOX, to_bytes(more)), seq))
    return seq, at


def _is_forwarded(row: Row, payload: bytes) -> bool:
    """Whether the message was passed on; False for one that does not open any more."""
    with contextlib.suppress(StorageError):
        return from_bytes(InboundMessage, row.key.open(Purpose.INBOX, payload)).is_forwarded
    return False


def _waiting(conn: sqlite3.Connection, person: int, album: bytes, since: int) -> tuple[int, bytes, int] | None:
    """The person's message of that album that nobody has taken up yet and that has room: number, payload, time."""
    values = {"person": person, "album": album, "since": since, "most": ALBUM_PICTURES}
    found: tuple[int, bytes, int] | None = conn.execute(_WAITING, values).fetchone()
    return found


_IS_KNOWN = """
SELECT EXISTS (SELECT 1 FROM inbox WHERE channel = :channel AND external_hash = :hash)
    OR EXISTS (SELECT 1 FROM replays WHERE channel = :channel AND external_hash = :hash)"""


def is_known(conn: sqlite3.Connection, channel: str, hashes: Iterable[bytes]) -> bool:
    """True when one of these ids was told before."""
    return any(conn.execute(_IS_KNOWN, {"channel": channel, "hash": each}).fetchone()[0] for each in hashes)


def remember(conn: sqlite3.Connection, channel: str, hashes: Iterable[bytes], until: int) -> int:
    """Know these ids again until then; how many were new."""
    return conn.executemany(
        "INSERT OR IGNORE INTO replays(channel, external_hash, until) VALUES (?, ?, ?)",
        [(channel, each, until) for each in hashes],
    ).rowcount
