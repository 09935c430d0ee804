"""One person, two messengers: the code, the yes, and the case that goes on."""

import re

import pytest

pytestmark = pytest.mark.rasa

CODE = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}")


def code_of(person):
    person.send(text="link")
    return CODE.search(person.last["messages"][0]["text"])[0]


def told(talk, language="fr"):
    """Somebody who has said where they live."""
    person = talk(language)
    person.send(text="bonjour, je n'ai pas de rendez-vous à la préfecture")
    for _ in range(6):
        answer = {"language": "language:fr", "consent": "any:yes", "removal": "removal:none"}.get(person.asks)
        if person.asks == "place":
            person.send(text="Bobigny")
            return person
        offered = [choice["id"] for choice in person.last["messages"][-1]["choices"]]
        person.send(choice=answer if answer in offered else offered[0])
    pytest.fail(f"no place is asked for: {person.asked}")


def test_case_goes_on_where_the_code_was_said(talk):
    first, second = told(talk), talk("fr")
    before = first.state
    asked = first.asks
    code = code_of(first)
    assert first.asks == asked
    question = second.send(text=f"link {code}")
    assert [choice["id"] for choice in question["messages"][-1]["choices"]] == ["link:yes", "link:no"]
    assert question["state"]["departement"] != "93"
    done = second.send(text="oui")
    assert len(done["messages"]) == 1
    assert done["state"] == before
    second.send(text="résumé")
    assert "Seine-Saint-Denis" in second.said
    assert second.asks == asked


def test_what_is_said_on_either_is_one_case(talk):
    first, second = told(talk), talk("fr")
    second.send(text=code_of(first))
    second.send(choice="link:yes")
    second.send(text="je ne sais pas")
    assert second.state == first.send(text="résumé")["state"]


def test_code_works_once(talk):
    first, second, third = told(talk), talk("fr"), talk("fr")
    code = code_of(first)
    second.send(text=f"relier {code}")
    second.send(text="oui")
    third.send(text=f"relier {code}")
    assert "ne marche pas" in third.said
    assert third.state["departement"] != "93"


def test_code_is_over_after_ten_minutes_even_between_question_and_yes(talk):
    first, second = told(talk), talk("fr")
    second.send(text=f"link {code_of(first)}")
    late = second.send(text="oui", now="2026-11-23T10:10:01+01:00")
    assert "ne marche pas" in late["messages"][0]["text"]
    assert late["state"]["departement"] != "93"


def test_no_changes_nothing(talk):
    first, second = told(talk), talk("fr")
    second.send(text=f"link {code_of(first)}")
    second.send(text="non")
    assert second.state["departement"] != "93"
    assert "oublié le code" in second.said


def test_erasing_on_one_erases_both(talk):
    first, second = told(talk), talk("fr")
    second.send(text=f"link {code_of(first)}")
    second.send(text="oui")
    second.send(text="effacer")
    assert first.send(text="résumé")["state"]["departement"] != "93"
