"""What ``purge`` erases and what it leaves."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from bot.core.case import Case, Expiry, Risk, Situation
from bot.core.effects import (
    Effect,
    EraseEverything,
    KeepFiles,
    RecordAttempt,
    Remind,
    ReminderKind,
)
from bot.core.errors import DuplicateMessageError, KeyDestroyedError, StorageError
from bot.core.ports import FileKind
from bot.core.retention import Purged
from tests.records import LEASE, attempt, text, turn, web

if TYPE_CHECKING:
    from bot.core.ids import FileId, PersonId
    from bot.storage.store import Store
    from tests.fake_memory import FakeClock

FACTS = Situation(
    consent=True, departement="93", title="ts.etu", expiry=Expiry(date(2027, 1, 20)), risks=frozenset({Risk.WORK})
)
CASE = Case(language="ar", situation=FACTS, proof_consent=True, misses=2)


def _play(store: Store, clock: FakeClock, external_id: str, *effects: Effect) -> PersonId:
    store.inbox.put(web("one"), external_id, text("x"), clock.now())
    received = store.inbox.claim(clock.now(), LEASE)
    assert received is not None
    store.inbox.commit(received, turn("answer", effects=effects, case=CASE), clock.now())
    while queued := store.outbox.claim(clock.now(), LEASE):
        store.outbox.sent(queued, clock.now())
    return received.person


def _with_folder(store: Store, clock: FakeClock) -> tuple[PersonId, FileId, FileId]:
    person = store.persons.find_or_create(web("one"), clock.now())
    recorded, agreed = (store.files.put(person, b"png", FileKind.ORIGINAL, clock.now()) for _ in range(2))
    _play(store, clock, "1", KeepFiles((recorded, agreed)), RecordAttempt(attempt(recorded)))
    return person, recorded, agreed


class TestRetention:
    """The table of domain.md 6.2."""

    def test_quiet_conversation_is_erased_after_thirty_days(self, store: Store, clock: FakeClock) -> None:
        person = _play(store, clock, "1")
        assert store.shredder.purge(clock.advance(days=29, hours=23)) == Purged()
        assert store.persons.state(person).case == CASE
        assert store.shredder.purge(clock.advance(hours=1)) == Purged(persons=1)
        with pytest.raises(KeyDestroyedError):
            store.persons.state(person)
        assert store.persons.find(web("one")) is None
        with pytest.raises(DuplicateMessageError):
            store.inbox.put(web("one"), "1", text("x"), clock.now())

    def test_person_who_never_got_an_answer_is_erased_too(self, store: Store, clock: FakeClock) -> None:
        store.inbox.put(web("one"), "1", text("x"), clock.now())
        assert store.shredder.purge(clock.advance(days=30)).persons == 1

    def test_message_just_received_counts_as_activity(self, store: Store, clock: FakeClock) -> None:
        person = _play(store, clock, "1")
        clock.advance(days=31)
        store.inbox.put(web("one"), "2", text("x"), clock.now())
        store.shredder.purge(clock.now())
        assert store.persons.state(person).case == CASE
        assert store.inbox.claim(clock.now(), LEASE) is not None

    def test_folder_outlives_its_conversation(self, store: Store, clock: FakeClock) -> None:
        person, recorded, agreed = _with_folder(store, clock)
        assert store.shredder.purge(clock.advance(days=30)) == Purged(conversations=1, messages=0, files=1)
        state = store.persons.state(person)
        assert state.case == Case(
            language="ar",
            situation=replace(FACTS, risks=Situation().risks),
            proof_consent=True,
        )
        assert state.dialogue == b""
        assert len(state.attempts) == 1
        assert store.files.open(person, recorded) == b"png"
        with pytest.raises(StorageError):
            store.files.open(person, agreed)
        assert store.outbox.history(person) == []
        assert store.shredder.purge(clock.advance(days=1)) == Purged()
        assert store.persons.find(web("one")) == person

    def test_folder_goes_ninety_days_after_the_last_message_and_fourteen_after_the_notice(
        self, store: Store, clock: FakeClock
    ) -> None:
        person, recorded, _ = _with_folder(store, clock)
        start = clock.now()
        assert store.shredder.notice_due(start + timedelta(days=75, hours=23)) == []
        assert store.shredder.notice_due(start + timedelta(days=76)) == [person]
        store.shredder.notice_given(person, start + timedelta(days=77))
        assert store.shredder.notice_due(start + timedelta(days=78)) == []
        assert store.shredder.purge(start + timedelta(days=90)).folders == 0
        assert store.files.open(person, recorded) == b"png"
        purged = store.shredder.purge(start + timedelta(days=91))
        assert (purged.folders, purged.persons) == (1, 1)
        with pytest.raises(KeyDestroyedError):
            store.persons.state(person)

    def test_folder_whose_notice_could_not_be_given_does_not_stay_for_ever(
        self, store: Store, clock: FakeClock
    ) -> None:
        _with_folder(store, clock)
        assert store.shredder.purge(clock.advance(days=103)).folders == 0
        assert store.shredder.purge(clock.advance(days=1)).folders == 1

    def test_person_who_writes_after_the_notice_keeps_the_folder(self, store: Store, clock: FakeClock) -> None:
        person, recorded, _ = _with_folder(store, clock)
        store.shredder.notice_given(person, clock.advance(days=76))
        clock.advance(days=13)
        _play(store, clock, "2")
        assert store.shredder.purge(clock.advance(days=20)).folders == 0
        assert store.files.open(person, recorded) == b"png"
        assert store.shredder.notice_due(clock.advance(days=56)) == [person]

    def test_reminder_keeps_address_and_language_alone(self, store: Store, clock: FakeClock) -> None:
        far = clock.now() + timedelta(days=60)
        person = _play(store, clock, "1", Remind(far, ReminderKind.WINDOW_OPENS))
        assert store.shredder.purge(clock.advance(days=31)).conversations == 1
        kept = Case(language="ar", situation=Situation(consent=True), proof_consent=True)
        assert store.persons.state(person).case == kept
        assert store.reminders.due(far) == [(person, ReminderKind.WINDOW_OPENS, far)]
        store.reminders.done(person, ReminderKind.WINDOW_OPENS)
        assert store.shredder.purge(far).persons == 1

    def test_old_messages_go_while_the_conversation_lives(self, store: Store, clock: FakeClock) -> None:
        person = _play(store, clock, "1")
        clock.advance(days=20)
        _play(store, clock, "2")
        clock.advance(days=11)
        assert store.shredder.purge(clock.now()) == Purged(messages=2)
        assert len(store.outbox.history(person)) == 2
        with pytest.raises(DuplicateMessageError):
            store.inbox.put(web("one"), "1", text("x"), clock.now())
        assert store.shredder.purge(clock.advance(days=8)).replay_keys == 1

    def test_unsent_farewell_is_given_up_after_a_day(self, store: Store, clock: FakeClock) -> None:
        store.inbox.put(web("one"), "1", text("erase"), clock.now())
        received = store.inbox.claim(clock.now(), LEASE)
        assert received is not None
        store.inbox.commit(received, turn("goodbye", effects=(EraseEverything(),)), clock.now())
        assert store.shredder.purge(clock.advance(hours=23)).persons == 0
        assert store.shredder.purge(clock.advance(hours=1)).persons == 1
        assert store.persons.find(web("one")) is None

    def test_waiting_files_are_erased_after_ten_minutes(self, store: Store, clock: FakeClock) -> None:
        person = store.persons.find_or_create(web("one"), clock.now())
        store.files.put(person, b"png", FileKind.ORIGINAL, clock.now())
        assert store.shredder.purge(clock.advance(minutes=10)).files == 0
        assert store.shredder.purge(clock.advance(seconds=1)).files == 1
