"""Messages on their way to people, durable and in order per person.

Must not know: channels, the engine.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.core.delivery import Status
from bot.core.errors import LeaseLostError, UnreadableError
from bot.core.history import Direction, Entry, in_order
from bot.core.messages import InboundMessage, OutboundMessage
from bot.core.queued import Doubt, Priority, Queued
from bot.storage.codec import from_bytes, to_bytes
from bot.storage.moments import from_micros, to_micros
from bot.storage.queues import Queue, class_name
from bot.storage.reports import PART_LOST, Reports
from bot.storage.sealing import Purpose
from bot.storage.tokens import Tokens
from bot.storage.unopened import NEVER_OPENS, Unopened

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable
    from datetime import datetime

    from bot.core.ids import PersonId
    from bot.core.remedy import Remedy
    from bot.storage.database import Database
    from bot.storage.erasure import Erased, Erasure
    from bot.storage.leases import Leases
    from bot.storage.people import People
    from bot.storage.slips import Slips

_MORE = "SELECT identity, tries, parts, doubt, is_repeated, expires_at, account FROM outbox WHERE seq = ?"

_SENT = f"""
UPDATE outbox SET doubt = 0, status = max(coalesce(status, 0), {Status.ACCEPTED:d}),
    state = CASE WHEN status >= {Status.FAILED:d} THEN 3 ELSE state END,
    error = CASE WHEN status = {Status.FAILED:d} OR status = {Status.PART_LOST:d} AND error LIKE '{PART_LOST}%' THEN error
        WHEN status = {Status.PART_LOST:d} THEN '{PART_LOST}' END
