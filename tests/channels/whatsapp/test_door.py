"""Meta at the house's door: a Graph API on this machine calls, the gateway checks, the inbox keeps."""

import hashlib
import hmac
import json
import os

import pytest
from starlette.applications import Starlette
from starlette.exceptions import HTTPException

from bot.channels.whatsapp.channel import WhatsAppChannel
from bot.channels.whatsapp.settings import WhatsAppSettings
from bot.gateway.app import refuse
from bot.gateway.webhooks import Webhook
from bot.services.take_in import TakeIn
from bot.storage.sealing import MasterKey
from bot.storage.store import open_store
from tests.channels.whatsapp.goldens import say
from tests.fake_memory import FakeClock
from tests.peers.graph import payloads
from tests.peers.graph.payloads import Person
from tests.peers.graph.peer import FakeGraph
from tests.peers.graph.state import PHONE_ID, Number
from tests.peers.serving import Served

AWA = Person()
MOVED = Person(wa_id="33600000009", user_id="FR.900900900900900")
OTHER = "106540352242923"


class Watch:
    def answered(self, channel, code, seconds):
        assert channel == "whatsapp"


class Ledger:
    def received(self, channel, kind):
        assert channel == "whatsapp"

    def billed(self, channel, category):
        assert category


class House:
    def __init__(self, folder, graph):
        self.clock = FakeClock()
        graph.state.clock = lambda: self.clock.now().timestamp()
        graph.state.numbers[OTHER] = Number(phone_id=OTHER, display="33700000001")
        self.store = open_store(folder, MasterKey(bytes(32)), os.urandom, self.clock)
        settings = WhatsAppSettings(
            "graph-token", ("next", graph.app_secret), graph.verify_token, (PHONE_ID, OTHER), graph.url
        )
        self.channel = WhatsAppChannel(settings, say, self.clock.now)
        store = self.store
        take_in = TakeIn(store.inbox, store.outbox, store.persons, self.clock, Ledger(), lambda *_: ())
        self.welcomed = []
        self.door = Webhook(
            self.channel,
            lambda events: take_in(self.channel.name, self.channel.capabilities, events),
            self.welcomed.append,
            self.clock,
            Watch(),
        )
        self.served = Served(Starlette(routes=self.door.routes(), exception_handlers={HTTPException: refuse})).start()
        graph.webhook_url = f"{self.served.url}/whatsapp"

    def count(self, table):
        return self.store.database.connection().execute(f"SELECT count(*) FROM {table}").fetchone()[0]

    def close(self):
        self.served.stop()
        self.channel.close()
        self.store.close()


@pytest.fixture
def graph():
    with FakeGraph() as made:
        yield made


@pytest.fixture
def house(tmp_path, graph):
    made = House(tmp_path, graph)
    yield made
    made.close()


def test_address_is_verified_by_whoever_knows_the_word(graph, house):
    answer = graph.verify("1158201444")
    assert (answer.status_code, answer.text) == (200, "1158201444")
    assert answer.headers["content-type"].startswith("text/plain")
    assert graph.verify(token="another").status_code == 403


def test_message_is_kept_once_however_often_it_comes(graph, house):
    assert graph.say(AWA, "Bonjour", wamid="wamid.1", times=5) == 200
    assert graph.say(AWA, "Autre chose", wamid="wamid.1") == 200
    assert graph.say(AWA, "Bonjour", wamid="wamid.1", phone_id=OTHER) == 200
    assert house.count("inbox") == 2


def test_same_body_in_parallel_is_kept_once(graph, house):
    made = graph.message(AWA, payloads.text("Bonjour"))
    raw = payloads.signed_bytes(payloads.envelope([payloads.message_value(graph.number(), AWA, [made])], "1"))
    assert set(graph.deliver_at_once([raw] * 50)) == {200}
    assert house.count("inbox") == 1


def sign(secret, raw):
    return "sha256=" + hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()


