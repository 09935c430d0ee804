"""What goes wrong between us and a platform hurts that message alone, and is neither lost nor repeated (channels.md 6.4)."""

from __future__ import annotations

import socket
import time
from datetime import timedelta
from email.utils import format_datetime

import pytest

from bot.bootstrap import House
from bot.channels.whatsapp.settings import WhatsAppSettings
from bot.commands.channels import check
from bot.config import Settings, Telegram
from bot.core.delivery import WINDOW_CLOSED, Outgoing, Retry, Status
from bot.core.errors import GuichetError
from bot.core.messages import OutboundMessage
from bot.core.ports import Address
from bot.core.queued import Priority
from bot.services import deliver
from tests.faults.conftest import Awa
from tests.peers.faults import BAD_GATEWAY, CUT, DROP, hang
from tests.peers.graph.errors import graph_fault
from tests.peers.graph.errors import named_fault as meta_fault
from tests.peers.graph.state import PHONE_ID
from tests.peers.telegram.errors import named_fault, too_many

MOST_TRIES = 8
"""Calls for one message while it is tried again: a busy loop would make hundreds."""


@pytest.fixture
def patience(monkeypatch):
    """Waits of the delivery that take a minute in life take a second here."""
    monkeypatch.setattr(deliver, "STATUS_WAIT", timedelta(seconds=1))
    monkeypatch.setattr(deliver, "STOP_REST", timedelta(seconds=1))
    monkeypatch.setattr(deliver, "CHANNEL_REST", timedelta(seconds=1))
    monkeypatch.setattr(deliver, "BASE", timedelta(seconds=0.2))


def fault_of(awa, name):
    if name == "patience":
        return too_many(2) if awa.channel == "telegram" else graph_fault(131056)
    if name == "500":
        return named_fault("500") if awa.channel == "telegram" else meta_fault("500")
    return {"502 in HTML": BAD_GATEWAY}[name]


@pytest.mark.parametrize(("name", "times"), [("patience", 1), ("500", 3), ("502 in HTML", 1)])
def test_message_that_is_not_taken_is_tried_again_and_nobody_else_waits(rig, awa, ben, patience, name, times):
    awa.fault(fault_of(awa, name), times)
    awa.say("bonjour")
    rig.until(lambda: awa.calls() == 1, "the first try")
    begin = time.monotonic()
    ben.say("salut")
    rig.until(lambda: ben.texts, "the other is answered")
    assert time.monotonic() - begin < 3
    if name == "patience" and awa.channel == "whatsapp":
        rig.later(seconds=10)  # a pair of persons rests for four seconds and more
    awa.hears("#bonjour", seconds=40)
    assert times + 1 <= awa.calls() <= MOST_TRIES
    assert rig.dead == []


@pytest.mark.parametrize("headers", ["seconds", "date"])
def test_whatsapp_that_asks_for_rest_gets_it_for_the_time_it_says(rig, patience, headers):
    awa = Awa(rig, "whatsapp")
    until = format_datetime(rig.clock.now() + timedelta(seconds=600), usegmt=True)
    awa.fault(graph_fault(130429, retry_after="600" if headers == "seconds" else until))
    awa.say("bonjour")
    rig.until(lambda: rig.house.deliver.why_resting("whatsapp") == "130429", "the channel rests")
    ben = Awa(rig, "telegram", 2)
    ben.say("salut")
    rig.until(lambda: ben.texts == ["#salut"], "the other platform works")
    assert awa.calls() == 1
    rig.later(seconds=590)
    time.sleep(0.5)
    assert awa.calls() == 1
    rig.later(seconds=30)
    awa.hears("#bonjour")


