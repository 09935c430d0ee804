"""A location that was shared gives a place to confirm, never a fact."""

import json

from bot.core.case import Case, Question, Removal, Situation
from bot.core.messages import InboundKind, InboundMessage
from bot.core.ports import Received
from bot.core.unknown import UNASKED
from tests.fakes import PersonState
from tests.playing import NOON, PlainEngine

AGREED = Case(language="fr", situation=Situation(consent=True, removal=Removal.NONE))


def shared(case, *places, asked="place"):
    engine = PlainEngine()
    said = InboundMessage(InboundKind.LOCATION, "📍 " + ", ".join(places), places=places)
    dialogue = json.dumps({"requested": f"triage_{asked}", "asked": asked, "offered": []}).encode() if asked else b""
    return engine.play(PersonState(case, dialogue, ()), Received(1, "p1", said, NOON, 1), NOON)


def test_location_is_confirmed_for_people_may_be_elsewhere_than_they_live():
    record = shared(AGREED, "93/Le Raincy")
    assert record.messages[-1].asks == Question.CONFIRM_PLACE
    assert record.case.situation.departement is UNASKED
    assert (record.case.pending[0].departement, record.case.pending[0].arrondissement) == ("93", "Le Raincy")


def test_location_near_a_border_lets_choose():
    record = shared(AGREED, "75", "93/Saint-Denis")
    assert record.messages[-1].asks == Question.CONFIRM_PLACE
    assert [choice.id for choice in record.messages[-1].choices][:2] == ["place:75", "place:93"]


def test_location_abroad_is_said_to_be_none_and_the_question_comes_again():
    record = shared(AGREED)
    assert "cet endroit" in record.messages[0].text
    assert record.messages[-1].asks == "place"
    assert record.case.misses == 0


def test_location_before_any_question_opens_the_triage_and_waits_for_its_yes():
    record = shared(Case(language="fr"), "93", asked=None)
    assert record.case.pending[0].departement == "93"
    assert record.messages[-1].asks == Question.CONSENT


def test_location_says_nothing_of_the_language():
    record = shared(Case(), "93", asked=None)
    assert record.case.language is None
