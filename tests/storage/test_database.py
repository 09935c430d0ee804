"""Connections, transactions and what happens when SQLite refuses."""

from __future__ import annotations

import gc
import os
import sqlite3
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.core.delivery import Status
from bot.core.errors import StorageError
from bot.storage import migrations
from bot.storage.database import open_database
from bot.storage.migrations import MIGRATIONS
from bot.storage.sealing import MasterKey
from bot.storage.store import open_store
from tests.records import LEASE, answer, text, turn, web

if TYPE_CHECKING:
    from bot.storage.store import Store
    from tests.fake_memory import FakeClock
    from tests.storage.conftest import Opener

PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": 2,
    "foreign_keys": 1,
    "secure_delete": 1,
    "busy_timeout": 5000,
    "temp_store": 2,
}


def test_what_need_not_outlive_a_power_cut_does_not_wait_for_the_disk(store: Store) -> None:
    def level(conn: sqlite3.Connection) -> int:
        found: int = conn.execute("PRAGMA synchronous").fetchone()[0]
        return found

    with store.database.transaction(outlives_power=False) as conn:
        assert level(conn) == 1
    assert level(conn) == 2
    with pytest.raises(StorageError), store.database.transaction(outlives_power=False) as conn:
        conn.execute("SELECT * FROM nothing_of_that_name")
    assert level(conn) == 2
    with store.database.transaction() as conn:
        assert level(conn) == 2


def test_connection_of_every_thread_is_durable_and_forgets_what_is_deleted(store: Store) -> None:
    seen: list[dict[str, object]] = []

    def look() -> None:
        conn = store.database.connection()
        seen.append({name: conn.execute(f"PRAGMA {name}").fetchone()[0] for name in PRAGMAS})

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    look()
    assert seen == [PRAGMAS, PRAGMAS]


def test_connection_ends_with_its_thread(store: Store) -> None:
    conns: list[sqlite3.Connection] = []
    thread = threading.Thread(target=lambda: conns.append(store.database.connection()))
    thread.start()
    thread.join()
    gc.collect()
    with pytest.raises(sqlite3.ProgrammingError):
        conns[0].execute("SELECT 1")


def test_migrations_are_dated_and_applied_once(data_dir: Path, open_again: Opener) -> None:
    first = open_again().database.connection().execute("SELECT name FROM _sqlite_migrations").fetchall()
    again = open_again().database.connection().execute("SELECT name FROM _sqlite_migrations").fetchall()
    assert first == again
    assert len(first) == Path(migrations.__file__).read_text("utf-8").count("\n@MIGRATIONS(")
    assert all(name.startswith("2026-11-2") for (name,) in first)
    assert (data_dir / "guichet.db").exists()
    assert MIGRATIONS.name == "guichet"


