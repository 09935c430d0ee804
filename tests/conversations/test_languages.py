"""Twenty conversations from the first word to the outcome: one a language, and four in Latin letters."""

from pathlib import Path

import pytest
from ruamel.yaml import YAML

CASES = YAML(typ="safe").load(Path(__file__).with_name("languages.yml").read_text(encoding="utf-8"))
ANSWERS = {
    "consent": "consent:yes",
    "removal": "removal:none",
    "place": "93",
    "confirm_place": "confirm:yes",
    "procedure": "procedure:proc.renew",
    "title": "title:ts.sal",
    "confirm_title": "confirm:yes",
    "expiry": "20/01/2027",
    "confirm_date": "confirm:yes",
    "blockage": "blockage:blk.noslot",
    "tried": "tried:weeks",
    "risk": "risk:none",
}

pytestmark = pytest.mark.rasa


def test_there_are_twenty():
    assert len(CASES) == 20
    assert len({case["language"] for case in CASES}) == 16


@pytest.mark.parametrize("case", CASES, ids=[f"{c['language']}-{n}" for n, c in enumerate(CASES)])
def test_first_word_to_outcome(case, talk, house):
    language = case["language"]
    person = talk(language)
    person.send(text=case["text"])
    if person.state["language"] is None:
        assert person.asks == "language", "an unknown language is asked, never guessed"
        person.send(choice=f"language:{language}")
    assert person.state["language"] == language
    person.answer_all(ANSWERS)
    assert (person.state["departement"], person.state["title"], person.state["procedure"]) == (
        "93",
        "ts.sal",
        "proc.renew",
    )
    assert (person.state["expiry"], person.state["blockage"]) == ("2027-01-20", "blk.noslot")
    assert (person.state["urgency"], person.state["outcome"]) == ("U2", "O-PLAN_RENEW")
    assert person.state["alerts"] == []
    said = house.wording.sentence("utter_not_advice", language)
    assert said in person.said
    assert language == "fr" or house.wording.sentence("utter_not_advice", "fr") not in person.said
    triage = [asks for asks in person.asked if asks not in {"consent", "language", "next"}]
    assert len(dict.fromkeys(triage)) <= 8
    # What was said is not asked again: place and date are confirmed, not asked.
    assert "place" not in person.asked, person.asked
    assert "expiry" not in person.asked, person.asked
