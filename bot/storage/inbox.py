"""Messages from people, each platform message once, in order per person; and the one commit of a turn.

Must not know: channels, the engine.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.core.effects import EraseEverything, HandoffReason, IssueLinkCode, JoinPersons
from bot.core.errors import DuplicateMessageError, KeyDestroyedError, LeaseLostError
from bot.core.messages import InboundMessage
from bot.core.ports import PLAIN, Received
from bot.core.retention import REPLAY_KEY
from bot.storage.arrivals import Row, insert, is_known, join, remember
from bot.storage.codec import from_bytes, to_bytes
from bot.storage.edits import correct, require_person
from bot.storage.effects import apply, open_handoff
from bot.storage.files import kept_files, link_files
from bot.storage.linking import find_issuer, issue_code, join_persons
from bot.storage.media import PATIENCE, add_ended, add_media, needs_patience, take_files
from bot.storage.moments import from_micros, to_micros
from bot.storage.outbox import THERE, Destination, enqueue
from bot.storage.queues import Queue
from bot.storage.recognition import Recognition
from bot.storage.sealing import Purpose
from bot.storage.unopened import NEVER_OPENS, Unopened

if TYPE_CHECKING:
    import sqlite3
    from datetime import datetime, timedelta

    from bot.core.effects import TurnRecord
    from bot.core.ids import PersonId
    from bot.core.messages import InboundFile, OutboundMessage
    from bot.core.ports import Address, Arrival
    from bot.storage.database import Database
    from bot.storage.disk import Disk
    from bot.storage.erasure import Erasure
    from bot.storage.leases import Leases
    from bot.storage.people import People
    from bot.storage.queues import Leased
    from bot.storage.sealing import PersonKey


class SqliteInbox:
    """The port ``Inbox``."""

    def __init__(self, database: Database, people: People, erasure: Erasure, disk: Disk, leases: Leases) -> None:
        self._database = database
        self._people = people
        self._erasure = erasure
        self._recognition = Recognition(people, erasure)
        self._disk = disk
        self._queue = Queue("inbox", database, leases)
        self._unopened = Unopened()

    def put(
        self,
        address: Address,
        external_id: str,
        message: InboundMessage,
        received_at: datetime,
        arrival: Arrival = PLAIN,
    ) -> int:
        """Store the message and return its number; finds or creates the person.

        A file of an album whose first one still waits joins that message and gets its number; an edit gives its
        words to the message that still waits likewise.
        Raises DuplicateMessageError when ``(channel, external_id)`` or one of the other ids was already received, or
        an edit changes no word; UnknownPersonError for an edit by somebody who is not there; StorageError when a file
        it names is not the person's.
        """
        with self._database.transaction(is_urgent=True) as conn:
            if message.edits is not None:
                require_person(conn, self._people, address, arrival.aliases)
            row = self._arrive(conn, address, external_id, received_at, arrival, message.sent_at)
            message, ended = _of_album(message, arrival)
            seq = (
                join(conn, self._people, row, message, arrival)
                if message.edits is None
                else correct(conn, row, message)
            )
            seq = seq or insert(conn, self._people, row, message, arrival)
            link_files(conn, row.person, kept_files(message.files), seq)
            add_media(conn, row, seq, arrival.media)
            add_ended(conn, row, seq, ended)
        return seq

    def answer(
        self,
        address: Address,
        external_id: str,
        person: PersonId,
        message: OutboundMessage,
        received_at: datetime,
        arrival: Arrival = PLAIN,
    ) -> bool:
        """Queue the answer to a message that needs no turn; False when the address is not this person's any more.

        The answer goes to the address that asked, which was heard from by that. Raises DuplicateMessageError like ``put``.
        """
        with self._database.transaction(is_urgent=True) as conn:
            found = self._recognition.find(conn, address, arrival.aliases, to_micros(received_at))
            if found is None or found[1] != person:
                return False
            row = self._arrive(conn, address, external_id, received_at, arrival, arrival.sent_at)
            remember(conn, row.channel, [row.external_hash], to_micros(received_at + REPLAY_KEY))
            conn.execute(
                "UPDATE persons SET active_at = max(active_at, ?), notice_at = NULL WHERE number = ?",
                (row.at, row.person),
            )
            sealed = row.key.seal(Purpose.OUTBOX, to_bytes(message))
            to = Destination(row.person, row.identity, row.channel, account=arrival.account)
            enqueue(conn, to, [(f"at once:{row.external_hash.hex()}", sealed)], row.at)
        return True

    def claim(self, now: datetime, lease: timedelta) -> Received | None:
        """The oldest message of a person whose earlier messages are all done, leased to this worker.

        Persons take turns, whoever sends however much.
        Raises UnreadableError for a message that does not open, the third time it is given up; else StorageError.
        """
        while (held := self._queue.claim(now, lease)) is not None:
            received = self._taken_up(held, now)
            if received is not None:
                return received
        return None

    def _taken_up(self, held: Leased, now: datetime) -> Received | None:
        """What was claimed, with its files; None when it was given back, since its files have not had their time."""
        try:
            with self._database.transaction() as conn:
                if needs_patience(conn, held.seq):
                    self._queue.give_back(conn, held.seq, held.attempts, now + PATIENCE)
                    return None
                key = self._people.keyring.of(conn, held.number, held.person)
                files = take_files(conn, key, held.seq)
            message = from_bytes(InboundMessage, key.open(Purpose.INBOX, held.payload))
            message = replace(message, files=_looked_at(message.files, files))
        except NEVER_OPENS as error:
            if self._unopened.is_enough(held.seq):
                with self._database.transaction() as conn:
                    self._give_up(conn, (held.seq, held.attempts), type(error).__name__, now)
            raise
        return Received(held.seq, held.person, message, from_micros(held.at), held.attempts)

    def is_waited_for(self, address: Address) -> bool:
        """True while a message of the person behind the address is not played yet."""
        with self._database.reading() as conn:
            found = self._people.find(conn, address)
            waiting = found and conn.execute("SELECT 1 FROM inbox WHERE person = ? AND state < 2", found[:1]).fetchone()
        return bool(waiting)

    def renew(self, received: Received, until: datetime) -> None:
        """Hold the message until then. Raises LeaseLostError when another worker has it, or the person was erased."""
        with self._database.transaction() as conn:
            self._queue.renew(conn, received.seq, received.attempts, until)

    def commit(self, received: Received, record: TurnRecord, now: datetime, *, failure: str | None = None) -> None:
        """One transaction: case, dialogue, effects, outbox rows, and the message is done.

        ``failure`` is the class name of what made the turn fail for good: recorded beside the apology, and the case
        is marked for a human.

        Raises LeaseLostError when another worker has claimed the row since, or the person was erased.
        """
        number, key = self._holder(received)
        if any(isinstance(effect, EraseEverything) for effect in record.effects):
            self._commit_farewell(received, record, key, now)
            return
        joined = next((effect for effect in record.effects if isinstance(effect, JoinPersons)), None)
        if joined is not None:
            self._commit_joined(received, record, joined.code, now)
            return
        at = to_micros(now)
        case = key.seal(Purpose.CASE, to_bytes(record.case))
        dialogue = key.seal(Purpose.DIALOGUE, record.dialogue)
        answers = _sealed(record, received.seq, key)
        with self._database.transaction() as conn:
            self._end(conn, received, failure, now)
            conn.execute(
                "UPDATE persons SET case_record = ?, dialogue = ?, active_at = max(active_at, ?), notice_at = NULL"
                " WHERE number = ?",
                (case, dialogue, at, number),
            )
            enqueue(conn, self._answer_to(conn, number, received.seq), answers, at)
            gone = apply(conn, number, key, record.effects, at)
            for effect in record.effects:
                if isinstance(effect, IssueLinkCode):
                    issue_code(conn, self._people, number, effect.code, at)
        self._disk.remove(gone)

    def fail(self, received: Received, error: str, now: datetime, retry_at: datetime | None) -> None:
        """Record a failed turn by class name; retried at ``retry_at``, or given up when None.

        A message given up marks the case for a human and lets the conversation go on. Raises LeaseLostError.
        """
        held = (received.seq, received.attempts)
        with self._database.transaction() as conn:
            if retry_at is None:
                self._give_up(conn, held, error, now)
            else:
                self._queue.fail(conn, held, error, now, retry_at)

    def _arrive(
        self,
        conn: sqlite3.Connection,
        address: Address,
        external_id: str,
        received_at: datetime,
        arrival: Arrival,
        sent_at: datetime | None,
    ) -> Row:
        """What every message does once: its other ids are known from now on, and its person was heard from.

        Raises DuplicateMessageError.
        """
        at = to_micros(received_at)
        ids = [self._people.external_hash(address.channel, each) for each in (external_id, *arrival.also_known_as)]
        if is_known(conn, address.channel, ids):
            raise DuplicateMessageError("this platform message was already received")
        # The platform's window is counted from the person's own time, which may be hours ago, and is never ahead.
        said_at = at if sent_at is None else min(at, to_micros(sent_at))
        number, key = self._person(conn, address, arrival.aliases, said_at)
        identity = self._people.heard(conn, address, said_at, arrival.account, arrival.aliases)
        remember(conn, address.channel, ids[1:], to_micros(received_at + REPLAY_KEY))
        return Row(number, key, address.channel, identity, ids[0], at)

    def _person(
        self, conn: sqlite3.Connection, address: Address, aliases: tuple[Address, ...], at: int
    ) -> tuple[int, PersonKey]:
        """The person behind the addresses, who now has them all, or a new one."""
        found = self._recognition.find(conn, address, aliases, at)
        if found is None:
            number, key = self._people.create(conn, address, at)
        else:
            number, person = found
            conn.execute(
                "UPDATE persons SET farewell_at = NULL WHERE number = ? AND farewell_at IS NOT NULL", (number,)
            )
            key = self._people.keyring.of(conn, number, person)
        self._people.attach(conn, number, key, (address, *aliases), at)
        return number, key

    def _answer_to(self, conn: sqlite3.Connection, number: int, seq: int) -> Destination:
        """The address the message came from, and our number that it came to."""
        asked = conn.execute("SELECT identity, channel, account FROM inbox WHERE seq = ?", (seq,)).fetchone()
        identity, channel, account = asked
        return Destination(number, identity, channel, account=account)

    def _holder(self, received: Received) -> tuple[int, PersonKey]:
        try:
            with self._database.reading() as conn:
                return self._people.keyring.find(conn, received.person)
        except KeyDestroyedError as error:
            raise LeaseLostError(f"inbox {received.seq}: the person was erased") from error

    def _commit_joined(self, received: Received, record: TurnRecord, code: str, now: datetime) -> None:
        """The person of this turn becomes one with whoever got the code, whose case and dialogue go on.

        The answer goes to both: to where the question came from, and to where the code was asked for, so that nobody
        is joined without hearing of it. With a code that is no good any more the message is played again.
        """
        at = to_micros(now)
        with self._database.transaction() as conn:
            number, key = self._people.keyring.find(conn, received.person)
            issuer = find_issuer(conn, self._people, code, at)
            if issuer is None or issuer[0] == number:
                self._queue.hold(conn, received.seq, received.attempts, now)
                return
            self._queue.finish(conn, received.seq, received.attempts, now)
            kept, kept_key = issuer[0], self._people.keyring.of(conn, *issuer)
            here = replace(self._answer_to(conn, number, received.seq), person=kept)
            identity = self._people.identity(conn, kept, kept_key, None)
            there = Destination(kept, identity.number, identity.address.channel)
            gone = apply(conn, number, key, record.effects, at)
            join_persons(conn, (number, key), (kept, kept_key))
            conn.execute(
                "UPDATE persons SET active_at = max(active_at, ?), notice_at = NULL WHERE number = ?", (at, kept)
            )
            answers = _sealed(record, received.seq, kept_key)
            enqueue(conn, here, answers, at)
            enqueue(conn, there, [(name + THERE, sealed) for name, sealed in answers], at)
            erased = self._erasure.erase(conn, number, now)
        self._disk.remove(gone)
        self._erasure.clean([erased])

    def _commit_farewell(self, received: Received, record: TurnRecord, key: PersonKey, now: datetime) -> None:
        """Erase the person; a blank one under the same address holds the farewell until it is sent."""
        at = to_micros(now)
        with self._database.transaction() as conn:
            number = self._queue.finish(conn, received.seq, received.attempts, now)
            wanted = conn.execute("SELECT identity FROM inbox WHERE seq = ?", (received.seq,)).fetchone()[0]
            asked_from = self._people.identity(conn, number, key, wanted)
            erased = self._erasure.erase(conn, number, now)
            if record.messages:
                address = asked_from.address
                heard_at = asked_from.heard_at
                blank, blank_key = self._people.create(conn, address, at, farewell_at=at, heard_at=heard_at)
                heard = self._people.heard(conn, address, heard_at, asked_from.account)
                to = Destination(blank, heard, address.channel)
                enqueue(conn, to, _sealed(record, received.seq, blank_key), at)
        self._erasure.clean([erased])

    def _end(self, conn: sqlite3.Connection, received: Received, failure: str | None, now: datetime) -> None:
        if failure is None:
            self._queue.finish(conn, received.seq, received.attempts, now)
        else:
            self._give_up(conn, (received.seq, received.attempts), failure, now)

    def _give_up(self, conn: sqlite3.Connection, held: tuple[int, int], error: str, now: datetime) -> None:
        number = self._queue.fail(conn, held, error, now, None)
        at = to_micros(now)
        open_handoff(conn, number, HandoffReason.FAILED_TURN, at)
        conn.execute("UPDATE persons SET active_at = max(active_at, ?) WHERE number = ?", (at, number))


def _of_album(message: InboundMessage, arrival: Arrival) -> tuple[InboundMessage, tuple[InboundFile, ...]]:
    """A message of an album without what nobody can read in it, which takes its place among the album's files."""
    if arrival.album is None:
        return message, ()
    kept = tuple(file for file in message.files if file.problem is None)
    return replace(message, files=kept), tuple(file for file in message.files if file.problem is not None)


def _looked_at(named: tuple[InboundFile, ...], ended: tuple[InboundFile, ...]) -> tuple[InboundFile, ...]:
    """The files a message names, each as it ended, and those that came from elsewhere."""
    found = {file.id: file for file in ended if file.id}
    own = {file.id for file in named if file.id}
    return (*(found.get(file.id, file) for file in named), *(file for file in ended if file.id not in own))


def _sealed(record: TurnRecord, seq: int, key: PersonKey) -> list[tuple[str, bytes]]:
    """The turn's messages with their dedupe keys ``in:<inbox number>:<n>``."""
    return [(f"in:{seq}:{n}", key.seal(Purpose.OUTBOX, to_bytes(message))) for n, message in enumerate(record.messages)]