WHERE seq = :seq"""  # noqa: S608 - our numbers

THERE = ":there"
"""Ends the dedupe key of an answer that goes to a second address too: one thing said."""

RECENT = 30
"""Messages back to which a button still tells what it stood for."""

REMINDER_SPAN = timedelta(days=1)
"""A reminder outlives a channel that rests for some hours; an answer does not."""


class SqliteOutbox:
    """The port ``Outbox``."""

    def __init__(self, database: Database, people: People, erasure: Erasure, leases: Leases, slips: Slips) -> None:
        self._database = database
        self._slips = slips
        self._handed: set[int] = set()
        """Messages that were marked by ``sending`` here: only those can be in doubt."""
        self._people = people
        self._tokens = Tokens(people)
        self._erasure = erasure
        self._reports = Reports(database, people, erasure, self._tokens)
        self._queue = Queue("outbox", database, leases)
        self._unopened = Unopened()

    def claim(
        self,
        now: datetime,
        lease: timedelta,
        *,
        only: Iterable[str] | None = None,
        skip: Iterable[str] = (),
        skip_accounts: Iterable[tuple[str, str]] = (),
    ) -> Queued | None:
        """The next unsent message of the channels in ``only`` (None: all) that are not in ``skip``.

        Nor does one go that leaves from a number of ours in ``skip_accounts``, each with its channel.
        Raises UnreadableError for a message that does not open, the third time it is given up; else StorageError.
        """
        held = self._queue.claim(now, lease, only=only, skip=skip, skip_accounts=skip_accounts)
        if held is None:
            return None
        try:
            with self._database.reading() as conn:
                key = self._people.keyring.of(conn, held.number, held.person)
                more = conn.execute(_MORE, (held.seq,)).fetchone()
                identity = self._people.identity(conn, held.number, key, more[0])
                (last_error,) = conn.execute("SELECT error FROM outbox WHERE seq = ?", (held.seq,)).fetchone()
            message = from_bytes(OutboundMessage, key.open(Purpose.OUTBOX, held.payload))
        except NEVER_OPENS as error:
            if self._unopened.is_enough(held.seq):
                self._close(held.seq, held.attempts, type(error).__name__, now, None)
            raise
        _, tries, parts, doubt, is_repeated, expires_at, account = more
        queued = Queued(
            held.seq,
            held.person,
            identity.address,
            message,
            held.attempts,
            tries=tries,
            parts=parts,
            doubt=Doubt(doubt),
            is_repeated=bool(is_repeated),
            expires_at=None if expires_at is None else from_micros(expires_at),
            queued_at=from_micros(held.at),
            heard_at=from_micros(identity.heard_at),
            is_blocked=identity.is_blocked,
            account=account,
            token=self._tokens.delivery(held.seq),
            choice_tokens=self._tokens.choices(held.person, held.seq, message),
            last_error=last_error or "",
        )
        if queued.doubt is not Doubt.NONE and self._slips.has(queued.seq):
            with suppress(LeaseLostError):
                self.sent(queued, now)
            return self.claim(now, lease, only=only, skip=skip, skip_accounts=skip_accounts)
        return queued

    def sweep(self) -> None:
        """Remove the slips that say nothing new: a number may be given again in a database that was put back."""
        with self._database.reading() as conn:
            for seq in self._slips.numbers():
                if not conn.execute(
                    "SELECT 1 FROM outbox WHERE seq = ? AND state < 2 AND doubt > 0", (seq,)
                ).fetchone():
                    self._slips.drop(seq)

    def sending(self, queued: Queued, *, is_repeated: bool = False) -> None:
        """Make it durable that the message is about to be handed over. Raises LeaseLostError."""
        self._slips.drop(queued.seq)  # before the mark: what an earlier try left must not speak for this one
        with self._database.transaction() as conn:
            marked = conn.execute(
                "UPDATE outbox SET doubt = 1, is_repeated = max(is_repeated, ?), status = nullif(status, ?)"
                " WHERE seq = ? AND state = 1 AND attempts = ?",
                (is_repeated, Status.FAILED, queued.seq, queued.attempts),
            ).rowcount
        if not marked:
            raise LeaseLostError(f"outbox {queued.seq}: the lease of attempt {queued.attempts} is lost")
        self._handed.add(queued.seq)

    def arrived(self, queued: Queued, parts: int) -> None:
        """Note at once that the first so many parts have arrived. Nothing is noted without the lease."""
        with self._database.transaction(is_urgent=True, outlives_power=False) as conn:
            conn.execute(
                "UPDATE outbox SET parts = max(parts, ?) WHERE seq = ? AND state = 1 AND attempts = ?",
                (parts, queued.seq, queued.attempts),
            )

    def sent(self, queued: Queued, now: datetime) -> None:
        """The channel has it; with the last farewell of an erased person the blank one goes too.

        A kill between the channel's answer and this leads to a copy on Telegram, so a slip is written first, the commit
        passes before the jobs and does not wait for the disk; should the power fail before it is there, the message is in
        doubt like any other (ADR 0023).
        Raises LeaseLostError when another worker has claimed the row since, or the person was erased.
        """
        if queued.seq in self._handed:
            self._slips.write(queued.seq)
            self._handed.discard(queued.seq)
        try:
            erased = self._end(queued, now)
        except LeaseLostError:
            # A report told it before, or the person is gone: there is nobody left whom the slip could tell anything.
            self._slips.drop(queued.seq)
            raise
        self._slips.drop(queued.seq)
        if erased:
            self._erasure.clean([erased])

    def _end(self, queued: Queued, now: datetime) -> Erased | None:
        with self._database.transaction(is_urgent=True, outlives_power=False) as conn:
            number = self._queue.finish(conn, queued.seq, queued.attempts, now)
            # A failure may be told before the answer to the send.
            conn.execute(_SENT, {"seq": queued.seq})
            return self._erasure.end_farewell(conn, number, now)

    def failed(self, queued: Queued, error: str, now: datetime, retry_at: datetime | None, *, parts: int = 0) -> None:
        """Not delivered; retried at ``retry_at``, or given up when None. Raises LeaseLostError.

        This try is known to have failed: only a doubt from before it was claimed stays with a message given up.
        """
        doubt = queued.doubt if retry_at is None else Doubt.NONE
        self._close(queued.seq, queued.attempts, error, now, retry_at, parts, doubt)

    def hold(self, queued: Queued, until: datetime, doubt: Doubt = Doubt.NONE, *, parts: int = 0) -> None:
        """Not now; this is no failure. Raises LeaseLostError."""
        self._handed.discard(queued.seq)
        with self._database.transaction() as conn:
            self._queue.hold(conn, queued.seq, queued.attempts, until)
            conn.execute("UPDATE outbox SET doubt = ?, parts = max(parts, ?) WHERE seq = ?", (doubt, parts, queued.seq))

    def is_first(self, channel: str, fact: str, now: datetime) -> bool:
        """True the first time this is told of the channel, and then no more for eight days."""
        return self._reports.is_first(channel, fact, now)

    def reported(self, token: str) -> Queued | None:
        """The message behind a token, for whoever has to find a remedy; None when there is none to be found."""
        return self._reports.reported(token)

    def confirm(
        self,
        token: str,
        status: Status,
        now: datetime,
        code: str | None = None,
        *,
        name: str | None = None,
        remedy: Remedy | None = None,
    ) -> bool:
        """A platform reports on a message of ours; what waits or is in doubt is sent now, unless it failed.

        What failed is dealt with as the remedy says, once for each ``name`` of the platform; without one it is given
        up, with the platform's code. A report on a part says only that the part has arrived: the rest of the message
        may still be on its way; a part that failed makes a dead letter of it, whatever the others do.
        False for a token that is not ours, and for what was told before.
        """
        return self._reports.confirm(token, status, now, code, name, remedy)

    def choice(self, person: PersonId, token: str) -> tuple[str, OutboundMessage] | None:
        """The id of the button of one of the person's recent messages, and that message; None for no such button.

        Raises KeyDestroyedError when the person was erased.
        """
        with self._database.snapshot() as conn:
            number, key = self._people.keyring.find(conn, person)
            rows = conn.execute(
                "SELECT seq, payload FROM outbox WHERE person = ? ORDER BY seq DESC LIMIT ?", (number, RECENT)
            ).fetchall()
        for seq, payload in rows:
            try:
                message = from_bytes(OutboundMessage, key.open(Purpose.OUTBOX, payload))
            except UnreadableError:
                continue  # a button of a message that was altered is a button that is gone
            for choice, known in zip(message.choices, self._tokens.choices(person, seq, message), strict=True):
                if known == token:
                    return choice.id, message
        return None

    def put(
        self,
        person: PersonId,
        message: OutboundMessage,
        dedupe_key: str,
        now: datetime,
        priority: Priority = Priority.DIALOGUE,
    ) -> bool:
        """Queue a message outside a turn; False when this person already had one under the key.

        Raises KeyDestroyedError when the person was erased, RecipientGoneError when there is no address left.
        """
        data = to_bytes(message)
        with self._database.transaction() as conn:
            number, key = self._people.keyring.find(conn, person)
            identity = self._people.identity(conn, number, key, None)
            expires_at = to_micros(now + REMINDER_SPAN) if priority is Priority.REMINDER else None
            to = Destination(number, identity.number, identity.address.channel, priority, expires_at)
            return enqueue(conn, to, [(dedupe_key, key.seal(Purpose.OUTBOX, data))], to_micros(now)) == 1

    def since(self, person: PersonId, after: int, channel: str) -> list[Queued]:
        """Messages already handed to the channel with a number above ``after``, oldest first (web replay).

        Raises KeyDestroyedError when the person was erased.
        """
        with self._database.snapshot() as conn:
            number, key = self._people.keyring.find(conn, person)
            address = self._people.address(conn, number, key)
            rows = conn.execute(
                "SELECT seq, payload, attempts FROM outbox WHERE person = ? AND channel = ? AND state = 2 AND seq > ?"
                " ORDER BY seq",
                (number, channel, after),
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
                "SELECT seq, at, payload FROM outbox WHERE person = ? AND state < 3 AND dedupe_key NOT LIKE ?",
                (number, f"%{THERE}"),
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

    def _close(
        self,
        seq: int,
        attempts: int,
        error: str,
        now: datetime,
        retry_at: datetime | None,
        parts: int = 0,
        doubt: Doubt | None = None,
    ) -> None:
        self._handed.discard(seq)
        with self._database.transaction() as conn:
            number = self._queue.fail(conn, (seq, attempts), error, now, retry_at)
            conn.execute(
                "UPDATE outbox SET tries = tries + 1, error = ?, parts = max(parts, ?),"
                " doubt = coalesce(?, doubt) WHERE seq = ?",
                (class_name(error), parts, doubt, seq),
            )
            erased = self._erasure.end_farewell(conn, number, now) if retry_at is None else None
        if erased:
            self._erasure.clean([erased])


@dataclass(frozen=True, slots=True)
class Destination:
    """Where rows of the outbox go."""

    person: int
    identity: int | None
    channel: str
    priority: Priority = Priority.DIALOGUE
    expires_at: int | None = None
    account: str = ""
    """Which of our numbers the question came to; empty: the one the address last wrote to."""


def enqueue(conn: sqlite3.Connection, to: Destination, rows: Iterable[tuple[str, bytes]], at: int) -> int:
    """Insert ``(dedupe key, sealed message)`` rows; how many were new."""
    known = conn.execute("SELECT account FROM identities WHERE number = ?", (to.identity,)).fetchone()
    account = to.account or (known[0] if known else "")
    return conn.executemany(
        "INSERT OR IGNORE INTO outbox(person, identity, channel, account, rank, expires_at, dedupe_key, payload, at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (to.person, to.identity, to.channel, account, to.priority, to.expires_at, key, payload, at)
            for key, payload in rows
        ],
    ).rowcount
