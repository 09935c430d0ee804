"""What platforms deliver twice, late, in the wrong order or strangely is one turn each, in order (channels.md 6.4)."""

from __future__ import annotations

import json
import sqlite3
import time
from datetime import timedelta

import pytest

from bot.core.ports import Address
from bot.core.text import clean
from tests.faults.conftest import Awa
from tests.faults.rig import OTHER
from tests.peers.graph import payloads
from tests.peers.graph.payloads import Person
from tests.peers.graph.state import ACCOUNT_ID

KA = Person(wa_id="33600000777", user_id="FR.777000777000777")


def body(graph, *messages, person=KA):
    value = payloads.message_value(graph.number(), person, messages)
    return payloads.signed_bytes(payloads.envelope([value], ACCOUNT_ID))


def test_same_webhook_fifty_times_at_once_is_one_answer(rig, awa):
    if awa.channel == "telegram":
        with rig.telegram.hold() as held:
            update = awa.chat.say("bonjour")
            held.clear()
        codes = rig.telegram.courier.deliver_at_once([update] * 50)
    else:
        raw = body(rig.graph, rig.graph.message(awa.meta, payloads.text("bonjour")), person=awa.meta)
        codes = rig.graph.deliver_at_once([raw] * 50)
    assert set(codes) == {200}
    awa.hears("#bonjour")
    assert rig.engine.words == ["bonjour"]


def test_same_id_with_another_body_is_the_first_one(rig):
    graph = rig.graph
    assert graph.say(KA, "un", wamid="wamid.1") == 200
    assert graph.say(KA, "deux", wamid="wamid.1") == 200
    rig.until(lambda: len(graph.sent) == 1, "one answer")
    rig.calm()
    assert [sent.text for sent in graph.sent] == ["#un"]


def test_same_id_on_two_of_our_numbers_is_two_turns_each_answered_from_its_number(rig):
    graph = rig.graph
    graph.say(KA, "un", wamid="wamid.1")
    rig.until(lambda: len(graph.sent) == 1, "the first answer")
    graph.say(KA, "deux", wamid="wamid.1", phone_id=OTHER)
    rig.until(lambda: len(graph.sent) == 2, "the second answer")
    assert {(sent.text, sent.phone_id == OTHER) for sent in graph.sent} == {("#un", False), ("#deux", True)}


def test_yesterdays_message_is_thanked_for_and_answered_by_nobody(rig, awa):
    yesterday = time.time() - 90_000
    if awa.channel == "telegram":
        rig.telegram.state.clock = lambda: yesterday
        awa.say("hier")
        rig.telegram.settle()
        assert rig.telegram.courier.delivered[-1][0] == 200
    else:
        awa.say("hier", at=int(yesterday))
    rig.calm()
    assert (rig.engine.words, awa.texts, rig.count("inbox")) == ([], [], 0)


STRANGE = {
    "arabic": "لا أستطيع حجز موعد",
    "emoji": "👩‍👩‍👧‍👦 🙏🏽 🇫🇷",
    "zalgo": "z" + "\u0301" * 10_000,
    "nul": "a\x00b",
    "bidi": "\u202eabc\u2066d",
    "4096 units": "é" * 4096,
    "4097 units": "😀" * 2048 + "x",
}


@pytest.mark.parametrize("name", STRANGE)
def test_strange_words_are_cleaned_and_answered(rig, awa, name):
    awa.say(STRANGE[name])
    rig.until(lambda: rig.engine.words, "it is heard")
    assert rig.engine.words == [clean(STRANGE[name])]
    rig.until(lambda: awa.texts, "it is answered")
    rig.calm()
    assert rig.dead == []


@pytest.mark.parametrize("escaped", [True, False])
def test_body_is_signed_as_its_bytes_are_whether_escaped_or_not(rig, escaped):
    made = rig.graph.message(KA, payloads.text("مرحبا é 🙏"))
    value = payloads.envelope([payloads.message_value(rig.graph.number(), KA, [made])], ACCOUNT_ID)
    raw = json.dumps(value, ensure_ascii=escaped).encode()
    assert rig.graph.post(raw) == 200
    rig.until(lambda: rig.engine.words == ["مرحبا é 🙏"], "it is heard")


