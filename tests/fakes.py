"""The ports of storage in memory: same behaviour, no seal, no disk, one worker.

The contract tests of tests/ports run on these and on SQLite, so that tests of services may trust them.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.core import retention
from bot.core.effects import (
    CancelReminders,
    CloseHandoffs,
    DiscardFiles,
    EraseEverything,
    HandoffReason,
    HandOver,
    IssueLinkCode,
    JoinPersons,
    KeepFiles,
    PersonState,
    RecordAttempt,
    Remind,
    ReminderKind,
)
from bot.core.errors import DuplicateMessageError, LeaseLostError, UnknownPersonError, UnreadableError
from bot.core.history import Direction, Entry, in_order
from bot.core.ids import FileId, PersonId
from bot.core.messages import InboundKind
from bot.core.ports import PLAIN, Address, Arrival, FileKind, HandoffRow, Received
from bot.core.queued import Doubt, Priority, Queued
from bot.core.retention import Purged
from tests.fake_memory import DONE, WAITING, FakeClock, File, Memory, Person, Reminder, Row

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime, timedelta

    from bot.core.delivery import Permanent
    from bot.core.effects import Effect, TurnRecord
    from bot.core.messages import InboundMessage, OutboundMessage


class FakeInbox:
    """The port ``Inbox``."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def put(
        self,
        address: Address,
        external_id: str,
        message: InboundMessage,
        received_at: datetime,
        arrival: Arrival = PLAIN,
    ) -> int:
        memory, key = self._memory, (address.channel, external_id)
        if key in memory.replays or any(row.key == key for row in memory.inbox):
            error = "this platform message was already received"
            raise DuplicateMessageError(error)
        person = memory.at(address)
        if message.edits is not None:
            if person is None or person.farewell_at is not None:
                error = "an edit begins no conversation"
                raise UnknownPersonError(error)
            edited = memory.latest(person, message.edits)
            if edited is not None and edited.message.text == message.text:
                error = "the edit changes no word"
                raise DuplicateMessageError(error)
            if edited is not None and edited.state == WAITING and edited.message.kind is InboundKind.TEXT:
                edited.message = replace(edited.message, text=message.text)
                memory.replays[key] = received_at + retention.REPLAY_KEY
                return edited.seq
        files = []
        for kept in (file for file in message.files if file.problem is None):
            for name in (kept.id, kept.safe_copy):
                files += [] if name is None else [_own(memory, person, name)]
        person = person or memory.create(address, received_at)
        person.farewell_at = None
        row = Row(next(memory.numbers), person, message, key, received_at)
        for file in files:
            file.inbox = row.seq
        waiting = [each for each in memory.inbox if each.is_open]
        own = [each.round + 1 for each in waiting if each.person is person]
        row.round = max([min([each.round for each in waiting], default=0), *own])
        memory.inbox.append(row)
        return row.seq

    def claim(self, now: datetime, lease: timedelta) -> Received | None:
        in_turns = sorted(self._memory.inbox, key=lambda each: (each.round, each.seq))
        row = self._memory.claim(in_turns, now, lease)
        return Received(row.seq, row.person.id, row.message, row.at, row.attempts) if row else None  # type: ignore[arg-type]

    def renew(self, received: Received, until: datetime) -> None:
        self._memory.held(self._memory.inbox, received.seq, received.attempts).lease_until = until

    def commit(self, received: Received, record: TurnRecord, now: datetime, *, failure: str | None = None) -> None:
        memory = self._memory
        row = memory.held(memory.inbox, received.seq, received.attempts)
        person = row.person
        for joined in (effect for effect in record.effects if isinstance(effect, JoinPersons)):
            self._join(row, record, joined.code, now)
            return
        if any(isinstance(effect, EraseEverything) for effect in record.effects):
            memory.erase(person, now)
            if not record.messages:
                return
            person = memory.create(person.address, now)
            person.farewell_at = now
        else:
            _check(memory, person, record.effects)
            if failure is None:
                row.state, row.done_at = DONE, now
            else:
                self._give_up(row, failure, now)
            person.case, person.dialogue, person.notice_at = record.case, record.dialogue, None
            person.active_at = max(person.active_at, now)
            for effect in record.effects:
                _apply(memory, person, effect, now)
        for n, message in enumerate(record.messages):
            memory.enqueue(person, message, f"in:{received.seq}:{n}", now, row.address)

    def _join(self, row: Row, record: TurnRecord, code: str, now: datetime) -> None:
        memory, person, here = self._memory, row.person, row.address
        kept = memory.issuer(code, now)
        if kept is None or kept is person:
            row.state, row.not_before = WAITING, now
            return
        row.state, row.done_at = DONE, now
        there = kept.address
        for effect in record.effects:
            _apply(memory, person, effect, now)
        memory.join(person, kept, now)
        for address, name in ((here, ""), (there, ":there")):
            for n, message in enumerate(record.messages):
                memory.enqueue(kept, message, f"in:{row.seq}:{n}{name}", now, address)

    def fail(self, received: Received, error: str, now: datetime, retry_at: datetime | None) -> None:
        row = self._memory.held(self._memory.inbox, received.seq, received.attempts)
        if retry_at is None:
            self._give_up(row, error, now)
        else:
            self._memory.fail(row, "inbox", error, now, retry_at)

    def _give_up(self, row: Row, error: str, now: datetime) -> None:
        self._memory.fail(row, "inbox", error, now, None)
        self._memory.hand_over(row.person, HandoffReason.FAILED_TURN, now)
        row.person.active_at = max(row.person.active_at, now)


