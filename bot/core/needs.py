"""Which topics to look for in the directory, for an outcome of the triage or a word of the command line.

Must not know: any organisation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.case import Route
from bot.core.organisations import Topic
from bot.core.outcomes import Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping

BLOCKED = frozenset({Topic.PERMIT, Topic.APPOINTMENT})
"""No appointment for a residence permit: what most people need."""

_BY_OUTCOME: Mapping[str, frozenset[Topic]] = {
    Outcome.STOP: frozenset({Topic.REMOVAL, Topic.PERMIT}),
    Outcome.SAFE: frozenset({Topic.VIOLENCE}),
    Outcome.MINOR: frozenset({Topic.MINORS}),
    Outcome.ANEF: frozenset({Topic.ANEF, Topic.PERMIT}),
    Outcome.DDD: frozenset({Topic.MEDIATION}) | BLOCKED,
}

_BY_ROUTE: Mapping[str, frozenset[Topic]] = {
    Route.ASYLUM: frozenset({Topic.ASYLUM}),
    Route.UKRAINE: frozenset({Topic.PERMIT}),
    Route.NATURALISATION: frozenset({Topic.NATIONALITY}),
    Route.FAMILY_REUNIFICATION: frozenset({Topic.FAMILY_REUNIFICATION, Topic.REFUGEE_FAMILY}),
    Route.VISA: frozenset(),
    Route.EU: frozenset(),
    Route.DRIVING: frozenset(),
}
"""A route without a topic of its own leads to generalist legal information."""

_BY_WORD: Mapping[str, frozenset[Topic]] = {
    "letter": BLOCKED,
    "proof": BLOCKED,
    "appointment": BLOCKED,
    "removal": _BY_OUTCOME[Outcome.STOP],
    "law": frozenset({Topic.LAW}),
    "sickness": frozenset({Topic.SICKNESS_PERMIT, Topic.PERMIT}),
}

_NAMED: Mapping[str, frozenset[Topic]] = {
    **{topic.value: frozenset({topic}) for topic in Topic},
    **{outcome.value: _BY_OUTCOME.get(outcome, BLOCKED) for outcome in Outcome},
    **{route.value: _BY_ROUTE[route] for route in Route},
    **_BY_WORD,
}

NAMES: tuple[str, ...] = tuple(_NAMED)
"""Every word ``topics_named`` knows: topics, outcomes, routes, and what people ask for."""


def topics_for(outcome: Outcome, route: Route | None = None) -> frozenset[Topic]:
    """The topics of an outcome (domain.md 3.6); of the route when the outcome is another door (domain.md 1.6)."""
    if outcome is Outcome.ROUTE and route is not None:
        return _BY_ROUTE[route]
    return _BY_OUTCOME.get(outcome, BLOCKED)


def topics_named(name: str) -> frozenset[Topic] | None:
    """The topics behind a word such as ``letter``, ``asile``, ``asylum`` or ``O-STOP``; None for an unknown word."""
    return _NAMED.get(name)
