"""The tables, step by step: each step has a date and a name, and is applied once.

Conventions: times are microseconds since 1970 (UTC). ``person`` is the number of a row of ``persons``; the opaque id
stands in that table alone. What a person said or is stands only in BLOB columns sealed under the person's key.
``inbox``, ``outbox`` and ``media`` are queues of one shape: state 0 waits, 1 is leased, 2 is done, 3 was given up, so that
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


# One person, many addresses; the identity is found by keyed hash and kept sealed under the person's key.
_ADDRESSES = (
    """CREATE TABLE identities(
      number INTEGER PRIMARY KEY AUTOINCREMENT,
      person INTEGER NOT NULL REFERENCES persons ON DELETE CASCADE,
      channel TEXT NOT NULL,
      hash BLOB NOT NULL,
      sealed BLOB NOT NULL,
      heard_at INTEGER NOT NULL,
      blocked_at INTEGER,
      account TEXT NOT NULL DEFAULT '',
      UNIQUE(channel, hash)
    ) STRICT""",
    "CREATE INDEX identities_of_person ON identities(person, heard_at)",
    (
        "INSERT INTO identities(person, channel, hash, sealed, heard_at)"
        " SELECT number, channel, identity_hash, identity, active_at FROM persons"
    ),
    """CREATE TABLE persons_anew(
      number INTEGER PRIMARY KEY AUTOINCREMENT,
      id TEXT NOT NULL UNIQUE,
      created_at INTEGER NOT NULL,
      active_at INTEGER NOT NULL,
      notice_at INTEGER,
      farewell_at INTEGER,
      case_record BLOB,
      dialogue BLOB
    ) STRICT""",
    # Numbers are never used twice, those of erased persons included.
    "INSERT INTO sqlite_sequence(name, seq) SELECT 'persons_anew', seq FROM sqlite_sequence WHERE name = 'persons'",
    (
        "INSERT INTO persons_anew SELECT number, id, created_at, active_at, notice_at, farewell_at, case_record, dialogue"
        " FROM persons"
    ),
    "DROP TABLE persons",
    "ALTER TABLE persons_anew RENAME TO persons",
)

_DELIVERY = (
    "ALTER TABLE inbox ADD COLUMN identity INTEGER REFERENCES identities ON DELETE SET NULL",
    # The order among a person's messages: microseconds, as near as the platform tells.
    "ALTER TABLE inbox ADD COLUMN rank INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE inbox ADD COLUMN album BLOB",
    "UPDATE inbox SET rank = at, identity = (SELECT number FROM identities AS i WHERE i.person = inbox.person)",
    "ALTER TABLE outbox ADD COLUMN identity INTEGER REFERENCES identities ON DELETE SET NULL",
    "ALTER TABLE outbox ADD COLUMN channel TEXT NOT NULL DEFAULT ''",
    # 0 is the dialogue, 1 a reminder: a reminder that cannot leave holds no answer up.
    "ALTER TABLE outbox ADD COLUMN rank INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE outbox ADD COLUMN expires_at INTEGER",
    "ALTER TABLE outbox ADD COLUMN tries INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE outbox ADD COLUMN parts INTEGER NOT NULL DEFAULT 0",
    # Doubt: 0 none, 1 it was on its way when nobody answered, 2 a status was waited for and did not come.
    "ALTER TABLE outbox ADD COLUMN doubt INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE outbox ADD COLUMN is_repeated INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE outbox ADD COLUMN error TEXT",
    "ALTER TABLE outbox ADD COLUMN status INTEGER",
    (
        "UPDATE outbox SET identity = (SELECT number FROM identities AS i WHERE i.person = outbox.person),"
        " channel = (SELECT channel FROM identities AS i WHERE i.person = outbox.person)"
    ),
    "DROP INDEX outbox_open",
    "CREATE INDEX outbox_open ON outbox(rank, seq) WHERE state < 2",
    # A file that lies with a platform: a queue of the same shape; the result is an InboundFile, sealed.
    """CREATE TABLE media(
      seq INTEGER PRIMARY KEY AUTOINCREMENT,
      person INTEGER NOT NULL REFERENCES persons ON DELETE CASCADE,
      inbox INTEGER NOT NULL REFERENCES inbox ON DELETE CASCADE,
      channel TEXT NOT NULL,
      payload BLOB NOT NULL,
      at INTEGER NOT NULL,
      state INTEGER NOT NULL DEFAULT 0,
      attempts INTEGER NOT NULL DEFAULT 0,
      not_before INTEGER NOT NULL DEFAULT 0,
      lease_until INTEGER NOT NULL DEFAULT 0,
      lease_owner TEXT,
      done_at INTEGER,
      result BLOB,
      is_late INTEGER NOT NULL DEFAULT 0
    ) STRICT""",
    "CREATE INDEX media_of_person ON media(person, state, seq)",
    "CREATE INDEX media_of_inbox ON media(inbox)",
    "CREATE INDEX media_open ON media(seq) WHERE state < 2",
    # Whose id the bytes of a file name, where that person was joined with the row's.
    "ALTER TABLE files ADD COLUMN sealed_for TEXT",
    """CREATE TABLE link_codes(
      hash BLOB PRIMARY KEY,
      person INTEGER NOT NULL REFERENCES persons ON DELETE CASCADE,
      until INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID""",
)

_ACCOUNTS = (
    # Which of our numbers a message came to, and its answer leaves from: a person may write to two of them.
    "ALTER TABLE inbox ADD COLUMN account TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE outbox ADD COLUMN account TEXT NOT NULL DEFAULT ''",
    (
        "UPDATE outbox SET account = coalesce((SELECT account FROM identities AS i WHERE i.number = outbox.identity), '')"
        " WHERE state <> 2"  # what was given up may be sent again
    ),
)

# Persons are served in turns: a row's round is how many of its person's go before it, counted from the round served.
_ROUNDS = (
    "ALTER TABLE inbox ADD COLUMN round INTEGER NOT NULL DEFAULT 0",
    "DROP INDEX inbox_open",
    "CREATE INDEX inbox_open ON inbox(round, seq) WHERE state < 2",
    # Which of a person's waiting messages is the earliest, without reading them all.
    "CREATE INDEX inbox_waiting ON inbox(person, rank, seq) WHERE state = 0",
    "ALTER TABLE media ADD COLUMN round INTEGER NOT NULL DEFAULT 0",
    "DROP INDEX media_open",
    "CREATE INDEX media_open ON media(round, seq) WHERE state < 2",
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


@MIGRATIONS(name="2026-11-26 one person, many addresses")
def _addresses(db: Database) -> None:
    _run(db, _ADDRESSES)


@MIGRATIONS(name="2026-11-26 platforms: order, doubt, media, linking")
def _delivery(db: Database) -> None:
    _run(db, _DELIVERY)


@MIGRATIONS(name="2026-11-26 the number an answer leaves from")
def _accounts(db: Database) -> None:
    _run(db, _ACCOUNTS)


@MIGRATIONS(name="2026-11-26 persons in turns")
def _rounds(db: Database) -> None:
    _run(db, _ROUNDS)


def _run(db: Database, statements: tuple[str, ...]) -> None:
    for statement in statements:
        db.execute(statement)
