"""What fails after Meta had taken it has the consequences the same code has as an answer (channels.md 2.7)."""

import json
import os
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from bot.channels.whatsapp.capabilities import CAPABILITIES
from bot.channels.whatsapp.channel import WhatsAppChannel
from bot.core.delivery import TemplateCall
from bot.core.messages import OutboundMessage
from bot.core.ports import Address
from bot.core.queued import Priority
from bot.services.deliver import STOP_REST, Deliver
from bot.services.settle import settle
from bot.services.settle_report import MOST_TRIES, SettleReport
from bot.services.take_in import TakeIn
from bot.storage.sealing import MasterKey
from bot.storage.store import open_store
from tests.channels.whatsapp.goldens import NUMBERS, say
from tests.channels.whatsapp.graph import SETTINGS, Script, accepted
from tests.fake_memory import FakeClock
from tests.peers.graph import payloads
from tests.peers.graph.payloads import Person
from tests.peers.graph.state import Number
from tests.records import LEASE, answer, turn

AWA = Person()
ADDRESS = Address("whatsapp", f"phone:{AWA.wa_id}")
NUMBER = Number(phone_id=NUMBERS[0], display="33")
ARABIC, FRENCH = TemplateCall("reminder", "ar"), TemplateCall("reminder", "fr")


class Ledger:
    def __init__(self):
        self.costs = []

    def received(self, channel, kind):
        assert channel == "whatsapp"

    def billed(self, channel, category):
        self.costs.append(category)


class Meter:
    def __init__(self):
        self.counted = []

    def delivered(self, channel, result):
        self.counted.append(result)


