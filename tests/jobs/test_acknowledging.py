"""Signs that somebody reads: soon or never, again while they fade, and never in the way."""

import threading
import time
from dataclasses import replace

from bot.core.capabilities import Capabilities
from bot.core.events import Inbound
from bot.core.messages import InboundKind, InboundMessage
from bot.core.ports import Address
from bot.jobs import acknowledging as module
from bot.jobs.acknowledging import MOST_WAITING, Acknowledging


def message(number, callback=None):
    return Inbound((Address("pigeon", "a"),), str(number), InboundMessage(InboundKind.TEXT, "x"), callback=callback)


class Channel:
    def __init__(self, lasts=0.0):
        self.capabilities = Capabilities(typing_lasts=lasts)
        self.callbacks = []
        self.shown, self.gate = [], threading.Event()

    def acknowledge(self, event):
        self.gate.wait(5)
        if event.external_id == "bad":
            raise RuntimeError("SECRET")
        self.shown.append(event.external_id)
        self.callbacks.append(event.callback)


def test_acknowledging_drops_what_it_cannot_do_soon_and_survives_errors(caplog):
    channel = Channel()
    acknowledging = Acknowledging({"pigeon": channel}, lambda _address: True)
    acknowledging([message("bad")])
    acknowledging(message(n) for n in range(MOST_WAITING * 2))
    channel.gate.set()
    acknowledging._pool.shutdown(wait=True)
    assert 0 < len(channel.shown) < MOST_WAITING
    assert "RuntimeError" in caplog.text
    assert "SECRET" not in caplog.text
    acknowledging([message(1)])
    acknowledging.close()


def test_sign_that_fades_is_shown_again_while_the_person_waits_and_once_however_much_they_wrote(monkeypatch):
    monkeypatch.setattr(module, "MARGIN_SECONDS", 0.0)
    channel, waits = Channel(lasts=0.05), [True, True, True]
    channel.gate.set()
    acknowledging = Acknowledging({"pigeon": channel}, lambda _address: bool(waits and waits.pop()))
    acknowledging([message(1, callback="99"), message(2)])
    deadline = time.monotonic() + 5
    while waits and time.monotonic() < deadline:
        time.sleep(0.01)
    time.sleep(0.3)
    acknowledging.close()
    assert len(channel.shown) == 2 + 3
    assert channel.callbacks.count("99") == 1, "a button is answered once"


def test_sign_is_not_shown_for_ever_nor_after_the_end(monkeypatch):
    monkeypatch.setattr(module, "MARGIN_SECONDS", 0.0)
    monkeypatch.setattr(module, "LONGEST_SECONDS", 0.12)
    channel = Channel(lasts=0.05)
    channel.gate.set()
    acknowledging = Acknowledging({"pigeon": channel}, lambda _address: True)
    acknowledging([message(1)])
    time.sleep(0.6)
    assert len(channel.shown) == 3
    acknowledging([message(2)])
    time.sleep(0.03)
    acknowledging.close()
    time.sleep(0.2)
    assert len(channel.shown) == 4


def test_many_who_wait_need_one_thread_more():
    channel = Channel(lasts=30.0)
    channel.gate.set()
    acknowledging = Acknowledging({"pigeon": channel}, lambda _address: True)
    before = threading.active_count()
    people = [replace(message(n), addresses=(Address("pigeon", str(n)),)) for n in range(50)]
    acknowledging(people)
    deadline = time.monotonic() + 5
    while len(channel.shown) < len(people) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert len(channel.shown) == len(people)
    assert threading.active_count() - before <= module.THREADS + 1
    acknowledging.close()
