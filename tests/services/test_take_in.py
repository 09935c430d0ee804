"""What platforms tell is stored once, in order, albums together; files are fetched in their own time."""

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.core.capabilities import Capabilities
from bot.core.delivery import Status
from bot.core.effects import CancelReminders, EraseEverything, Remind, ReminderKind
from bot.core.errors import MediaGoneError, MediaTooLargeError, MediaUnavailableError, StorageError, UnreadableError
from bot.core.events import Inbound, MediaRef, Moved, Quarantine, Reachability, StatusEvent
from bot.core.messages import Choice, InboundKind, InboundMessage, OutboundMessage
from bot.core.paging import more_token
from bot.core.ports import Address, Picture
from bot.core.queued import Priority
from bot.core.reading import PlaceCandidate
from bot.services.fetch import GIVE_UP_AFTER, Fetch
from bot.services.settle import settle
from bot.services.take_in import EXPIRED, MOST_REFUSALS, TakeIn
from bot.storage.media import PATIENCE
from bot.storage.sealing import MasterKey
from bot.storage.store import open_store
from tests.fake_memory import FakeClock
from tests.records import LEASE, turn

ABLE = Capabilities(hold=0.25, album_hold=1.5)
AWA = Address("pigeon", "awa")


def located(latitude, longitude):
    """A world of one département in the north."""
    return (PlaceCandidate("93", "pref-93", "Le Raincy"), PlaceCandidate("75", "pref-75")) if latitude > 0 else ()


class Ledger:
    def __init__(self):
        self.counted = []

    def received(self, channel, kind):
        self.counted.append(kind)

    def billed(self, channel, category):
        self.counted.append(f"billed {category}")


class Pigeonry:
    """The platform's side of files."""

    def __init__(self):
        self.files = {}

    def fetch(self, ref, limit):
        found = self.files.get(ref.ref, MediaGoneError("x"))
        if isinstance(found, list):
            found = found.pop(0)
        if isinstance(found, Exception):
            raise found
        return found


class Taker:
    """An inspector that takes everything."""

    def inspect(self, data):
        return Picture(b"safe " + data, 1, 1)


class Rig:
    def __init__(self, folder):
        self.clock = FakeClock()
        self.store = open_store(folder, MasterKey(bytes(32)), os.urandom, self.clock)
        self.ledger = Ledger()
        self.platform = Pigeonry()
        store = self.store
        self._take_in = TakeIn(store.inbox, store.outbox, store.persons, self.clock, self.ledger, located)
        self.inspector = Taker()
        self.fetch = Fetch(store.media, store.files, self.inspector, {"pigeon": self.platform}, self.clock, lambda: 1.0)

    def tell(self, *events):
        return self._take_in("pigeon", ABLE, events)

    def play(self, seconds=0.3, *answers):
        """The next message, answered."""
        self.clock.advance(seconds=seconds)
        received = self.store.inbox.claim(self.clock.now(), LEASE)
        if received is not None:
            self.store.inbox.commit(received, turn(*answers), self.clock.now())
        return None if received is None else received.message

    def count(self, table, where="1"):
        return self.store.database.connection().execute(f"SELECT count(*) FROM {table} WHERE {where}").fetchone()[0]


@pytest.fixture
def rig(tmp_path):
    made = Rig(tmp_path)
    yield made
    made.store.close()


def said(words="bonjour", number=1, rank=0, address=AWA, **more):
    return Inbound((address,), f"u:{number}", InboundMessage(InboundKind.TEXT, words), rank=rank, **more)


def picture(name, number, words="", album=None, **more):
    ref = MediaRef(name, "image", "image/jpeg")
    return Inbound((AWA,), f"u:{number}", InboundMessage(InboundKind.MEDIA, words), media=(ref,), album=album, **more)


def test_message_is_stored_once_however_often_it_is_told(rig):
    assert len(rig.tell(said(), said())) == 1
    assert rig.tell(said()) == []
    assert rig.ledger.counted.count("duplicate") == 2
    assert rig.play().text == "bonjour"
    assert rig.tell(said()) == []
    assert rig.play() is None


