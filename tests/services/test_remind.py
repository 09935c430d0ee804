"""A reminder is queued once, in the person's language, and says nothing of the case."""

from datetime import timedelta

import pytest

from bot.core.case import Case, Situation
from bot.core.effects import Remind as SetReminder
from bot.core.effects import ReminderKind
from bot.core.errors import KeyDestroyedError, StorageError
from bot.services.remind import Remind
from tests.fake_memory import FakeClock
from tests.fakes import FakeStore
from tests.playing import wording
from tests.records import LEASE, text, turn, web


def say(utterance, language):
    return wording().messages((utterance,), language)[0]


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
def store(clock):
    return FakeStore(clock)


@pytest.fixture
def remind(store, clock):
    return Remind(store.reminders, store.persons, store.outbox, clock, say)


def wants(store, clock, kind, **case):
    store.inbox.put(web("a"), f"m{kind}", text("x"), clock.now())
    received = store.inbox.claim(clock.now(), LEASE)
    effect = SetReminder(clock.now() + timedelta(days=2), kind)
    store.inbox.commit(received, turn(effects=(effect,), case=Case(**case)), clock.now())


def queued(store):
    return [row.message for row in store.outbox._memory.outbox]


def test_reminder_before_its_time_is_not_sent(store, clock, remind):
    wants(store, clock, ReminderKind.TRY_AGAIN)
    assert remind() == 0
    assert queued(store) == []


@pytest.mark.parametrize("kind", list(ReminderKind))
@pytest.mark.parametrize("language", [None, "fr", "en", "ar"])
def test_due_reminder_is_queued_once_in_the_language_of_the_person(store, clock, remind, kind, language):
    wants(store, clock, kind, language=language)
    clock.advance(days=2, minutes=1)
    assert remind() == 1
    assert remind() == 0
    (message,) = queued(store)
    assert message.language == (language or "fr")


def test_reminder_says_nothing_of_the_case(store, clock, remind):
    wants(store, clock, ReminderKind.TRY_AGAIN, language="fr", situation=Situation(departement="93", title="ts.sal"))
    clock.advance(days=3)
    remind()
    said = queued(store)[0].text.casefold()
    assert not any(word in said for word in ("93", "seine", "salarié", "carte", "titre", "étranger"))


def test_reminder_of_an_erased_person_is_dropped(store, clock, remind, monkeypatch):
    wants(store, clock, ReminderKind.TRY_AGAIN)
    clock.advance(days=3)

    def erased(_person):
        raise KeyDestroyedError("gone")

    monkeypatch.setattr(store.persons, "state", erased)
    assert remind() == 1
    assert queued(store) == []
    assert store.reminders.due(clock.now()) == []


def test_record_that_does_not_open_holds_up_nobody_else(store, clock, remind, monkeypatch):
    wants(store, clock, ReminderKind.TRY_AGAIN)
    bad = store.persons.find(web("a"))
    store.inbox.put(web("b"), "b", text("x"), clock.now())
    received = store.inbox.claim(clock.now(), LEASE)
    effect = SetReminder(clock.now() + timedelta(days=2), ReminderKind.TRY_AGAIN)
    store.inbox.commit(received, turn(effects=(effect,)), clock.now())
    clock.advance(days=2, minutes=1)
    found = type(store.persons).state

    def state(persons, person):
        if person == bad:
            raise StorageError("unreadable")
        return found(persons, person)

    monkeypatch.setattr(type(store.persons), "state", state)
    before = len(queued(store))
    with pytest.raises(StorageError):
        remind()
    assert len(queued(store)) == before + 1
