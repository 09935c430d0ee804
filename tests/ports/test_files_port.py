"""The contract of ``Files``."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.core.effects import KeepFiles
from bot.core.errors import KeyDestroyedError, StorageError
from bot.core.ids import FileId, PersonId
from bot.core.ports import FileKind
from tests.records import LEASE, text, turn, web

if TYPE_CHECKING:
    from bot.storage.store import Store
    from tests.fake_memory import FakeClock

SIZES = (0, 1, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, 5 << 19)


class TestFiles:
    """What a caller may rely on."""

    def test_bytes_come_back_whatever_their_size(self, store: Store, clock: FakeClock) -> None:
        person = store.persons.find_or_create(web("one"), clock.now())
        files = {
            size: store.files.put(person, b"\xff\xd8" * (size // 2) + b"x" * (size % 2), FileKind.SAFE, clock.now())
            for size in SIZES
        }
        assert len(set(files.values())) == 6
        for size, file in files.items():
            assert store.files.open(person, file) == b"\xff\xd8" * (size // 2) + b"x" * (size % 2)

    def test_file_opens_for_its_person_only(self, store: Store, clock: FakeClock) -> None:
        one, two = (store.persons.find_or_create(web(name), clock.now()) for name in ("one", "two"))
        file = store.files.put(one, b"png", FileKind.ORIGINAL, clock.now())
        with pytest.raises(StorageError):
            store.files.open(two, file)
        store.files.discard(two, (file,))
        assert store.files.open(one, file) == b"png"

    def test_nobody_has_no_files(self, store: Store, clock: FakeClock) -> None:
        with pytest.raises(KeyDestroyedError):
            store.files.put(PersonId("pnobody"), b"png", FileKind.ORIGINAL, clock.now())
        store.files.discard(PersonId("pnobody"), (FileId("fnone"),))

    def test_discarded_file_is_gone_and_missing_ones_are_passed_over(self, store: Store, clock: FakeClock) -> None:
        person = store.persons.find_or_create(web("one"), clock.now())
        file, other = (store.files.put(person, b"png", FileKind.ORIGINAL, clock.now()) for _ in range(2))
        store.files.discard(person, (FileId("fnone"), file))
        store.files.discard(person, (file,))
        with pytest.raises(StorageError):
            store.files.open(person, file)
        assert store.files.open(person, other) == b"png"

    def test_file_without_a_yes_is_erased_in_time(self, store: Store, clock: FakeClock) -> None:
        person = store.persons.find_or_create(web("one"), clock.now())
        waiting = store.files.put(person, b"png", FileKind.ORIGINAL, clock.now())
        agreed = store.files.put(person, b"png", FileKind.ORIGINAL, clock.now())
        store.inbox.put(web("one"), "1", text("yes", agreed), clock.now())
        received = store.inbox.claim(clock.now(), LEASE)
        assert received is not None
        store.inbox.commit(received, turn(effects=(KeepFiles((agreed, FileId("fgone"))),)), clock.now())
        now = clock.advance(minutes=11)
        fresh = store.files.put(person, b"png", FileKind.ORIGINAL, now)
        assert store.files.discard_waiting(now - timedelta(minutes=10)) == 1
        assert store.files.discard_waiting(now - timedelta(minutes=10)) == 0
        with pytest.raises(StorageError):
            store.files.open(person, waiting)
        assert store.files.open(person, agreed) == store.files.open(person, fresh) == b"png"

    def test_file_of_an_unanswered_message_does_not_wait(self, store: Store, clock: FakeClock) -> None:
        person = store.persons.find_or_create(web("one"), clock.now())
        file = store.files.put(person, b"png", FileKind.ORIGINAL, clock.now())
        store.inbox.put(web("one"), "1", text("photo", file), clock.now())
        now = clock.advance(hours=2)
        assert store.files.discard_waiting(now) == 0
        received = store.inbox.claim(now, LEASE)
        assert received is not None
        store.inbox.commit(received, turn("explained"), now)
        assert store.files.discard_waiting(now) == 1