def test_first_of_two_bodies_with_one_id_wins(rig):
    rig.tell(said("one"), said("other"))
    assert rig.play().text == "one"
    assert rig.play() is None


def test_words_are_cleaned(rig):
    rig.tell(said("a\x00\u202eb\ud800" + "\u0301" * 10))
    assert rig.play().text == "ab\u0301" + "\u0301" * 9


def test_order_is_restored_while_a_message_waits(rig):
    rig.tell(said("second", 2, rank=20))
    assert rig.play(0.1) is None
    rig.tell(said("first", 1, rank=10))
    assert [rig.play().text, rig.play().text] == ["first", "second"]


def test_message_that_comes_after_its_successor_was_taken_up_waits_for_the_end_of_that_turn(rig):
    rig.tell(said("second", 2, rank=20))
    rig.clock.advance(seconds=1)
    held = rig.store.inbox.claim(rig.clock.now(), LEASE)
    rig.tell(said("first", 1, rank=10))
    assert rig.play(1) is None
    rig.store.inbox.commit(held, turn("ok"), rig.clock.now())
    assert rig.play().text == "first"


def test_turn_whose_worker_died_goes_on_although_an_earlier_message_came_since(rig):
    rig.tell(said("second", 2, rank=20))
    rig.clock.advance(seconds=1)
    assert rig.store.inbox.claim(rig.clock.now(), LEASE) is not None
    rig.tell(said("first", 1, rank=10))
    assert rig.play(60).text == "second"
    assert rig.play().text == "first"


def test_other_persons_do_not_wait(rig):
    rig.tell(said("late", 5, rank=50), said("other", 6, address=Address("pigeon", "ben")))
    assert {rig.play().text, rig.play().text} == {"late", "other"}


def test_album_is_one_turn_with_all_its_pictures_and_words(rig):
    rig.platform.files = {f"p{n}": b"x" * (n + 1) for n in range(10)}
    for n in range(10):
        rig.tell(picture(f"p{n}", n, words="mes captures" if n == 3 else "", album="g"))
    settle(rig.fetch)
    assert rig.play(1) is None
    message = rig.play(1)
    assert message.text == "mes captures"
    assert [file.size for file in message.files] == list(range(1, 11))
    assert rig.play(5) is None
    assert rig.tell(picture("p4", 4, album="g")) == []


def test_eleventh_picture_and_another_album_are_turns_of_their_own(rig):
    rig.platform.files = {"p": b"x"}
    rig.tell(*(picture("p", n, album="g") for n in range(11)), picture("p", 20, album="h"))
    settle(rig.fetch)
    assert [len(rig.play(2).files) for _ in range(3)] == [10, 1, 1]


def test_words_after_an_album_wait_for_it(rig):
    rig.platform.files = {"p": b"x"}
    rig.tell(picture("p", 1, album="g", rank=1), said("voilà", 2, rank=2))
    settle(rig.fetch)
    assert (rig.play(2).kind, rig.play().text) == (InboundKind.MEDIA, "voilà")


def test_file_is_sealed_and_comes_with_its_message(rig):
    rig.platform.files = {"p": b"picture"}
    rig.tell(picture("p", 1, "hier"))
    assert rig.play(1) is None
    assert rig.fetch() is not None
    message = rig.play(0)
    file = message.files[0]
    person = rig.store.persons.find(AWA)
    assert rig.store.files.open(person, file.id) == b"picture"
    assert (file.size, file.claimed_type, file.problem, message.text) == (7, "image/jpeg", None, "hier")


def test_file_that_is_not_to_be_had_now_is_tried_again(rig):
    rig.platform.files = {"p": [MediaUnavailableError("x"), MediaUnavailableError("x"), b"picture"]}
    rig.tell(picture("p", 1))
    for _ in range(5):
        settle(rig.fetch)
        rig.clock.advance(seconds=1)
    assert rig.play(0).files[0].problem is None


