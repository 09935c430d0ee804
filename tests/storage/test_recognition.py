"""Names change hands: the person who changed number is the same, and nobody sees another's case."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import count, permutations
from random import Random
from typing import TYPE_CHECKING

import pytest

from bot.core.case import Case, Situation
from bot.core.effects import EraseEverything, IssueLinkCode, JoinPersons
from bot.core.ports import Address, Arrival
from tests.records import LEASE, answer, text, turn

if TYPE_CHECKING:
    from datetime import datetime

    from bot.core.effects import Effect
    from bot.core.ids import PersonId
    from bot.core.ports import Received
    from bot.storage.store import Store
    from tests.fake_memory import FakeClock


def names(*told: str) -> tuple[Address, ...]:
    return tuple(Address("whatsapp", name) for name in told)


A, B, C = names("phone:1", "phone:2", "phone:3")
OLD, NEW, OTHER = names("bsuid:OLD", "bsuid:NEW", "bsuid:OTHER")
MINE = Case(language="ar", situation=Situation(departement="93"))


class Desk:
    """Messages under several names, and their turns."""

    def __init__(self, store: Store, clock: FakeClock) -> None:
        self.store = store
        self.clock = clock

    def tell(self, *addresses: Address, sent_at: datetime | None = None) -> PersonId:
        """A message under all these names."""
        now = self.clock.advance(seconds=1)
        message = replace(text("words"), sent_at=sent_at or now)
        self.store.inbox.put(addresses[0], f"m{now}", message, now, Arrival(aliases=addresses[1:]))
        person = self.find(addresses[0])
        assert person is not None
        return person

    def claim(self) -> Received:
        received = self.store.inbox.claim(self.clock.advance(seconds=1), LEASE)
        assert received is not None
        return received

    def play(self, *effects: Effect, case: Case = MINE) -> PersonId:
        received = self.claim()
        self.store.inbox.commit(received, turn("answer", effects=effects, case=case), self.clock.now())
        return received.person

    def move(self, old: tuple[Address, ...], new: tuple[Address, ...], at: datetime | None = None) -> None:
        now = self.clock.advance(seconds=1)
        self.store.persons.move(old, new, at or now, now)

    def find(self, address: Address) -> PersonId | None:
        return self.store.persons.find(address)

    def rows(self, query: str) -> list[tuple[object, ...]]:
        return self.store.database.connection().execute(query).fetchall()

    def persons(self) -> int:
        return len(self.rows("SELECT 1 FROM persons"))

    def departement(self, address: Address) -> str | None:
        person = self.find(address)
        assert person is not None
        return self.store.persons.state(person).case.situation.departement

    def sent(self) -> list[Address]:
        """Where everything goes that waits."""
        to = []
        while queued := self.store.outbox.claim(self.clock.now(), LEASE):
            to.append(queued.address)
            self.store.outbox.sent(queued, self.clock.now())
        return to


@pytest.fixture
def desk(store: Store, clock: FakeClock) -> Desk:
    return Desk(store, clock)


@pytest.mark.parametrize(("before", "after"), [
    ((A, OLD), (B, NEW)), ((A,), (B,)), ((A, OLD), (B,)), ((A,), (B, NEW)), ((A, OLD), (NEW,)), ((OLD,), (B, NEW)),
])  # fmt: skip
@pytest.mark.parametrize("told", ["before", "after", "twice", "played", "in hand"])
def test_person_with_a_new_number_goes_on_whichever_comes_first(
    desk: Desk, before: tuple[Address, ...], after: tuple[Address, ...], told: str
) -> None:
    """The platform's word about the number and the first message under it come in either order."""
    desk.tell(*before)
    person = desk.play()
    moved_at = desk.clock.advance(seconds=10)
    news = (B,) if B in after else after
    held = None
    if told in {"before", "twice"}:
        desk.move(before, news, moved_at)
    desk.tell(*after)
    if told == "played":
        desk.play(case=Case(language="fr"))
    if told == "in hand":
        held = desk.claim()
    if told != "before":
        desk.move(before, news, moved_at)
    desk.tell(*after)
    if held is not None:
        with pytest.raises(Exception, match="erased"):
            desk.store.inbox.commit(held, turn("lost"), desk.clock.now())
    while desk.rows("SELECT 1 FROM inbox WHERE state < 2"):
        assert desk.play() == person
    assert desk.persons() == 1
    assert {desk.find(name) for name in after} == {person}
    assert {desk.find(name) for name in before} == {None}
    assert desk.departement(after[0]) == "93"
    assert set(desk.sent()) <= {B, *after}


def test_answer_that_waits_for_the_old_number_leaves_for_the_new_one_without_opening_its_window(desk: Desk) -> None:
    desk.tell(A, OLD)
    desk.play()
    heard_at = desk.clock.now() - timedelta(seconds=1)
    desk.clock.advance(hours=30)
    desk.move((A,), (B,))
    queued = desk.store.outbox.claim(desk.clock.now(), LEASE)
    assert queued is not None
    assert (queued.address, queued.heard_at, queued.is_blocked) == (B, heard_at, False)