def test_stranger_is_refused_whatever_the_signature(graph, house):
    made = graph.message(AWA, payloads.text("été"))
    raw = payloads.signed_bytes(payloads.envelope([payloads.message_value(graph.number(), AWA, [made])], "1"))
    again = json.dumps(json.loads(raw), ensure_ascii=False).encode()
    good = sign(graph.app_secret, raw)
    forged = [{}, {"X-Hub-Signature-256": ""}, {"X-Hub-Signature-256": good.replace("sha256", "SHA256")}]
    forged += [
        {"X-Hub-Signature-256": value}
        for value in (good[:-1], good[7:], sign("forged", raw), sign(graph.app_secret, again))
    ]
    forged += [{"X-Hub-Signature-256": f"{good}, {good}"}, {"X-Hub-Signature": good}]
    assert {graph.post(raw, headers) for headers in forged} == {403}
    assert graph.post(again, {"X-Hub-Signature-256": good}) == 403
    assert house.count("inbox") == 0
    assert graph.post(raw, {"X-Hub-Signature-256": sign("next", raw)}) == 200
    assert house.count("inbox") == 1


def test_yesterdays_body_is_thanked_for_and_answered_by_nobody(graph, house):
    assert graph.say(AWA, "Bonjour", at=int(house.clock.now().timestamp()) - 90_000) == 200
    assert house.count("inbox") == 0
    assert house.welcomed[-1] == []


def test_body_over_the_cap_is_read_no_further(graph, house):
    raw = b'{"object":"' + b"x" * (3 * 1024 * 1024) + b'"}'
    assert graph.post(raw) == 413
    assert graph.post(b"{" * 1000) == 200


def test_batch_of_everything_is_one_delivery(graph, house):
    value = payloads.message_value(
        graph.number(), AWA, [graph.message(AWA, payloads.text(f"message {n}")) for n in range(3)]
    )
    sent = payloads.status(AWA, "wamid.S", "delivered", int(house.clock.now().timestamp()), opaque="unknown")
    other = payloads.message_value(graph.number(OTHER), AWA, [graph.message(AWA, payloads.text("ici aussi"))])
    stranger = payloads.message_value(
        Number(phone_id="99999", display="1"), AWA, [graph.message(AWA, payloads.text("x"))]
    )
    assert graph.deliver(value, payloads.status_value(graph.number(), [sent]), other, stranger, entries=True) == 200
    assert house.count("inbox") == 4
    assert len(house.welcomed[-1]) == 4


def test_person_is_one_by_number_by_id_and_after_a_new_number(graph, house):
    for known in ("both", "number", "user_id"):
        assert graph.say(AWA.as_known_by(known), f"par {known}") == 200
    moved = payloads.number_change(graph.number(), AWA, "33600000009", "wamid.N", int(house.clock.now().timestamp()))
    assert graph.deliver(moved) == 200
    # A new number has a new id of its own.
    for known in ("number", "both", "user_id"):
        assert graph.say(MOVED.as_known_by(known), f"nouveau numéro, par {known}") == 200
    assert house.count("persons") == 1
    assert house.count("inbox") == 6


@pytest.mark.parametrize("known", ["both", "number"])
def test_new_number_may_write_before_it_is_told_of(graph, house, known):
    assert graph.say(AWA.as_known_by(known), "avant") == 200
    at = int(house.clock.now().timestamp())
    house.clock.advance(minutes=5)
    assert graph.say(MOVED.as_known_by(known), "après") == 200
    assert house.count("persons") == 2
    assert graph.deliver(payloads.number_change(graph.number(), AWA, MOVED.wa_id, "wamid.N", at)) == 200
    assert house.count("persons") == 1


@pytest.mark.parametrize(("days", "persons"), [(6, 1), (9, 2)])
def test_change_of_number_is_true_as_long_as_it_is_told_again(graph, house, days, persons):
    assert graph.say(AWA, "avant") == 200
    moved = payloads.number_change(graph.number(), AWA, MOVED.wa_id, "wamid.N", int(house.clock.now().timestamp()))
    house.clock.advance(days=days)
    assert graph.deliver(moved) == 200
    assert graph.say(MOVED, "après") == 200
    assert house.count("persons") == persons