def test_lone_surrogate_is_dropped_from_a_signed_body(rig):
    raw = body(rig.graph, rig.graph.message(KA, payloads.text("HOLE"))).replace(b"HOLE", b"a\\ud800b")
    assert rig.graph.post(raw) == 200
    rig.until(lambda: rig.engine.words, "it is heard")
    assert rig.engine.words[0] in {"ab", "a\ufffdb"}


@pytest.mark.parametrize(("length", "parts"), [(4000, 1), (4097, 2), (9000, 3)])
def test_answer_of_any_length_arrives_whole_and_in_pieces_that_fit(rig, awa, length, parts):
    words = ("mot " * 3000)[: length - 1] + "."
    rig.engine.answer = words
    awa.say("bonjour")
    rig.until(lambda: len(awa.texts) >= parts, "all pieces arrive")
    rig.calm()
    assert len(awa.texts) == parts
    assert max(len(text) for text in awa.texts) <= 4096
    assert "".join("".join(awa.texts).split()) == "".join(words.split())


def test_second_message_that_comes_first_waits_for_the_first(rig, awa):
    if awa.channel == "telegram":
        with rig.telegram.hold() as held:
            awa.say("un")
            awa.say("deux")
            held.reverse()
    else:
        now = int(time.time())
        awa.say("deux", at=now)
        awa.say("un", at=now - 1)
    awa.hears("#un", "#deux")


def test_tap_and_the_words_after_it_are_played_in_order_whatever_our_clock_says(rig):
    awa = Awa(rig, "telegram")
    awa.say("buttons")
    awa.hears("Choose")
    rig.clock.ahead += timedelta(seconds=30)
    rig.engine.seconds = 1.0
    awa.say("long")
    rig.until(lambda: "long" in rig.engine.words, "a turn is being played")
    awa.tap("Oui")
    awa.say("after")
    rig.until(lambda: rig.count("inbox") == 4, "both wait")
    rig.until(lambda: len(rig.engine.heard) == 4, "all are played")
    assert [message.choice or message.text for _person, message in rig.engine.heard][2:] == ["pick:yes", "after"]


def test_album_of_ten_is_one_turn(rig, awa):
    pictures = [b"\xff\xd8\xff" + bytes([n]) * 9 for n in range(10)]
    if awa.channel == "telegram":
        awa.chat.album(pictures, "mes captures")
    else:
        media = [rig.graph.add_media(picture) for picture in pictures]
        described = [made.descriptor(rig.graph.url + rig.graph.state.link(made.media_id)) for made in media]
        parts = [payloads.media("image", told, caption="" if n else "mes captures") for n, told in enumerate(described)]
        bodies = [body(rig.graph, rig.graph.message(awa.meta, part), person=awa.meta) for part in parts]
        assert set(rig.graph.deliver_at_once(bodies)) == {200}
    awa.hears("#mes captures " + ",".join(["ok"] * 10))
    assert rig.engine.files == [["ok"] * 10]


def test_album_that_came_before_a_pause_of_the_house_is_one_turn(rig):
    awa = Awa(rig, "telegram")
    rig.doors.workers.stop()
    awa.chat.album([b"\xff\xd8\xff" + bytes([n]) * 9 for n in range(4)], "mes captures")
    rig.until(lambda: rig.count("media") == 4, "the album is stored")
    rig.close()
    rig.clock.ahead += timedelta(seconds=40)
    rig.open()
    awa.hears("#mes captures " + ",".join(["ok"] * 4))


def test_message_edited_after_its_answer_tells_which_one_it_changes(rig):
    awa = Awa(rig, "telegram")
    update = awa.chat.say("je suis à Lyon")
    awa.hears("#je suis à Lyon")
    awa.chat.edit(update, "je suis à Lille")
    awa.hears("#je suis à Lyon", "#je suis à Lille")
    original, edit = (message for _person, message in rig.engine.heard)
    assert edit.edits == original.external_id