def test_picture_is_not_given_up_for_a_store_that_refuses_once(rig, monkeypatch):
    rig.platform.files = {"p": b"picture"}
    rig.tell(picture("p", 1))

    def refusing(*_given):
        raise StorageError("the database refused: SQLITE_IOERR")

    with monkeypatch.context() as patch:
        patch.setattr("bot.storage.keyring.Keyring.of", refusing)
        with pytest.raises(StorageError):
            rig.fetch()
    rig.clock.advance(minutes=6)
    settle(rig.fetch)
    assert rig.play(0).files[0].problem is None


def test_turn_does_not_wait_for_ever_and_the_file_is_a_message_when_it_comes(rig):
    rig.platform.files = {"p": [MediaUnavailableError("x")] * 8 + [b"picture"]}
    rig.tell(picture("p", 1, "hier"))
    settle(rig.fetch)
    first = rig.play(PATIENCE.total_seconds() + 1, "I could not open it yet")
    assert (first.text, first.files[0].problem) == ("hier", "late")
    for _ in range(60):
        settle(rig.fetch)
        rig.clock.advance(seconds=30)
    late = rig.play()
    assert (late.kind, late.files[0].problem, late.files[0].size) == (InboundKind.MEDIA, None, 7)
    assert rig.play(60) is None


def test_turn_taken_up_again_does_not_take_the_late_file_that_is_a_message_by_now(rig):
    rig.platform.files["p"] = [MediaUnavailableError("x"), b"picture"]
    rig.tell(picture("p", 1, "hier"))
    rig.fetch()
    rig.clock.advance(seconds=21)
    assert rig.store.inbox.claim(rig.clock.now(), LEASE).message.files[0].problem == "late"
    rig.fetch()
    assert rig.count("inbox") == 2
    again = rig.play(LEASE.total_seconds() + 1)
    assert (again.text, [file.problem for file in again.files]) == ("hier", ["late"])
    assert [file.problem for file in rig.play().files] == [None]


def test_farewell_leaves_from_the_number_that_was_written_to(rig):
    rig.tell(said("erase", account="second"))
    rig.clock.advance(seconds=1)
    received = rig.store.inbox.claim(rig.clock.now(), LEASE)
    rig.store.inbox.commit(received, turn("gone", effects=(EraseEverything(),)), rig.clock.now())
    assert rig.store.outbox.claim(rig.clock.now(), LEASE).account == "second"


