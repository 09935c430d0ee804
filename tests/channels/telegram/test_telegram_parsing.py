"""Every update becomes the right event, and nothing of a person but what is needed is read."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.parsing import parse, parse_update
from bot.core.events import Inbound, MediaRef, Quarantine, Reachability
from bot.core.messages import InboundKind
from bot.core.ports import Address

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SENT = int(NOW.timestamp()) - 5
CHAT = {"id": 5_000_001, "type": "private", "first_name": "Prénom"}
PERSON = {"id": 5_000_001, "is_bot": False, "first_name": "Prénom", "username": "surnom", "language_code": "ar"}


def message(**content):
    return {"message_id": 7, "date": SENT, "chat": CHAT, "from": PERSON, **content}


def update(number=10, **content):
    return {"update_id": number, **content}


def one(data):
    events = parse(json.dumps(data).encode(), NOW)
    assert len(events) == 1
    return events[0]


def said(**content):
    event = one(update(message=message(**content)))
    assert isinstance(event, Inbound)
    return event


def test_text_with_its_address_place_and_hint():
    event = said(text="مرحبا")
    assert event.addresses == (Address("telegram", "5000001"),)
    assert event.external_id == "u:10"
    assert (event.message.kind, event.message.text, event.message.language_hint) == (InboundKind.TEXT, "مرحبا", "ar")
    assert event.message.sent_at == datetime.fromtimestamp(SENT, UTC)


def test_taps_and_messages_stand_in_the_order_of_telegrams_own_count():
    """Not of our clock, which may be ahead of Telegram's, nor by a count that begins anew at a million."""
    query = {"id": "99", "from": PERSON, "chat_instance": "1", "data": "r:abc", "message": message(text="?")}
    ranks = [
        one(update(123_999_999, message=message(text="un"))).rank,
        one(update(124_000_000, callback_query=query)).rank,
        one(update(124_000_001, message=message(text="deux") | {"date": SENT - 3000})).rank,
        one(update(124_000_002, edited_message=message(text="trois") | {"date": SENT - 9000})).rank,
    ]
    assert ranks == sorted(set(ranks))
    assert ranks[0] > NOW.timestamp() * 1_000_000


def test_second_bot_of_a_house_counts_by_itself():
    raw = json.dumps(update(message=message(text="x"))).encode()
    [first], [second] = parse(raw, NOW), parse(raw, NOW, "424242")
    assert (first.external_id, second.external_id) == ("u:10", "u:424242:10")


def test_names_are_not_read():
    event = said(text="x", forward_origin={"type": "hidden_user", "sender_user_name": "Secret", "date": SENT})
    assert event.message.is_forwarded
    for secret in ("Prénom", "surnom", "Secret"):
        assert secret not in repr(event)


@pytest.mark.parametrize(("text", "kind", "words"), [
    ("/start", InboundKind.START, ""),
    ("/start abc", InboundKind.START, ""),
    ("/start link_K7QM2P", InboundKind.TEXT, "link K7QM2P"),
    ("/start link_K7QM-2XPA", InboundKind.TEXT, "link K7QM-2XPA"),
    ("/STOP@guichet_bot", InboundKind.TEXT, "stop"),
    ("/link K7QM2P", InboundKind.TEXT, "link K7QM2P"),
    ("/", InboundKind.TEXT, "/"),
])  # fmt: skip
def test_commands(text, kind, words):
    event = said(text=text)
    assert (event.message.kind, event.message.text) == (kind, words)


def test_photo_is_its_largest_size():
    sizes = [
        {"file_id": f"f{n}", "file_unique_id": f"u{n}", "width": n, "height": n, "file_size": n}
        for n in (90, 320, 1280)
    ]
    event = said(photo=sizes, caption="ma capture", media_group_id="g1")
    assert event.media == (MediaRef("f1280", "image", "image/jpeg", 1280),)
    assert (event.message.kind, event.message.text, event.album) == (InboundKind.MEDIA, "ma capture", "g1")


def test_document_keeps_what_it_claims_and_not_its_name():
    file = {"file_id": "d", "file_unique_id": "u", "file_name": "Ahmed.png", "mime_type": "image/png", "file_size": 9}
    event = said(document=file)
    assert event.media == (MediaRef("d", "document", "image/png", 9, as_document=True),)
    assert "Ahmed" not in repr(event)


def test_place():
    event = said(location={"latitude": 48.9, "longitude": 2.4})
    assert (event.message.kind, event.message.latitude, event.message.longitude) == (InboundKind.LOCATION, 48.9, 2.4)