class Rig:
    def __init__(self, folder):
        self.clock = FakeClock()
        self.store = store = open_store(folder, MasterKey(bytes(32)), os.urandom, self.clock)
        self.wamids = 0
        self.script = Script(lambda _request: self._accept())
        self.channel = WhatsAppChannel(SETTINGS, say, self.clock.now, httpx.MockTransport(self.script))
        self.templates, self.refused = [], []
        self.ledger = Ledger()
        channels, template = {"whatsapp": self.channel}, lambda _channel, _message: next(iter(self.templates), None)
        self.deliver = Deliver(
            store.outbox,
            store.persons,
            channels,
            self.clock,
            lambda: 1.0,
            lambda _f: b"x",
            template,
            self.refuse,
            Meter(),
        )
        report = SettleReport(self.deliver)
        self.take_in = TakeIn(store.inbox, store.outbox, store.persons, self.clock, self.ledger, lambda *_: (), report)

    def _accept(self):
        self.wamids += 1
        return accepted(f"wamid.S{self.wamids}")

    def refuse(self, _channel, template, reason):
        self.refused.append((template, reason))
        if reason.startswith("132"):
            self.templates.remove(template)

    def hook(self, value):
        raw = {"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [{"field": "messages"}]}]}
        raw["entry"][0]["changes"][0]["value"] = value
        events = self.channel.parse(json.dumps(raw).encode(), self.clock.now())
        self.take_in("whatsapp", CAPABILITIES, events)

    def says(self, words="a"):
        at = int(self.clock.now().timestamp())
        message = payloads.message(AWA, f"wamid.{words}", at, *payloads.text(words))
        self.hook(payloads.message_value(NUMBER, AWA, [message]))
        self.clock.advance(seconds=1)

    def answers(self, *messages):
        """The person writes and is answered; the answers are handed to Meta."""
        self.says()
        received = self.store.inbox.claim(self.clock.now(), LEASE)
        self.store.inbox.commit(received, replace(turn(), messages=messages or (answer("x"),)), self.clock.now())
        self.drain()

    def remind(self, language="ar", key="k"):
        person = self.store.persons.find(ADDRESS)
        message = OutboundMessage("reminder", language, template="reminder_try_again")
        self.store.outbox.put(person, message, key, self.clock.now(), Priority.REMINDER)

    def drain(self):
        settle(self.deliver)

    @property
    def counted(self):
        return [result for result in self.deliver.meter.counted if result.startswith("Failed")]

    @property
    def bodies(self):
        return self.script.bodies

    def report(self, name="failed", code=None, wamid=None, nth=-1):
        """What Meta tells of the nth thing it got, by default of the last."""
        token = self.bodies[nth]["biz_opaque_callback_data"]
        wamid = wamid or f"wamid.S{len(self.bodies) if nth == -1 else nth + 1}"
        at = int(self.clock.now().timestamp())
        self.hook(payloads.status_value(NUMBER, [payloads.status(AWA, wamid, name, at, opaque=token, code=code)]))

    def rows(self, query="SELECT state, error FROM outbox ORDER BY seq"):
        return self.store.database.connection().execute(query).fetchall()


@pytest.fixture
def rig(tmp_path):
    made = Rig(tmp_path)
    yield made
    made.channel.close()
    made.store.close()


@pytest.mark.parametrize(("code", "wait"), [(131000, 2), (131016, 2), (131056, 4), (131053, 2)])
def test_what_may_pass_is_sent_again_within_its_life(rig, code, wait):
    rig.answers()
    rig.report(code=code)
    rig.clock.advance(seconds=wait - 1)
    rig.drain()
    assert len(rig.bodies) == 1
    rig.clock.advance(seconds=1)
    rig.drain()
    assert (len(rig.bodies), rig.rows()) == (2, [(2, None)])
    assert rig.rows("SELECT is_repeated, tries FROM outbox") == [(0, 1)]
    assert rig.counted == ["FailedRetry"]
    rig.report("delivered")
    assert rig.rows("SELECT state, status FROM outbox") == [(2, 2)]


def test_failure_that_comes_too_late_for_another_try_is_a_dead_letter_with_its_code(rig):
    rig.answers()
    rig.clock.advance(minutes=16)
    rig.report(code=131000)
    rig.drain()
    assert (len(rig.bodies), rig.rows()) == (1, [(3, "131000")])
    assert rig.rows("SELECT error, is_final FROM failures") == [("131000", 1)]


def test_message_that_fails_each_time_is_given_up(rig):
    rig.answers()
    for _ in range(MOST_TRIES + 2):
        rig.report(code=131000)
        rig.clock.advance(seconds=60)
        rig.drain()
    assert (len(rig.bodies), rig.rows()) == (MOST_TRIES, [(3, "131000")])


def test_failure_that_is_told_twice_is_one_failure(rig):
    rig.answers()
    for _ in range(2):
        rig.report(code=131000, nth=0)
        rig.clock.advance(seconds=10)
        rig.drain()
    rig.report("sent")
    rig.report(code=131000, nth=0)
    rig.clock.advance(seconds=60)
    rig.drain()
    assert (len(rig.bodies), rig.rows()) == (2, [(2, None)])


def test_start_of_what_failed_may_be_told_after_its_end(rig):
    rig.answers()
    rig.report(code=131000)
    rig.report("sent")
    rig.clock.advance(seconds=10)
    rig.drain()
    assert len(rig.bodies) == 2


def test_arrival_of_what_waits_to_be_sent_again_ends_it(rig):
    rig.answers()
    rig.report(code=131000)
    rig.report("delivered")
    rig.clock.advance(seconds=10)
    rig.drain()
    assert (len(rig.bodies), rig.rows()) == (1, [(2, None)])


@pytest.mark.parametrize("code", [131049, 131048, 100])
def test_what_is_refused_for_good_is_given_up_and_not_sent_again(rig, code):
    rig.answers()
    rig.report(code=code)
    rig.clock.advance(minutes=2)
    rig.drain()
    assert (len(rig.bodies), rig.rows(), rig.counted) == (1, [(3, str(code))], ["FailedPermanent"])
    assert rig.rows("SELECT count(*) FROM identities WHERE blocked_at IS NOT NULL") == [(0,)]


@pytest.mark.parametrize(("code", "requests", "end"), [(131049, 1, (3, "131049")), (131000, 2, (2, None))])
def test_report_on_a_message_in_doubt_decides_at_once(rig, code, requests, end):
    rig.script.answers.insert(0, httpx.ReadTimeout("x"))
    rig.answers()
    rig.report(code=code)
    rig.clock.advance(seconds=5)
    rig.drain()
    rig.clock.advance(minutes=2)
    rig.drain()
    assert (len(rig.bodies), rig.rows()) == (requests, [end])
    assert rig.rows("SELECT doubt, is_repeated FROM outbox") == [(0, 0)]


def test_failure_of_one_of_two_copies_sends_no_third(rig):
    rig.script.answers.insert(0, httpx.ReadTimeout("x"))
    rig.answers()
    rig.clock.advance(seconds=61)
    rig.drain()
    assert rig.rows("SELECT state, is_repeated FROM outbox") == [(2, 1)]
    rig.report(code=131000)
    rig.clock.advance(minutes=2)
    rig.drain()
    assert (len(rig.bodies), rig.rows()) == (2, [(3, "131000")])
    assert [letter.is_doubtful for letter in rig.store.dead_letters.listed()] == [True]
    rig.report("delivered", wamid="wamid.first")
    assert rig.rows() == [(2, None)]


@pytest.mark.parametrize(("code", "end"), [(131049, (3, "131049")), (131000, (2, None)), (131026, (3, "131026"))])
def test_failure_told_before_the_answer_to_the_send_has_its_consequence(rig, code, end):
    def told_first(_request):
        rig.report(code=code, wamid="wamid.S1")
        return rig._accept()

    rig.script.answers.insert(0, told_first)
    rig.answers()
    rig.clock.advance(seconds=10)
    rig.drain()
    assert rig.rows() == [end]
    assert rig.store.outbox._slips.numbers() == []


def test_person_who_cannot_be_reached_is_unreachable_as_after_an_answer(rig):
    rig.answers()
    rig.report(code=131021)
    assert rig.rows("SELECT count(*) FROM identities WHERE blocked_at IS NULL") == [(0,)]
    assert rig.rows() == [(3, "131021")]


def test_person_who_is_missed_once_is_tried_again_and_after_three_times_left_alone(rig):
    rig.answers()
    for missed in range(1, 4):
        rig.report(code=131026)
        reachable = rig.rows("SELECT count(*) FROM identities WHERE blocked_at IS NULL")
        assert reachable == [(2 if missed < 3 else 0,)]
        rig.remind(key=f"k{missed}")
        rig.drain()


@pytest.mark.parametrize(("code", "rest"), [(131042, STOP_REST), (190, timedelta(minutes=4)), (130429, None)])
def test_channel_that_is_stopped_later_rests_and_keeps_the_message(rig, code, rest):
    rig.answers()
    rig.report(code=code)
    assert rig.deliver.why_resting("whatsapp") == str(code)
    assert rig.rows("SELECT state, tries FROM outbox") == [(0, 0)]
    rig.clock.advance(seconds=(rest or timedelta(seconds=10)).total_seconds())
    rig.drain()
    assert (len(rig.bodies), rig.rows()) == (2, [(2, None)])


def test_window_that_was_closed_leaves_the_way_of_the_template(rig):
    rig.answers()
    rig.templates = [FRENCH]
    rig.remind()
    rig.drain()
    assert rig.bodies[-1]["type"] == "text"
    rig.report(code=131047)
    rig.drain()
    assert [body["type"] for body in rig.bodies] == ["text", "text", "template"]
    assert rig.rows() == [(2, None), (2, None)]
    assert rig.refused == []


def test_window_that_was_closed_without_a_template_is_told(rig):
    rig.answers()
    rig.report(code=131047)
    rig.drain()
    assert (len(rig.bodies), rig.rows()) == (1, [(3, "window_closed")])


def test_window_that_the_person_has_opened_since_is_open(rig):
    rig.answers()
    rig.clock.advance(seconds=10)
    rig.says("again")
    rig.report(code=131047)
    rig.drain()
    assert [body["type"] for body in rig.bodies] == ["text", "text"]


def test_template_that_is_refused_later_is_put_aside_once_and_another_one_leaves(rig):
    rig.answers()
    rig.templates = [ARABIC, FRENCH]
    rig.clock.advance(hours=25)
    for key in "ab":
        rig.remind(key=key)
    rig.drain()
    for nth in (1, 2):
        rig.report(code=132015, nth=nth)
    rig.drain()
    languages = [body["template"]["language"]["code"] for body in rig.bodies if body["type"] == "template"]
    assert languages == ["ar", "ar", "fr", "fr"]
    assert rig.refused == [(ARABIC, "132015")]
    rig.clock.advance(seconds=1)
    rig.remind(key="c")
    rig.drain()
    rig.report(code=132015)
    assert (rig.refused[-1], rig.templates, rig.rows()[-1]) == ((FRENCH, "132015"), [], (3, "132015"))


def test_refusal_that_says_nothing_of_the_template_puts_none_aside(rig):
    rig.answers()
    rig.templates = [FRENCH]
    rig.clock.advance(hours=25)
    rig.remind()
    rig.drain()
    rig.report(code=131049)
    rig.drain()
    assert (rig.templates, rig.rows()[-1], len(rig.bodies)) == ([FRENCH], (3, "131049"), 2)


def test_code_that_nobody_knows_is_a_dead_letter_with_it(rig, monkeypatch):
    rig.answers()
    monkeypatch.setattr(rig.channel, "verdict", lambda _code, _attempts: None)
    rig.report(code=131000)
    rig.drain()
    assert (rig.rows(), rig.counted) == ([(3, "131000")], [])


def test_failure_of_a_part_is_kept_and_nothing_is_sent_again(rig):
    rig.answers(answer("mot " * 1500))
    assert len(rig.bodies) == 2
    rig.report("delivered")
    rig.report(code=131000, nth=0)
    rig.clock.advance(minutes=2)
    rig.drain()
    assert (len(rig.bodies), rig.rows()) == (2, [(3, "PartLost.131000")])


def test_part_in_doubt_that_failed_is_sent_again_with_the_rest(rig):
    rig.script.answers.insert(0, httpx.ReadTimeout("x"))
    rig.answers(answer("mot " * 1500))
    rig.report(code=131000)
    rig.clock.advance(seconds=10)
    rig.drain()
    assert [body["biz_opaque_callback_data"][-2:] == ".1" for body in rig.bodies] == [True, True, False]
    assert rig.rows("SELECT state, is_repeated, error FROM outbox") == [(2, 0, None)]


def test_reminder_that_failed_is_none_any_more_for_whoever_has_written_since(rig):
    """The word may have been STOP."""
    rig.answers()
    rig.remind()
    rig.drain()
    rig.clock.advance(seconds=5)
    rig.says("STOP")
    rig.report(code=131000)
    rig.clock.advance(minutes=1)
    rig.drain()
    assert (len(rig.bodies), rig.rows()[-1]) == (2, (3, "131000"))


def test_last_part_that_failed_goes_again_alone(rig):
    rig.answers(answer("mot " * 1500))
    rig.report("sent", nth=0)
    rig.report(code=131000)
    rig.clock.advance(seconds=10)
    rig.drain()
    assert [body["biz_opaque_callback_data"][-2:] == ".1" for body in rig.bodies] == [True, False, False]
    assert rig.rows() == [(2, None)]


def test_message_of_an_erased_person_has_no_consequence(rig):
    rig.answers()
    rig.store.persons.erase(rig.store.persons.find(ADDRESS))
    rig.report(code=131026)
    rig.report(code=131042)
    assert (rig.rows(), rig.deliver.resting(rig.clock.now())) == ([], [])


@pytest.mark.parametrize("broken", ["UPDATE outbox SET payload = x'00'", "UPDATE outbox SET identity = NULL"])
def test_message_that_does_not_open_or_has_no_address_is_a_dead_letter(rig, broken):
    rig.answers()
    rig.store.database.connection().execute(broken)
    rig.report(code=131026)
    assert rig.rows() == [(3, "131026")]
    assert rig.rows("SELECT count(*) FROM identities WHERE blocked_at IS NOT NULL") == [(0,)]


def test_message_is_billed_once_however_often_it_is_told_and_each_part_is(rig):
    rig.answers(answer("mot " * 1500))
    for _ in range(2):
        for nth in (0, 1):
            rig.report("sent", nth=nth)
            rig.report("delivered", nth=nth)
    assert rig.ledger.costs == ["service", "service"]
    rig.store.shredder.purge(rig.clock.advance(days=1))
    rig.report("delivered")
    assert len(rig.ledger.costs) == 2