def test_file_that_never_comes_is_given_up_after_an_hour(rig):
    rig.platform.files = {"p": [MediaUnavailableError("x")] * 99}
    rig.tell(picture("p", 1))
    for _ in range(int(GIVE_UP_AFTER.total_seconds() // 60) + 10):
        settle(rig.fetch)
        rig.clock.advance(seconds=60)
    assert rig.count("media", "state < 2") == 0
    assert rig.play().files[0].problem == "unavailable"
    assert rig.play() is None


@pytest.mark.parametrize(("error", "problem"), [
    (MediaGoneError("x"), "unavailable"), (MediaTooLargeError("x"), "too_large"), (b"", "empty"),
])  # fmt: skip
def test_file_that_cannot_be_had_lets_its_message_go_on_at_once(rig, error, problem):
    rig.platform.files = {"p": error}
    rig.tell(picture("p", 1))
    settle(rig.fetch)
    assert rig.play(0).files[0].problem == problem


def test_picture_of_an_erased_person_is_dropped(rig):
    rig.platform.files = {"p": b"x"}
    rig.tell(picture("p", 1))
    rig.store.persons.erase(rig.store.persons.find(AWA))
    settle(rig.fetch)
    assert (rig.count("media"), rig.count("files"), rig.count("identities")) == (0, 0, 0)


@pytest.mark.parametrize("kind", [InboundKind.VOICE, InboundKind.UNSUPPORTED])
def test_what_nobody_can_read_is_a_file_that_does_not_open(rig, kind):
    rig.tell(Inbound((AWA,), "u:1", InboundMessage(kind)))
    message = rig.play()
    assert (message.kind, message.files[0].problem) == (InboundKind.MEDIA, kind.value)


def offer(rig):
    """A message with buttons to Awa; their tokens."""
    rig.tell(said("?", 90))
    rig.play()
    person = rig.store.persons.find(AWA)
    message = OutboundMessage("?", "fr", choices=(Choice("place:93", "93"), Choice("place:75", "75")))
    rig.store.outbox.put(person, message, "k", rig.clock.now())
    return rig.store.outbox.claim(rig.clock.now(), LEASE).choice_tokens


def tap(token, number=1, address=AWA):
    return Inbound((address,), f"cb:{number}", InboundMessage(InboundKind.CHOICE, choice=token))


def test_tap_is_the_choice_behind_its_token(rig):
    tokens = offer(rig)
    rig.tell(tap(tokens[1]))
    assert rig.play().choice == "place:75"


def test_double_tap_is_one_act_and_a_later_one_is_another(rig):
    tokens = offer(rig)
    assert len(rig.tell(tap(tokens[0], 1), tap(tokens[0], 2))) == 1
    rig.clock.advance(seconds=2)
    assert rig.tell(tap(tokens[0], 3)) == []
    assert len(rig.tell(tap(tokens[1], 4))) == 1
    rig.clock.advance(minutes=1)
    assert len(rig.tell(tap(tokens[0], 5))) == 1
    assert rig.tell(tap(tokens[0], 1)) == []


def test_each_tap_of_a_double_one_is_told_so_that_its_button_stops_turning(rig):
    tokens = offer(rig)
    taps = [replace(tap(tokens[0], number), callback=f"{number}") for number in (1, 2)]
    assert rig.tell(*taps) == taps
    assert rig.tell(taps[1]) == [taps[1]]
    assert rig.play().choice == "place:93"
    assert rig.play() is None


def page_tap(rig, number=1):
    """A tap on "more…" under a list of which nine rows were shown."""
    tokens = offer_many(rig)
    return tap(more_token(9, tokens[0]), number)


def offer_many(rig):
    rig.tell(said("?", 90))
    rig.play()
    person = rig.store.persons.find(AWA)
    message = OutboundMessage("?", "fr", choices=tuple(Choice(f"place:{n}", str(n)) for n in range(12)))
    rig.store.outbox.put(person, message, "k", rig.clock.now())
    queued = rig.store.outbox.claim(rig.clock.now(), LEASE)
    rig.store.outbox.sent(queued, rig.clock.now())
    return queued.choice_tokens


def pages(rig):
    return rig.count("outbox", "dedupe_key <> 'k'")


def test_page_is_turned_once_however_often_its_tap_is_told(rig):
    wanted = page_tap(rig)
    assert len(rig.tell(wanted)) == 1
    for pause in ({"seconds": 30}, {"hours": 20}, {"days": 6}):
        rig.clock.advance(**pause)
        assert rig.tell(wanted) == []
    assert (pages(rig), rig.play()) == (1, None)


@pytest.mark.parametrize("offset", range(6))
def test_page_asked_for_twice_within_seconds_is_turned_once(rig, offset):
    wanted = page_tap(rig)
    rig.clock.advance(seconds=offset)
    rig.tell(wanted)
    rig.clock.advance(seconds=1)
    again = replace(wanted, external_id="cb:2", callback="2")
    assert rig.tell(again) == [again]
    assert pages(rig) == 1
    rig.clock.advance(seconds=10)
    rig.tell(replace(wanted, external_id="cb:3"))
    assert pages(rig) == 2


def test_tap_for_a_page_opens_the_window_and_unblocks(rig):
    wanted = page_tap(rig)
    rig.tell(Reachability(AWA, is_reachable=False))
    rig.clock.advance(hours=25)
    rig.tell(replace(wanted, account="second"))
    queued = rig.store.outbox.claim(rig.clock.now(), LEASE)
    assert (queued.heard_at, queued.is_blocked, queued.account) == (rig.clock.now(), False, "second")
    assert [choice.id for choice in queued.message.choices] == ["place:9", "place:10", "place:11"]


def test_tap_for_a_page_keeps_a_case_as_a_message_does(rig):
    wanted = page_tap(rig)
    conn = rig.store.database.connection()
    conn.execute("UPDATE persons SET notice_at = 1")
    rig.clock.advance(days=80)
    rig.tell(wanted)
    now = int(rig.clock.now().timestamp() * 1_000_000)
    assert conn.execute("SELECT notice_at, active_at FROM persons").fetchall() == [(None, now)]


def test_page_goes_to_where_it_was_asked_for(rig):
    wanted = page_tap(rig)
    elsewhere = Address("dove", "awa")
    rig.clock.advance(minutes=1)
    with rig.store.database.transaction() as conn:
        people, person = rig.store.inbox._people, rig.store.persons.find(AWA)
        number, key = people.keyring.find(conn, person)
        at = int(rig.clock.now().timestamp() * 1_000_000)
        people.attach(conn, number, key, [elsewhere], at)
    rig.clock.advance(minutes=1)
    rig.tell(replace(wanted, addresses=(AWA, Address("pigeon", "another name"))))
    assert rig.store.outbox.claim(rig.clock.now(), LEASE).address == AWA
    assert rig.store.persons.find(Address("pigeon", "another name")) == person


def test_page_for_an_address_that_became_somebody_elses_is_a_choice_that_is_over(rig, monkeypatch):
    wanted = page_tap(rig)
    other = rig.store.persons.find_or_create(Address("pigeon", "ben"), rig.clock.now())
    monkeypatch.setattr(type(rig.store.inbox._recognition), "find", lambda *_given: (2, other))
    rig.tell(wanted)
    assert (pages(rig), rig.play().choice) == (0, EXPIRED)


@pytest.mark.parametrize("name", ["ben", "awa"])
def test_token_of_somebody_else_or_of_nobody_is_expired(rig, name):
    tokens = offer(rig)
    address = Address("pigeon", name)
    rig.tell(tap(tokens[0] if name == "ben" else "r:forged", 1, address))
    assert rig.play().choice == EXPIRED


def test_blocked_person_gets_no_reminder_any_more(rig):
    rig.tell(said())
    rig.clock.advance(seconds=1)
    received = rig.store.inbox.claim(rig.clock.now(), LEASE)
    remind = Remind(rig.clock.now() + timedelta(days=1), ReminderKind.TRY_AGAIN)
    rig.store.inbox.commit(received, turn("ok", effects=(remind,)), rig.clock.now())
    rig.tell(Reachability(AWA, is_reachable=False), Reachability(Address("pigeon", "nobody"), is_reachable=False))
    assert rig.count("reminders") == 0
    assert rig.count("outbox", "state = 3") == 1
    rig.tell(Reachability(AWA, is_reachable=True))
    assert rig.count("identities", "blocked_at IS NOT NULL") == 0


@pytest.mark.parametrize("found", ["waiting", "given up", "in hand"])
def test_reminder_that_was_queued_does_not_leave_after_the_person_wants_none(rig, found):
    rig.tell(said())
    rig.play()
    outbox, message = rig.store.outbox, OutboundMessage("remember", "fr")
    outbox.put(rig.store.persons.find(AWA), message, "remind", rig.clock.now(), Priority.REMINDER)
    held = None if found == "waiting" else outbox.claim(rig.clock.now(), LEASE)
    if found == "given up":
        outbox.failed(held, "X", rig.clock.now(), None)
    rig.tell(said("stop", 2))
    rig.clock.advance(seconds=1)
    received = rig.store.inbox.claim(rig.clock.now(), LEASE)
    rig.store.inbox.commit(received, turn("no more", effects=(CancelReminders(),)), rig.clock.now())
    if found == "in hand":
        outbox.hold(held, rig.clock.now())
    rig.store.dead_letters.replay(None, rig.clock.now())
    answer = outbox.claim(rig.clock.advance(seconds=1), LEASE)
    assert answer.message.text == "no more"
    outbox.sent(answer, rig.clock.now())
    left = outbox.claim(rig.clock.now(), LEASE)
    if found == "in hand":
        assert left.expires_at < rig.clock.now()  # it is late, whatever the channel
    else:
        assert left is None


def test_person_with_a_new_number_is_the_same_person(rig):
    rig.tell(said())
    person, new = rig.store.persons.find(AWA), Address("pigeon", "awa 2")
    rig.tell(Moved((AWA,), (new,)))
    assert (rig.store.persons.find(AWA), rig.store.persons.find(new)) == (None, person)
    rig.tell(said("still me", 2, address=new))
    assert rig.play().text == "bonjour"
    rig.tell(Moved((Address("pigeon", "nobody"),), (Address("pigeon", "x"),)))
    ben = Address("pigeon", "ben")
    other = rig.store.persons.find_or_create(ben, rig.clock.now())
    rig.clock.advance(hours=1)
    tomorrow = rig.clock.now() + timedelta(days=1)
    rig.tell(Moved((new,), (ben,), tomorrow))  # a clock that is ahead: nobody was seen after it
    assert rig.store.persons.find(ben) == person
    assert other != person
    assert rig.count("persons") == 2


def test_two_names_of_one_person_are_joined_in_either_order(rig):
    number, opaque = Address("pigeon", "phone:1"), Address("pigeon", "bsuid:X")
    rig.tell(said("a", 1, address=number))
    rig.tell(replace(said("b", 2), addresses=(number, opaque)))
    rig.tell(said("c", 3, address=opaque))
    assert rig.count("persons") == 1
    assert rig.count("identities") == 2
    rig.tell(replace(said("d", 4), addresses=(Address("pigeon", "phone:2"), opaque)))
    assert rig.count("persons") == 1


def test_number_that_was_given_to_somebody_else_shows_them_nothing(rig):
    number, old, new = (Address("pigeon", name) for name in ("phone:1", "bsuid:OLD", "bsuid:NEW"))
    rig.tell(replace(said("mine", 1), addresses=(number, old)))
    first = rig.store.persons.find(number)
    rig.tell(replace(said("somebody else", 2), addresses=(number, new)))
    second = rig.store.persons.find(number)
    assert first != second
    assert (rig.store.persons.find(old), rig.store.persons.find(new)) == (first, second)
    rig.tell(replace(said("the first again, with another number", 3), addresses=(Address("pigeon", "phone:2"), old)))
    assert rig.store.persons.find(Address("pigeon", "phone:2")) == first
    rig.tell(replace(said("back to the old number", 4), addresses=(number, old)))
    assert rig.store.persons.find(number) == first
    assert rig.count("persons") == 2


def test_report_on_a_message_reaches_the_outbox_and_a_stranger_token_nothing(rig):
    tokens = offer(rig)
    queued_token = rig.store.outbox._tokens.delivery(1)
    now = datetime(2026, 11, 23, tzinfo=UTC)
    rig.tell(*(StatusEvent("w", token, Status.READ, now) for token in (queued_token, None, "o1-forged", "x")))
    assert rig.count("outbox", "status = 3") == 1
    assert tokens


def test_what_is_put_aside_is_counted_and_not_kept(rig):
    assert rig.tell(Quarantine("malformed")) == []
    assert "quarantine_malformed" in rig.ledger.counted
    assert rig.count("inbox") == 0


def test_error_of_the_store_comes_out_and_the_rest_is_stored_when_told_again(rig, monkeypatch):
    real, calls = rig.store.inbox.put, []

    def failing(*given):
        calls.append(1)
        if len(calls) == 2:
            raise StorageError("locked")
        return real(*given)

    rig._take_in = replace(rig._take_in, inbox=type("Inbox", (), {"put": staticmethod(failing)})())
    with pytest.raises(StorageError):
        rig.tell(said("a", 1), said("b", 2))
    assert len(rig.tell(said("a", 1), said("b", 2))) == 1
    assert [rig.play().text, rig.play().text] == ["a", "b"]


def failing_with(rig, errors):
    """An inbox that refuses with these, one after the other, and then works."""
    real, asked = rig.store.inbox.put, []

    def put(*given):
        asked.append(given)
        if errors:
            raise errors.pop(0)
        return real(*given)

    rig._take_in = replace(rig._take_in, inbox=type("Inbox", (), {"put": staticmethod(put)})())
    return asked


def test_message_behind_one_that_cannot_be_stored_is_stored(rig):
    failing_with(rig, [UnreadableError("altered")] * 5)
    with pytest.raises(UnreadableError):
        rig.tell(*(said(str(n), n) for n in range(6)), Reachability(AWA, is_reachable=True))
    assert rig.play().text == "5"
    assert "Reachability" in rig.ledger.counted


def test_first_refusal_is_the_one_that_is_told(rig):
    failing_with(rig, [StorageError("first"), StorageError("second")])
    with pytest.raises(StorageError, match="first"):
        rig.tell(*(said(str(n), n) for n in range(3)))
    assert rig.play().text == "2"


def test_store_that_refuses_everything_is_not_asked_a_thousand_times(rig):
    asked = failing_with(rig, [StorageError("locked")] * 1000)
    with pytest.raises(StorageError):
        rig.tell(*(said(str(n), n) for n in range(1000)))
    assert len(asked) == MOST_REFUSALS


def test_button_of_a_message_that_does_not_open_is_over_and_the_others_work(rig):
    tokens = offer(rig)
    person = rig.store.persons.find(AWA)
    rig.store.outbox.put(person, OutboundMessage("!", "fr", choices=(Choice("a", "a"),)), "k2", rig.clock.now())
    rig.store.outbox.sent(rig.store.outbox.claim(rig.clock.now() + LEASE, LEASE), rig.clock.now())
    rig.store.database.connection().execute("UPDATE outbox SET payload = x'00' WHERE seq = 2")
    rig.tell(tap("r:gone", 1), said("me too", 2, address=Address("pigeon", "ben")), tap(tokens[1], 3))
    assert [rig.play().choice for _ in range(3)] == [EXPIRED, None, "place:75"]


def test_farewell_goes_to_the_address_that_asked_and_all_others_are_forgotten(rig):
    rig.tell(replace(said("efface", 1), addresses=(AWA, Address("pigeon", "alias"))))
    rig.clock.advance(seconds=1)
    received = rig.store.inbox.claim(rig.clock.now(), LEASE)
    rig.store.inbox.commit(received, turn("adieu", effects=(EraseEverything(),)), rig.clock.now())
    queued = rig.store.outbox.claim(rig.clock.now(), LEASE)
    assert queued.address == AWA
    assert rig.count("identities") == 1


def spot(latitude, longitude=2.5, number=1):
    message = InboundMessage(InboundKind.LOCATION, latitude=latitude, longitude=longitude)
    return Inbound((AWA,), f"u:{number}", message)


def test_location_comes_in_as_its_departements_and_the_point_is_not_kept(rig):
    rig.tell(spot(48.87654321))
    received = rig.play()
    assert (received.kind, received.text, received.places) == (
        InboundKind.LOCATION,
        "📍 93, 75",
        ("93/Le Raincy", "75"),
    )
    assert (received.latitude, received.longitude) == (None, None)


def test_location_that_is_nowhere_in_france_is_told_as_that(rig):
    rig.tell(spot(-48.0), spot(None, number=2))
    assert [rig.play().places, rig.play().places] == [(), ()]
