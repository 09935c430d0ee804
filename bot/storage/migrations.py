"""The tables, step by step: each step has a date and a name, and is applied once.

Conventions: times are microseconds since 1970 (UTC). ``person`` is the number of a row of ``persons``; the opaque id
stands in that table alone. What a person said or is stands only in BLOB columns sealed under the person's key.
``inbox`` and ``outbox`` are queues of one shape: state 0 waits, 1 is leased, 2 is done, 3 was given up, so that
``state < 2`` is open.
Must not know: how the tables are used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlite_utils.migrations import Migrations

if TYPE_CHECKING:
    from sqlite_utils.db import Database

MIGRATIONS = Migrations("guichet")

_PERSONS = (
    "CREATE TABLE meta(name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT",
    # Numbers are never used twice: old references and caches cannot meet another person.
    """CREATE TABLE persons(
      number INTEGER PRIMARY KEY AUTOINCREMENT,
      id TEXT NOT NULL UNIQUE,
      channel TEXT NOT NULL,
      identity_hash BLOB NOT NULL,
      identity BLOB NOT NULL,
      created_at INTEGER NOT NULL,
      active_at INTEGER NOT NULL,
      notice_at INTEGER,
      farewell_at INTEGER,
      case_record BLOB,
      dialogue BLOB,
      UNIQUE(channel, identity_hash)
    ) STRICT""",
    # The key stands after 4 KiB of zeros, hence always on an overflow page of its own: SQLite never copies such a
    # page to another place, and secure_delete overwrites it whole. In a shared page a copy could be left behind.
    """CREATE TABLE keys(
      person INTEGER PRIMARY KEY REFERENCES persons ON DELETE CASCADE,
      master_key TEXT NOT NULL,
      padded_key BLOB NOT NULL
    ) STRICT""",
)

_QUEUES = (
    """CREATE TABLE inbox(
      seq INTEGER PRIMARY KEY AUTOINCREMENT,
      person INTEGER NOT NULL REFERENCES persons ON DELETE CASCADE,
      channel TEXT NOT NULL,
      external_hash BLOB NOT NULL,
      payload BLOB NOT NULL,
      at INTEGER NOT NULL,
      state INTEGER NOT NULL DEFAULT 0,
      attempts INTEGER NOT NULL DEFAULT 0,
      not_before INTEGER NOT NULL DEFAULT 0,
      lease_until INTEGER NOT NULL DEFAULT 0,
      lease_owner TEXT,
      done_at INTEGER,
      UNIQUE(channel, external_hash)
    ) STRICT""",
    "CREATE INDEX inbox_of_person ON inbox(person, state, seq)",
    "CREATE INDEX inbox_open ON inbox(seq) WHERE state < 2",
    """CREATE TABLE outbox(
      seq INTEGER PRIMARY KEY AUTOINCREMENT,
      person INTEGER NOT NULL REFERENCES persons ON DELETE CASCADE,
      dedupe_key TEXT NOT NULL,
      payload BLOB NOT NULL,
      at INTEGER NOT NULL,
      state INTEGER NOT NULL DEFAULT 0,
      attempts INTEGER NOT NULL DEFAULT 0,
      not_before INTEGER NOT NULL DEFAULT 0,
      lease_until INTEGER NOT NULL DEFAULT 0,
      lease_owner TEXT,
      done_at INTEGER,
      UNIQUE(person, dedupe_key)
    ) STRICT""",
    "CREATE INDEX outbox_of_person ON outbox(person, state, seq)",
    "CREATE INDEX outbox_open ON outbox(seq) WHERE state < 2",
    """CREATE TABLE replays(
      channel TEXT NOT NULL,
      external_hash BLOB NOT NULL,
      until INTEGER NOT NULL,
      PRIMARY KEY(channel, external_hash)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE failures(
      number INTEGER PRIMARY KEY,
      queue TEXT NOT NULL,
      error TEXT NOT NULL,
      at INTEGER NOT NULL,
      is_final INTEGER NOT NULL
    ) STRICT""",
)

_CASES = (
    """CREATE TABLE attempts(
      number INTEGER PRIMARY KEY,
      person INTEGER NOT NULL REFERENCES persons ON DELETE CASCADE,
      record BLOB NOT NULL
    ) STRICT""",
    "CREATE INDEX attempts_of_person ON attempts(person)",
    # State: 0 waits for a yes, 1 has it but no attempt names it yet, 2 belongs to a recorded attempt.
    """CREATE TABLE files(
      id TEXT PRIMARY KEY,
      person INTEGER NOT NULL REFERENCES persons ON DELETE CASCADE,
      kind TEXT NOT NULL,
      wrapped_key BLOB NOT NULL,
      at INTEGER NOT NULL,
      state INTEGER NOT NULL DEFAULT 0,
      inbox INTEGER
    ) STRICT""",
    "CREATE INDEX files_of_person ON files(person, state)",
    "CREATE INDEX files_waiting ON files(at) WHERE state = 0",
    """CREATE TABLE handoffs(
      number INTEGER PRIMARY KEY,
      person INTEGER NOT NULL REFERENCES persons ON DELETE CASCADE,
      reason TEXT NOT NULL,
      since INTEGER NOT NULL,
      closed_at INTEGER
    ) STRICT""",
    "CREATE UNIQUE INDEX handoffs_open ON handoffs(person, reason) WHERE closed_at IS NULL",
    "CREATE INDEX handoffs_of_person ON handoffs(person)",
    """CREATE TABLE reminders(
      person INTEGER NOT NULL REFERENCES persons ON DELETE CASCADE,
      kind TEXT NOT NULL,
      at INTEGER NOT NULL,
      is_announced INTEGER NOT NULL DEFAULT 0,
      PRIMARY KEY(person, kind)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX reminders_by_time ON reminders(at)",
)


@MIGRATIONS(name="2026-11-23 persons and their keys")
def _persons(db: Database) -> None:
    _run(db, _PERSONS)


@MIGRATIONS(name="2026-11-23 inbox and outbox")
def _queues(db: Database) -> None:
    _run(db, _QUEUES)


@MIGRATIONS(name="2026-11-23 attempts, files, handoffs, reminders")
def _cases(db: Database) -> None:
    _run(db, _CASES)


def _run(db: Database, statements: tuple[str, ...]) -> None:
    for statement in statements:
        db.execute(statement)
