"""``guichet outbox``, ``channels check`` and the second door: what whoever runs the house can see and do."""

import threading
from dataclasses import replace

import httpx
import pytest

from bot.commands import channels, outbox
from bot.core.channel import Finding
from bot.core.delivery import TemplateCall
from bot.core.errors import GuichetError
from bot.core.ports import Address
from bot.gateway.admin import create_admin
from bot.gateway.health import Health, State
from bot.gateway.metrics import Metrics, Queues
from tests.peers.serving import Served
from tests.records import LEASE, answer


@pytest.fixture
def given_up(house):
    store, now = house.store, house.clock.now()
    person = store.persons.find_or_create(Address("telegram", "5"), now)
    for words in ("SECRET-ONE", "SECRET-TWO"):
        store.outbox.put(person, answer(words), words, now)
        store.outbox.failed(store.outbox.claim(now, LEASE), "BadRequest", now, None)
    store.outbox.put(person, answer("SECRET-THREE"), "3", now)
    return house


def test_list_tells_errors_and_no_words(given_up):
    said = []
    outbox.show(given_up, said.append)
    text = "\n".join(said)
    assert "2 given up" in text
    assert text.count("telegram  BadRequest after 1 tries") == 2
    assert "1 waiting" in text
    assert "SECRET" not in text


def test_replay_sends_again_and_drop_erases(given_up):
    said = []
    outbox.replay(given_up, [1], said.append)
    outbox.drop(given_up, [2], said.append)
    assert said == ["1 wait to be sent again", "1 dropped"]
    outbox.replay(given_up, [], said.append)
    assert said[-1] == "0 wait to be sent again"


def test_what_may_have_arrived_is_sent_again_only_when_it_is_named_and_that_is_said(given_up):
    given_up.store.database.connection().execute("UPDATE outbox SET is_repeated = 1 WHERE seq = 1")
    said = []
    outbox.replay(given_up, [], said.append)
    assert said == [
        "1 wait to be sent again",
        "1 are left, since they may have arrived; name them to send them all the same",
    ]
    said.clear()
    outbox.replay(given_up, [1], said.append)
    assert said == ["1 wait to be sent again", "1 of them may have arrived already: the person may have it twice"]


@pytest.mark.parametrize(("act", "numbers"), [(outbox.replay, [99]), (outbox.drop, [99]), (outbox.drop, [])])
def test_a_number_that_is_none_is_told(given_up, act, numbers):
    with pytest.raises(GuichetError):
        act(given_up, numbers, lambda _text: None)


class Platform:
    def __init__(self, *findings):
        self.findings = findings

    def check(self):
        return list(self.findings)

    def close(self):
        pass


def test_channels_are_checked_in_plain_words(house):
    house.settings = replace(house.settings, public_url="https://guichet.example")
    said = []
    channels.check(house, said.append)
    assert "not set up" in said[0]
    house.__dict__["platforms"] = {"telegram": Platform(Finding(is_ok=True, text="Fine."))}
    channels.check(house, said.append)
    assert said[-1] == "telegram: ok: Fine."
    house.__dict__["platforms"] = {"telegram": Platform(Finding(is_ok=False, text="No token."))}
    with pytest.raises(GuichetError, match="1 findings"):
        channels.check(house, said.append)
    assert said[-1] == "telegram: WRONG: No token."


def test_platform_that_calls_us_needs_a_public_address(house):
    house.__dict__["platforms"] = {"whatsapp": Platform()}
    house.settings = replace(house.settings, public_url=None)
    said = []
    with pytest.raises(GuichetError, match="1 findings"):
        channels.check(house, said.append)
    assert "GUICHET_PUBLIC_URL" in said[-1]
    house.settings = replace(house.settings, public_url="https://guichet.example")
    channels.check(house, said.append)


def test_what_a_platform_said_of_our_settings_is_told(house):
    house.settings = replace(house.settings, public_url="https://guichet.example")
    house.__dict__["platforms"] = {"telegram": Platform()}
    house.store.notes.write("telegram setup", "Telegram did not take our settings (BadRequest: bad webhook)")
    said = []
    with pytest.raises(GuichetError, match="1 findings"):
        channels.check(house, said.append)
    assert "bad webhook" in said[-1]


