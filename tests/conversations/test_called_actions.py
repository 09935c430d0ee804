"""An action that another one calls is played once, and Rasa then listens: no rule knows it."""

import pytest

pytestmark = pytest.mark.rasa

LETTER = "removal:letter"
ANSWERS = {
    "language": "language:fr",
    "consent": "consent:yes",
    "removal": "removal:none",
    "place": "93",
    "confirm_place": "oui",
    "procedure": "procedure:proc.renew",
    "title": "title:ts.sal",
    "expiry": "5 mai 2027",
    "confirm_date": "oui",
    "blockage": "blockage:blk.noslot",
    "tried": "tried:months",
    "risk": "any:dont_know",
}


@pytest.fixture
def alarmed(talk):
    person = talk("fr")
    person.send(text="bonjour")
    person.answer_all({"language": "language:fr", "consent": "consent:yes", "removal": LETTER})
    return person


def test_what_to_correct_is_asked_once(alarmed):
    answer = alarmed.send(text="il n'y a pas de créneau")
    assert len(answer["messages"]) == 1


def test_place_told_after_an_alarm_is_answered_with_who_helps_there(alarmed):
    answer = alarmed.send(text="Bordeaux")
    assert alarmed.state["departement"] == "33"
    said = [message["text"] for message in answer["messages"]]
    assert len(said) == len(set(said))
    assert alarmed.asks == "next"


def test_reminder_is_proposed_once(talk):
    person = talk("fr")
    person.send(text="bonjour")
    person.answer_all(ANSWERS)
    answer = person.send(choice="next:reminder")
    assert len(answer["messages"]) == 1


def test_letter_wanted_before_the_questions_comes_once_after_them(talk):
    person = talk("fr")
    person.send(text="je veux une lettre pour la préfecture")
    person.answer_all(ANSWERS)
    said = [message["text"] for message in person.last["messages"]]
    assert len(said) == len(set(said))
    assert person.asks == "next"