def test_many_threads_may_open_a_new_database_at_once(tmp_path: Path) -> None:
    barrier, problems = threading.Barrier(6), []

    def start() -> None:
        barrier.wait()
        try:
            open_database(tmp_path / "guichet.db").close()
        except StorageError as error:
            problems.append(error)

    threads = [threading.Thread(target=start) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []


def test_failed_transaction_leaves_nothing(store: Store) -> None:
    def fail() -> None:
        with store.database.transaction() as conn:
            conn.execute("INSERT INTO meta(name, value) VALUES ('x', 'y')")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with store.database.reading() as conn:
        assert conn.execute("SELECT count(*) FROM meta WHERE name = 'x'").fetchone() == (0,)


def test_wrong_sql_comes_out_as_storage_error_without_values(store: Store) -> None:
    with pytest.raises(StorageError, match="SQLITE_CONSTRAINT"), store.database.transaction() as conn:
        conn.execute("INSERT INTO meta(name, value) VALUES ('secret', NULL)")


def test_locked_database_is_refused_in_time_and_recovers(data_dir: Path, clock: FakeClock, open_again: Opener) -> None:
    store = open_again(busy_seconds=0.05)
    blocker = sqlite3.connect(data_dir / "guichet.db", isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageError, match="SQLITE_BUSY"):
        store.inbox.put(web("one"), "1", text("x"), clock.now())
    blocker.execute("ROLLBACK")
    blocker.close()
    store.inbox.put(web("one"), "1", text("x"), clock.now())


def test_thread_that_waits_too_long_for_another_is_refused(clock: FakeClock, open_again: Opener) -> None:
    store = open_again(busy_seconds=0.05)
    refused: list[StorageError] = []

    def put() -> None:
        try:
            store.inbox.put(web("one"), "1", text("x"), clock.now())
        except StorageError as error:
            refused.append(error)

    with store.database.transaction():
        thread = threading.Thread(target=put)
        thread.start()
        thread.join()
    assert len(refused) == 1


def test_what_a_platform_waits_for_passes_before_the_jobs(
    store: Store, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A webhook that comes after a job, both while the store is written to, is through first."""
    person = store.persons.find_or_create(web("one"), clock.now())
    store.outbox.put(person, answer("x"), "x", clock.now())
    queued = store.outbox.claim(clock.now(), LEASE)
    assert queued is not None
    works = {
        "job": lambda: store.outbox.sending(queued),
        "message": lambda: store.inbox.put(web("two"), "1", text("x"), clock.now()),
        # No report that the message arrived: then there would be no work left for the job.
        "report": lambda: store.outbox.confirm(queued.token, Status.ACCEPTED, clock.now()),
    }
    passed: list[str] = []
    writers = store.database._writers
    leave = writers.leave

    def note_and_leave() -> None:
        passed.append(threading.current_thread().name)
        leave()

    threads = [threading.Thread(target=work, name=name) for name, work in works.items()]
    with store.database.transaction():
        monkeypatch.setattr(writers, "leave", note_and_leave)
        for count, thread in enumerate(threads, 1):
            thread.start()
            while len(writers._urgent) + len(writers._others) < count:
                thread.join(0.001)
                assert thread.is_alive()
    for thread in threads:
        thread.join(10)
    assert passed == [threading.current_thread().name, "message", "report", "job"]


def test_full_disk_is_refused_whole_and_recovers(store: Store, clock: FakeClock) -> None:
    store.inbox.put(web("one"), "1", text("x"), clock.now())
    received = store.inbox.claim(clock.now(), LEASE)
    assert received is not None
    conn = store.database.connection()
    pages = conn.execute("PRAGMA page_count").fetchone()[0]
    conn.execute(f"PRAGMA max_page_count = {pages + 2}")
    with pytest.raises(StorageError, match="SQLITE_FULL"):
        store.inbox.put(web("two"), "2", text("x" * 50_000), clock.now())
    with pytest.raises(StorageError, match="SQLITE_FULL"):
        store.inbox.commit(received, turn("y" * 50_000), clock.now())
    conn.execute("PRAGMA max_page_count = 1000000")
    assert store.persons.find(web("two")) is None
    assert store.outbox.claim(clock.now(), LEASE) is None
    store.inbox.put(web("two"), "2", text("x"), clock.now())
    store.inbox.commit(received, turn("y"), clock.now())
    assert conn.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_database_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "guichet.db").write_bytes(b"not a database" * 100)
    with pytest.raises(StorageError, match="SQLITE_NOTADB"):
        open_database(tmp_path / "guichet.db")


def test_checkpoint_empties_the_log_unless_somebody_reads(data_dir: Path, clock: FakeClock, open_again: Opener) -> None:
    store = open_again(busy_seconds=0.05)
    store.inbox.put(web("one"), "1", text("x"), clock.now())
    log = data_dir / "guichet.db-wal"
    reader = sqlite3.connect(data_dir / "guichet.db", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM persons").fetchall()
    store.inbox.put(web("one"), "2", text("x"), clock.now())
    assert not store.database.checkpoint()
    assert log.stat().st_size
    reader.close()
    assert store.database.checkpoint()
    assert not log.stat().st_size


def test_closed_store_refuses_and_leaves_no_log(data_dir: Path, store: Store, clock: FakeClock) -> None:
    store.inbox.put(web("one"), "1", text("x"), clock.now())
    store.close()
    with pytest.raises(StorageError, match="closed"):
        store.persons.find(web("one"))
    assert sorted(path.name for path in data_dir.iterdir()) == ["files", "guichet.db", "locks", "slips"]
    assert [*(data_dir / "locks").iterdir(), *(data_dir / "slips").iterdir()] == []


def test_data_is_readable_by_its_owner_alone(data_dir: Path, store: Store) -> None:
    assert store.database.path.parent == data_dir
    assert data_dir.stat().st_mode & 0o777 == 0o700


def test_time_without_a_zone_is_refused(store: Store, clock: FakeClock) -> None:
    with pytest.raises(StorageError, match="without a zone"):
        store.inbox.put(web("one"), "1", text("x"), clock.now().replace(tzinfo=None))


def test_data_directory_that_cannot_be_made_is_refused(tmp_path: Path, clock: FakeClock) -> None:
    (tmp_path / "data").write_text("a file", "ascii")
    with pytest.raises(StorageError, match="cannot be made"):
        open_store(tmp_path / "data", MasterKey(bytes(32)), os.urandom, clock)
