"""Platforms of a serving house: set up in the background, asked or called, and their state told."""

import json
import threading
import time
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from starlette.applications import Starlette
from starlette.exceptions import HTTPException

from bot.bootstrap import House
from bot.commands import channels, platform_doors
from bot.commands.platform_doors import PlatformDoors
from bot.config import Settings, Telegram
from bot.core.capabilities import Capabilities
from bot.core.channel import Finding
from bot.core.errors import ChannelUnavailableError, GuichetError, SetupError, StorageError, UnauthorizedError
from bot.core.events import Inbound
from bot.core.messages import InboundKind, InboundMessage
from bot.core.ports import Address
from bot.gateway.app import refuse
from bot.gateway.health import State
from bot.gateway.webhooks import TELL_EVERY
from bot.services.take_singly import take_singly
from tests.peers.serving import Served

MESSAGE = {
    "message_id": 7,
    "chat": {"id": 5_000_001, "type": "private"},
    "from": {"id": 5_000_001, "is_bot": False, "first_name": "x"},
    "text": "x",
}


def until(holds):
    deadline = time.monotonic() + 5
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)


class Pigeon:
    name = "pigeon"
    capabilities = Capabilities()
    path, body_bytes = "/pigeon", 1000

    def __init__(self, refusals=0):
        self.refusals, self.acknowledged, self.rests = refusals, [], []
        self.is_set_up = threading.Event()
        self.gate = None

    def setup(self):
        if self.gate is not None and not self.refusals:
            self.gate.wait(5)
        if self.refusals:
            self.refusals -= 1
            raise SetupError("the pigeons do not know us")
        self.is_set_up.set()
        return self.rests.pop() if self.rests else None

    def told(self, house, text):
        """Waits for the note of the setup."""
        for _ in range(200):
            if house.store.notes.read("pigeon setup") == text:
                return
            time.sleep(0.01)
        raise AssertionError(house.store.notes.read("pigeon setup"))

    def authenticate(self, headers, raw):
        if headers.get("secret") != "ours":
            raise UnauthorizedError(self.name)

    def parse(self, raw, now):
        return []

    def acknowledge(self, event):
        self.acknowledged.append(event.external_id)

    def check(self):
        return []

    def close(self):
        pass


class Asked(Pigeon):
    def __init__(self, *batches):
        super().__init__()
        self.batches = list(batches)

    def poll(self, offset):
        time.sleep(0.01)
        if not self.batches:
            raise ChannelUnavailableError(self.name)
        return self.batches.pop(0), 7

    def unheard(self, reason, since):
        return Finding(is_ok=False, text=f"{reason} since {since.year}")


@pytest.fixture
def doors(house, monkeypatch):
    monkeypatch.setattr(platform_doors, "FIRST_PAUSE", 0.01)
    opened = []

    def make(platform, wake=lambda: None):
        house.__dict__["platforms"] = {"pigeon": platform}
        opened.append(PlatformDoors(house, wake))
        return opened[-1]

    yield make
    for each in opened:
        each.stop()


def test_platform_that_refuses_is_degraded_and_told_again(doors, caplog):
    platform = Pigeon(refusals=2)
    made = doors(platform)
    (check,) = made.checks().values()
    assert check() is State.DEGRADED
    made.start()
    assert platform.is_set_up.wait(5)
    until(lambda: check() is State.OK)
    assert caplog.text.count("pigeon is not set up yet: `guichet channels check` says why") == 2


def test_refusal_of_our_settings_is_kept_for_the_check_until_they_are_taken(doors, house):
    platform = Pigeon(refusals=1)
    platform.gate = threading.Event()
    made = doors(platform)
    made.start()
    platform.told(house, "the pigeons do not know us")
    platform.gate.set()
    platform.told(house, "")


def test_end_waits_for_a_note_in_hand_and_none_comes_after_it(doors, house, monkeypatch):
    platform, begun, go, written = Pigeon(refusals=1), threading.Event(), threading.Event(), []

    def write(name, value):
        begun.set()
        go.wait(5)
        written.append(value)

    made = doors(platform)
    monkeypatch.setattr(house.store.notes, "write", write)
    made.start()
    assert begun.wait(5)
    threading.Timer(0.2, go.set).start()
    made.stop()
    assert written == ["the pigeons do not know us"], "the store may be closed now"
    made._note_setup("pigeon", "too late")
    assert len(written) == 1