def test_number_refused_before_the_change_is_open_after_it(desk: Desk) -> None:
    desk.tell(A)
    person = desk.play()
    desk.store.persons.set_reachable(A, desk.clock.now(), is_reachable=False)
    desk.move((A,), (B,))
    assert desk.store.outbox.put(person, answer("more"), "k", desk.clock.now())
    assert desk.sent() == [B]


def test_new_owner_of_the_old_number_sees_nothing(desk: Desk) -> None:
    desk.tell(A, OLD)
    person = desk.play()
    moved_at = desk.clock.advance(seconds=10)
    desk.move((A,), (B,), moved_at)
    other = desk.tell(A)
    assert other != person
    desk.move((A,), (B,), moved_at)  # told again: whoever has the number since is not the one who moved
    assert (desk.find(A), desk.find(B)) == (other, person)


@pytest.mark.parametrize("holds_more", [False, True])
def test_earlier_owner_of_the_new_number_stays_apart_and_is_not_shown_to_the_one_who_moved(
    desk: Desk, holds_more: bool
) -> None:
    desk.tell(A)
    person = desk.play()
    other = desk.tell(B, OTHER) if holds_more else desk.tell(B)
    desk.play(case=Case(language="fr"))
    desk.move((A,), (B,))
    assert (desk.find(A), desk.find(B), desk.persons()) == (None, person, 2)
    assert desk.departement(B) == "93"
    assert desk.store.persons.state(other).case == Case(language="fr")
    assert desk.find(OTHER) == (other if holds_more else None)
    assert desk.sent() == ([B, OTHER] if holds_more else [B])
    assert desk.rows("SELECT error FROM outbox WHERE state = 3") == ([] if holds_more else [("RecipientGoneError",)])


def test_message_that_was_on_its_way_from_the_earlier_owner_joins_nobody(desk: Desk) -> None:
    """What counts is when it was written, not when it came."""
    desk.tell(A)
    person = desk.play()
    written = desk.clock.now()
    moved_at = desk.clock.advance(hours=2)
    desk.clock.advance(hours=1)
    other = desk.tell(B, sent_at=written)
    desk.move((A,), (B,), moved_at)
    assert (desk.find(B), desk.persons()) == (person, 2)
    desk.play(case=Case(language="fr"))
    assert desk.departement(B) == "93"
    assert desk.store.persons.state(other).case == Case(language="fr")


def test_unknown_person_is_passed_over(desk: Desk) -> None:
    other = desk.tell(B)
    desk.move((A, OLD), (B, NEW))
    assert (desk.find(B), desk.find(NEW), desk.persons()) == (other, None, 1)


def test_name_of_a_second_account_is_kept(desk: Desk) -> None:
    """Linked by a code, one person may have two numbers; only the one that changed is left."""
    desk.tell(A, OLD)
    person = desk.play(IssueLinkCode("K7QM2XPA"))
    desk.tell(C, OTHER)
    desk.play(JoinPersons("K7QM2XPA"))
    desk.move((A,), (B,))
    assert [desk.find(name) for name in (A, OLD)] == [None, None]
    assert {desk.find(name) for name in (B, C, OTHER)} == {person}


def test_erased_person_who_wrote_anew_from_the_new_number_stays_new(desk: Desk) -> None:
    desk.tell(A)
    desk.play(EraseEverything())
    moved_at = desk.clock.advance(seconds=10)
    new = desk.tell(B)
    desk.move((A,), (B,), moved_at)
    desk.sent()
    assert desk.find(B) == new
    assert desk.play() == new


@pytest.mark.parametrize("order", list(permutations(("number", "id", "both"))))
def test_person_known_by_number_and_by_id_is_one_when_both_come_together(desk: Desk, order: tuple[str, ...]) -> None:
    told = {"number": (A,), "id": (OLD,), "both": (A, OLD)}
    first = desk.tell(*told[order[0]])
    desk.play()
    for each in order[1:]:
        desk.tell(*told[each])
        desk.play()
    assert desk.persons() == 1
    assert desk.find(A) == desk.find(OLD) == first
    assert len(desk.sent()) == 3
    assert desk.rows("SELECT 1 FROM outbox WHERE state = 3") == []


def test_case_comes_before_none_when_two_are_one(desk: Desk) -> None:
    desk.tell(A)
    desk.clock.advance(seconds=1)
    desk.tell(OLD)
    received = desk.claim()
    assert received.person == desk.find(A)
    desk.store.inbox.fail(received, "x", desk.clock.now(), desk.clock.now() + timedelta(hours=1))
    with_case = desk.play()
    desk.tell(A, OLD)
    assert desk.find(A) == desk.find(OLD) == with_case
    assert desk.departement(A) == "93"


