"""The flows' domain files fit together; Rasa itself would pass most of these faults (style.md 0.5)."""

import collections
import re
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from bot.core.case import Question
from bot.core.intents import Intent

ROOT = Path(__file__).parents[2]
FLOWS = sorted(p.parent.name for p in ROOT.glob("flows/*/domain.yml"))
SLOT = re.compile(r"\{(\w+)\}")


def domain(flow):
    return YAML(typ="safe").load((ROOT / "flows" / flow / "domain.yml").read_text(encoding="utf-8"))


def rules(flow):
    return YAML(typ="safe").load((ROOT / "flows" / flow / "rules.yml").read_text(encoding="utf-8"))["rules"]


def test_five_flows_are_there():
    assert FLOWS == ["association", "common", "letter", "proof", "triage"]


@pytest.mark.parametrize("part", ["intents", "slots", "forms", "actions", "responses"])
def test_every_name_is_defined_once(part):
    names = collections.Counter(name for flow in FLOWS for name in domain(flow).get(part) or [])
    assert [name for name, count in names.items() if count > 1] == []
    assert names


def test_the_intents_are_those_of_the_core():
    assert set(domain("common")["intents"]) == {str(intent) for intent in Intent}


def test_every_intent_has_exactly_one_rule():
    named = collections.Counter(
        step["intent"] for flow in FLOWS for rule in rules(flow) for step in rule["steps"] if "intent" in step
    )
    assert named == collections.Counter({str(intent): 1 for intent in Intent})


def test_every_form_slot_is_a_question_and_belongs_to_its_flow():
    for flow in ("triage", "proof"):
        (form,) = domain(flow)["forms"].values()
        for slot in form["required_slots"]:
            assert slot in domain(flow)["slots"]
            name = slot if slot == "proof_consent" else slot.removeprefix(f"{flow}_")
            assert Question(name)


def test_no_slot_influences_the_dialogue():
    for flow in FLOWS:
        for name, slot in (domain(flow).get("slots") or {}).items():
            assert slot["influence_conversation"] is False, name


def test_every_form_closes():
    for flow in ("triage", "proof"):
        closing = [r for r in rules(flow) if {"active_loop": None} in r["steps"]]
        assert len(closing) == 1
        assert {"slot_was_set": [{"requested_slot": None}]} in closing[0]["steps"]


def test_every_triage_question_has_its_words():
    responses = domain("triage")["responses"]
    for question in Question:
        if question in {Question.LANGUAGE, Question.NEXT} or question.startswith(("proof", "attempt")):
            continue
        assert f"utter_ask_{question}" in responses


def test_every_question_can_be_left_open():
    """ "I don't know" and "I prefer not to say" are on every question about the person."""
    for key, (variant,) in domain("triage")["responses"].items():
        if key.startswith("utter_ask_") and key not in {"utter_ask_consent", "utter_ask_next"}:
            payloads = {button["payload"] for button in variant["buttons"]}
            assert {"any:dont_know", "any:decline"} <= payloads, key


def test_button_ids_are_short_ascii():
    count = 0
    for flow in FLOWS:
        for variants in domain(flow)["responses"].values():
            for button in variants[0].get("buttons", ()):
                count += 1
                assert re.fullmatch(r"[a-z_]+:[a-zA-Z0-9_.]+", button["payload"])
                assert len(button["payload"]) <= 64
    assert count > 90


def test_button_titles_fit_in_a_list_row():
    """24 characters, counted in UTF-16 units (channels.md 2.4)."""
    for flow in FLOWS:
        for variants in domain(flow)["responses"].values():
            for button in variants[0].get("buttons", ()):
                assert len(button["title"].encode("utf-16-le")) // 2 <= 24, button["title"]
