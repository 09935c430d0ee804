"""Loads the rules that may be told, one file a rule, and the sentences and plans that go with them.

Must not know: when a rule applies, who reads it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.core.calendar import add_months
from bot.core.case import AttemptChannel
from bot.core.errors import DataError
from bot.core.evidence import Plan
from bot.core.ids import RuleId
from bot.core.rules import DEADLINE_LIFE_MONTHS, LIFE_MONTHS, Facet, Rule, RuleBook, RuleStatus
from bot.core.sentences import Sentence
from bot.storage.reference.entries import Entry, read_mapping

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

_RULE = (
    "id",
    "order",
    "text_fr",
    "applies_when",
    "when",
    "unless",
    "source",
    "status",
    "as_of",
    "deadline",
    "expires_on",
    "verified_by",
    "verified_on",
)
_PLAN = (
    "min_span_days",
    "min_windows7",
    "min_attempts",
    "min_captures",
    "per_week",
    "per_day",
    "required",
    "advised",
    "refer",
    "jurist_first",
    "status",
    "source",
    "as_of",
    "expires_on",
)
_WEEK = 7


def load_rules(directory: Path) -> RuleBook:
    """The rules of bot/data/rules. Raises DataError naming file and key, also when there is none."""
    files = sorted(directory.glob("*.yml"))
    if not files:
        raise DataError(directory.name, "file", "no rules")
    return RuleBook([_rule(path) for path in files])


def load_plans(path: Path) -> dict[str, Plan]:
    """The evidence plans of a plans.yml, by id. Raises DataError naming file and key."""
    return {key: _plan(Entry.of(path.name, key, found)) for key, found in read_mapping(path).items()}


def load_sentences(path: Path) -> dict[str, Sentence]:
    """The French sentences of a steps.yml or doors.yml, by wording key. Raises DataError naming file and key."""
    return {key: _sentence(path.name, key, found) for key, found in read_mapping(path).items()}


def _rule(path: Path) -> Rule:
    entry = Entry.of(path.name, path.stem, read_mapping(path))
    entry.only(*_RULE)
    if entry.text("id") != path.stem:
        entry.fail("id", "must be the name of the file")
    conditions = entry.values.get("when")
    if not isinstance(conditions, list) or not conditions:
        entry.fail("when", "must be a list of conditions")
    rule = Rule(
        id=RuleId(path.stem),
        text_fr=" ".join(entry.text("text_fr").split()),
        applies_when=entry.text("applies_when"),
        source=entry.text("source"),
        status=entry.code("status", RuleStatus),
        as_of=entry.day("as_of"),
        expires_on=entry.day("expires_on"),
        when=tuple(_conditions(entry, "when", found) for found in conditions),
        unless=_conditions(entry, "unless", entry.values["unless"]) if "unless" in entry.values else {},
        order=entry.number("order"),
        is_deadline=entry.flag("deadline"),
        verified_by=entry.optional_text("verified_by"),
        verified_on=entry.optional_day("verified_on"),
    )
    if (rule.verified_by is None) is not (rule.verified_on is None):
        entry.fail("verified_by", "needs verified_on, and the other way round")
    months = DEADLINE_LIFE_MONTHS if rule.is_deadline else LIFE_MONTHS
    _check_life(entry, max(rule.as_of, rule.verified_on or rule.as_of), rule.expires_on, months)
    return rule


def _check_life(entry: Entry, checked_on: date, expires_on: date, months: int) -> None:
    if expires_on > add_months(checked_on, months):
        entry.fail("expires_on", f"later than {months} months after the last check")


def _conditions(entry: Entry, name: str, found: object) -> dict[Facet, frozenset[str]]:
    conditions = Entry.of(entry.file, f"{entry.key}.{name}", found)
    if not conditions.values:
        entry.fail(name, "must hold a condition")
    told: dict[Facet, frozenset[str]] = {}
    for facet in conditions.values:
        if facet not in set(Facet):
            conditions.fail(str(facet), "unknown facet")
        told[Facet(facet)] = frozenset(conditions.texts(facet))
        if not told[Facet(facet)]:
            conditions.fail(str(facet), "must list codes")
    return told


def _plan(entry: Entry) -> Plan:
    entry.only(*_PLAN)
    if entry.code("status", RuleStatus) is not RuleStatus.POLICY:
        entry.fail("status", "a plan is POLICY")
    entry.text("source")
    plan = Plan(
        id=entry.key,
        min_span_days=entry.number("min_span_days"),
        min_windows7=entry.number("min_windows7"),
        min_attempts=entry.number("min_attempts"),
        per_week=entry.number("per_week"),
        per_day=entry.number("per_day"),
        as_of=entry.day("as_of"),
        expires_on=entry.day("expires_on"),
        min_captures=entry.number("min_captures", 0),
        required=entry.codes("required", AttemptChannel),
        advised=entry.codes("advised", AttemptChannel),
        is_referred_at_once=entry.flag("refer"),
        is_jurist_first=entry.flag("jurist_first"),
    )
    if not 1 <= plan.per_week <= _WEEK or plan.per_day not in {1, 2}:
        entry.fail("per_week", "1 to 7 days a week, 1 or 2 tries a day: never mass requests")
    _check_life(entry, plan.as_of, plan.expires_on, LIFE_MONTHS)
    return plan


def _sentence(file: str, key: str, found: Any) -> Sentence:
    if isinstance(found, str):
        return Sentence(key, Entry(file, key, {"fr": found}).text("fr"))
    entry = Entry.of(file, key, found)
    entry.only("fr", "source", "status", "as_of", "numbers")
    return Sentence(
        key,
        entry.text("fr"),
        entry.text("source"),
        entry.code("status", RuleStatus),
        entry.day("as_of"),
        entry.texts("numbers"),
    )
