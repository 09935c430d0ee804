"""The contract of ``Outbox``."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.core.effects import EraseEverything
from bot.core.errors import KeyDestroyedError, LeaseLostError
from bot.core.history import Direction
from bot.core.messages import Choice, OutboundFile, OutboundMessage
from tests.records import LEASE, answer, text, turn, web

if TYPE_CHECKING:
    from bot.core.ids import PersonId
    from bot.core.queued import Queued
    from bot.storage.store import Store
    from tests.fake_memory import FakeClock


def _person(store: Store, clock: FakeClock, name: str = "one") -> PersonId:
    return store.persons.find_or_create(web(name), clock.now())


def _claim(store: Store, clock: FakeClock) -> Queued:
    queued = store.outbox.claim(clock.now(), LEASE)
    assert queued is not None
    return queued


class TestOutbox:
    """What a caller may rely on."""

    def test_message_comes_back_with_its_address(self, store: Store, clock: FakeClock) -> None:
        person = _person(store, clock)
        file = OutboundFile("letter", "lettre.pdf", "application/pdf", {"kind": "a1", "attempts": [1, None]})
        message = OutboundMessage("Où ?", "fr", "place", (Choice("93", "Bobigny"),), (file,))
        assert store.outbox.put(person, message, "k", clock.now())
        queued = _claim(store, clock)
        assert (queued.person, queued.address, queued.message, queued.attempts) == (person, web("one"), message, 1)

    def test_key_is_used_once_for_each_person(self, store: Store, clock: FakeClock) -> None:
        one, two = _person(store, clock), _person(store, clock, "two")
        assert store.outbox.put(one, answer("first"), "remind:1", clock.now())
        assert not store.outbox.put(one, answer("second"), "remind:1", clock.now())
        store.outbox.sent(_claim(store, clock), clock.now())
        assert not store.outbox.put(one, answer("third"), "remind:1", clock.now())
        assert store.outbox.put(two, answer("other person"), "remind:1", clock.now())

    def test_messages_leave_in_order_and_other_persons_are_not_delayed(self, store: Store, clock: FakeClock) -> None:
        one, two = _person(store, clock), _person(store, clock, "two")
        for n, person in enumerate((one, one, two)):
            store.outbox.put(person, answer(str(n)), str(n), clock.now())
        first, other = _claim(store, clock), _claim(store, clock)
        assert (first.message.text, other.message.text) == ("0", "2")
        assert store.outbox.claim(clock.now(), LEASE) is None
        store.outbox.sent(first, clock.now())
        assert _claim(store, clock).message.text == "1"

    def test_failed_message_holds_back_the_persons_next_until_given_up(self, store: Store, clock: FakeClock) -> None:
        person = _person(store, clock)
        for n in range(2):
            store.outbox.put(person, answer(str(n)), str(n), clock.now())
        error = "ChannelUnavailableError"
        store.outbox.failed(_claim(store, clock), error, clock.now(), clock.now() + timedelta(seconds=5))
        assert store.outbox.claim(clock.now(), LEASE) is None
        again = store.outbox.claim(clock.advance(seconds=5), LEASE)
        assert again is not None
        assert (again.message.text, again.attempts) == ("0", 2)
        store.outbox.failed(again, "MessageRejectedError", clock.now(), None)
        assert _claim(store, clock).message.text == "1"

    def test_lost_lease_is_fenced(self, store: Store, clock: FakeClock) -> None:
        store.outbox.put(_person(store, clock), answer("0"), "0", clock.now())
        late = _claim(store, clock)
        clock.advance(seconds=30)
        taken = _claim(store, clock)
        with pytest.raises(LeaseLostError):
            store.outbox.sent(late, clock.now())
        with pytest.raises(LeaseLostError):
            store.outbox.failed(late, "ChannelUnavailableError", clock.now(), None)
        store.outbox.sent(taken, clock.now())

    def test_parts_that_arrived_are_known_to_the_next_worker(self, store: Store, clock: FakeClock) -> None:
        store.outbox.put(_person(store, clock), answer("long"), "k", clock.now())
        first = _claim(store, clock)
        store.outbox.arrived(first, 2)
        store.outbox.arrived(first, 1)
        clock.advance(minutes=5)
        second = _claim(store, clock)
        assert second.parts == 2
        store.outbox.arrived(first, 3)
        store.outbox.hold(second, clock.now())
        assert _claim(store, clock).parts == 2

    def test_message_of_an_erased_person_is_lost(self, store: Store, clock: FakeClock) -> None:
        person = _person(store, clock)
        store.outbox.put(person, answer("0"), "0", clock.now())
        queued = _claim(store, clock)
        store.persons.erase(person)
        with pytest.raises(LeaseLostError):
            store.outbox.sent(queued, clock.now())
        with pytest.raises(KeyDestroyedError):
            store.outbox.put(person, answer("1"), "1", clock.now())

    def test_replay_holds_what_the_channel_was_given(self, store: Store, clock: FakeClock) -> None:
        person, other = _person(store, clock), _person(store, clock, "two")
        for n, whose in enumerate((person, other, person, person, person)):
            store.outbox.put(whose, answer(str(n)), str(n), clock.now())
        sent = []
        for _ in range(4):
            queued = _claim(store, clock)
            if queued.message.text == "2":
                store.outbox.failed(queued, "MessageRejectedError", clock.now(), None)
                continue
            store.outbox.sent(queued, clock.now())
            sent.append(queued.seq)
        assert [each.message.text for each in store.outbox.since(person, 0, "web")] == ["0", "3"]
        assert [each.message.text for each in store.outbox.since(person, sent[0], "web")] == ["3"]
        assert store.outbox.since(person, 0, "telegram") == []

    def test_history_holds_both_sides_in_order(self, store: Store, clock: FakeClock) -> None:
        for n in range(2):
            store.inbox.put(web("one"), str(n), text(f"question {n}"), clock.now())
            received = store.inbox.claim(clock.now(), LEASE)
            assert received is not None
            store.inbox.commit(received, turn(f"answer {n}", f"more {n}"), clock.now())
            clock.advance(seconds=1)
        while queued := store.outbox.claim(clock.now(), LEASE):
            store.outbox.sent(queued, clock.now())
        person = store.persons.find_or_create(web("one"), clock.now())
        store.outbox.put(person, answer("committed"), "x", clock.now())
        store.inbox.put(web("two"), "9", text("somebody else"), clock.now())
        history = store.outbox.history(person)
        words = [getattr(entry.message, "text", "") for entry in history]
        assert words == ["question 0", "answer 0", "more 0", "question 1", "answer 1", "more 1", "committed"]
        assert [entry.direction for entry in history] == [
            *[Direction.IN, Direction.OUT, Direction.OUT] * 2,
            Direction.OUT,
        ]
        assert history[0].at < history[3].at

    def test_farewell_that_cannot_be_delivered_ends_the_blank_person_too(self, store: Store, clock: FakeClock) -> None:
        store.inbox.put(web("one"), "1", text("erase"), clock.now())
        received = store.inbox.claim(clock.now(), LEASE)
        assert received is not None
        store.inbox.commit(received, turn("goodbye", effects=(EraseEverything(),)), clock.now())
        queued = _claim(store, clock)
        store.outbox.failed(queued, "ChannelUnavailableError", clock.now(), clock.now())
        assert store.persons.find(web("one")) == queued.person
        store.outbox.failed(_claim(store, clock), "RecipientGoneError", clock.now(), None)
        assert store.persons.find(web("one")) is None
