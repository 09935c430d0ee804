"""The ten conversations of domain.md 7 in three languages, with their must-nots."""

import re
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from tests.media.drawings import identity_card

CASES = YAML(typ="safe").load(Path(__file__).with_name("ten.yml").read_text(encoding="utf-8"))
LANGUAGES = ("fr", "en", "ar")

pytestmark = pytest.mark.rasa


def test_the_ten_are_there():
    assert [case["id"] for case in CASES] == ["n01", "n03", "n04", "n07", "n09", "n10", "n14", "n17", "n24", "n26"]
    assert all(set(case["opening"]) == set(LANGUAGES) for case in CASES)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_conversation(case, language, talk, pattern, tmp_path):
    person = talk(language)
    if case.get("file") == "card":
        path = tmp_path / "picture.jpg"
        path.write_bytes(identity_card())
        person.send(file=str(path), **{"as": "photo"}, language_hint=language)
    else:
        person.send(text=case["opening"][language])
    person.answer_all(case["answers"])

    for fact, value in {**case.get("state", {}), **case.get("state_by_language", {}).get(language, {})}.items():
        assert person.state[fact] == value, (fact, person.asked, person.said)
    for key in case.get("says", []):
        assert re.search(pattern(key, language), person.said, re.DOTALL), (key, person.said)
    for key in case.get("must_not", []):
        assert not re.search(pattern(key, language), person.said), (key, person.said)
    assert not set(case.get("never_asked", [])) & set(person.asked), person.asked
    for question in case.get("asks_before_fact", []):
        assert question in person.asked, person.asked
    if "ends_asking" in case:
        assert person.asks == case["ends_asking"], person.asked
    triage = [asks for asks in person.asked if asks not in {"consent", "language", "next"}]
    assert len(dict.fromkeys(triage)) <= 8