def test_caller_with_another_secret_degrades_the_platform_until_one_is_let_in(doors, house, caplog):
    platform = Pigeon()
    made = doors(platform)
    made.start()
    assert platform.is_set_up.wait(5)
    check = made.checks()["pigeon"]
    app = Starlette(routes=made.routes(), exception_handlers={HTTPException: refuse})
    served = Served(app).start()
    try:
        with httpx.Client(base_url=served.url, trust_env=False) as client:
            for _ in range(TELL_EVERY + 2):
                assert client.post("/pigeon", headers={"secret": "another"}).status_code == 403
            assert check() is State.DEGRADED
            assert caplog.text.count("calls refused") == 2
            assert client.post("/pigeon", headers={"secret": "ours"}).status_code == 200
            until(lambda: check() is State.OK)
            client.post("/pigeon", headers={"secret": "another"})
            assert check() is State.OK
    finally:
        served.stop()


def test_platform_that_has_not_taken_all_words_is_well_and_is_told_them_when_it_says(doors):
    platform = Pigeon()
    platform.rests = [timedelta(days=1), timedelta(milliseconds=1)]
    made = doors(platform)
    made.start()
    until(lambda: not platform.rests)
    assert made.checks()["pigeon"]() is State.OK


def test_platform_that_rests_is_degraded(doors, house, monkeypatch):
    platform = Pigeon()
    made = doors(platform)
    made.start()
    assert platform.is_set_up.wait(5)
    monkeypatch.setattr(type(house.deliver), "why_resting", lambda _self, _name: "130429")
    assert made.checks()["pigeon"]() is State.DEGRADED


def test_platform_that_has_stopped_us_is_degraded_between_two_rests_too(doors, house):
    platform = Pigeon()
    made = doors(platform)
    made.start()
    assert platform.is_set_up.wait(5)
    house.stoppages.look(["pigeon"], lambda _name: "131042")
    assert house.deliver.why_resting("pigeon") is None
    assert made.checks()["pigeon"]() is State.DEGRADED
    house.stoppages.delivered("pigeon", "Sent")
    house.stoppages.look(["pigeon"], lambda _name: None)
    until(lambda: made.checks()["pigeon"]() is State.OK)


def test_platform_that_can_be_asked_is_asked_and_has_no_door(doors, house):
    woken = threading.Event()
    message = Inbound((Address("pigeon", "a"),), "u:1", InboundMessage(InboundKind.TEXT, "x"))
    platform = Asked([message])
    made = doors(platform, woken.set)
    assert made.routes() == []
    made.start()
    assert woken.wait(5)
    made.stop()
    assert house.store.persons.find(Address("pigeon", "a")) is not None


def test_platform_that_is_not_heard_is_degraded_and_the_check_of_another_process_says_why(doors, house):
    platform = Asked(*[[]] * 3)
    made = doors(platform)
    made.start()
    state = made.checks()["pigeon"]
    until(lambda: state() is State.DEGRADED and not platform.batches)
    made.stop()
    said = []
    with pytest.raises(GuichetError):
        channels.check(house, said.append)
    assert said == [f"pigeon: WRONG: pigeon since {house.clock.now().year}"]


def test_event_that_nobody_foresaw_is_put_aside_and_those_beside_it_are_taken(doors, house, caplog):
    strange = Inbound((Address("pigeon", "b"),), "u:1", InboundMessage(InboundKind.TEXT, 5))
    message = Inbound((Address("pigeon", "a"),), "u:2", InboundMessage(InboundKind.TEXT, "x"))
    made = doors(Asked([strange, message], []))
    made.start()
    until(lambda: house.store.persons.find(Address("pigeon", "a")) is not None)
    made.stop()
    assert "an event could not be taken in: TypeError" in caplog.text


def test_event_that_cannot_be_stored_now_hinders_no_other_and_is_told():
    seen = []

    def take_in(events):
        seen.extend(events)
        if events == ["locked"]:
            raise StorageError("locked")
        return events

    with pytest.raises(StorageError):
        take_singly(take_in, ["a", "locked", "b"])
    assert seen == ["a", "locked", "b"]


def test_platform_that_calls_has_its_door(doors):
    assert {route.path for route in doors(Pigeon()).routes()} == {"/pigeon"}


@pytest.mark.parametrize("is_updated", [False, True])
def test_second_bot_has_names_of_its_own_and_the_first_keeps_those_it_had(tmp_path, is_updated):
    """Also where the data is older than the difference: what Telegram repeats is known by its old name."""

    def name(token):
        house = House(Settings(data_dir=tmp_path, telegram=Telegram(token)))
        update = {"update_id": 10, "message": {**MESSAGE, "date": int(time.time())}}
        [event] = house.platforms["telegram"].parse(json.dumps(update).encode(), datetime.now(UTC))
        house.close()
        return event.external_id

    if is_updated:
        house = House(Settings(data_dir=tmp_path))
        house.store.notes.write("telegram offset", "11")
        house.close()
    names = [name(token) for token in ("123456:abcdefghijk", "777777:abcdefghijk", "123456:rotated-token")]
    assert names == ["u:10", "u:777777:10", "u:10"]