@pytest.mark.parametrize("manner", [CUT, DROP, hang(1.0)], ids=["cut", "dropped", "silent"])
def test_answer_that_is_lost_doubles_at_most_on_telegram_and_says_so(rig, awa, patience, monkeypatch, manner):
    awa.fault(manner.after_the_work())
    awa.say("bonjour")
    rig.until(lambda: awa.texts, "it arrives")
    if awa.channel == "telegram":
        awa.hears("#bonjour", "#bonjour", seconds=60)
        assert rig.rows("SELECT is_repeated FROM outbox") == [(1,)]
        return
    [sent] = rig.graph.sent
    assert rig.graph.report(sent, "sent", awa.meta) == 200
    rig.calm(60)
    rig.later(seconds=120)
    time.sleep(0.5)
    awa.hears("#bonjour")
    assert rig.rows("SELECT state, is_repeated FROM outbox") == [(2, 0)]


def test_whatsapp_message_whose_report_never_comes_is_sent_again_and_says_so(rig, patience):
    awa = Awa(rig, "whatsapp")
    awa.fault(DROP)
    awa.say("bonjour")
    awa.hears("#bonjour", seconds=30)
    assert rig.rows("SELECT state, is_repeated FROM outbox") == [(2, 1)]
    assert rig.graph.state.duplicates() == {}


def test_second_doubt_ends_in_the_dead_letters(rig, awa, patience):
    awa.fault(DROP, 2)
    awa.say("bonjour")
    rig.until(lambda: rig.dead, "it is given up", 40)
    assert rig.dead == [("UnknownOutcome", True)]
    assert (awa.calls(), awa.texts) == (2, [])


def test_token_that_is_refused_rests_the_channel_and_keeps_the_message(rig, awa, patience):
    awa.fault(named_fault("401") if awa.channel == "telegram" else meta_fault("190"), 1)
    awa.say("bonjour")
    rig.until(lambda: rig.house.deliver.why_resting(awa.channel), "the channel rests")
    assert rig.doors.platforms.checks()[awa.channel]() == "degraded"
    rig.later(seconds=400)
    awa.hears("#bonjour")
    assert (awa.calls(), rig.dead) == (2, [])


def test_failures_in_a_row_open_the_circuit(rig, awa, patience, monkeypatch):
    fault = named_fault("500") if awa.channel == "telegram" else meta_fault("500")
    call = "sendMessage" if awa.channel == "telegram" else "messages"
    awa.peer.faults.always(fault, call=call)
    for number in range(10, 18):
        Awa(rig, awa.channel, number).say("bonjour")
    rig.until(lambda: rig.house.deliver.why_resting(awa.channel), "the circuit opens", 30)
    before = awa.peer.faults.met.copy()
    time.sleep(1)
    assert len(awa.peer.faults.met) - len(before) <= 3
    awa.peer.faults.clear()


def test_host_without_a_name_is_a_retry(awa, tmp_path, monkeypatch):
    """The name of the host is not known: nothing left the house, so nothing is in doubt."""

    def unknown(*_args, **_more):
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    if awa.channel == "telegram":
        given = {"telegram": Telegram("1:abcdefghijk", api_url="https://nobody.invalid/bot")}
    else:
        # WhatsApp takes no host but Meta's, so that one has no name here.
        given = {"whatsapp": WhatsAppSettings("t", ("s",), "v", (PHONE_ID,))}
        monkeypatch.setattr(socket, "getaddrinfo", unknown)
    house = House(Settings(data_dir=tmp_path / "other", **given))
    channel = house.platforms[awa.channel]
    identity = "5" if awa.channel == "telegram" else "phone:33600000001"
    to = Outgoing(1, "o1", Address(awa.channel, identity), OutboundMessage("x", "fr"))
    assert isinstance(channel.send(to, lambda _file: b""), Retry)
    house.close()


def test_status_before_the_answer_of_the_send_is_kept(rig, patience):
    awa = Awa(rig, "whatsapp")
    awa.fault(hang(1.5).after_the_work())
    awa.say("bonjour")
    rig.until(lambda: rig.graph.sent, "it is sent, and its answer hangs")
    assert rig.graph.report(rig.graph.sent[0], "delivered", awa.meta) == 200
    rig.calm(40)
    rig.later(seconds=120)
    time.sleep(0.5)
    assert len(rig.graph.sent) == 1
    assert rig.rows("SELECT state, status, doubt FROM outbox") == [(2, Status.DELIVERED, 0)]


