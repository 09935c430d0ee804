"""A database of before the platforms keeps everything when it is opened: persons, messages, files, reminders."""

from __future__ import annotations

import os
import sqlite3
from typing import TYPE_CHECKING

import pytest

from bot.core.case import Case
from bot.core.messages import InboundMessage, OutboundMessage
from bot.core.ports import Address, FileKind
from bot.core.retention import CONVERSATION
from bot.storage.codec import to_bytes
from bot.storage.keyring import Keyring
from bot.storage.master_key import check_master_key
from bot.storage.migrations import _CASES, _PERSONS, _QUEUES
from bot.storage.moments import to_micros
from bot.storage.people import People
from bot.storage.sealing import MasterKey, Purpose
from tests.records import LEASE, answer, attempt, text, turn, web

if TYPE_CHECKING:
    from pathlib import Path

    from bot.core.ids import PersonId
    from tests.fake_memory import FakeClock
    from tests.storage.conftest import Opener

NAMES = (
    "2026-11-23 persons and their keys",
    "2026-11-23 inbox and outbox",
    "2026-11-23 attempts, files, handoffs, reminders",
)


class Before:
    """The tables as they were, with a row of each kind for each person."""

    def __init__(self, folder: Path, at: int) -> None:
        folder.mkdir()
        self.at = at
        self.conn = sqlite3.connect(folder / "guichet.db", isolation_level=None)
        self.conn.execute("PRAGMA journal_mode = WAL")
        self.conn.execute("PRAGMA foreign_keys = ON")
        for statement in (*_PERSONS, *_QUEUES, *_CASES):
            self.conn.execute(statement)
        self.conn.execute(
            "CREATE TABLE _sqlite_migrations(id INTEGER PRIMARY KEY, migration_set TEXT, name TEXT, applied_at TEXT)"
        )
        self.conn.execute(
            "CREATE UNIQUE INDEX idx__sqlite_migrations_migration_set_name ON _sqlite_migrations(migration_set, name)"
        )
        for name in NAMES:
            self.conn.execute(
                "INSERT INTO _sqlite_migrations(migration_set, name, applied_at) VALUES ('guichet', ?, '')", (name,)
            )
        master = MasterKey(bytes(32))
        check_master_key(self.conn, master)
        self.people = People(master, os.urandom)
        self.keyring = Keyring(master, os.urandom)

    def person(self, address: Address, name: str) -> PersonId:
        from bot.core.ids import PersonId

        person = PersonId(name)
        sealed_later = b""
        number = self.conn.execute(
            "INSERT INTO persons(id, channel, identity_hash, identity, created_at, active_at) VALUES (?, ?, ?, ?, ?, ?)"
            " RETURNING number",
            (person, address.channel, self.people.identity_hash(address), sealed_later, self.at, self.at),
        ).fetchone()[0]
        key = self.keyring.create(self.conn, number, person)
        self.conn.execute(
            "UPDATE persons SET identity = ?, case_record = ?, dialogue = ? WHERE number = ?",
            (
                key.seal(Purpose.IDENTITY, address.identity.encode()),
                key.seal(Purpose.CASE, to_bytes(Case(language="ar"))),
                key.seal(Purpose.DIALOGUE, b"dialogue"),
                number,
            ),
        )
        for n, (state, words) in enumerate(((2, "done"), (0, "waits"))):
            self.conn.execute(
                "INSERT INTO inbox(person, channel, external_hash, payload, at, state, done_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    number,
                    address.channel,
                    self.people.external_hash(address.channel, f"{name}:{n}"),
                    key.seal(Purpose.INBOX, to_bytes(text(words))),
                    self.at + n,
                    state,
                    self.at if state else None,
                ),
            )
            self.conn.execute(
                "INSERT INTO outbox(person, dedupe_key, payload, at, state, attempts, done_at) VALUES (?, ?, ?, ?, ?, 2, ?)",
                (
                    number,
                    f"k{n}",
                    key.seal(Purpose.OUTBOX, to_bytes(answer(words))),
                    self.at,
                    state,
                    self.at if state else None,
                ),
            )
        inbox = self.conn.execute("SELECT max(seq) FROM inbox").fetchone()[0]
        self.conn.execute(
            "INSERT INTO files(id, person, kind, wrapped_key, at, state, inbox) VALUES (?, ?, ?, ?, ?, 2, ?)",
            (f"f{name}", number, FileKind.ORIGINAL.value, key.wrap(bytes(32)), self.at, inbox),
        )
        self.conn.execute(
            "INSERT INTO attempts(person, record) VALUES (?, ?)",
            (number, key.seal(Purpose.ATTEMPT, to_bytes(attempt()))),
        )
        self.conn.execute("INSERT INTO handoffs(person, reason, since) VALUES (?, 'asked', ?)", (number, self.at))
        self.conn.execute("INSERT INTO reminders(person, kind, at) VALUES (?, 'try_again', ?)", (number, self.at))
        self.conn.execute("INSERT OR IGNORE INTO replays VALUES ('web', x'00', ?)", (self.at + 10**12,))
        self.conn.execute("INSERT INTO failures(queue, error, at, is_final) VALUES ('inbox', 'X', ?, 1)", (self.at,))
        return person


