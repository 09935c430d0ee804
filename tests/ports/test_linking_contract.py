"""The contract of linking: two persons become one, in one commit, by a one-time code."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.core.case import Case, Situation
from bot.core.effects import (
    DiscardFiles,
    EraseEverything,
    HandoffReason,
    HandOver,
    IssueLinkCode,
    JoinPersons,
    KeepFiles,
    RecordAttempt,
    Remind,
    ReminderKind,
)
from bot.core.errors import KeyDestroyedError, LeaseLostError
from bot.core.ports import Address, FileKind
from tests.records import LEASE, answer, attempt, text, turn, web

if TYPE_CHECKING:
    from bot.core.effects import Effect
    from bot.core.ids import FileId, PersonId
    from bot.core.ports import Received
    from bot.storage.store import Store
    from tests.fake_memory import FakeClock

CODE = "K7QM2XPA"
OLD, NEW = Address("telegram", "1001"), web("2002")
OLD_CASE = Case(language="ar", situation=Situation(departement="93"))


def claim(store: Store, clock: FakeClock, address: Address, words: str, *files: FileId) -> Received:
    store.inbox.put(address, f"{address.identity}:{words}", text(words, *files), clock.now())
    received = store.inbox.claim(clock.now(), LEASE)
    assert received is not None
    return received


def play(
    store: Store, clock: FakeClock, address: Address, words: str, *effects: Effect, case: Case | None = None
) -> None:
    received = claim(store, clock, address, words)
    store.inbox.commit(received, turn(f"answer to {words}", effects=effects, case=case), clock.now())


def issue(store: Store, clock: FakeClock, code: str = CODE) -> PersonId:
    """Whoever is at OLD gets a code."""
    play(store, clock, OLD, f"link for {code}", IssueLinkCode(code), case=OLD_CASE)
    person = store.persons.find(OLD)
    assert person is not None
    return person


def join(store: Store, clock: FakeClock, code: str = CODE, *more: Effect) -> None:
    play(store, clock, NEW, f"yes {clock.now()}", *more, JoinPersons(code))


def send_all(store: Store, clock: FakeClock) -> list[tuple[Address, str]]:
    sent = []
    while queued := store.outbox.claim(clock.now(), LEASE):
        sent.append((queued.address, queued.message.text))
        store.outbox.sent(queued, clock.now())
    return sent


def test_two_persons_become_one_and_the_first_case_goes_on(store: Store, clock: FakeClock) -> None:
    old = issue(store, clock)
    play(store, clock, NEW, "hello", case=Case(language="fr"))
    new = store.persons.find(NEW)
    assert new not in {None, old}
    clock.advance(minutes=9)
    join(store, clock)
    assert store.persons.find(OLD) == store.persons.find(NEW) == old
    assert store.persons.state(old).case == OLD_CASE
    assert store.persons.state(old).dialogue == b"state"
    with pytest.raises(KeyDestroyedError):
        store.persons.state(new)  # type: ignore[arg-type]


def test_both_addresses_hear_of_it(store: Store, clock: FakeClock) -> None:
    issue(store, clock)
    send_all(store, clock)
    received = claim(store, clock, NEW, "yes")
    store.inbox.commit(received, turn("done", effects=(JoinPersons(CODE),)), clock.now())
    assert sorted(send_all(store, clock), key=repr) == sorted([(NEW, "done"), (OLD, "done")], key=repr)


def test_answers_go_where_the_next_words_come_from(store: Store, clock: FakeClock) -> None:
    issue(store, clock)
    join(store, clock)
    send_all(store, clock)
    play(store, clock, NEW, "and now")
    assert send_all(store, clock)[0][1] == "answer to and now"
    play(store, clock, OLD, "and there")
    assert send_all(store, clock)[0][1] == "answer to and there"


def test_open_messages_and_answers_of_the_second_go_on(store: Store, clock: FakeClock) -> None:
    old = issue(store, clock)
    play(store, clock, NEW, "before")
    received = claim(store, clock, NEW, "yes")
    store.inbox.put(NEW, "later", text("sent meanwhile"), clock.now())
    store.inbox.commit(received, turn("done", effects=(JoinPersons(CODE),)), clock.now())
    after = store.inbox.claim(clock.now(), LEASE)
    assert after is not None
    assert (after.person, after.message.text) == (old, "sent meanwhile")
    store.inbox.commit(after, turn("answer to it"), clock.now())
    told = [words for address, words in send_all(store, clock) if address == NEW]
    assert told == ["answer to before", "done", "answer to it"]
    words = [entry.message.text for entry in store.outbox.history(old)]
    assert {"before", "answer to before", "yes", "sent meanwhile"} <= set(words)
    assert words.count("done") == 1  # sent to both, said once


def test_folder_of_the_second_opens_under_the_first(store: Store, clock: FakeClock) -> None:
    old = store.persons.find_or_create(OLD, clock.now())
    new = store.persons.find_or_create(NEW, clock.now())
    kept, waiting = (store.files.put(new, b"PICTURE", FileKind.ORIGINAL, clock.now()) for _ in range(2))
    mine = store.files.put(old, b"MINE", FileKind.ORIGINAL, clock.now())
    play(store, clock, OLD, "mine", KeepFiles((mine,)), RecordAttempt(attempt(mine)), case=OLD_CASE)
    play(store, clock, NEW, "theirs", KeepFiles((kept,)), RecordAttempt(attempt(kept)))
    issue(store, clock)
    join(store, clock, CODE, DiscardFiles((waiting,)))
    assert [store.files.open(old, file) for file in (kept, mine)] == [b"PICTURE", b"MINE"]
    assert len(store.persons.state(old).attempts) == 2
    with pytest.raises(Exception, match="does not exist"):
        store.files.open(old, waiting)


def test_marks_move_and_those_of_the_first_win(store: Store, clock: FakeClock) -> None:
    early, late = clock.now() + timedelta(hours=1), clock.now() + timedelta(hours=2)
    play(store, clock, OLD, "remind", Remind(early, ReminderKind.TRY_AGAIN), HandOver(HandoffReason.ASKED))
    play(
        store, clock, NEW, "too", Remind(late, ReminderKind.TRY_AGAIN), Remind(late, ReminderKind.WINDOW_OPENS),
        HandOver(HandoffReason.ASKED), HandOver(HandoffReason.ALARM),
    )  # fmt: skip
    old = issue(store, clock)
    join(store, clock)
    assert sorted((row.person, row.reason) for row in store.handoffs.open()) == [
        (old, HandoffReason.ALARM), (old, HandoffReason.ASKED),
    ]  # fmt: skip
    assert sorted(store.reminders.due(clock.advance(hours=3))) == [
        (old, ReminderKind.TRY_AGAIN, early), (old, ReminderKind.WINDOW_OPENS, late),
    ]  # fmt: skip


def test_what_was_queued_for_both_under_one_name_is_kept(store: Store, clock: FakeClock) -> None:
    old = issue(store, clock)
    new = store.persons.find_or_create(NEW, clock.now())
    for person in (old, new):
        assert store.outbox.put(person, answer(f"notice of {person}"), "notice", clock.now())
    join(store, clock)
    told = [words for _, words in send_all(store, clock)]
    assert {f"notice of {old}", f"notice of {new}"} <= set(told)


@pytest.mark.parametrize("wrong", ["too late", "never given", "one's own", "used", "replaced", "erased"])
def test_code_that_is_no_good_leaves_the_message_to_be_played_again(store: Store, clock: FakeClock, wrong: str) -> None:
    old = issue(store, clock)
    by, code = NEW, CODE
    if wrong == "too late":
        clock.advance(minutes=10)
    elif wrong == "never given":
        code = "AAAAAAA1"
    elif wrong == "one's own":
        by = OLD
    elif wrong == "used":
        play(store, clock, web("third"), "yes", JoinPersons(CODE))
    elif wrong == "replaced":
        issue(store, clock, "BBBBBBB2")
    else:
        play(store, clock, OLD, "erase", EraseEverything())
    assert store.persons.is_link_code(code, clock.now()) is (wrong == "one's own")
    received = claim(store, clock, by, "yes")
    store.inbox.commit(received, turn("done", effects=(JoinPersons(code),)), clock.now())
    again = store.inbox.claim(clock.now(), LEASE)
    assert again is not None
    assert (again.seq, again.person, again.attempts) == (received.seq, received.person, received.attempts + 1)
    store.inbox.commit(again, turn("no such code"), clock.now())
    assert (store.persons.find(NEW) == old) is False
    assert "done" not in [words for _, words in send_all(store, clock)]


def test_worker_that_lost_its_lease_joins_nobody(store: Store, clock: FakeClock) -> None:
    old = issue(store, clock)
    received = claim(store, clock, NEW, "yes")
    clock.advance(seconds=31)
    again = store.inbox.claim(clock.now(), LEASE)
    assert again is not None
    with pytest.raises(LeaseLostError):
        store.inbox.commit(received, turn("done", effects=(JoinPersons(CODE),)), clock.now())
    assert store.persons.find(NEW) != old
    store.inbox.commit(again, turn("done", effects=(JoinPersons(CODE),)), clock.now())
    assert store.persons.find(NEW) == old


def test_message_that_came_twice_is_still_known(store: Store, clock: FakeClock) -> None:
    issue(store, clock)
    play(store, clock, NEW, "before")
    join(store, clock)
    with pytest.raises(Exception, match="already received"):
        store.inbox.put(NEW, "2002:before", text("before"), clock.now())


def test_joined_person_can_be_joined_again(store: Store, clock: FakeClock) -> None:
    issue(store, clock)
    join(store, clock)
    play(store, clock, NEW, "link", IssueLinkCode("CCCCCCC3"))
    third = Address("whatsapp", "phone:33600000000")
    play(store, clock, third, "yes", JoinPersons("CCCCCCC3"))
    assert store.persons.find(OLD) == store.persons.find(NEW) == store.persons.find(third)
