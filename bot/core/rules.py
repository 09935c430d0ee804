"""Rules that may be told to a person: what they say, where that comes from, until when it may be said.

A rule applies through facets: facts of the case, each a set of codes. A fact nobody told is an empty set, so a
rule that needs it never applies. Must not know: files, which rules exist, how a case is triaged.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.core.errors import RuleError, RuleExpiredError, RuleUnverifiedError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from bot.core.ids import RuleId

LIFE_MONTHS = 6
"""Longest life of a rule after it was last checked (POLICY, domain.md 0)."""

DEADLINE_LIFE_MONTHS = 2
"""The same for a rule that tells a deadline."""

ANY = "*"
"""In a condition: whatever the fact is, as long as it is known."""


class RuleStatus(StrEnum):
    """How well a rule is founded (domain.md 0)."""

    READ_P = "READ-P"
    READ_S = "READ-S"
    RECALLED = "RECALLED"
    POLICY = "POLICY"
    """A rule of this product, not of the law."""


class Facet(StrEnum):
    """What a rule's conditions may look at."""

    OUTCOME = "outcome"
    PLAN = "plan"
    PROCEDURE = "procedure"
    TITLE = "title"
    BLOCKAGE = "blockage"
    DEPARTEMENT = "departement"
    CHANNEL = "channel"
    """Where the title is filed; empty when the title is unknown."""
    WINDOW = "window"
    WINDOW_STATE = "window_state"
    ENDED = "ended"
    """``yes`` when the document is over for certain, with ``recent`` within three months of an exact date."""
    REMOVAL = "removal"
    ALERT = "alert"
    YOUTH = "youth"
    WRITTEN = "written"
    RISK = "risk"


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that may be stated, with its source."""

    id: RuleId
    text_fr: str
    applies_when: str
    """For the jurist who reads the file; ``when`` is what counts."""
    source: str
    status: RuleStatus
    as_of: date
    """The day the source was read."""
    expires_on: date
    """Last day on which it may be said."""
    when: tuple[Mapping[Facet, frozenset[str]], ...]
    """Applies when all conditions of at least one entry hold."""
    unless: Mapping[Facet, frozenset[str]] = field(default_factory=dict)
    """Does not apply when any of these holds, or may hold because the fact is unknown."""
    order: int = 50
    """Lower is told first."""
    is_deadline: bool = False
    verified_by: str | None = None
    verified_on: date | None = None

    @property
    def wording_key(self) -> str:
        """The key of its sentence in every language."""
        return f"rule.{self.id}"

    @property
    def needs(self) -> frozenset[Facet]:
        """The facts without which it is never said."""
        return frozenset.intersection(*(frozenset(entry) for entry in self.when)) | frozenset(self.unless)

    @property
    def is_law(self) -> bool:
        """False for a rule of this product."""
        return self.status is not RuleStatus.POLICY

    def is_signed_off(self, today: date) -> bool:
        """True when a jurist has put their name and a day, not in the future, to it."""
        return self.verified_by is not None and self.verified_on is not None and self.verified_on <= today

    def applies(self, facets: Mapping[Facet, frozenset[str]]) -> bool:
        """True when the facts meet the conditions; an unknown fact meets none."""
        if any(not facets.get(facet) or facets[facet] & barred for facet, barred in self.unless.items()):
            return False
        return any(all(_holds(facets, facet, wanted) for facet, wanted in entry.items()) for entry in self.when)


def _holds(facets: Mapping[Facet, frozenset[str]], facet: Facet, wanted: frozenset[str]) -> bool:
    told = facets.get(facet, frozenset())
    return bool(told) if ANY in wanted else bool(told & wanted)


class RuleBook:
    """All rules, and which of them may be said today."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        """Keep the rules in the order in which they are told."""
        self._rules = {rule.id: rule for rule in sorted(rules, key=lambda rule: (rule.order, rule.id))}

    def __iter__(self) -> Iterator[Rule]:
        """Every rule, those that may not be said included."""
        return iter(self._rules.values())

    def __len__(self) -> int:
        """How many rules there are."""
        return len(self._rules)

    def statable(self, rule_id: RuleId, today: date) -> Rule:
        """The rule, when it may be said today.

        Raises RuleUnverifiedError for one that comes from memory and that no jurist has signed off,
        RuleExpiredError past its last day, RuleError when there is no such rule (domain.md 0).
        """
        rule = self._rules.get(rule_id)
        if rule is None:
            message = f"{rule_id}: no such rule"
            raise RuleError(message)
        if rule.status is RuleStatus.RECALLED and not rule.is_signed_off(today):
            message = f"{rule_id}: recalled and not verified"
            raise RuleUnverifiedError(message)
        if today > rule.expires_on:
            message = f"{rule_id}: expired on {rule.expires_on}"
            raise RuleExpiredError(message)
        return rule

    def is_statable(self, rule_id: RuleId, today: date) -> bool:
        """True when ``statable`` gives the rule."""
        try:
            self.statable(rule_id, today)
        except RuleError:
            return False
        return True

    def applying(self, facets: Mapping[Facet, frozenset[str]]) -> tuple[RuleId, ...]:
        """The rules whose conditions the facts meet, whether or not they may be said today."""
        return tuple(rule.id for rule in self if rule.applies(facets))
