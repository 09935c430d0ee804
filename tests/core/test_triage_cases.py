"""Golden cases: facts of a person, and what the triage must find."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from bot.core.outcomes import Outcome
from bot.core.triage import Assessment, assess
from bot.core.urgency import Urgency
from bot.storage.reference.rules import load_rules
from tests.situations import TITLES, TODAY, situation

CASES_DIR = Path(__file__).parents[1] / "cases"
RULES = load_rules(Path(__file__).parents[2] / "bot" / "data" / "rules")
CASES = [
    pytest.param(case, id=f"{path.stem}: {case['name']}")
    for path in sorted(CASES_DIR.glob("triage_*.yml"))
    for case in YAML(typ="safe").load(path.read_text(encoding="utf-8"))
]
CONVERSATIONS = {1, 3, 4, 7, 10, 14, 17, 24}
"""Those of domain.md 7 that a situation can tell; 9 and 26 are tested with pictures and attempts."""


def run(case: dict[str, Any]) -> Assessment:
    today = case.get("today", TODAY)
    return assess(situation(**case["facts"]), TITLES, RULES, today, unknowns=case.get("unknowns", 0))


def plain(found: Assessment) -> dict[str, Any]:
    window = found.filing.window
    told = {name: getattr(found, name) for name in ("outcome", "urgency", "plan", "letter", "route", "remind_on")}
    told |= {
        name: [str(item) for item in getattr(found, name)]
        for name in ("reasons", "unknowns", "steps", "rules", "withheld", "donts", "doors")
    }
    told["helpers"] = sorted(map(str, found.helpers))
    told["first_step"] = told["steps"][0]
    told["channel"] = str(found.filing.channel)
    told["window"] = (
        None
        if window is None
        else {
            "kind": str(found.filing.kind),
            "state": str(window.state),
            "opens": window.opens,
            "closes": window.closes,
            "days_left": window.days_left,
        }
    )
    return told


@pytest.mark.parametrize("case", CASES)
def test_golden_case_is_triaged_as_written(case: dict[str, Any]) -> None:
    told = plain(run(case))
    for key, wanted in case["expect"].items():
        if key.endswith("_include"):
            assert set(wanted) <= set(told[key.removesuffix("_include")]), key
        elif key.endswith("_exclude"):
            assert not set(wanted) & set(told[key.removesuffix("_exclude")]), key
        else:
            assert told[key] == wanted, key


def test_there_are_more_than_ninety_golden_cases_with_names_of_their_own() -> None:
    names = Counter(str(case.values[0]["name"]) for case in CASES)  # type: ignore[index]
    assert len(CASES) >= 90
    assert max(names.values()) == 1


def test_golden_cases_reach_every_outcome_and_every_urgency() -> None:
    found = [run(case.values[0]) for case in CASES]  # type: ignore[arg-type]
    assert {assessment.outcome for assessment in found} == set(Outcome)
    assert {assessment.urgency for assessment in found} == set(Urgency)
    assert {case.values[0].get("conversation") for case in CASES} - {None} == CONVERSATIONS  # type: ignore[union-attr]


def test_every_expected_outcome_names_its_outcome() -> None:
    assert all("outcome" in case.values[0]["expect"] for case in CASES)  # type: ignore[index]


def test_a_case_that_expects_something_else_is_seen() -> None:
    case = {"facts": {"removal": "letter"}, "expect": {"outcome": "O-AES"}}
    assert plain(run(case))["outcome"] != case["expect"]["outcome"]


def test_the_day_is_the_one_of_the_conversations() -> None:
    assert date(2026, 11, 23) == TODAY