FILE = {"file_id": "v", "file_unique_id": "u", "duration": 3}
SIZED = {**FILE, "width": 1, "height": 1}


@pytest.mark.parametrize("content", [
    {"voice": FILE}, {"audio": FILE}, {"video": SIZED}, {"video_note": {**FILE, "length": 1}},
    {"animation": SIZED, "document": {"file_id": "d", "file_unique_id": "u"}},
    {"sticker": {**SIZED, "is_animated": False, "is_video": False, "type": "regular"}},
])  # fmt: skip
def test_what_nobody_here_can_read(content):
    assert said(**content).message.kind is InboundKind.VOICE


def test_video_of_an_album_belongs_to_it():
    assert said(video=SIZED, media_group_id="g1").album == "g1"


@pytest.mark.parametrize("content", [
    {"contact": {"phone_number": "+33600000000", "first_name": "Nom"}},
    {"dice": {"emoji": "🎲", "value": 3}},
    {"checklist": {"title": "t", "tasks": [{"id": 1, "text": "x"}]}},
    {"giveaway": {"chats": [CHAT], "winners_selection_date": 1, "winner_count": 1}},
    {"users_shared": {"request_id": 1, "users": [{"user_id": 336}]}},
    {"something_new": {"x": 336}},
    {"poll": {"id": "336"}}, {"contact": {}}, {"photo": [{"width": 1}]}, {"photo": "x"}, {"voice": {"file_id": 5}},
    {"text": 5}, {"document": {"file_id": "\ud800", "file_unique_id": "u"}},
])  # fmt: skip
def test_what_is_not_supported_is_told_and_not_read(content):
    event = said(**content)
    assert event.message.kind is InboundKind.UNSUPPORTED
    assert "336" not in repr(event)


def test_tap():
    query = {"id": "99", "from": PERSON, "chat_instance": "1", "data": "r:abc", "message": message(text="?")}
    event = one(update(callback_query=query))
    assert (event.message.kind, event.message.choice, event.callback) == (InboundKind.CHOICE, "r:abc", "99")
    assert event.external_id == "cb:99"
    assert event.addresses == (Address("telegram", "5000001"),)


def test_edit_names_the_message_it_changes():
    original = said(text="Lyon")
    event = one(update(11, edited_message=message(text="non, Lille", edit_date=SENT + 3)))
    assert event.message.text == "non, Lille"
    assert event.message.edits == original.message.external_id
    assert (event.external_id, event.message.external_id) == ("u:11", "")
    assert event.message.sent_at == datetime.fromtimestamp(SENT + 3, UTC)
    assert event.rank > original.rank
    assert original.message.edits is None


def test_of_an_edited_picture_the_words_are_told_and_the_picture_is_not():
    sizes = [{"file_id": "f", "file_unique_id": "u", "width": 9, "height": 9}]
    event = one(update(12, edited_message=message(photo=sizes, caption="x")))
    assert (event.message.kind, event.message.text, event.media) == (InboundKind.TEXT, "x", ())
    assert parse_update(update(13, edited_message=message(photo=sizes)), NOW) == []
    assert parse_update(update(14, edited_message=message(location={"latitude": 1.0, "longitude": 2.0})), NOW) == []


@pytest.mark.parametrize(("minutes", "is_heard"), [(1, True), (23 * 60, True), (25 * 60, False)])
def test_age_of_an_edit_is_that_of_the_edit(minutes, is_heard):
    edit_date = int((NOW - timedelta(minutes=minutes)).timestamp())
    old = message(text="non, Lyon", edit_date=edit_date, date=SENT - 7 * 86400)
    event = one(update(15, edited_message=old))
    assert isinstance(event, Inbound) if is_heard else event == Quarantine("too_old")


@pytest.mark.parametrize(("status", "is_reachable"), [("kicked", False), ("member", True)])
def test_block_and_unblock(status, is_reachable):
    def member(state):
        more = {"until_date": 0} if state == "kicked" else {}
        return {"user": {"id": 1, "is_bot": True, "first_name": "b"}, "status": state, **more}

    change = {
        "chat": CHAT,
        "from": PERSON,
        "date": SENT,
        "old_chat_member": member("member"),
        "new_chat_member": member(status),
    }
    assert one(update(my_chat_member=change)) == Reachability(Address("telegram", "5000001"), is_reachable)