def test_status_never_goes_back_and_a_late_failure_of_what_was_read_is_none(rig):
    awa = Awa(rig, "whatsapp")
    awa.say("bonjour")
    awa.hears("#bonjour")
    for name in ("read", "delivered", "sent"):
        rig.graph.report(rig.graph.sent[0], name, awa.meta)
    rig.graph.report(rig.graph.sent[0], "failed", awa.meta, code=131026)
    assert rig.rows("SELECT state, status FROM outbox") == [(2, Status.READ)]


def test_message_that_failed_after_it_was_taken_is_a_dead_letter_with_its_code(rig):
    awa = Awa(rig, "whatsapp")
    awa.say("bonjour")
    awa.hears("#bonjour")
    rig.graph.report(rig.graph.sent[0], "failed", awa.meta, code=131026)
    assert [reason for reason, _doubt in rig.dead] == [rig.rows("SELECT error FROM outbox")[0][0]]
    assert rig.rows("SELECT state, status FROM outbox") == [(3, Status.FAILED)]


def test_window_that_closes_while_a_message_waits_is_no_storm(rig):
    """Neither the house's clock nor Meta's word makes it try again; what may be said is in the dead letters."""
    awa = Awa(rig, "whatsapp")
    awa.fault(meta_fault("131047"), 50)
    awa.say("bonjour")
    rig.until(lambda: rig.dead, "it is given up")
    assert rig.dead == [(WINDOW_CLOSED, False)]
    time.sleep(1)
    assert awa.calls() == 1
    person = rig.house.store.persons.find(Address("whatsapp", f"phone:{awa.meta.wa_id}"))
    rig.later(hours=25)
    words = OutboundMessage("rappel", "fr")
    rig.house.store.outbox.put(person, words, "late", rig.clock.now(), Priority.REMINDER)
    rig.later(hours=25)
    rig.until(lambda: len(rig.dead) == 2, "the late one is given up too")
    assert awa.calls() == 1


def test_blocked_person_is_tried_once(rig, awa):
    awa.fault(named_fault("blocked") if awa.channel == "telegram" else meta_fault("131026"), 50)
    awa.say("bonjour")
    rig.until(lambda: rig.dead, "it is given up")
    time.sleep(0.5)
    assert awa.calls() == 1


STOPS = [
    ("telegram", named_fault("401"), "InvalidToken", "the token"),
    ("whatsapp", meta_fault("190"), "190", "the token"),
    ("whatsapp", graph_fault(10), "10", "lacks a right"),
    ("whatsapp", graph_fault(131042), "131042", "means of payment"),
    ("whatsapp", graph_fault(131031), "131031", "locked"),
    ("whatsapp", graph_fault(368), "368", "its rules"),
    ("whatsapp", graph_fault(133010), "133010", "not registered"),
]


@pytest.mark.parametrize(("channel", "fault", "code", "words"), STOPS, ids=[each[2] for each in STOPS])
def test_platform_that_stops_us_for_good_is_told_to_whoever_runs_the_house(rig, caplog, channel, fault, code, words):
    awa = Awa(rig, channel)
    awa.fault(fault)
    awa.say("bonjour")

    def loud():
        return [r.getMessage() for r in caplog.records if r.levelname == "ERROR"]

    rig.until(loud, "it is told")
    assert loud() == [f"{channel}: nothing is sent for now: {code}"]
    assert rig.house.stoppages.standing(channel).reason == code, "noted before it is told"
    said = []
    with pytest.raises(GuichetError):
        check(rig.house, said.append)
    [line] = [line for line in said if "Nothing was sent since" in line]
    assert line.startswith(f"{channel}: WRONG")
    assert words in line
    assert code in line
    rig.later(minutes=6)
    awa.hears("#bonjour")
    rig.until(lambda: rig.house.stoppages.standing(channel) is None, "it is forgotten")