@pytest.mark.parametrize("contradiction", ["number has another id", "id has another number"])
def test_number_that_an_id_has_taken_from_somebody_else_joins_nobody(desk: Desk, contradiction: str) -> None:
    first = desk.tell(A, OTHER) if contradiction == "number has another id" else desk.tell(A)
    desk.play()
    second = desk.tell(OLD) if contradiction == "number has another id" else desk.tell(B, OLD)
    desk.play(case=Case(language="fr"))
    assert desk.tell(A, OLD) == second
    assert desk.find(OLD) == second
    assert desk.persons() == 2
    assert desk.store.persons.state(first).case == MINE
    assert desk.store.persons.state(second).case == Case(language="fr")
    if contradiction == "number has another id":
        assert desk.find(OTHER) == first
        assert sorted(map(repr, desk.sent())) == sorted(map(repr, [OTHER, OLD]))
    else:
        assert desk.sent() == [B]
        assert desk.rows("SELECT error FROM outbox WHERE state = 3") == [("RecipientGoneError",)]


@pytest.mark.parametrize("is_in_hand", [False, True])
def test_what_waits_for_a_lost_number_leaves_on_the_persons_other_messenger(desk: Desk, is_in_hand: bool) -> None:
    """One that is being sent just now goes there only should it come back."""
    elsewhere = Address("telegram", "1001")
    desk.tell(elsewhere)
    desk.play(IssueLinkCode("K7QM2XPA"))
    desk.tell(A)
    desk.play(JoinPersons("K7QM2XPA"))
    desk.sent()
    desk.tell(A)
    desk.play()
    held = desk.store.outbox.claim(desk.clock.now(), LEASE) if is_in_hand else None
    desk.tell(C, OLD)
    desk.tell(A, OLD)
    if held is not None:
        desk.store.outbox.hold(held, desk.clock.now())
    queued = desk.store.outbox.claim(desk.clock.now(), LEASE, only=["telegram"])
    assert queued is not None
    assert queued.address == elsewhere


def test_notice_that_names_number_and_id_joins_whom_each_of_them_was(desk: Desk) -> None:
    desk.tell(A)
    first = desk.play()
    desk.tell(OLD)
    desk.play()
    desk.move((A, OLD), (B,))
    assert desk.persons() == 1
    assert [desk.find(name) for name in (A, OLD, B)] == [None, None, first]


def test_id_that_the_one_who_moved_gave_to_the_earlier_owner_of_the_number_goes_with_the_number(desk: Desk) -> None:
    """Until the notice came the two could not be told apart."""
    desk.tell(A)
    person = desk.play()
    other = desk.tell(B)
    desk.play(case=Case(language="fr"))
    moved_at = desk.clock.advance(seconds=10)
    assert desk.tell(B, NEW) == other
    desk.move((A,), (B,), moved_at)
    assert desk.find(B) == desk.find(NEW) == person
    assert desk.store.persons.state(other).case == Case(language="fr")


class Human:
    """One of the world outside: a number at a time, and an id that goes with it."""

    def __init__(self, name: str, number: str, own: str) -> None:
        self.name = name
        self.number, self.own = names(f"phone:{number}", f"bsuid:{own}")


@pytest.mark.parametrize("seed", range(12))
def test_nobody_is_shown_the_case_of_another_however_numbers_change_hands(desk: Desk, seed: int) -> None:
    """Numbers rest ten days before somebody else has them; notices come up to a week late, some of them twice.

    Nobody changes the number again before the notice has come: two that come in the wrong order are not untangled.
    """
    chance = Random(seed)
    ids = count()
    humans = [Human(f"0{n}", str(n), str(next(ids))) for n in range(3)]
    free = [(Address("whatsapp", f"phone:{n}"), desk.clock.now()) for n in (3, 4, 5)]
    notices: list[tuple[datetime, Human, tuple[Address, ...], tuple[Address, ...], datetime]] = []
    desk.clock.advance(days=11)
    for _ in range(50):
        now = desk.clock.advance(hours=chance.choice([0.01, 1, 8, 30]))
        for notice in [each for each in notices if each[0] <= now]:
            desk.move(*notice[2:])
            if chance.random() < 0.8 or now - notice[4] > timedelta(days=7):
                notices.remove(notice)
        human = chance.choice(humans)
        rested = [each for each in free if now - each[1] > timedelta(days=10)]
        if chance.random() < 0.2 and rested and human not in [each[1] for each in notices]:
            free.remove(rested[0])
            free.append((human.number, now))
            old = (human.number, human.own)[: chance.choice([1, 2])]
            human.number, (human.own,) = rested[0][0], names(f"bsuid:{next(ids)}")
            new = (human.number, human.own)[: chance.choice([1, 2])]
            notices.append((now + timedelta(hours=chance.choice([0, 3, 60, 160])), human, old, new, now))
            continue
        told = chance.choice([(human.number, human.own), (human.number,), (human.own,)])
        desk.tell(*told)
        received = desk.claim()
        case = Case(situation=Situation(departement=human.name))
        assert desk.store.persons.state(received.person).case in (Case(), case)
        desk.store.inbox.commit(received, turn("answer", case=case), desk.clock.now())
