"""The contract of ``Inbox``."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.core.case import Case, Draft, Situation
from bot.core.effects import (
    CancelReminders,
    CloseHandoffs,
    DiscardFiles,
    EraseEverything,
    HandoffReason,
    HandOver,
    KeepFiles,
    RecordAttempt,
    Remind,
    ReminderKind,
)
from bot.core.errors import (
    DuplicateMessageError,
    KeyDestroyedError,
    LeaseLostError,
    StorageError,
    UnknownPersonError,
)
from bot.core.ids import FileId, PersonId
from bot.core.messages import InboundFile
from bot.core.ports import Address, FileKind
from tests.records import LEASE, attempt, text, turn, web

if TYPE_CHECKING:
    from bot.core.ports import Received
    from bot.storage.store import Store
    from tests.fake_memory import FakeClock


def _play(store: Store, clock: FakeClock, *answers: str, effects: tuple[object, ...] = ()) -> Received:
    received = store.inbox.claim(clock.now(), LEASE)
    assert received is not None
    store.inbox.commit(received, turn(*answers, effects=effects), clock.now())  # type: ignore[arg-type]
    return received


def _send_all(store: Store, clock: FakeClock) -> list[str]:
    texts = []
    while queued := store.outbox.claim(clock.now(), LEASE):
        texts.append(queued.message.text)
        store.outbox.sent(queued, clock.now())
    return texts


class TestInbox:
    """What a caller may rely on."""

    def test_message_comes_back_as_it_was_put(self, store: Store, clock: FakeClock) -> None:
        message = replace(text("bonjour \ud83d مرحبا 你好"), language_hint="ar", sent_at=clock.now())
        seq = store.inbox.put(web("one"), "1", message, clock.now())
        received = store.inbox.claim(clock.now(), LEASE)
        assert received is not None
        assert (received.seq, received.message, received.received_at) == (seq, message, clock.now())
        assert received.attempts == 1
        assert received.person == store.persons.find(web("one"))

    def test_same_platform_message_is_stored_once(self, store: Store, clock: FakeClock) -> None:
        store.inbox.put(web("one"), "1", text("first"), clock.now())
        with pytest.raises(DuplicateMessageError):
            store.inbox.put(web("one"), "1", text("other body"), clock.now())
        with pytest.raises(DuplicateMessageError):
            store.inbox.put(web("two"), "1", text("other sender"), clock.now())
        store.inbox.put(Address("telegram", "one"), "1", text("other channel"), clock.now())
        assert store.persons.find(web("two")) is None

    def test_played_message_is_still_a_duplicate(self, store: Store, clock: FakeClock) -> None:
        store.inbox.put(web("one"), "1", text("first"), clock.now())
        _play(store, clock, "answer")
        with pytest.raises(DuplicateMessageError):
            store.inbox.put(web("one"), "1", text("first"), clock.now())

    def test_edit_gives_its_words_to_the_message_that_waits(self, store: Store, clock: FakeClock) -> None:
        first = store.inbox.put(web("one"), "1", replace(text("oiu"), external_id="m:1"), clock.now())
        store.inbox.put(web("one"), "2", replace(text("next"), external_id="m:2"), clock.now())
        assert store.inbox.put(web("one"), "e1", replace(text("oui"), edits="m:1"), clock.now()) == first
        with pytest.raises(DuplicateMessageError):
            store.inbox.put(web("one"), "e1", replace(text("again"), edits="m:1"), clock.now())
        assert [_play(store, clock).message.text for _ in range(2)] == ["oui", "next"]
        assert store.inbox.claim(clock.now(), LEASE) is None

    def test_edit_of_what_is_being_played_or_was_is_a_message_after_it(self, store: Store, clock: FakeClock) -> None:
        store.inbox.put(web("one"), "1", replace(text("oiu"), external_id="m:1"), clock.now())
        held = store.inbox.claim(clock.now(), LEASE)
        assert held is not None
        store.inbox.put(web("one"), "e1", replace(text("oui"), edits="m:1"), clock.advance(seconds=1))
        store.inbox.put(web("one"), "e2", replace(text("non"), edits="m:1"), clock.now())
        store.inbox.commit(held, turn(), clock.now())
        played = _play(store, clock).message
        assert (held.message.text, played.text, played.edits) == ("oiu", "non", "m:1")
        assert store.inbox.claim(clock.now(), LEASE) is None

    def test_edit_that_changes_no_word_is_a_duplicate(self, store: Store, clock: FakeClock) -> None:
        store.inbox.put(web("one"), "1", replace(text("oui"), external_id="m:1"), clock.now())
        _play(store, clock)
        with pytest.raises(DuplicateMessageError):
            store.inbox.put(web("one"), "e1", replace(text("oui"), edits="m:1"), clock.now())

    def test_edit_takes_no_picture_from_its_message(self, store: Store, clock: FakeClock) -> None:
        person = store.persons.find_or_create(web("one"), clock.now())
        file = store.files.put(person, b"png", FileKind.ORIGINAL, clock.now())
        store.inbox.put(web("one"), "1", replace(text("capture", file), external_id="m:1"), clock.now())
        store.inbox.put(web("one"), "e1", replace(text("other"), edits="m:1"), clock.advance(seconds=1))
        played = [_play(store, clock).message for _ in range(2)]
        assert [(message.text, len(message.files)) for message in played] == [("capture", 1), ("other", 0)]

    def test_nobody_begins_with_an_edit(self, store: Store, clock: FakeClock) -> None:
        with pytest.raises(UnknownPersonError):
            store.inbox.put(web("one"), "e1", replace(text("oui"), edits="m:1"), clock.now())
        assert store.persons.find(web("one")) is None
        store.inbox.put(web("one"), "1", replace(text("erase"), external_id="m:1"), clock.now())
        _play(store, clock, "farewell", effects=(EraseEverything(),))
        with pytest.raises(UnknownPersonError):
            store.inbox.put(web("one"), "e1", replace(text("oui"), edits="m:1"), clock.now())
        assert _send_all(store, clock) == ["farewell"]
        assert store.persons.find(web("one")) is None

    def test_messages_of_a_person_come_one_at_a_time_and_in_order(self, store: Store, clock: FakeClock) -> None:
        for n in range(3):
            store.inbox.put(web("one"), str(n), text(str(n)), clock.now())
        seen = []
        for _ in range(3):
            received = store.inbox.claim(clock.now(), LEASE)
            assert received is not None
            assert store.inbox.claim(clock.now(), LEASE) is None
            seen.append(received.message.text)
            store.inbox.commit(received, turn(), clock.now())
        assert seen == ["0", "1", "2"]
        assert store.inbox.claim(clock.now(), LEASE) is None

    def test_other_persons_are_not_delayed(self, store: Store, clock: FakeClock) -> None:
        for name in ("one", "one", "two", "three"):
            store.inbox.put(web(name), f"{name}{clock.advance(seconds=1)}", text(name), clock.now())
        claimed = [store.inbox.claim(clock.now(), LEASE) for _ in range(4)]
        assert [received and received.message.text for received in claimed] == ["one", "two", "three", None]

    def test_persons_take_turns_however_much_one_of_them_sends(self, store: Store, clock: FakeClock) -> None:
        for n in range(4):
            store.inbox.put(web("flood"), f"f{n}", text(f"f{n}"), clock.now())
        seen = [_play(store, clock).message.text]
        for name in ("one", "one", "two"):
            store.inbox.put(web(name), f"{name}{clock.advance(seconds=1)}", text(name), clock.now())
        seen += [_play(store, clock).message.text for _ in range(4)]
        store.inbox.put(web("late"), "late", text("late"), clock.now())
        seen += [_play(store, clock).message.text for _ in range(3)]
        assert seen == ["f0", "f1", "one", "two", "f2", "one", "late", "f3"]
        assert store.inbox.claim(clock.now(), LEASE) is None

    def test_ended_lease_lets_another_take_over_and_fences_the_first(self, store: Store, clock: FakeClock) -> None:
        store.inbox.put(web("one"), "1", text("first"), clock.now())
        late = store.inbox.claim(clock.now(), LEASE)
        assert late is not None
        assert store.inbox.claim(clock.advance(seconds=29), LEASE) is None
        taken = store.inbox.claim(clock.advance(seconds=1), LEASE)
        assert taken is not None
        assert (taken.seq, taken.attempts) == (late.seq, 2)
        with pytest.raises(LeaseLostError):
            store.inbox.commit(late, turn("late"), clock.now())
        with pytest.raises(LeaseLostError):
            store.inbox.fail(late, "TurnFailedError", clock.now(), None)
        store.inbox.commit(taken, turn("in time"), clock.now())
        with pytest.raises(LeaseLostError):
            store.inbox.commit(taken, turn("again"), clock.now())
        assert _send_all(store, clock) == ["in time"]

    def test_lease_that_ended_without_a_rival_still_commits(self, store: Store, clock: FakeClock) -> None:
        store.inbox.put(web("one"), "1", text("first"), clock.now())
        received = store.inbox.claim(clock.now(), LEASE)
        assert received is not None
        store.inbox.commit(received, turn("slow"), clock.advance(hours=1))
        assert _send_all(store, clock) == ["slow"]

    def test_commit_keeps_case_and_dialogue(self, store: Store, clock: FakeClock) -> None:
        store.inbox.put(web("one"), "1", text("first"), clock.now())
        received = store.inbox.claim(clock.now(), LEASE)
        assert received is not None
        case = Case(language="ar", situation=Situation(departement="93"), draft=Draft(at="2026-11-20"))
        store.inbox.commit(received, replace(turn(case=case), dialogue=b"\x00\xff"), clock.now())
        state = store.persons.state(received.person)
        assert (state.case, state.dialogue, state.attempts) == (case, b"\x00\xff", ())

    def test_failed_turn_is_retried_when_its_time_has_come(self, store: Store, clock: FakeClock) -> None:
        store.inbox.put(web("one"), "1", text("first"), clock.now())
        received = store.inbox.claim(clock.now(), LEASE)
        assert received is not None
        store.inbox.fail(received, "TurnFailedError", clock.now(), clock.now() + timedelta(seconds=10))
        store.inbox.put(web("one"), "2", text("second"), clock.now())
        assert store.inbox.claim(clock.advance(seconds=9), LEASE) is None
        again = store.inbox.claim(clock.advance(seconds=1), LEASE)
        assert again is not None
        assert (again.message.text, again.attempts) == ("first", 2)
        assert store.handoffs.open() == []

    def test_given_up_message_is_handed_over_and_the_conversation_goes_on(self, store: Store, clock: FakeClock) -> None:
        for n in range(2):
            store.inbox.put(web("one"), str(n), text(str(n)), clock.now())
        for expected in (1, 2, 3):
            received = store.inbox.claim(clock.now(), LEASE)
            assert received is not None
            assert received.attempts == expected
            store.inbox.fail(received, "TurnFailedError", clock.now(), clock.now() if expected < 3 else None)
        (row,) = store.handoffs.open()
        person = store.persons.find(web("one"))
        assert (row.person, row.reason, row.channel) == (person, HandoffReason.FAILED_TURN, "web")
        following = store.inbox.claim(clock.now(), LEASE)
        assert following is not None
        assert following.message.text == "1"

    def test_failure_for_good_is_committed_with_its_apology(self, store: Store, clock: FakeClock) -> None:
        store.inbox.put(web("one"), "1", text("first"), clock.now())
        received = store.inbox.claim(clock.now(), LEASE)
        assert received is not None
        store.inbox.commit(received, turn("sorry"), clock.now(), failure="TurnFailedError")
        assert [row.reason for row in store.handoffs.open()] == [HandoffReason.FAILED_TURN]
        assert store.inbox.claim(clock.now(), LEASE) is None
        assert _send_all(store, clock) == ["sorry"]

    def test_effects_are_committed_with_the_answer(self, store: Store, clock: FakeClock) -> None:
        person = store.persons.find_or_create(web("one"), clock.now())
        kept, dropped = (store.files.put(person, b"png", FileKind.ORIGINAL, clock.now()) for _ in range(2))
        store.inbox.put(web("one"), "1", text("photo", kept, dropped), clock.now())
        told = attempt(kept)
        remind = Remind(clock.now(), ReminderKind.TRY_AGAIN)
        effects = (KeepFiles((kept,)), RecordAttempt(told), DiscardFiles((dropped,)), remind)
        _play(store, clock, "noted", effects=(*effects, HandOver(HandoffReason.ASKED)))
        assert store.persons.state(person).attempts == (told,)
        assert store.files.open(person, kept) == b"png"
        with pytest.raises(StorageError):
            store.files.open(person, dropped)
        assert [row.reason for row in store.handoffs.open()] == [HandoffReason.ASKED]
        assert store.reminders.due(clock.now()) == [(person, ReminderKind.TRY_AGAIN, clock.now())]
        store.inbox.put(web("one"), "2", text("no more"), clock.now())
        _play(store, clock, effects=(CancelReminders(), CloseHandoffs()))
        assert store.handoffs.open() == []
        assert store.reminders.due(clock.now()) == []

    def test_turn_that_claims_a_missing_capture_changes_nothing(self, store: Store, clock: FakeClock) -> None:
        store.inbox.put(web("one"), "1", text("first"), clock.now())
        received = store.inbox.claim(clock.now(), LEASE)
        assert received is not None
        record = turn("noted", effects=(RecordAttempt(attempt(FileId("fmissing"))),))
        with pytest.raises(StorageError):
            store.inbox.commit(received, record, clock.now())
        assert store.persons.state(received.person).case == Case()
        assert store.outbox.claim(clock.now(), LEASE) is None
        store.inbox.commit(received, turn("noted"), clock.now())

    def test_message_may_only_name_files_of_its_person(self, store: Store, clock: FakeClock) -> None:
        person = store.persons.find_or_create(web("one"), clock.now())
        file = store.files.put(person, b"png", FileKind.ORIGINAL, clock.now())
        with pytest.raises(StorageError):
            store.inbox.put(web("two"), "1", text("photo", file), clock.now())
        assert store.persons.find(web("two")) is None
        store.inbox.put(web("two"), "1", text("photo"), clock.now())

    def test_file_with_a_problem_needs_no_bytes(self, store: Store, clock: FakeClock) -> None:
        refused = InboundFile(FileId(""), "image/png", 9, "", problem="too_large")
        store.inbox.put(web("one"), "1", replace(text("photo"), files=(refused,)), clock.now())
        received = store.inbox.claim(clock.now(), LEASE)
        assert received is not None
        assert received.message.files == (refused,)

    def test_erasure_leaves_a_blank_person_with_the_farewell_only(self, store: Store, clock: FakeClock) -> None:
        person = store.persons.find_or_create(web("one"), clock.now())
        file = store.files.put(person, b"png", FileKind.ORIGINAL, clock.now())
        store.inbox.put(web("one"), "1", text("photo", file), clock.now())
        _play(store, clock, "unsent", effects=(KeepFiles((file,)), HandOver(HandoffReason.ASKED)))
        store.inbox.put(web("one"), "2", text("erase"), clock.now())
        store.inbox.put(web("one"), "3", text("too late"), clock.now())
        _play(store, clock, "goodbye", "for good", effects=(EraseEverything(),))
        blank = store.persons.find(web("one"))
        assert blank not in {None, person}
        with pytest.raises(KeyDestroyedError):
            store.persons.state(person)
        with pytest.raises(KeyDestroyedError):
            store.files.open(person, file)
        assert store.handoffs.open() == []
        assert store.inbox.claim(clock.now(), LEASE) is None
        assert store.persons.state(blank or PersonId("")).case == Case()
        assert _send_all(store, clock) == ["goodbye", "for good"]
        assert store.persons.find(web("one")) is None

    def test_erasure_without_a_word_leaves_nobody(self, store: Store, clock: FakeClock) -> None:
        store.inbox.put(web("one"), "1", text("erase"), clock.now())
        _play(store, clock, effects=(EraseEverything(),))
        assert store.persons.find(web("one")) is None

    def test_redelivery_after_the_erasure_is_not_played_again(self, store: Store, clock: FakeClock) -> None:
        store.inbox.put(web("one"), "1", text("erase"), clock.now())
        _play(store, clock, "goodbye", effects=(EraseEverything(),))
        assert _send_all(store, clock) == ["goodbye"]
        clock.advance(days=7)
        store.shredder.purge(clock.now())
        with pytest.raises(DuplicateMessageError):
            store.inbox.put(web("one"), "1", text("erase"), clock.now())
        clock.advance(days=1)
        store.shredder.purge(clock.now())
        store.inbox.put(web("one"), "1", text("erase"), clock.now())

    def test_person_who_writes_before_the_farewell_is_sent_is_kept(self, store: Store, clock: FakeClock) -> None:
        store.inbox.put(web("one"), "1", text("erase"), clock.now())
        _play(store, clock, "goodbye", effects=(EraseEverything(),))
        store.inbox.put(web("one"), "2", text("hello again"), clock.now())
        assert _send_all(store, clock) == ["goodbye"]
        store.shredder.purge(clock.advance(days=2))
        _play(store, clock, "welcome")
        assert _send_all(store, clock) == ["welcome"]

    def test_commit_of_an_erased_person_is_lost(self, store: Store, clock: FakeClock) -> None:
        store.inbox.put(web("one"), "1", text("first"), clock.now())
        received = store.inbox.claim(clock.now(), LEASE)
        assert received is not None
        store.persons.erase(received.person)
        with pytest.raises(LeaseLostError):
            store.inbox.commit(received, turn("late"), clock.now())
        assert store.outbox.claim(clock.now(), LEASE) is None