class FakeOutbox:
    """The port ``Outbox``."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def claim(
        self,
        now: datetime,
        lease: timedelta,
        *,
        only: Iterable[str] | None = None,
        skip: Iterable[str] = (),
        skip_accounts: Iterable[tuple[str, str]] = (),
    ) -> Queued | None:
        served = None if only is None else set(only)
        skip = {*skip, *(channel for channel, account in skip_accounts if not account)}
        rows = [
            row
            for row in self._memory.outbox
            if row.address.channel not in skip and (served is None or row.address.channel in served)
        ]
        row = self._memory.claim(rows, now, lease)
        return _queued(row) if row else None

    def sending(self, queued: Queued, *, is_repeated: bool = False) -> None:
        row = self._memory.held(self._memory.outbox, queued.seq, queued.attempts)
        row.doubt, row.is_repeated = Doubt.ON_ITS_WAY, row.is_repeated or is_repeated

    def hold(self, queued: Queued, until: datetime, doubt: Doubt = Doubt.NONE, *, parts: int = 0) -> None:
        row = self._memory.held(self._memory.outbox, queued.seq, queued.attempts)
        row.state, row.not_before, row.doubt, row.parts = WAITING, until, doubt, max(row.parts, parts)

    def arrived(self, queued: Queued, parts: int) -> None:
        with suppress(LeaseLostError):
            row = self._memory.held(self._memory.outbox, queued.seq, queued.attempts)
            row.parts = max(row.parts, parts)

    def sent(self, queued: Queued, now: datetime) -> None:
        row = self._memory.held(self._memory.outbox, queued.seq, queued.attempts)
        row.state, row.done_at = DONE, now
        self._end_farewell(row.person, now)

    def failed(self, queued: Queued, error: str, now: datetime, retry_at: datetime | None, *, parts: int = 0) -> None:
        row = self._memory.held(self._memory.outbox, queued.seq, queued.attempts)
        row.tries, row.parts, row.doubt = row.tries + 1, max(row.parts, parts), Doubt.NONE
        self._memory.fail(row, "outbox", error, now, retry_at)
        self._end_farewell(row.person, now)

    def put(
        self,
        person: PersonId,
        message: OutboundMessage,
        dedupe_key: str,
        now: datetime,
        priority: Priority = Priority.DIALOGUE,
    ) -> bool:
        return self._memory.enqueue(self._memory.person(person), message, dedupe_key, now)

    def since(self, person: PersonId, after: int, channel: str) -> list[Queued]:
        found = self._memory.person(person)
        return [
            _queued(row)
            for row in self._memory.outbox
            if row.person is found and row.state == DONE and row.seq > after and found.address.channel == channel
        ]

    def history(self, person: PersonId) -> list[Entry]:
        found = self._memory.person(person)
        entries = [(Direction.IN, row) for row in self._memory.inbox]
        told = [row for row in self._memory.outbox if not row.key[1].endswith(":there")]
        entries += [(Direction.OUT, row) for row in told if row.state == DONE or row.is_open]
        return in_order([Entry(way, row.seq, row.at, row.message) for way, row in entries if row.person is found])  # type: ignore[arg-type]

    def _end_farewell(self, person: Person, now: datetime) -> None:
        is_busy = any(row.is_open for row in self._memory.outbox if row.person is person)
        if person.farewell_at is not None and not is_busy:
            self._memory.erase(person, now)


class FakePersons:
    """The port ``Persons``."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def find(self, address: Address) -> PersonId | None:
        found = self._memory.at(address)
        return found.id if found else None

    def find_or_create(self, address: Address, now: datetime) -> PersonId:
        return self.find(address) or self._memory.create(address, now).id

    def state(self, person: PersonId) -> PersonState:
        found = self._memory.person(person)
        return PersonState(found.case, found.dialogue or b"", tuple(found.attempts))

    def set_reachable(self, address: Address, now: datetime, *, is_reachable: bool) -> None:
        found = self._memory.at(address)
        if found is not None:
            found.is_blocked = not is_reachable

    def refused(self, address: Address, refusal: Permanent, now: datetime) -> None:
        self.set_reachable(address, now, is_reachable=False)

    def move(self, old: tuple[Address, ...], new: tuple[Address, ...], moved_at: datetime, now: datetime) -> None:
        """Of one who wrote under the new name before nothing is known here: no test of a contract needs it."""
        found = next(filter(None, map(self._memory.at, reversed(old))), None)
        if found is not None and self._memory.at(new[0]) is None:
            found.address, found.others = new[0], [*new[1:], *(each for each in found.others if each not in old)]

    def is_link_code(self, code: str, now: datetime) -> bool:
        return self._memory.issuer(code, now) is not None

    def erase(self, person: PersonId) -> None:
        for found in [each for each in self._memory.persons if each.id == person]:
            self._memory.erase(found, self._memory.clock.now())