@pytest.mark.parametrize(("data", "reason"), [
    (update(message=message(text="x") | {"chat": {"id": -1, "type": "group", "title": "t"}}), "not_private"),
    (update(message=message(text="x") | {"from": PERSON | {"is_bot": True}}), "not_a_person"),
    (update(message=message(text="x") | {"date": int((NOW - timedelta(hours=25)).timestamp())}), "too_old"),
    (update(message={"message_id": 1, "chat": CHAT, "from": PERSON, "text": "no date"}), "malformed"),
    (update(callback_query={"id": "1", "from": PERSON, "chat_instance": "1"}), "no_choice"),
    (update(10**30, message=message(text="x")), "no_update"), (update(-5, message=message(text="x")), "no_update"),
    (update(callback_query={"id": "1", "from": PERSON, "chat_instance": "1", "data": "r:x",
                            "message": {"chat": {"id": -1, "type": "group"}, "poll": {}}}), "not_private"),
    ([1], "no_update"), ("x", "no_update"), ({"update_id": "x"}, "no_update"),
])  # fmt: skip
def test_what_is_put_aside(data, reason):
    assert one(data) == Quarantine(reason)


@pytest.mark.parametrize("raw", [b"", b"{", b"\xff", b'{"update_id": NaN}', b"[" * 100_000, b'{"a":' * 50_000])
def test_what_is_not_json_is_put_aside(raw):
    assert parse(raw, NOW) == [Quarantine("not_json")]


def test_service_messages_reactions_and_unknown_updates_are_nothing():
    assert parse_update(update(message=message(group_chat_created=True)), NOW) == []
    assert parse_update(update(something_new={"a": 1}), NOW) == []
    assert parse_update(update(channel_post=message(text="x")), NOW) == []


def test_words_beside_what_cannot_be_read_are_read():
    broken = {"poll": {"id": "1"}, "reply_to_message": {"message_id": 0, "poll": {}}, "forward_origin": {"type": 5}}
    event = said(text="bonjour", **broken)
    assert (event.message.kind, event.message.text, event.message.is_forwarded) == (InboundKind.TEXT, "bonjour", True)
    sizes = [{"file_id": "f", "file_unique_id": "u", "width": 9, "height": 9, "file_size": "9"}]
    event = said(photo=sizes, caption="ici", media_group_id="g", reply_to_message={})
    assert (event.media, event.message.text, event.album) == ((MediaRef("f", "image", "image/jpeg"),), "ici", "g")
    query = {"id": "99", "from": PERSON, "chat_instance": "1", "data": "r:abc", "message": message(poll={})}
    assert one(update(callback_query=query)).message.choice == "r:abc"


@pytest.mark.parametrize(("content", "read"), [
    ({"photo": [{"file_id": "f", "file_unique_id": "u", "width": 9, "height": 9}], "caption": 5}, {"text": ""}),
    ({"location": {"latitude": "48.9", "longitude": 2.4}}, {"latitude": None, "longitude": 2.4}),
    ({"location": {"latitude": 1e999, "longitude": 2.4}}, {"latitude": None}),
    ({"text": "a\ud800b"}, {"text": "ab"}),
    ({"text": "x", "from": PERSON | {"language_code": 5}}, {"language_hint": None}),
])  # fmt: skip
def test_fields_of_a_wrong_type_count_as_not_told(content, read):
    [event] = parse_update(update(message=message(**content)), NOW)
    assert {name: getattr(event.message, name) for name in read} == read


def test_numbers_of_a_wrong_type_count_as_not_told():
    sizes = [{"file_id": "f", "file_unique_id": "u", "width": 9, "height": 9, "file_size": "9"}]
    event = said(photo=sizes, media_group_id=5)
    assert (event.media[0].size, event.album) == (None, None)


def test_service_message_that_cannot_be_read_is_nothing():
    assert parse_update(update(message=message(pinned_message={"poll": {}})), NOW) == []
    assert parse_update(update(message=message(message_auto_delete_timer_changed=5)), NOW) == []


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)
KEYS = st.sampled_from(
    ["chat", "from", "date", "text", "photo", "document", "location", "voice", "data", "id", "message", "caption"]
)


@given(
    st.dictionaries(
        st.sampled_from(["message", "edited_message", "callback_query", "my_chat_member"]), st.dictionaries(KEYS, JSON)
    )
)
def test_nothing_that_can_be_sent_raises(content):
    parse_update({"update_id": 1, **content}, NOW)
