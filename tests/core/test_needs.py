from __future__ import annotations

import pytest

from bot.core.case import Route
from bot.core.needs import BLOCKED, NAMES, topics_for, topics_named
from bot.core.organisations import Topic
from bot.core.outcomes import Outcome


@pytest.mark.parametrize("outcome", list(Outcome))
def test_asylum_is_looked_for_on_the_asylum_route_alone(outcome):
    assert Topic.ASYLUM not in topics_for(outcome)
    for route in Route:
        asks_asylum = Topic.ASYLUM in topics_for(outcome, route)
        assert asks_asylum is (outcome is Outcome.ROUTE and route is Route.ASYLUM)


def test_most_outcomes_need_help_with_the_permit_and_its_appointment():
    assert sum(topics_for(outcome) == BLOCKED for outcome in Outcome) == 11


@pytest.mark.parametrize(
    ("word", "topics"),
    [
        ("letter", BLOCKED),
        ("O-PLAN_RENEW", BLOCKED),
        ("asile", {"asile"}),
        ("asylum", {"asile"}),
        ("driving", set()),
        ("O-STOP", {"oqtf", "titre_sejour"}),
        ("nonsense", None),
    ],
)
def test_word_of_the_command_line(word, topics):
    assert topics_named(word) == topics


def test_every_known_word_is_answered():
    assert len(NAMES) == 52
    assert all(topics_named(name) is not None for name in NAMES)
