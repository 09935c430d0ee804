"""Pictures that belong together are one turn, whatever comes between them, and whatever happens to the process."""

import threading
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.core.errors import MediaGoneError, MediaUnavailableError
from bot.core.events import Inbound
from bot.core.messages import InboundKind, InboundMessage
from bot.core.ports import Address, Arrival
from bot.services.settle import settle
from bot.storage.media import PATIENCE
from tests.records import LEASE
from tests.services.test_take_in import AWA, Rig, picture, said

PATIENT = PATIENCE.total_seconds() + 1


@pytest.fixture
def rig(tmp_path):
    made = Rig(tmp_path)
    made.platform.files = {"p": b"x"}
    yield made
    made.store.close()


def video(number, words="", album="g"):
    return Inbound((AWA,), f"u:{number}", InboundMessage(InboundKind.VOICE, words), album=album)


def turns(rig, rounds=12, seconds=3):
    """What is played while time goes on: words, and what became of each file."""
    played = []
    for _ in range(rounds):
        settle(rig.fetch)
        message = rig.play(seconds, "ok")
        if message is not None:
            played.append((message.text, [file.problem or "ok" for file in message.files]))
    return played


def test_album_that_nobody_fetched_since_the_house_was_away_is_one_turn(rig):
    rig.tell(*(picture("p", n, album="g", words="" if n else "mes captures") for n in range(4)))
    rig.clock.advance(seconds=40)
    assert rig.play(0) is None, "the turn comes first after the start, and waits"
    assert turns(rig) == [("mes captures", ["ok"] * 4)]


def test_single_picture_that_nobody_tried_to_fetch_is_not_late(rig):
    rig.tell(picture("p", 1, "hier"))
    rig.clock.advance(minutes=10)
    assert rig.play(0) is None
    assert turns(rig) == [("hier", ["ok"])]


def test_picture_that_was_being_fetched_when_the_process_died_is_not_late(rig):
    rig.tell(picture("p", 1, "hier"))
    assert rig.store.media.claim(rig.clock.now(), LEASE) is not None
    rig.clock.advance(seconds=40)
    assert rig.play(0) is None
    assert turns(rig) == [("hier", ["ok"])]


def test_files_that_nobody_fetches_are_waited_for_once_and_no_more(rig):
    rig.tell(picture("p", 1, "hier"))
    assert rig.play(PATIENT) is None
    assert rig.play(PATIENT).files[0].problem == "late"
    assert rig.count("inbox", "attempts > 1") == 0


def test_other_persons_are_played_while_one_is_given_more_time(rig):
    rig.tell(picture("p", 1), replace(said("bonjour", 2), addresses=(Address("pigeon", "ben"),)))
    assert rig.play(PATIENT).text == "bonjour"


def test_picture_that_joins_after_more_time_was_given_has_its_own(rig):
    rig.tell(picture("p", 1, album="g"))
    assert rig.play(PATIENT) is None
    rig.tell(picture("p", 2, album="g"))
    assert turns(rig) == [("", ["ok", "ok"])]


def test_album_half_of_which_is_late_is_two_turns(rig):
    rig.platform.files = {"ok": b"x"} | {f"p{n}": [MediaUnavailableError("x"), b"x"] for n in range(4)}
    rig.tell(*(picture("ok", n, album="g") for n in range(3)), *(picture(f"p{n}", 10 + n, album="g") for n in range(4)))
    for _ in range(7):
        rig.fetch()
    assert [file.problem or "ok" for file in rig.play(PATIENT, "ok").files] == ["ok"] * 3 + ["late"] * 4
    played = []
    for _ in range(8):
        rig.fetch()
        message = rig.play(0.5, "ok")
        played += [] if message is None else [[file.problem or "ok" for file in message.files]]
    assert played == [["ok"] * 4]
    assert rig.count("files", "inbox = (SELECT max(seq) FROM inbox)") == 8, "each with its safe copy"


