"""A message the platform has thanked for is not in doubt, though the process dies before its commit (ADR 0023)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.core.delivery import Status
from bot.core.effects import EraseEverything
from bot.core.errors import LeaseLostError, StorageError
from bot.core.queued import Doubt
from bot.core.remedy import Remedy
from tests.records import LEASE, answer, text, turn, web

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.core.queued import Queued
    from bot.storage.store import Store
    from tests.fake_memory import FakeClock
    from tests.storage.conftest import Opener


class Killed(BaseException):
    """Stands for the end of the process: nothing catches it."""


def _waiting(store: Store, clock: FakeClock, *texts: str) -> None:
    person = store.persons.find_or_create(web("one"), clock.now())
    for words in texts:
        store.outbox.put(person, answer(words), words, clock.now())


def _handed_over(store: Store, clock: FakeClock) -> Queued:
    queued = store.outbox.claim(clock.now(), LEASE)
    assert queued is not None
    store.outbox.sending(queued)
    return queued


def _die_in_commit(store: Store, queued: Queued, clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_given: object, **_named: object) -> Iterator[None]:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(type(store.database), "transaction", never)
        with pytest.raises(Killed):
            store.outbox.sent(queued, clock.now())
    store.close()


def _rows(store: Store) -> list[tuple[object, ...]]:
    with store.database.reading() as conn:
        return conn.execute("SELECT state, doubt, is_repeated FROM outbox ORDER BY seq").fetchall()


def _slips(data_dir: Path) -> list[str]:
    return sorted(path.name for path in (data_dir / "slips").iterdir())


def test_thanked_message_is_sent_after_a_kill_and_not_in_doubt(
    store: Store, open_again: Opener, clock: FakeClock, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _waiting(store, clock, "first", "second")
    _die_in_commit(store, _handed_over(store, clock), clock, monkeypatch)
    assert _slips(data_dir) == ["1"]
    other = open_again()
    following = other.outbox.claim(clock.now(), LEASE)
    assert following is not None
    assert (following.message.text, following.doubt) == ("second", Doubt.NONE)
    assert _rows(other)[0] == (2, 0, 0)
    assert _slips(data_dir) == []


def test_message_nobody_thanked_for_is_in_doubt(store: Store, open_again: Opener, clock: FakeClock) -> None:
    _waiting(store, clock, "first")
    _handed_over(store, clock)
    store.close()
    again = open_again().outbox.claim(clock.now(), LEASE)
    assert again is not None
    assert (again.message.text, again.doubt) == ("first", Doubt.ON_ITS_WAY)


def test_slip_of_an_earlier_try_says_nothing_of_the_next(
    store: Store, open_again: Opener, clock: FakeClock, data_dir: Path
) -> None:
    _waiting(store, clock, "first")
    (data_dir / "slips" / "1").touch()
    _handed_over(store, clock)
    store.close()
    again = open_again().outbox.claim(clock.now(), LEASE)
    assert again is not None
    assert again.doubt is Doubt.ON_ITS_WAY


def test_slips_of_nothing_in_doubt_are_swept(
    store: Store, open_again: Opener, clock: FakeClock, data_dir: Path
) -> None:
    _waiting(store, clock, "first")
    for name in ("1", "7", "note.txt"):
        (data_dir / "slips" / name).touch()
    other = open_again()
    assert _slips(data_dir) == ["note.txt"]
    queued = other.outbox.claim(clock.now(), LEASE)
    assert queued is not None
    assert queued.message.text == "first"


def test_message_that_is_never_in_doubt_needs_no_slip(
    store: Store, clock: FakeClock, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _waiting(store, clock, "first")
    queued = store.outbox.claim(clock.now(), LEASE)
    assert queued is not None
    _die_in_commit(store, queued, clock, monkeypatch)
    assert _slips(data_dir) == []


@pytest.mark.parametrize("end", ["report", "erasure"])
def test_no_slip_is_left_of_a_message_whose_end_was_known_before_its_answer(
    store: Store, clock: FakeClock, data_dir: Path, end: str
) -> None:
    _waiting(store, clock, "first")
    queued = _handed_over(store, clock)
    if end == "report":
        store.outbox.confirm(queued.token, Status.SENT, clock.now())
    else:
        store.persons.erase(queued.person)
    with pytest.raises(LeaseLostError):
        store.outbox.sent(queued, clock.now())
    assert _slips(data_dir) == []


@pytest.mark.parametrize("told", [Status.SENT, Status.FAILED])
def test_farewell_of_which_a_report_comes_before_the_answer_ends_the_erasure(
    store: Store, clock: FakeClock, told: Status
) -> None:
    store.inbox.put(web("one"), "1", text("erase"), clock.now())
    received = store.inbox.claim(clock.now(), LEASE)
    assert received is not None
    store.inbox.commit(received, turn("adieu", effects=(EraseEverything(),)), clock.now())
    queued = _handed_over(store, clock)
    store.outbox.confirm(queued.token, told, clock.now(), "131049", remedy=Remedy())
    with store.database.reading() as conn:
        assert conn.execute("SELECT count(*) FROM persons").fetchone() == (0,)
    with pytest.raises(LeaseLostError):
        store.outbox.sent(queued, clock.now())


def test_without_room_for_a_slip_the_commit_alone_tells(store: Store, clock: FakeClock, data_dir: Path) -> None:
    _waiting(store, clock, "first")
    queued = _handed_over(store, clock)
    (data_dir / "slips").rmdir()
    store.outbox.sent(queued, clock.now())
    assert _rows(store) == [(2, 0, 0)]


def test_directory_that_cannot_be_made_is_named(open_again: Opener, data_dir: Path) -> None:
    data_dir.mkdir()
    (data_dir / "slips").touch()
    with pytest.raises(StorageError, match="slips"):
        open_again()