def test_message_edited_before_its_answer_is_one_turn(rig):
    awa = Awa(rig, "telegram")
    with rig.telegram.hold() as held:
        update = awa.chat.say("je suis à Lyon")
        awa.chat.edit(update, "je suis à Lille")
        assert len(held) == 2
    awa.hears("#je suis à Lille")
    rig.calm()
    assert rig.engine.words == ["je suis à Lille"]


def test_edit_by_somebody_who_was_erased_begins_nobody(rig):
    awa = Awa(rig, "telegram")
    update = awa.chat.say("je suis à Lyon")
    awa.hears("#je suis à Lyon")
    store = rig.house.store
    store.persons.erase(store.persons.find(Address("telegram", str(awa.chat.user_id))))
    awa.chat.edit(update, "je suis à Lille")
    rig.calm()
    assert (rig.count("persons"), rig.engine.words) == (0, ["je suis à Lyon"])


def test_button_is_a_choice_and_after_its_message_is_forgotten_it_is_not(rig, awa):
    awa.say("buttons")
    awa.hears("Choose")
    awa.tap("Oui")
    awa.hears("Choose", "#pick:yes")
    rig.house.store.database.connection().execute("DELETE FROM outbox")
    rig.later(seconds=10)
    awa.tap("Oui")
    rig.until(lambda: len(rig.engine.choices) == 2, "the tap is told")
    assert rig.engine.choices == ["pick:yes", "expired:choice"]


def test_double_tap_is_one_act(rig, awa):
    awa.say("buttons")
    awa.hears("Choose")
    for _ in range(3):
        awa.tap("Oui")
    rig.until(lambda: rig.engine.choices, "the tap is told")
    rig.calm()
    assert rig.engine.choices == ["pick:yes"]
    taps = 3 if awa.channel == "telegram" else 0
    rig.until(lambda: len(rig.telegram.state.answered) == taps, "every button has stopped turning")


@pytest.mark.parametrize("known", ["number", "both", "user_id"])
def test_person_is_answered_by_what_is_known_of_them_and_is_one(rig, known):
    for name in ("both", known):
        person = KA.as_known_by(name)
        rig.graph.say(person, name)
        rig.until(lambda name=name: rig.engine.words[-1:] == [name], "it is heard")
    rig.until(lambda: len(rig.graph.sent) == 2, "both are answered")
    assert rig.count("persons") == 1
    assert len({person for person, _message in rig.engine.heard}) == 1
    assert {sent.to for sent in rig.graph.sent} <= {KA.wa_id, KA.user_id}


def test_person_without_a_number_is_answered_by_their_id(rig):
    rig.graph.say(KA.as_known_by("user_id"), "bonjour")
    rig.until(lambda: rig.graph.sent, "it is answered")
    assert [sent.body.get("recipient") for sent in rig.graph.sent] == [KA.user_id]


@pytest.mark.parametrize("known", ["number", "both"])
def test_person_with_a_new_number_goes_on(rig, known):
    graph = rig.graph
    graph.say(KA.as_known_by(known), "avant")
    rig.until(lambda: len(graph.sent) == 1, "it is answered")
    graph.deliver(payloads.number_change(graph.number(), KA, "33600000888", "wamid.change", graph.now()))
    graph.say(Person(wa_id="33600000888", user_id="FR.888", known=known), "après")
    rig.until(lambda: len(graph.sent) == 2, "it is answered")
    assert graph.sent[-1].to == "33600000888"
    assert len({person for person, _message in rig.engine.heard}) == 1


def test_locked_store_makes_the_platform_try_again_and_nothing_is_lost(rig, awa):
    lock = sqlite3.connect(rig.folder / "guichet.db", isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")
    if awa.channel == "telegram":
        awa.say("bonjour")
        rig.until(lambda: [code for code, _u in rig.telegram.courier.delivered] == [503], "Telegram is told to wait")
    else:
        raw = body(rig.graph, rig.graph.message(awa.meta, payloads.text("bonjour")), person=awa.meta)
        assert rig.graph.post(raw) == 503
    lock.execute("ROLLBACK")
    lock.close()
    if awa.channel == "whatsapp":
        assert rig.graph.post(raw) == 200
    awa.hears("#bonjour", seconds=40)