def test_late_file_does_not_wait_long_for_another_one_that_does_not_come(rig):
    rig.platform.files = {"a": [MediaUnavailableError("x"), b"x"], "b": [MediaUnavailableError("x")] * 99}
    rig.tell(picture("a", 1, album="g"), picture("b", 2, album="g"))
    settle(rig.fetch)
    assert [file.problem for file in rig.play(PATIENT, "ok").files] == ["late", "late"]
    settle(rig.fetch)
    assert rig.play(1) is None
    assert [file.problem for file in rig.play(PATIENT, "ok").files] == [None]
    assert turns(rig, rounds=150, seconds=30) == [("", ["unavailable"])]


def test_late_picture_that_was_passed_on_is_still_no_first_hand_one(rig):
    rig.platform.files = {"p": [MediaUnavailableError("x"), b"x"]}
    sent = picture("p", 1)
    rig.tell(replace(sent, message=replace(sent.message, is_forwarded=True), account="ours"))
    rig.fetch()
    assert rig.play(PATIENT, "ok").is_forwarded
    rig.clock.advance(minutes=5)
    rig.fetch()
    late = rig.play(PATIENT, "ok")
    assert ([file.problem for file in late.files], late.is_forwarded) == ([None], True)
    assert rig.count("inbox", "account = 'ours'") == 2


def test_late_file_that_never_comes_is_told(rig):
    rig.platform.files = {"p": [MediaUnavailableError("x"), MediaGoneError("x")]}
    rig.tell(picture("p", 1, "hier"))
    settle(rig.fetch)
    assert rig.play(PATIENT, "not yet").files[0].problem == "late"
    assert turns(rig) == [("", ["unavailable"])]


def test_words_between_the_pictures_of_an_album_do_not_split_it(rig):
    rig.tell(picture("p", 1, album="g"), picture("p", 2, album="g"), said("voilà", 3), picture("p", 4, album="g"))
    assert turns(rig) == [("", ["ok"] * 3), ("voilà", [])]


def test_two_albums_that_come_interleaved_are_two_turns(rig):
    rig.tell(*(picture("p", n, album="gh"[n % 2], words="gh"[n % 2] if n < 2 else "") for n in range(6)))
    assert turns(rig) == [("g", ["ok"] * 3), ("h", ["ok"] * 3)]


def test_video_stands_in_its_album_where_it_was_put(rig):
    rig.tell(picture("p", 1, album="g"), video(2, "regarde"), picture("p", 3, album="g"))
    assert turns(rig) == [("regarde", ["ok", "voice", "ok"])]


def test_video_may_come_first_or_alone(rig):
    rig.tell(video(1), picture("p", 2, album="g"), video(3, album="h"))
    assert turns(rig) == [("", ["voice", "ok"]), ("", ["voice"])]


def test_album_waits_for_what_comes_after_a_video(rig):
    rig.tell(picture("p", 1, album="g"))
    rig.clock.advance(seconds=1)
    rig.tell(video(2))
    settle(rig.fetch)
    assert rig.play(1) is None
    rig.tell(picture("p", 3, album="g"))
    assert turns(rig) == [("", ["ok", "voice", "ok"])]


def test_pictures_of_one_name_are_not_joined_over_other_words_after_a_while(rig):
    """WhatsApp names no album: there all pictures have one name."""
    rig.tell(picture("p", 1, album="g"), said("voilà", 2))
    rig.clock.advance(seconds=11)
    rig.tell(picture("p", 3, album="g"))
    assert turns(rig) == [("", ["ok"]), ("voilà", []), ("", ["ok"])]


def test_eight_webhooks_at_once_are_one_turn(rig):
    store, barrier = rig.store, threading.Barrier(8)
    now = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

    def put(n):
        event = picture("p", n, album="g")
        barrier.wait()
        words = InboundMessage(InboundKind.MEDIA) if n % 2 else InboundMessage(InboundKind.TEXT, f"{n}")
        arrival = Arrival(album="g", media=event.media) if n % 2 else Arrival()
        store.inbox.put(AWA, event.external_id, words, now, arrival)

    threads = [threading.Thread(target=put, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    played = turns(rig)
    assert sorted(played) == [("", ["ok"] * 4), *((f"{n}", []) for n in range(0, 8, 2))]