class FakeFiles:
    """The port ``Files``."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def put(self, person: PersonId, data: bytes, kind: FileKind, now: datetime) -> FileId:
        file = File(FileId(f"f{next(self._memory.numbers)}{kind}"), self._memory.person(person), data, now)
        self._memory.files.append(file)
        return file.id

    def open(self, person: PersonId, file: FileId) -> bytes:
        return _own(self._memory, self._memory.person(person), file).data

    def discard(self, person: PersonId, files: tuple[FileId, ...]) -> None:
        self._memory.files = [f for f in self._memory.files if not (f.id in files and f.person.id == person)]

    def discard_waiting(self, before: datetime) -> int:
        unanswered = {row.seq for row in self._memory.inbox if row.is_open}
        kept = [f for f in self._memory.files if f.state or f.at >= before or f.inbox in unanswered]
        gone = len(self._memory.files) - len(kept)
        self._memory.files = kept
        return gone


class FakeHandoffs:
    """The port ``Handoffs``."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def open(self) -> list[HandoffRow]:
        rows = [h for h in self._memory.handoffs if h.closed_at is None]
        rows.sort(key=lambda h: h.since)
        return [HandoffRow(h.person.id, h.reason, h.since, h.person.address.channel) for h in rows]


class FakeReminders:
    """The port ``Reminders``."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def due(self, now: datetime) -> list[tuple[PersonId, ReminderKind, datetime]]:
        found = []
        for person in self._memory.persons:
            for kind, reminder in sorted(person.reminders.items()):
                if reminder.at <= now:
                    reminder.is_announced = True
                    found.append((person.id, kind, reminder.at))
        return sorted(found, key=lambda each: each[2])

    def done(self, person: PersonId, kind: ReminderKind) -> None:
        for found in (each for each in self._memory.persons if each.id == person):
            if kind in found.reminders and found.reminders[kind].is_announced:
                del found.reminders[kind]


class FakeShredder:
    """Retention, as ``SqliteShredder``."""

    def __init__(self, memory: Memory, files: FakeFiles) -> None:
        self._memory = memory
        self._files = files

    def purge(self, now: datetime) -> Purged:
        memory = self._memory
        folders = [
            p
            for p in self._quiet(now - retention.PROOF_FOLDER)
            if p.attempts and retention.is_folder_over(p.active_at, p.notice_at, now)
        ]
        for person in folders:
            person.attempts, person.notice_at = [], None
            memory.files = [file for file in memory.files if file.person is not person]
        quiet = self._quiet(now - retention.CONVERSATION)
        gone = [p for p in quiet if not p.attempts and not p.reminders]
        gone += [p for p in memory.persons if p.farewell_at and p.farewell_at <= now - retention.FAREWELL]
        reduced = [p for p in quiet if p not in gone and self._has_conversation(p)]
        for person in gone:
            memory.erase(person, now)
        for person in reduced:
            self._reduce(person, now)
        files = self._files.discard_waiting(now - retention.WAITING_FILE)
        messages, keys = self._old_rows(now)
        return Purged(len(reduced), len(folders), len(gone), messages, files, keys)

    def notice_due(self, now: datetime) -> list[PersonId]:
        quiet = self._quiet(now - retention.PROOF_FOLDER + retention.PROOF_NOTICE)
        return [p.id for p in quiet if p.attempts and retention.is_notice_due(p.active_at, p.notice_at, now)]

    def notice_given(self, person: PersonId, now: datetime) -> None:
        for found in (each for each in self._memory.persons if each.id == person):
            found.notice_at = now

    def _quiet(self, before: datetime) -> list[Person]:
        recent = {row.person.id for row in self._memory.inbox if row.at > before}
        return [
            p for p in self._memory.persons if p.active_at <= before and p.farewell_at is None and p.id not in recent
        ]

    def _has_conversation(self, person: Person) -> bool:
        return person.dialogue is not None or any(row.person is person for row in self._memory.inbox)

    def _reduce(self, person: Person, now: datetime) -> None:
        memory = self._memory
        person.case, person.dialogue = retention.kept_case(person.case, has_folder=bool(person.attempts)), None
        memory.drop_inbox([row for row in memory.inbox if row.person is person], now)
        memory.outbox = [row for row in memory.outbox if row.person is not person or row.is_open]
        memory.handoffs = [handoff for handoff in memory.handoffs if handoff.person is not person]
        for file in memory.files:
            if file.person is person and file.state == 1:
                file.state = 0

    def _old_rows(self, now: datetime) -> tuple[int, int]:
        memory, before = self._memory, now - retention.SENT_MESSAGE
        old = [row for row in [*memory.inbox, *memory.outbox] if row.done_at is not None and row.done_at <= before]
        memory.drop_inbox([row for row in old if row in memory.inbox], now)
        memory.outbox = [row for row in memory.outbox if row not in old]
        expired = [key for key, until in memory.replays.items() if until <= now]
        for key in expired:
            del memory.replays[key]
        return len(old), len(expired)


class FakeStore:
    """All ports over one memory, with the names of ``bot.storage.store.Store``."""

    def __init__(self, clock: FakeClock | None = None) -> None:
        memory = Memory(clock or FakeClock())
        self.inbox = FakeInbox(memory)
        self.outbox = FakeOutbox(memory)
        self.persons = FakePersons(memory)
        self.files = FakeFiles(memory)
        self.handoffs = FakeHandoffs(memory)
        self.reminders = FakeReminders(memory)
        self.shredder = FakeShredder(memory, self.files)
        self.failures = memory.failures

    def close(self) -> None:
        """Nothing to close."""


def _queued(row: Row) -> Queued:
    return Queued(
        row.seq,
        row.person.id,
        row.address,
        row.message,  # type: ignore[arg-type]
        row.attempts,
        tries=row.tries,
        parts=row.parts,
        doubt=row.doubt,
        is_repeated=row.is_repeated,
        queued_at=row.at,
        heard_at=row.person.active_at,
        is_blocked=row.person.is_blocked,
    )


def _own(memory: Memory, person: Person | None, file: FileId) -> File:
    for each in memory.files:
        if each.id == file and each.person is person:
            return each
    message = f"file {file} does not exist"
    raise UnreadableError(message)


def _proof_files(effect: RecordAttempt) -> Iterable[FileId]:
    return (file for proof in effect.attempt.proofs for file in (proof.original, proof.safe_copy))


def _check(memory: Memory, person: Person, effects: tuple[Effect, ...]) -> None:
    """Nothing is done when an attempt names a file that is not there."""
    for effect in effects:
        if isinstance(effect, RecordAttempt):
            for file in _proof_files(effect):
                _own(memory, person, file)


def _apply(memory: Memory, person: Person, effect: Effect, now: datetime) -> None:
    match effect:
        case RecordAttempt():
            for name in _proof_files(effect):
                _own(memory, person, name).state = 2
            person.attempts.append(effect.attempt)
        case KeepFiles(files):
            for file in (f for f in memory.files if f.person is person and f.id in files and not f.state):
                file.state = 1
        case DiscardFiles(files):
            memory.files = [f for f in memory.files if not (f.person is person and f.id in files)]
        case _:
            _mark(memory, person, effect, now)


def _mark(memory: Memory, person: Person, effect: Effect, now: datetime) -> None:
    match effect:
        case HandOver(reason):
            memory.hand_over(person, reason, now)
        case CloseHandoffs():
            for handoff in (h for h in memory.handoffs if h.person is person and h.closed_at is None):
                handoff.closed_at = now
        case Remind(at, kind):
            person.reminders[kind] = Reminder(at)
        case IssueLinkCode(code):
            memory.issue(person, code, now)
        case CancelReminders():
            person.reminders.clear()
