"""Whatever Telegram sends, the store takes it: an update that made it fail would be sent again and again."""

from __future__ import annotations

import copy
import os
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.channels.telegram.parsing import parse_update
from bot.channels.telegram.settings import CAPABILITIES
from bot.services.take_in import TakeIn
from bot.storage.sealing import MasterKey
from bot.storage.store import open_store
from tests.fake_memory import FakeClock
from tests.services.test_take_in import Ledger, located

SENT = int(datetime(2026, 11, 23, 9, 0, tzinfo=UTC).timestamp())
CHAT = {"id": 5_000_001, "type": "private", "first_name": "Prénom"}
PERSON = {"id": 5_000_001, "is_bot": False, "first_name": "Prénom", "language_code": "ar"}
FILE = {"file_id": "f", "file_unique_id": "u", "file_size": 9}
CONTENTS = (
    {"text": "bonjour", "entities": [{"type": "bold", "offset": 0, "length": 3}]},
    {"text": "/start link_K7QM2P", "forward_origin": {"type": "hidden_user", "sender_user_name": "S", "date": SENT}},
    {"photo": [{**FILE, "width": 9, "height": 9}], "caption": "ici", "media_group_id": "g"},
    {"document": {**FILE, "file_name": "x.png", "mime_type": "image/png"}, "caption": "ici", "media_group_id": "g"},
    {"location": {"latitude": 48.9, "longitude": 2.4}},
    {"voice": {**FILE, "duration": 3}, "caption": "ici"},
    {"contact": {"phone_number": "+336", "first_name": "Nom"}},
    {"reply_to_message": {"message_id": 3, "date": SENT, "chat": CHAT, "text": "?"}, "text": "oui"},
)
MESSAGES = [{"message_id": 7, "date": SENT, "chat": CHAT, "from": PERSON, **content} for content in CONTENTS]
UPDATES = [
    *({"message": message} for message in MESSAGES),
    *({"edited_message": message | {"edit_date": SENT}} for message in MESSAGES[:3]),
    {"callback_query": {"id": "99", "from": PERSON, "chat_instance": "1", "data": "r:abc", "message": MESSAGES[0]}},
    {"my_chat_member": {"chat": CHAT, "from": PERSON, "date": SENT,
                        "old_chat_member": {"user": PERSON, "status": "left"},
                        "new_chat_member": {"user": PERSON, "status": "kicked", "until_date": 0}}},
]  # fmt: skip
WRONG = st.sampled_from([
    None, True, 5, -5, 10**19, 10**40, 1.5, 1e308, float("inf"), "", "x", "9", "\ud800", "a\x00b", [], [5], {}, {"id": 5},
    [{}], "r:" + "é" * 5000,
])  # fmt: skip


def places(value, path=()):
    """The path of every value in a value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path] * bool(path) + [place for key, part in inner for place in places(part, (*path, key))]


CASES = st.sampled_from([(update, path) for update in UPDATES for path in places(update)])


@pytest.fixture(scope="module")
def take_in(tmp_path_factory):
    clock = FakeClock()
    store = open_store(tmp_path_factory.mktemp("stored"), MasterKey(bytes(32)), os.urandom, clock)
    made = TakeIn(store.inbox, store.outbox, store.persons, clock, Ledger(), located)
    yield lambda events: made("telegram", CAPABILITIES, events)
    store.close()


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(case=CASES, wrong=WRONG, number=st.integers(0, 2**40))
def test_one_wrong_field_never_makes_the_store_fail(take_in, case, wrong, number):
    update, path = case
    told = copy.deepcopy({"update_id": number, **update})
    holder = told
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = wrong
    take_in(parse_update(told, FakeClock().now()))
