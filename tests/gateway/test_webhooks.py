"""The doors of platforms: strangers stay outside, bodies are cut, nothing is thanked for before it is durable."""

from __future__ import annotations

import json
import os

import httpx
import pytest
from starlette.applications import Starlette
from starlette.exceptions import HTTPException

from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.settings import TelegramSettings
from bot.core.errors import StorageError, UnauthorizedError
from bot.gateway.app import refuse
from bot.gateway.metrics import Metrics
from bot.gateway.webhooks import Webhook
from bot.services.take_in import TakeIn
from bot.storage.sealing import MasterKey
from bot.storage.store import open_store
from tests.fake_memory import FakeClock
from tests.peers.serving import Served

SECRET = "s3cret"
PATH = "/telegram/nobody-guesses"
NAME = {"x-telegram-bot-api-secret-token": SECRET}


class Watch:
    def __init__(self):
        self.codes = []

    def answered(self, channel, code, seconds):
        assert seconds >= 0
        self.codes.append((channel, code))


class House:
    def __init__(self, folder):
        self.clock = FakeClock()
        self.store = open_store(folder, MasterKey(bytes(32)), os.urandom, self.clock)
        store = self.store
        self.channel = TelegramChannel(
            TelegramSettings("1:x", SECRET, PATH, "http://127.0.0.1:1/bot", "http://127.0.0.1:1/file/bot")
        )
        self.welcomed, self.watch = [], Watch()
        take_in = TakeIn(store.inbox, store.outbox, store.persons, self.clock, Metrics(), lambda *_: ())

        def store_all(events):
            return take_in(self.channel.name, self.channel.capabilities, events)

        self.door = Webhook(self.channel, store_all, self.welcomed.append, self.clock, self.watch)
        app = Starlette(routes=self.door.routes(), exception_handlers={HTTPException: refuse})
        self.served = Served(app).start()
        self.client = httpx.Client(base_url=self.served.url, trust_env=False)

    def post(self, data, headers=None):
        raw = data if isinstance(data, bytes) else json.dumps(data).encode()
        return self.client.post(PATH, content=raw, headers=NAME if headers is None else headers)

    def stored(self):
        return self.store.database.connection().execute("SELECT count(*) FROM inbox").fetchone()[0]


@pytest.fixture
def house(tmp_path):
    made = House(tmp_path)
    yield made
    made.client.close()
    made.served.stop()
    made.channel.close()
    made.store.close()


def said(house, number=1, text="bonjour"):
    moment = int(house.clock.now().timestamp())
    person = {"id": 5, "is_bot": False, "first_name": "x"}
    message = {"message_id": 1, "date": moment, "chat": {"id": 5, "type": "private"}, "from": person, "text": text}
    return {"update_id": number, "message": message}


def test_message_is_durable_before_it_is_thanked_for(house):
    assert house.post(said(house)).status_code == 200
    assert house.stored() == 1
    assert [len(new) for new in house.welcomed] == [1]
    assert house.watch.codes == [("telegram", 200)]


def test_redelivery_is_thanked_for_and_wakes_nobody(house):
    for _ in range(50):
        assert house.post(said(house)).status_code == 200
    assert house.stored() == 1
    assert sum(map(len, house.welcomed)) == 1


@pytest.mark.parametrize("headers", [{}, {"x-telegram-bot-api-secret-token": "wrong"}])
def test_stranger_is_refused_before_anything_is_read(house, headers):
    answer = house.post(b"{not even json", headers)
    assert (answer.status_code, answer.json()) == (403, {"error": "forbidden"})
    assert house.stored() == 0
    assert house.welcomed == []


def test_body_of_a_stranger_is_never_parsed(house, monkeypatch):
    def parse(_raw, _now):
        raise AssertionError("parsed")

    monkeypatch.setattr(house.channel, "parse", parse)
    for headers in ({}, {"x-telegram-bot-api-secret-token": "wrong"}):
        assert house.post(said(house), headers).status_code == 403
    assert (house.door.accepted, house.door.refused) == (0, 2)


def test_header_that_comes_twice_hides_nothing(house):
    raw = json.dumps(said(house)).encode()
    pair = [("x-telegram-bot-api-secret-token", SECRET), ("x-telegram-bot-api-secret-token", "wrong")]
    assert house.client.post(PATH, content=raw, headers=pair).status_code == 403
    assert house.client.post(PATH, content=raw, headers=pair[::-1]).status_code == 403


def test_body_is_cut_at_its_cap_whether_it_is_declared_or_not(house):
    assert house.post(b"x" * (house.channel.body_bytes + 1)).status_code == 413

    def endless():
        for _ in range(100):
            yield b"x" * (1 << 16)

    assert house.client.post(PATH, content=endless(), headers=NAME).status_code == 413
    assert house.stored() == 0


@pytest.mark.parametrize("raw", [b"", b"null", b"[]", b'{"update_id": NaN}', b"\xff\xfe", b"[" * 50_000])
def test_nonsense_from_the_platform_is_thanked_for_and_not_kept(house, raw):
    assert house.post(raw).status_code == 200
    assert house.stored() == 0


def test_text_of_every_kind_is_taken(house):
    for number, text in enumerate(["é" * 4096, "مرحبا", "\u202e x", "z" + "\u0301" * 9000, "👨‍👩‍👧‍👦" * 300], 10):
        assert house.post(said(house, number, text)).status_code == 200
    assert house.stored() == 5


def test_store_that_refuses_makes_the_platform_try_again(house, monkeypatch):
    monkeypatch.setattr(house.door, "_take_in", _refuse)
    answer = house.post(said(house))
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    monkeypatch.undo()
    assert house.post(said(house)).status_code == 200
    assert house.stored() == 1


def _refuse(_events):
    message = "the database is locked"
    raise StorageError(message)


def test_nobody_else_finds_the_path(house):
    assert house.client.post("/telegram/other", content=b"{}", headers=NAME).status_code == 404
    assert house.client.get(PATH).status_code == 403
    assert house.client.put(PATH).status_code == 405


def test_platform_that_asks_gets_its_challenge(house, monkeypatch):
    monkeypatch.setattr(house.channel, "challenge", lambda query: query["hub.challenge"])
    answer = house.client.get(PATH, params={"hub.challenge": "1158201444"})
    assert (answer.text, answer.headers["content-type"]) == ("1158201444", "text/plain; charset=utf-8")


def test_refusals_tell_nothing_of_the_reason(house):
    with pytest.raises(UnauthorizedError) as refused:
        house.channel.authenticate({}, b"secret words")
    assert "secret" not in str(refused.value)
