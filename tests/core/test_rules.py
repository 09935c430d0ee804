"""When a rule may be said, and when it applies."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.core.errors import RuleError, RuleExpiredError, RuleUnverifiedError
from bot.core.ids import RuleId
from bot.core.rules import ANY, Facet, Rule, RuleBook, RuleStatus
from tests.situations import TODAY


def rule(rule_id: str = "r", **changes: object) -> Rule:
    base = Rule(
        id=RuleId(rule_id),
        text_fr="Une phrase.",
        applies_when="Always.",
        source="F-00",
        status=RuleStatus.READ_P,
        as_of=TODAY,
        expires_on=TODAY + timedelta(days=30),
        when=({Facet.PROCEDURE: frozenset({"proc.renew"})},),
    )
    return replace(base, **changes)  # type: ignore[arg-type]


SIGNED = {"verified_by": "A jurist", "verified_on": TODAY}


@pytest.mark.parametrize("status", [RuleStatus.READ_P, RuleStatus.READ_S, RuleStatus.POLICY])
def test_a_rule_that_was_read_may_be_said_until_its_last_day(status: RuleStatus) -> None:
    book = RuleBook([rule(status=status)])
    assert book.statable(RuleId("r"), TODAY).id == "r"
    assert book.statable(RuleId("r"), TODAY + timedelta(days=30)).id == "r"
    with pytest.raises(RuleExpiredError, match="r: expired on 2026-12-23"):
        book.statable(RuleId("r"), TODAY + timedelta(days=31))


UNSIGNED = [
    {},
    {"verified_by": "A jurist"},
    {"verified_on": TODAY},
    {"verified_by": "A jurist", "verified_on": TODAY + timedelta(days=1)},
]


@pytest.mark.parametrize("signature", UNSIGNED)
def test_a_rule_from_memory_is_never_said_before_a_jurist_signed_it(signature: dict[str, object]) -> None:
    assert len(UNSIGNED) == 4
    book = RuleBook([rule(status=RuleStatus.RECALLED, **signature)])
    with pytest.raises(RuleUnverifiedError, match="r: recalled and not verified"):
        book.statable(RuleId("r"), TODAY)
    assert not book.is_statable(RuleId("r"), TODAY)


def test_a_rule_from_memory_may_be_said_once_signed_and_expires_all_the_same() -> None:
    book = RuleBook([rule(status=RuleStatus.RECALLED, **SIGNED)])
    assert book.is_statable(RuleId("r"), TODAY)
    assert not book.is_statable(RuleId("r"), TODAY + timedelta(days=31))


def test_a_rule_that_does_not_exist_is_an_error_of_rules() -> None:
    with pytest.raises(RuleError, match="nothing: no such rule"):
        RuleBook([]).statable(RuleId("nothing"), TODAY)


RENEW = frozenset({"proc.renew"})
SAL = frozenset({"ts.sal"})
NOTHING: frozenset[str] = frozenset()
APPLYING = [
    ({}, {}, False),
    ({}, {Facet.PROCEDURE: NOTHING}, False),
    ({}, {Facet.PROCEDURE: RENEW}, True),
    ({}, {Facet.PROCEDURE: frozenset({"proc.first"})}, False),
    ({"when": ({Facet.TITLE: frozenset({ANY})},)}, {Facet.TITLE: SAL}, True),
    ({"when": ({Facet.TITLE: frozenset({ANY})},)}, {Facet.TITLE: NOTHING}, False),
    ({"when": ({Facet.TITLE: SAL, Facet.PROCEDURE: RENEW},)}, {Facet.TITLE: SAL}, False),
    ({"when": ({Facet.TITLE: SAL}, {Facet.PROCEDURE: RENEW})}, {Facet.TITLE: SAL}, True),
    ({"unless": {Facet.TITLE: SAL}}, {Facet.PROCEDURE: RENEW, Facet.TITLE: SAL}, False),
    ({"unless": {Facet.TITLE: SAL}}, {Facet.PROCEDURE: RENEW, Facet.TITLE: frozenset({"ts.etu"})}, True),
    ({"unless": {Facet.TITLE: SAL}}, {Facet.PROCEDURE: RENEW, Facet.TITLE: NOTHING}, False),
    ({"unless": {Facet.TITLE: SAL}}, {Facet.PROCEDURE: RENEW}, False),
]


@pytest.mark.parametrize(("changes", "facets", "wanted"), APPLYING)
def test_a_rule_applies_to_what_is_known_and_never_to_the_unknown(changes, facets, wanted) -> None:
    assert len(APPLYING) == 12
    assert rule(**changes).applies(facets) is wanted


def test_the_facts_a_rule_needs_are_those_of_every_condition_and_of_its_exceptions() -> None:
    told = rule(when=({Facet.TITLE: SAL, Facet.PROCEDURE: RENEW}, {Facet.PROCEDURE: RENEW}), unless={Facet.ENDED: SAL})
    assert told.needs == {Facet.PROCEDURE, Facet.ENDED}


def test_rules_are_told_in_their_order_then_by_name() -> None:
    facets = {Facet.PROCEDURE: RENEW}
    book = RuleBook([rule("b", order=2), rule("c", order=1), rule("a", order=2), rule("d", when=({Facet.TITLE: SAL},))])
    assert book.applying(facets) == ("c", "a", "b")
    assert [told.id for told in book] == ["c", "a", "b", "d"]
    assert len(book) == 4


def test_a_rule_knows_its_wording_and_whether_it_is_law() -> None:
    assert rule("window").wording_key == "rule.window"
    assert rule().is_law
    assert not rule(status=RuleStatus.POLICY).is_law
    assert not rule().is_signed_off(TODAY)
    assert rule(**SIGNED).is_signed_off(date(2027, 1, 1))
