"""Sealed files on disk: what an attacker with the disk, or a full one, can do."""

from __future__ import annotations

import errno
import os
import sqlite3
from typing import TYPE_CHECKING

import pytest

from bot.core.errors import KeyDestroyedError, StorageError
from bot.core.ports import FileKind
from bot.storage.disk import Disk
from tests.records import web

if TYPE_CHECKING:
    from pathlib import Path

    from bot.core.ids import FileId, PersonId
    from bot.storage.store import Store
    from tests.fake_memory import FakeClock
    from tests.storage.conftest import Opener


@pytest.fixture
def person(store: Store, clock: FakeClock) -> PersonId:
    return store.persons.find_or_create(web("one"), clock.now())


def test_name_and_bytes_on_disk_say_nothing(data_dir: Path, store: Store, person: PersonId, clock: FakeClock) -> None:
    file = store.files.put(person, b"PLAIN-BYTES" * 9, FileKind.ORIGINAL, clock.now())
    (path,) = (data_dir / "files").iterdir()
    assert path.name == file
    assert b"PLAIN" not in path.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o600


def test_altered_cut_or_missing_file_is_refused(
    data_dir: Path, store: Store, person: PersonId, clock: FakeClock
) -> None:
    file = store.files.put(person, b"png" * 500, FileKind.ORIGINAL, clock.now())
    path = data_dir / "files" / file
    sealed = path.read_bytes()
    for broken in (sealed[:-1], sealed[:11], sealed[:50] + b"\x00" + sealed[51:], b""):
        path.write_bytes(broken)
        with pytest.raises(StorageError):
            store.files.open(person, file)
    path.unlink()
    with pytest.raises(StorageError):
        store.files.open(person, file)


def test_swapped_files_are_refused_even_with_their_rows(
    data_dir: Path, store: Store, person: PersonId, clock: FakeClock
) -> None:
    other = store.persons.find_or_create(web("two"), clock.now())
    mine, second = (store.files.put(person, each, FileKind.ORIGINAL, clock.now()) for each in (b"1", b"2"))
    theirs = store.files.put(other, b"3", FileKind.ORIGINAL, clock.now())
    (data_dir / "files" / second).replace(data_dir / "files" / mine)
    (data_dir / "files" / theirs).replace(data_dir / "files" / second)
    with store.database.transaction() as conn:
        rows = dict(conn.execute("SELECT id, wrapped_key FROM files").fetchall())
        conn.execute("UPDATE files SET wrapped_key = ? WHERE id = ?", (rows[second], mine))
        conn.execute("UPDATE files SET wrapped_key = ? WHERE id = ?", (rows[theirs], second))
    for file in (mine, second):
        with pytest.raises(StorageError):
            store.files.open(person, file)


@pytest.mark.parametrize("step", ["fsync", "rename"])
def test_full_disk_is_refused_and_leaves_nothing(
    store: Store, person: PersonId, clock: FakeClock, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    directory = store.database.path.parent / "files"

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, step, full)
        with pytest.raises(StorageError, match="the disk refused"):
            store.files.put(person, b"png", FileKind.ORIGINAL, clock.now())
    assert list(directory.iterdir()) == []
    with store.database.reading() as conn:
        assert conn.execute("SELECT count(*) FROM files").fetchone() == (0,)
    store.files.put(person, b"png", FileKind.ORIGINAL, clock.now())


def test_file_of_a_transaction_that_failed_is_removed(
    data_dir: Path, clock: FakeClock, open_again: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_again(busy_seconds=0.05)
    person = store.persons.find_or_create(web("one"), clock.now())
    blocker = sqlite3.connect(data_dir / "guichet.db", isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageError):
        store.files.put(person, b"png", FileKind.ORIGINAL, clock.now())
    blocker.close()
    assert list((data_dir / "files").iterdir()) == []
    monkeypatch.setattr(Disk, "publish", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        store.files.put(person, b"png", FileKind.ORIGINAL, clock.now())
    assert list((data_dir / "files").iterdir()) == []


def test_person_erased_while_a_file_is_sealed_gets_none(
    data_dir: Path, store: Store, person: PersonId, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = Disk.draft

    def erase_first(disk: Disk, file: FileId, data: bytes) -> Path:
        store.persons.erase(person)
        return draft(disk, file, data)

    monkeypatch.setattr(Disk, "draft", erase_first)
    with pytest.raises(KeyDestroyedError):
        store.files.put(person, b"png", FileKind.ORIGINAL, clock.now())
    assert list((data_dir / "files").iterdir()) == []


def test_sweep_takes_orphans_and_drafts_of_the_dead_only(
    data_dir: Path, store: Store, person: PersonId, clock: FakeClock, open_again: Opener
) -> None:
    file = store.files.put(person, b"png", FileKind.ORIGINAL, clock.now())
    directory = data_dir / "files"
    (directory / "forphan").write_bytes(b"x")
    (directory / "wdead.fdraft.part").write_bytes(b"x")
    living = directory / f"{store.leases.owner}.fdraft.part"
    living.write_bytes(b"x")
    assert open_again().files.sweep() == 0
    assert sorted(path.name for path in directory.iterdir()) == sorted([file, living.name])


def test_directory_of_files_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "files").write_text("a file", "ascii")
    with pytest.raises(StorageError):
        Disk(tmp_path / "files", "w")


def test_key_wrapped_for_another_person_does_not_open(store: Store, person: PersonId, clock: FakeClock) -> None:
    file = store.files.put(person, b"png", FileKind.ORIGINAL, clock.now())
    other = store.persons.find_or_create(web("two"), clock.now())
    with store.database.transaction() as conn:
        conn.execute("UPDATE files SET person = (SELECT number FROM persons WHERE id = ?) WHERE id = ?", (other, file))
    with pytest.raises(StorageError):
        store.files.open(other, file)
