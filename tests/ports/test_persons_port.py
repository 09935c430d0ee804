"""The contract of ``Persons``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.core.case import Case
from bot.core.effects import HandoffReason, HandOver, PersonState, Remind, ReminderKind
from bot.core.errors import DuplicateMessageError, KeyDestroyedError
from bot.core.ids import PersonId
from bot.core.ports import Address, FileKind
from tests.records import LEASE, answer, text, turn, web

if TYPE_CHECKING:
    from bot.storage.store import Store
    from tests.fake_memory import FakeClock


class TestPersons:
    """What a caller may rely on."""

    def test_address_leads_to_one_person(self, store: Store, clock: FakeClock) -> None:
        assert store.persons.find(web("one")) is None
        person = store.persons.find_or_create(web("one"), clock.now())
        assert store.persons.find_or_create(web("one"), clock.now()) == person
        assert store.persons.find(web("one")) == person
        assert store.persons.find(Address("telegram", "one")) is None

    def test_id_says_nothing_of_the_identity(self, store: Store, clock: FakeClock) -> None:
        person = store.persons.find_or_create(web("an-identity"), clock.now())
        assert "identity" not in person

    def test_new_person_has_an_empty_state(self, store: Store, clock: FakeClock) -> None:
        person = store.persons.find_or_create(web("one"), clock.now())
        assert store.persons.state(person) == PersonState(Case(), b"", ())

    def test_state_of_a_stranger_cannot_be_opened(self, store: Store) -> None:
        with pytest.raises(KeyDestroyedError):
            store.persons.state(PersonId("pnobody"))

    def test_erased_person_is_gone_everywhere(self, store: Store, clock: FakeClock) -> None:
        store.inbox.put(web("one"), "1", text("first"), clock.now())
        store.inbox.put(web("two"), "2", text("somebody else"), clock.now())
        received = store.inbox.claim(clock.now(), LEASE)
        assert received is not None
        person = received.person
        file = store.files.put(person, b"png", FileKind.ORIGINAL, clock.now())
        effects = (HandOver(HandoffReason.ASKED), Remind(clock.now(), ReminderKind.TRY_AGAIN))
        store.inbox.commit(received, turn("answer", effects=effects), clock.now())
        store.outbox.put(person, answer("more"), "k", clock.now())
        store.inbox.put(web("one"), "3", text("waits"), clock.now())
        store.persons.erase(person)
        assert store.persons.find(web("one")) is None
        with pytest.raises(KeyDestroyedError):
            store.persons.state(person)
        with pytest.raises(KeyDestroyedError):
            store.files.open(person, file)
        with pytest.raises(KeyDestroyedError):
            store.outbox.history(person)
        assert store.outbox.claim(clock.now(), LEASE) is None
        assert store.handoffs.open() == []
        assert store.reminders.due(clock.now()) == []
        with pytest.raises(DuplicateMessageError):
            store.inbox.put(web("one"), "1", text("first"), clock.now())
        other = store.inbox.claim(clock.now(), LEASE)
        assert other is not None
        assert other.message.text == "somebody else"

    def test_erasing_twice_or_nobody_changes_nothing(self, store: Store, clock: FakeClock) -> None:
        person = store.persons.find_or_create(web("one"), clock.now())
        store.persons.erase(person)
        store.persons.erase(person)
        store.persons.erase(PersonId("pnobody"))

    def test_person_who_comes_back_is_a_new_one(self, store: Store, clock: FakeClock) -> None:
        person = store.persons.find_or_create(web("one"), clock.now())
        store.persons.erase(person)
        assert store.persons.find_or_create(web("one"), clock.now()) != person
