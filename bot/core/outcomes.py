"""What a triage can end with (domain.md 3.6), and the tree that decides it (domain.md 3.3).

Must not know: what the person is told, rules, the clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.core.blockages import FILED, ON_ANEF, Blockage
from bot.core.case import Alert, Removal, Route, Tried
from bot.core.procedures import RENEWALS, Procedure
from bot.core.reasons import Reason
from bot.core.titles import FilingChannel
from bot.core.unknown import known
from bot.core.urgency import WITHOUT_TITLE, Urgency

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.core.case import Situation
    from bot.core.filing import Filing
    from bot.core.urgency import Grade

COLLECTIVITIES = frozenset({"975", "977", "978", "984", "986", "987", "988", "989"})
"""Where the foreigners' law differs or is another one: a person answers, no template (domain.md 5.3)."""

OVERSEAS = frozenset({"971", "972", "973", "974", "976"})
"""Départements with derogations (Mayotte: titles valid there only)."""

MAX_UNKNOWNS = 3
"""Answers "I don't know" in a row after which a person takes over (domain.md 7)."""


class Outcome(StrEnum):
    """The codes of domain.md 3.6."""

    STOP = "O-STOP"
    SAFE = "O-SAFE"
    MINOR = "O-MINOR"
    ROUTE = "O-ROUTE"
    PICK = "O-PICK"
    SILENCE = "O-SILENCE"
    ADVANCE = "O-ADVANCE"
    REFUSAL = "O-REFUSAL"
    ANEF = "O-ANEF"
    LAWYER_NOW = "O-LAWYER_NOW"
    PLAN_RENEW = "O-PLAN_RENEW"
    AES = "O-AES"
    PLAN_CHANGE = "O-PLAN_CHANGE"
    PLAN_FIRST = "O-PLAN_FIRST"
    DDD = "O-DDD"
    HUMAN = "O-HUMAN"


@dataclass(frozen=True, slots=True)
class Facts:
    """What the tree looks at; None is unknown."""

    situation: Situation
    filing: Filing
    grade: Grade
    unknowns: int = 0

    @property
    def level(self) -> Urgency:
        """How urgent it is."""
        return self.grade.level

    @property
    def is_youth(self) -> bool:
        """True between 17 and a half and 19, or in the youth title (B-18)."""
        return Reason.YOUTH in self.grade.reasons

    @property
    def procedure(self) -> str | None:
        """The procedure's id."""
        return known(self.situation.procedure)

    @property
    def title(self) -> str | None:
        """The title's id."""
        return known(self.situation.title)

    @property
    def blockage(self) -> str | None:
        """The blockage's id."""
        return known(self.situation.blockage)

    @property
    def tried(self) -> Tried | None:
        """Since when the person has tried or waited."""
        return known(self.situation.tried)


def is_stop(situation: Situation) -> bool:
    """True after a letter of refusal or removal, or when held (P0, Q2)."""
    told = {Alert.REMOVAL, Alert.DETENTION} & situation.alerts
    return bool(told) or known(situation.removal) in {Removal.LETTER, Removal.HELD}


def is_unsafe(situation: Situation) -> bool:
    """True when violence or suicide was told (P1)."""
    return bool({Alert.VIOLENCE, Alert.SUICIDE} & situation.alerts)


def is_minor(situation: Situation) -> bool:
    """True for a child; one of 17 and a half or more stays in the triage (B-18)."""
    return Alert.MINOR in situation.alerts and known(situation.is_youth) is not True


def route_of(situation: Situation) -> Route | None:
    """Another door, told by the person or by the document (B-EU, B-UKR)."""
    if situation.route is not None:
        return situation.route
    title = known(situation.title)
    if title == "ts.ue":
        return Route.EU
    if title == "ts.aps_pt" and known(situation.procedure) != Procedure.RENEW:
        return Route.UKRAINE
    return None


def _is_silence(facts: Facts) -> bool:
    return facts.blockage in FILED and facts.tried is Tried.FOUR_MONTHS


def _is_anef(facts: Facts) -> bool:
    return facts.filing.channel is FilingChannel.ANEF or facts.blockage in ON_ANEF


def _is_without_plan(facts: Facts) -> bool:
    """True when nobody knows what the person wants: no plan can be named."""
    return facts.procedure in {None, Procedure.OTHER, Procedure.UNKNOWN}


def _is_ddd(facts: Facts) -> bool:
    """Repeated failure without urgency, after writing (1.4, F-32)."""
    is_calm = facts.level in {Urgency.U3, Urgency.U4, Urgency.UX}
    is_long = facts.tried in {Tried.LONGER, Tried.FOUR_MONTHS}
    return is_calm and is_long and known(facts.situation.has_written) is True


_TREE: tuple[tuple[Callable[[Facts], bool], Outcome], ...] = (
    (lambda facts: is_stop(facts.situation), Outcome.STOP),
    (lambda facts: is_unsafe(facts.situation), Outcome.SAFE),
    (lambda facts: is_minor(facts.situation), Outcome.MINOR),
    (lambda facts: facts.situation.route is not None, Outcome.ROUTE),
    (lambda facts: known(facts.situation.departement) in COLLECTIVITIES, Outcome.HUMAN),
    (lambda facts: facts.procedure == Procedure.PICK, Outcome.PICK),
    (_is_silence, Outcome.SILENCE),
    (lambda facts: facts.blockage == Blockage.LATE_DATE, Outcome.ADVANCE),
    (lambda facts: facts.blockage == Blockage.REFUSED_DESK, Outcome.REFUSAL),
    (lambda facts: facts.unknowns >= MAX_UNKNOWNS, Outcome.HUMAN),
    (lambda facts: route_of(facts.situation) is not None, Outcome.ROUTE),
    (_is_anef, Outcome.ANEF),
    (lambda facts: facts.level is Urgency.U1, Outcome.LAWYER_NOW),
    (lambda facts: facts.procedure in RENEWALS, Outcome.PLAN_RENEW),
    (lambda facts: facts.title in WITHOUT_TITLE, Outcome.AES),
    (_is_without_plan, Outcome.HUMAN),
    (_is_ddd, Outcome.DDD),
    (lambda facts: facts.procedure == Procedure.CHANGE, Outcome.PLAN_CHANGE),
    (lambda _facts: True, Outcome.PLAN_FIRST),
)
"""First hit wins; the order is that of domain.md 3.3."""


def decide(facts: Facts) -> Outcome:
    """The outcome of what is known so far."""
    return next(outcome for holds, outcome in _TREE if holds(facts))
