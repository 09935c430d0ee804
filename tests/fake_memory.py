"""What the fake ports of storage share: rows in memory, and how they are claimed, fenced and erased."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING

from bot.core import retention
from bot.core.case import Case
from bot.core.errors import KeyDestroyedError, LeaseLostError
from bot.core.ids import PersonId
from bot.core.queued import Doubt

if TYPE_CHECKING:
    from bot.core.effects import HandoffReason, ReminderKind
    from bot.core.evidence import Attempt
    from bot.core.ids import FileId
    from bot.core.messages import OutboundMessage
    from bot.core.ports import Address

CODE_LIFE = timedelta(minutes=10)
WAITING, LEASED, DONE, GIVEN_UP = range(4)


class FakeClock:
    """A time that moves when told."""

    def __init__(self, now: datetime = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)) -> None:
        self.time = now

    def now(self) -> datetime:
        return self.time

    def advance(self, **by: float) -> datetime:
        self.time += timedelta(**by)
        return self.time


@dataclass(eq=False)
class Reminder:
    at: datetime
    is_announced: bool = False


@dataclass(eq=False)
class Person:
    id: PersonId
    address: Address
    active_at: datetime
    case: Case = field(default_factory=Case)
    dialogue: bytes | None = None
    attempts: list[Attempt] = field(default_factory=list)
    notice_at: datetime | None = None
    farewell_at: datetime | None = None
    is_blocked: bool = False
    reminders: dict[ReminderKind, Reminder] = field(default_factory=dict)
    others: list[Address] = field(default_factory=list)
    """Addresses that came with persons who are this one now."""


@dataclass(eq=False)
class Row:
    seq: int
    person: Person
    message: object
    key: tuple[str, str]
    at: datetime
    state: int = WAITING
    attempts: int = 0
    not_before: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    lease_until: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    done_at: datetime | None = None
    tries: int = 0
    parts: int = 0
    doubt: Doubt = Doubt.NONE
    is_repeated: bool = False
    to: Address | None = None
    round: int = 0

    @property
    def address(self) -> Address:
        return self.to or self.person.address

    @property
    def is_open(self) -> bool:
        return self.state in {WAITING, LEASED}


@dataclass(eq=False)
class File:
    id: FileId
    person: Person
    data: bytes
    at: datetime
    state: int = 0
    inbox: int | None = None


@dataclass(eq=False)
class Handoff:
    person: Person
    reason: HandoffReason
    since: datetime
    closed_at: datetime | None = None


class Memory:
    """What the fake ports share."""

    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock
        self.numbers = count(1)
        self.persons: list[Person] = []
        self.inbox: list[Row] = []
        self.outbox: list[Row] = []
        self.files: list[File] = []
        self.handoffs: list[Handoff] = []
        self.replays: dict[tuple[str, str], datetime] = {}
        self.failures: list[tuple[str, str, bool]] = []
        self.codes: dict[str, tuple[Person, datetime]] = {}

    def person(self, person: PersonId) -> Person:
        for each in self.persons:
            if each.id == person:
                return each
        message = f"person {person} was erased"
        raise KeyDestroyedError(message)

    def at(self, address: Address) -> Person | None:
        return next((each for each in self.persons if address in {each.address, *each.others}), None)

    def latest(self, person: Person, name: str) -> Row | None:
        """The last row that is the message of that name, or an edit of it."""
        rows = (row for row in reversed(self.inbox) if row.person is person)
        return next((row for row in rows if name in {row.message.external_id, row.message.edits}), None)  # type: ignore[attr-defined]

    def create(self, address: Address, now: datetime) -> Person:
        person = Person(PersonId(f"p{next(self.numbers)}"), address, now)
        self.persons.append(person)
        return person

    def erase(self, person: Person, now: datetime) -> None:
        self.drop_inbox([row for row in self.inbox if row.person is person], now)
        self.outbox = [row for row in self.outbox if row.person is not person]
        self.files = [file for file in self.files if file.person is not person]
        self.handoffs = [handoff for handoff in self.handoffs if handoff.person is not person]
        self.codes = {code: each for code, each in self.codes.items() if each[0] is not person}
        self.persons.remove(person)

    def issue(self, person: Person, code: str, now: datetime) -> None:
        self.codes = {each: kept for each, kept in self.codes.items() if kept[0] is not person}
        self.codes[code] = (person, now + CODE_LIFE)

    def issuer(self, code: str, now: datetime) -> Person | None:
        person, until = self.codes.get(code, (None, now))
        return person if until > now else None

    def join(self, given: Person, kept: Person, now: datetime) -> None:
        kept.others += [given.address, *given.others]
        kept.attempts += given.attempts
        kept.reminders = given.reminders | kept.reminders
        kept.active_at, kept.notice_at = max(kept.active_at, now), None
        for row in (*self.inbox, *self.outbox):
            if row.person is given:
                row.person, row.to = kept, row.address
        for file in self.files:
            file.person = kept if file.person is given else file.person
        for handoff in [h for h in self.handoffs if h.person is given]:
            marks = [(h.reason, h.closed_at) for h in self.handoffs if h.person is kept]
            if handoff.closed_at is not None or (handoff.reason, None) not in marks:
                handoff.person = kept
        self.codes = {code: each for code, each in self.codes.items() if each[0] not in {given, kept}}
        self.erase(given, now)

    def drop_inbox(self, rows: list[Row], now: datetime) -> None:
        self.replays |= {row.key: now + retention.REPLAY_KEY for row in rows}
        self.inbox = [row for row in self.inbox if row not in rows]

    def enqueue(
        self, person: Person, message: OutboundMessage, dedupe_key: str, now: datetime, to: Address | None = None
    ) -> bool:
        key = (person.id, dedupe_key)
        if any(row.key == key for row in self.outbox):
            return False
        self.outbox.append(Row(next(self.numbers), person, message, key, now, to=to))
        return True

    def hand_over(self, person: Person, reason: HandoffReason, now: datetime) -> None:
        if not any(h.person is person and h.reason is reason and h.closed_at is None for h in self.handoffs):
            self.handoffs.append(Handoff(person, reason, now))

    def claim(self, rows: list[Row], now: datetime, lease: timedelta) -> Row | None:
        busy: set[PersonId] = set()
        for row in rows:
            if not row.is_open or row.person.id in busy:
                continue
            if row.not_before <= now if row.state == WAITING else row.lease_until <= now:
                row.state, row.attempts, row.lease_until = LEASED, row.attempts + 1, now + lease
                return row
            busy.add(row.person.id)
        return None

    def held(self, rows: list[Row], seq: int, attempts: int) -> Row:
        for row in rows:
            if (row.seq, row.attempts, row.state) == (seq, attempts, LEASED):
                return row
        message = f"{seq}: the lease of attempt {attempts} is lost"
        raise LeaseLostError(message)

    def fail(self, row: Row, queue: str, error: str, now: datetime, retry_at: datetime | None) -> None:
        self.failures.append((queue, error, retry_at is None))
        if retry_at is None:
            row.state, row.done_at = GIVEN_UP, now
        else:
            row.state, row.not_before = WAITING, retry_at
