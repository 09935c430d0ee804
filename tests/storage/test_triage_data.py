"""The files a jurist reads: rules, sentences, doors, plans; and what their loader refuses."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.core.calendar import add_months
from bot.core.errors import DataError, RuleUnverifiedError
from bot.core.evidence import Lack, Level
from bot.core.guidance import Dont, Door, Step
from bot.core.ids import RuleId
from bot.core.outcomes import Outcome
from bot.core.reasons import Reason
from bot.core.rules import Facet, RuleStatus
from bot.core.urgency import TENSION_ENDS, Urgency
from bot.storage.reference.rules import load_plans, load_rules, load_sentences

DATA = Path(__file__).parents[2] / "bot" / "data"
TODAY = date(2026, 11, 23)
RULES = load_rules(DATA / "rules")
STEPS = load_sentences(DATA / "steps.yml")
DOORS = load_sentences(DATA / "doors.yml")
PLANS = load_plans(DATA / "plans.yml")
TEXTS = {
    **{rule.wording_key: rule.text_fr for rule in RULES},
    **{key: sentence.fr for key, sentence in (STEPS | DOORS).items()},
}

WANTED_RULES = {
    "window_w120", "window_w60", "late_fee", "urgency_renewal", "urgency_first", "anonymous_captures", "spread",
    "anef_help", "anef_substitution", "deposit_receipt", "prolongation", "extension_3_months", "receipt",
    "receipt_online_form", "silence", "refused_desk", "bring_forward", "reasonable_time", "online_not_only",
    "registered_letter", "ddd", "free", "legal_aid", "tribunal", "tension_end", "youth_19", "what_not_to_do",
    "plan_e_r1", "plan_e_r2", "plan_e_r3", "plan_e_f", "plan_e_a", "plan_e_n",
}  # fmt: skip

FORBIDDEN = [
    r"vous avez (le )?droit",
    r"(pouvez|peut|autorise\w*) (encore )?(à )?travailler",
    r"(pouvez|peut) voyager",
    r"suffi",
    r"gagn(er|ant)\b.*tribunal",
    r"illégal|en règle|vous êtes régulier",
    r"c'est un (délit|crime)",
    r"certain(ement)? accepté",
    r"\bL\.? ?\d|\bR\.? ?\d",
    r"\d+ ?€",
    r"48 ?h|48 heures|sept jours|7 jours pour|un mois pour",
]


def test_every_rule_of_the_list_is_there() -> None:
    assert {rule.id for rule in RULES} == WANTED_RULES
    assert len(RULES) == 33


def test_every_key_the_core_can_produce_has_its_sentence_and_no_other_stands_there() -> None:
    keys = {str(key) for kind in (Reason, Step, Dont, Lack) for key in kind}
    keys |= {f"urgency.{level}" for level in Urgency} | {f"level.{level}" for level in Level}
    keys |= {"coach.gap", "coach.future", "coach.merged"}
    assert set(STEPS) == keys
    assert set(DOORS) == {str(door) for door in Door} | {"door.lawyer", "door.association", "door.prefecture"}


def test_every_plan_has_a_rule_that_tells_it() -> None:
    assert sorted(PLANS) == ["E-A", "E-F", "E-N", "E-R1", "E-R2", "E-R3"]
    for plan in PLANS.values():
        assert plan.wording_key.removeprefix("rule.") in WANTED_RULES


@pytest.mark.parametrize("pattern", FORBIDDEN)
def test_no_sentence_promises_judges_or_computes(pattern: str) -> None:
    assert len(FORBIDDEN) == 11
    assert [key for key, text in TEXTS.items() if re.search(pattern, text, re.IGNORECASE)] == []


def test_sentences_are_short() -> None:
    long = {}
    for key, text in TEXTS.items():
        for sentence in re.split(r"(?<=[.?!:])\s+", text):
            count = len(re.findall(r"[\w'’-]+", sentence))
            if count > 15:
                long[key] = sentence
    assert long == {}


def test_most_sentences_have_twelve_words_or_fewer() -> None:
    sentences = [part for text in TEXTS.values() for part in re.split(r"(?<=[.?!:])\s+", text)]
    short = [part for part in sentences if len(re.findall(r"[\w'’-]+", part)) <= 12]
    assert len(short) / len(sentences) > 0.95


def test_nothing_is_said_to_someone_who_must_stop_that_counts_days() -> None:
    shown = [
        "step.lawyer",
        "step.keep_envelope",
        "step.held",
        "step.legal_aid",
        "dont.wait",
        "dont.sign",
        "dont.go_alone",
    ]
    assert not [key for key in shown if re.search(r"\d", TEXTS[key])]


def test_every_fact_of_the_outside_world_names_its_source() -> None:
    outside = re.compile(r"\d{2} \d{3}|\.fr\b|\b\d{2,4}\b(?! (jours|ans|heures|mois))|SPADA|OFII|SOLVIT|NATALI|ANTS")
    bare = [key for key, sentence in (STEPS | DOORS).items() if outside.search(sentence.fr) and not sentence.source]
    assert sorted(bare) == ["reason.youth"]
    assert all(sentence.source for sentence in DOORS.values())


def test_emergency_numbers_are_those_of_the_domain_page() -> None:
    numbers = {key: sentence.numbers for key, sentence in DOORS.items() if sentence.numbers}
    assert numbers == {
        "door.danger": ("17", "112", "114"),
        "door.violence": ("3919",),
        "door.suicide": ("3114", "15", "112"),
        "door.minor": ("119",),
    }
    assert all(number in DOORS[key].fr for key, told in numbers.items() for number in told)


def test_rules_live_six_months_and_deadlines_two() -> None:
    for rule in RULES:
        assert rule.as_of == TODAY
        assert rule.expires_on <= add_months(rule.as_of, 2 if rule.is_deadline else 6)
    deadlines = {rule.id for rule in RULES if rule.is_deadline}
    assert deadlines == {"window_w120", "window_w60", "extension_3_months", "silence", "tension_end", "youth_19"}


def test_the_end_of_the_tension_scheme_is_the_same_in_the_rule_and_in_the_urgency() -> None:
    assert RULES.statable(RuleId("tension_end"), TENSION_ENDS).expires_on == TENSION_ENDS
    assert not RULES.is_statable(RuleId("tension_end"), TENSION_ENDS + timedelta(days=1))


def test_the_competence_of_the_court_comes_from_memory_and_is_not_said() -> None:
    with pytest.raises(RuleUnverifiedError):
        RULES.statable(RuleId("tribunal"), TODAY)
    assert [rule.id for rule in RULES if rule.status is RuleStatus.RECALLED] == ["tribunal"]


def test_policies_are_not_called_law() -> None:
    policies = {rule.id for rule in RULES if not rule.is_law}
    assert policies == {"what_not_to_do", *(rule.id for rule in RULES if rule.id.startswith("plan_"))}
    assert len(policies) == 7


def test_conditions_name_codes_that_exist() -> None:
    for rule in RULES:
        for entry in (*rule.when, rule.unless):
            for outcome in entry.get(Facet.OUTCOME, ()):
                assert outcome in set(Outcome), rule.id
            for plan in entry.get(Facet.PLAN, ()):
                assert plan in PLANS, rule.id


RULE = {
    "id": "r",
    "order": "1",
    "text_fr": "Une phrase.",
    "applies_when": "Always.",
    "when": "[{procedure: [proc.renew]}]",
    "source": "F-00",
    "status": "READ-P",
    "as_of": "2026-11-23",
    "deadline": "false",
    "expires_on": "2027-05-23",
    "verified_by": "",
    "verified_on": "",
}


def write(path: Path, values: dict[str, str | None]) -> Path:
    path.write_text("".join(f"{name}: {value}\n" for name, value in values.items() if value is not None), "utf-8")
    return path


def test_a_well_written_rule_is_loaded(tmp_path: Path) -> None:
    write(tmp_path / "r.yml", RULE | {"unless": "{title: [ts.resld]}"})
    (rule,) = load_rules(tmp_path)
    assert rule.id == "r"
    assert rule.when == ({Facet.PROCEDURE: frozenset({"proc.renew"})},)
    assert rule.unless == {Facet.TITLE: frozenset({"ts.resld"})}
    assert rule.verified_by is None


def test_a_rule_checked_again_by_a_jurist_lives_on(tmp_path: Path) -> None:
    again = {"verified_by": "A jurist", "verified_on": "2027-03-01", "expires_on": "2027-09-01"}
    write(tmp_path / "r.yml", RULE | again)
    (rule,) = load_rules(tmp_path)
    assert rule.verified_on == date(2027, 3, 1)


WRONG_RULES = [
    ({"id": "other"}, "r.id", "must be the name of the file"),
    ({"order": "first"}, "r.order", "must be a whole number"),
    ({"order": "-1"}, "r.order", "must be a whole number"),
    ({"order": "true"}, "r.order", "must be a whole number"),
    ({"text_fr": ""}, "r.text_fr", "must be a text"),
    ({"text_fr": "12"}, "r.text_fr", "must be a text"),
    ({"source": None}, "r.source", "must be a text"),
    ({"status": "GUESSED"}, "r.status", "unknown code"),
    ({"as_of": "yesterday"}, "r.as_of", "must be a date"),
    ({"deadline": "maybe"}, "r.deadline", "must be true or false"),
    ({"expires_on": "2027-05-24"}, "r.expires_on", "later than 6 months"),
    ({"deadline": "true"}, "r.expires_on", "later than 2 months"),
    ({"verified_by": "A jurist"}, "r.verified_by", "needs verified_on"),
    ({"verified_on": "2027-01-01"}, "r.verified_by", "needs verified_on"),
    ({"when": "always"}, "r.when", "must be a list"),
    ({"when": "[]"}, "r.when", "must be a list"),
    ({"when": "[always]"}, "r.when", "must be a mapping"),
    ({"when": "[{}]"}, "r.when", "must hold a condition"),
    ({"when": "[{moon: [full]}]"}, "r.when.moon", "unknown facet"),
    ({"when": "[{title: []}]"}, "r.when.title", "must list codes"),
    ({"when": "[{title: ts.sal}]"}, "r.when.title", "must be a list of texts"),
    ({"when": "[{title: [1]}]"}, "r.when.title", "must be a list of texts"),
    ({"unless": "{}"}, "r.unless", "must hold a condition"),
    ({"unless": ""}, "r.unless", "must be a mapping"),
    ({"colour": "blue"}, "r.colour", "unknown name"),
]


@pytest.mark.parametrize(("change", "key", "problem"), WRONG_RULES)
def test_a_wrong_rule_names_its_file_and_its_key(tmp_path: Path, change, key: str, problem: str) -> None:
    assert len(WRONG_RULES) == 25
    write(tmp_path / "r.yml", RULE | change)
    with pytest.raises(DataError, match=problem) as raised:
        load_rules(tmp_path)
    assert (raised.value.file, raised.value.key) == ("r.yml", key)


def test_a_folder_without_rules_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no rules"):
        load_rules(tmp_path)


@pytest.mark.parametrize("text", ["a: b: c", "- a list", "1: one", "a: 1\na: 2"])
def test_a_file_that_is_no_mapping_of_names_is_an_error(tmp_path: Path, text: str) -> None:
    (tmp_path / "r.yml").write_text(text, "utf-8")
    with pytest.raises(DataError, match=r"r\.yml: file"):
        load_rules(tmp_path)


def test_a_file_that_is_missing_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"none\.yml: file: cannot be read as YAML"):
        load_sentences(tmp_path / "none.yml")


PLAN = {
    "min_span_days": "8", "min_windows7": "1", "min_attempts": "1", "per_week": "3", "per_day": "1",
    "status": "POLICY", "source": "test", "as_of": "2026-11-23", "expires_on": "2027-05-23",
}  # fmt: skip
WRONG_PLANS = [
    ({"status": "READ-P"}, "P.status", "a plan is POLICY"),
    ({"source": None}, "P.source", "must be a text"),
    ({"per_week": "8"}, "P.per_week", "never mass requests"),
    ({"per_week": "0"}, "P.per_week", "never mass requests"),
    ({"per_day": "3"}, "P.per_week", "never mass requests"),
    ({"required": "[pigeon]"}, "P.required", "unknown code"),
    ({"min_attempts": None}, "P.min_attempts", "must be a whole number"),
    ({"expires_on": "2028-01-01"}, "P.expires_on", "later than 6 months"),
    ({"per_month": "1"}, "P.per_month", "unknown name"),
]


@pytest.mark.parametrize(("change", "key", "problem"), WRONG_PLANS)
def test_a_wrong_plan_names_its_key(tmp_path: Path, change, key: str, problem: str) -> None:
    assert len(WRONG_PLANS) == 9
    inner = ", ".join(f"{name}: {value}" for name, value in (PLAN | change).items() if value is not None)
    path = write(tmp_path / "plans.yml", {"P": "{" + inner + "}"})
    with pytest.raises(DataError, match=problem) as raised:
        load_plans(path)
    assert raised.value.key == key


WRONG_SENTENCES = [
    ("step.x: ''", "step.x.fr", "must be a text"),
    ("step.x: [a]", "step.x", "must be a mapping"),
    ("step.x: {fr: Oui.}", "step.x.source", "must be a text"),
    ("step.x: {fr: Oui., source: s, status: NONE, as_of: 2026-11-23}", "step.x.status", "unknown code"),
    ("step.x: {fr: Oui., source: s, status: POLICY}", "step.x.as_of", "must be a date"),
    ("step.x: {fr: Oui., en: Yes.}", "step.x.en", "unknown name"),
]


@pytest.mark.parametrize(("text", "key", "problem"), WRONG_SENTENCES)
def test_a_wrong_sentence_names_its_key(tmp_path: Path, text: str, key: str, problem: str) -> None:
    assert len(WRONG_SENTENCES) == 6
    path = tmp_path / "steps.yml"
    path.write_text(text, "utf-8")
    with pytest.raises(DataError, match=problem) as raised:
        load_sentences(path)
    assert (raised.value.file, raised.value.key) == ("steps.yml", key)
