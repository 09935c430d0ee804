"""What happens in a house is seen by whoever scrapes its second door: each counter is wired to what it counts."""

from __future__ import annotations

import re
from dataclasses import replace

import httpx
import pytest

from tests.faults.conftest import Awa
from tests.peers.graph import payloads
from tests.peers.graph.errors import graph_fault
from tests.peers.graph.state import ACCOUNT_ID
from tests.soak.serving import free_port

_SAMPLE = re.compile(r"^(\w+)(?:\{(.*)\})? (\S+)$", re.MULTILINE)


@pytest.fixture
def scrape(rig):
    """Asks the second door; the value of a sample, 0 when there is none."""
    rig.house.settings = replace(rig.house.settings, admin_port=free_port())
    server = rig.doors.admin(rig.doors.health())
    url = f"http://127.0.0.1:{rig.house.settings.admin_port}/metrics"

    def read(name, **labels):
        text = httpx.get(url, trust_env=False).text
        wanted = ",".join(f'{key}="{value}"' for key, value in sorted(labels.items()))
        return sum(float(value) for found, told, value in _SAMPLE.findall(text) if (found, told) == (name, wanted))

    yield read
    server.should_exit = True


def test_message_is_counted_as_it_comes_again_and_is_answered_and_billed(rig, scrape):
    awa = Awa(rig, "whatsapp")
    made = rig.graph.message(awa.meta, payloads.text("bonjour"))
    value = payloads.message_value(rig.graph.number(), awa.meta, [made])
    raw = payloads.signed_bytes(payloads.envelope([value], ACCOUNT_ID))
    assert [rig.graph.post(raw), rig.graph.post(raw)] == [200, 200]
    awa.hears("#bonjour")
    [sent] = rig.graph.sent
    assert rig.graph.report(sent, "delivered", awa.meta, category="utility") == 200
    assert rig.graph.post(raw, {"X-Hub-Signature-256": "sha256=" + "0" * 64}) == 403
    assert scrape("guichet_received_total", channel="whatsapp", kind="Inbound") == 2
    assert scrape("guichet_received_total", channel="whatsapp", kind="duplicate") == 1
    assert scrape("guichet_sends_total", channel="whatsapp", result="Sent") == 1
    assert scrape("guichet_billed_messages_total", channel="whatsapp", category="utility") == 1
    assert scrape("guichet_webhook_seconds_count", channel="whatsapp", code="200") == 3
    assert scrape("guichet_webhook_seconds_count", channel="whatsapp", code="403") == 1


def test_file_that_is_not_fetched_and_each_that_is_not_kept_is_counted(rig, awa, scrape):
    times = 1 if awa.channel == "telegram" else 2  # WhatsApp's asks for a new address within the same try
    awa.send(b"late", missing=times)
    awa.hears("ok", seconds=30)
    error = "MediaUnavailableError"
    assert scrape("guichet_media_failures_total", channel=awa.channel, error=error) == 1
    assert scrape("guichet_files_not_kept_total", problem="empty") == 0
    awa.send(b"", as_document=True)
    awa.hears("ok", "empty", seconds=30)
    assert scrape("guichet_files_not_kept_total", problem="empty") == 1


def test_what_waits_has_an_age_and_the_channel_that_rests_is_named(rig, scrape):
    awa = Awa(rig, "whatsapp")
    awa.fault(graph_fault(131042))
    awa.say("bonjour")
    rig.until(lambda: scrape("guichet_channel_resting", channel="whatsapp") == 1, "the channel rests")
    rig.clock.ahead += type(rig.clock.ahead)(seconds=100)
    assert scrape("guichet_queue_size", channel="whatsapp", queue="outbox") == 1
    assert 100 <= scrape("guichet_queue_age_seconds", channel="whatsapp", queue="outbox") < 130
    assert scrape("guichet_dead_letters") == 0


def test_message_that_is_given_up_is_counted_as_a_dead_letter(rig, scrape):
    awa = Awa(rig, "whatsapp")
    awa.fault(graph_fault(100))
    awa.say("bonjour")
    rig.until(lambda: scrape("guichet_dead_letters") == 1, "it is given up")
    assert scrape("guichet_sends_total", channel="whatsapp", result="Permanent") == 1