def test_refused_template_is_not_tried_until_somebody_has_looked(house):
    house.settings = replace(house.settings, public_url="https://guichet.example")
    template = TemplateCall("guichet_reminder", "fr")
    house.template_refused("whatsapp", template, "131026")
    assert house.refused_templates() == []
    house.template_refused("whatsapp", template, "132015")
    house.template_refused("whatsapp", template, "132015")
    assert house.refused_templates() == ["guichet_reminder/fr"]
    house.__dict__["platforms"] = {"whatsapp": Platform()}
    said = []
    with pytest.raises(GuichetError, match="1 findings"):
        channels.check(house, said.append)
    assert "guichet_reminder/fr" in said[-1]
    assert house.refused_templates() == []
    channels.check(house, said.append)


@pytest.mark.parametrize(
    ("shown", "is_forgiven"),
    [
        (None, True),
        ({"guichet_reminder/fr": "APPROVED"}, True),
        ({"guichet_reminder/fr": "PAUSED", "guichet_reminder/ar": "APPROVED"}, False),
        ({"guichet_reminder/fr": "PENDING"}, False),
        ({}, False),
    ],
)
def test_template_that_meta_does_not_show_as_approved_is_not_forgiven(house, shown, is_forgiven):
    house.template_refused("whatsapp", TemplateCall("guichet_reminder", "fr"), "132015")
    house.__dict__["platforms"] = {
        "whatsapp": Platform(Finding(is_ok=True, text="a", templates=shown), Finding(is_ok=True, text="b"))
    }
    said = []
    with pytest.raises(GuichetError):
        channels.check(house, said.append)
    assert house.refused_templates() == ([] if is_forgiven else ["guichet_reminder/fr"])
    assert ("tried again" in said[-1]) is is_forgiven
    assert ("missing" in said[-1]) is (shown == {})


def test_refusals_told_by_many_senders_at_once_are_all_kept(house):
    codes = [f"c{number}" for number in range(12)]
    ready = threading.Barrier(len(codes))

    def tell(code):
        ready.wait()
        house.template_refused("whatsapp", TemplateCall("guichet_reminder", code), "132015")

    threads = [threading.Thread(target=tell, args=(code,)) for code in codes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert house.refused_templates() == sorted(f"guichet_reminder/{code}" for code in codes)
    house.forgive_templates(["guichet_reminder/c1"])
    assert len(house.refused_templates()) == 11


def test_what_a_platform_derives_is_a_secret_too(house):
    platform = Platform()
    platform.secrets = ("derived-secret", "/telegram/path")
    assert house.secrets == []
    house.__dict__["platforms"] = {"telegram": platform}
    assert house.secrets == ["derived-secret", "/telegram/path"]


def test_metrics_are_shown_on_the_second_door(given_up):
    metrics, store = Metrics(), given_up.store
    metrics.answered("telegram", 200, 0.004)
    metrics.received("telegram", "duplicate")
    metrics.delivered("telegram", "Sent")
    metrics.billed("whatsapp", "utility")
    metrics.not_fetched("telegram", "MediaGoneError")
    letters = store.dead_letters
    now = int(given_up.clock.now().timestamp() * 1e6) + 3_000_000
    metrics.registry.register(Queues(letters.standing, letters.dead, lambda: ["telegram"], lambda: now))
    served = Served(create_admin(metrics, Health({"store": lambda: State.OK}))).start()
    try:
        text = httpx.get(f"{served.url}/metrics", trust_env=False).text
        assert httpx.get(f"{served.url}/health/ready", trust_env=False).json()["components"] == {"store": "ok"}
    finally:
        served.stop()
    for line in (
        'guichet_webhook_seconds_bucket{channel="telegram",code="200",le="0.005"} 1.0',
        'guichet_received_total{channel="telegram",kind="duplicate"} 1.0',
        'guichet_sends_total{channel="telegram",result="Sent"} 1.0',
        'guichet_billed_messages_total{category="utility",channel="whatsapp"} 1.0',
        'guichet_media_failures_total{channel="telegram",error="MediaGoneError"} 1.0',
        'guichet_queue_size{channel="telegram",queue="outbox"} 1.0',
        "guichet_dead_letters 2.0",
        'guichet_channel_resting{channel="telegram"} 1.0',
    ):
        assert line in text, line
    assert "SECRET" not in text
