"""With the real engine too: an edit answers the question it was about, or none, and a danger in it is heard."""

import pytest

from bot.core.effects import PersonState
from bot.core.messages import InboundKind, InboundMessage
from bot.core.ports import Received
from tests.playing import NOON

pytestmark = pytest.mark.rasa


class Played:
    """One person, played without a store."""

    def __init__(self, engine, case):
        self.engine, self.state, self.number = engine, PersonState(case, b"", ()), 0

    def say(self, words, edits=None):
        self.number += 1
        name = "" if edits else f"m:{self.number}"
        said = InboundMessage(InboundKind.TEXT, words, external_id=name, edits=edits)
        record = self.engine.play(self.state, Received(self.number, "p1", said, NOON, 1), NOON)
        self.state = PersonState(record.case, record.dialogue, ())
        return [message.text for message in record.messages], record.messages[-1].asks

    @property
    def situation(self):
        return self.state.case.situation


@pytest.fixture
def awa(house):
    from bot.core.case import Case

    made = Played(house.engine, Case(language="fr"))
    made.say("Je n'arrive pas à prendre rendez-vous à la préfecture")
    return made


def test_typo_that_is_mended_answers_and_one_mended_later_does_not(awa):
    assert awa.say("oiu")[1] == "consent"
    assert awa.say("oui", edits="m:2")[1] == "removal"
    told, asks = awa.say("oui bien sûr", edits="m:2")
    assert told[0].startswith("Je ne peux pas lire ce type de message.")
    assert (asks, awa.situation.alerts) == ("removal", frozenset())


def test_danger_is_heard_in_an_edit(awa):
    awa.say("oui")
    awa.say("non")
    told, _asks = awa.say("J'ai reçu une OQTF hier", edits="m:2")
    assert awa.situation.alerts
    assert "avocat" in " ".join(told)


def test_edit_after_the_questions_asks_what_is_wanted(awa):
    awa.say("je suis retenu par la police")
    awa.say("bonjour")
    told, asks = awa.say("bonsoir", edits="m:3")
    assert [text.split(".")[0] for text in told[:1]] == ["Je ne peux pas lire ce type de message"]
    assert asks == "next"
