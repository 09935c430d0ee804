"""Platforms of a serving house: set up in the background, asked or called, and their state told."""

import threading
import time

import pytest

from bot.commands import platform_doors
from bot.commands.platform_doors import PlatformDoors
from bot.core.capabilities import Capabilities
from bot.core.errors import ChannelUnavailableError, SetupError
from bot.core.events import Inbound
from bot.core.messages import InboundKind, InboundMessage
from bot.core.ports import Address
from bot.gateway.health import State


class Pigeon:
    name = "pigeon"
    capabilities = Capabilities()
    path, body_bytes = "/pigeon", 1000

    def __init__(self, refusals=0):
        self.refusals, self.acknowledged = refusals, []
        self.is_set_up = threading.Event()

    def setup(self):
        if self.refusals:
            self.refusals -= 1
            raise SetupError("the pigeons do not know us")
        self.is_set_up.set()

    def acknowledge(self, event):
        self.acknowledged.append(event.external_id)

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
    for _ in range(100):
        if check() is State.OK:
            break
        time.sleep(0.01)
    assert check() is State.OK
    assert caplog.text.count("pigeon is not set up yet (SetupError)") == 2


def test_platform_that_rests_is_degraded(doors, house, monkeypatch):
    platform = Pigeon()
    made = doors(platform)
    made.start()
    assert platform.is_set_up.wait(5)
    monkeypatch.setattr(type(house.deliver), "why_resting", lambda _self, _name: "130429")
    assert made.checks()["pigeon"]() is State.DEGRADED


def test_platform_that_can_be_asked_is_asked_and_has_no_door(doors, house):
    woken = threading.Event()
    message = Inbound((Address("pigeon", "a"),), "u:1", InboundMessage(InboundKind.TEXT, "x"))
    platform = Asked([message])
    made = doors(platform, woken.set)
    assert made.routes() == []
    made.start()
    assert woken.wait(5)
    made.stop()
    assert house.store.notes.read("pigeon offset") == "7"
    assert house.store.persons.find(Address("pigeon", "a")) is not None


def test_platform_that_calls_has_its_door(doors):
    assert {route.path for route in doors(Pigeon()).routes()} == {"/pigeon"}