@pytest.fixture
def persons(data_dir: Path, clock: FakeClock) -> dict[str, PersonId]:
    before = Before(data_dir, to_micros(clock.now()))
    found = {name: before.person(web(name), f"p{name}") for name in ("one", "two", "gone")}
    before.conn.execute("DELETE FROM persons WHERE id = 'pgone'")
    before.conn.close()
    return found


def test_everything_of_a_person_is_still_theirs(
    persons: dict[str, PersonId], clock: FakeClock, open_again: Opener
) -> None:
    store = open_again()
    person = persons["two"]
    assert store.persons.find(web("two")) == person
    state = store.persons.state(person)
    assert (state.case.language, state.dialogue, len(state.attempts)) == ("ar", b"dialogue", 1)
    assert [entry.message.text for entry in store.outbox.history(person)] == ["done", "done", "waits", "waits"]
    assert {each for each, *_ in store.reminders.due(clock.now())} == {persons["one"], person}
    assert {row.person for row in store.handoffs.open()} == {persons["one"], person}
    conn = store.database.connection()
    assert conn.execute("SELECT count(*) FROM files").fetchone() == (2,)
    assert conn.execute("PRAGMA foreign_key_check").fetchall() == []
    assert conn.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_what_waited_goes_on_in_order(persons: dict[str, PersonId], clock: FakeClock, open_again: Opener) -> None:
    store = open_again()
    received = store.inbox.claim(clock.now(), LEASE)
    assert received is not None
    assert isinstance(received.message, InboundMessage)
    assert (received.person, received.message.text) == (persons["one"], "waits")
    store.inbox.commit(received, turn("new"), clock.now())
    sent = []
    while (queued := store.outbox.claim(clock.now(), LEASE, only=["web"])) is not None:
        assert isinstance(queued.message, OutboundMessage)
        assert (queued.tries, queued.address.channel) == (0, "web")
        sent.append((queued.person, queued.address.identity, queued.message.text))
        store.outbox.sent(queued, clock.now())
    one, two = persons["one"], persons["two"]
    assert sent == [(one, "one", "waits"), (two, "two", "waits"), (one, "one", "new")]


def test_waiting_answer_gets_the_number_its_person_wrote_to(
    persons: dict[str, PersonId], data_dir: Path, clock: FakeClock, open_again: Opener
) -> None:
    open_again().close()
    conn = sqlite3.connect(data_dir / "guichet.db", isolation_level=None)
    for table in ("inbox", "outbox"):
        conn.execute(f"ALTER TABLE {table} DROP COLUMN account")
    conn.execute("DELETE FROM _sqlite_migrations WHERE name = '2026-11-26 the number an answer leaves from'")
    conn.execute("UPDATE identities SET account = 'A' WHERE person = 1")
    conn.execute("UPDATE outbox SET state = 3 WHERE person = 2 AND state = 0")
    conn.execute("UPDATE identities SET account = 'B' WHERE person = 2")
    conn.close()
    store = open_again()
    found = store.database.connection().execute("SELECT person, state, account FROM outbox ORDER BY seq").fetchall()
    assert found == [(1, 2, ""), (1, 0, "A"), (2, 2, ""), (2, 3, "B")]


def test_numbers_of_erased_persons_are_not_used_again(
    persons: dict[str, PersonId], clock: FakeClock, open_again: Opener
) -> None:
    store = open_again()
    fresh = store.persons.find_or_create(web("fresh"), clock.now())
    conn = store.database.connection()
    assert conn.execute("SELECT number FROM persons WHERE id = ?", (fresh,)).fetchone() == (4,)


def test_migrated_person_can_be_erased_and_ends_in_time(
    persons: dict[str, PersonId], clock: FakeClock, open_again: Opener
) -> None:
    store = open_again()
    store.persons.erase(persons["one"])
    assert store.persons.find(web("one")) is None
    conn = store.database.connection()
    for table in ("identities", "inbox", "outbox", "files", "attempts", "handoffs", "reminders", "keys"):
        assert conn.execute(f"SELECT count(*) FROM {table} WHERE person = 1").fetchone() == (0,), table
    clock.advance(days=CONVERSATION.days + 1)
    store.shredder.purge(clock.now())
    assert conn.execute("SELECT count(*) FROM inbox").fetchone() == (0,)
    assert store.persons.find(web("two")) == persons["two"]


def test_database_is_opened_again_without_a_step(persons: dict[str, PersonId], open_again: Opener) -> None:
    open_again().close()
    assert open_again().persons.find(web("one")) == persons["one"]
