"""What must hold for every situation, whatever was told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.blockages import Blockage
from bot.core.case import AttemptChannel, Question, Removal, Route, Situation, Tried
from bot.core.guidance import Helper, Step
from bot.core.outcomes import MAX_UNKNOWNS, Outcome
from bot.core.rules import Facet
from bot.core.triage import QUESTIONS, WRITTEN, Assessment, assess
from bot.core.unknown import Unknown
from bot.core.urgency import WITHOUT_TITLE, Urgency
from bot.storage.reference.rules import load_plans, load_rules
from tests.core.test_urgency import SITUATIONS as URGENT
from tests.core.test_urgency import UNKNOWNS, worse
from tests.situations import TITLES, TODAY

DATA = Path(__file__).parents[2] / "bot" / "data"
RULES = load_rules(DATA / "rules")
PLANS = load_plans(DATA / "plans.yml")


def mixed(base: Situation, **facts: object) -> Situation:
    return replace(base, **facts)  # type: ignore[arg-type]


SITUATIONS = st.builds(
    mixed,
    URGENT,
    route=st.sampled_from([None] * 20 + [*Route]),
    departement=st.sampled_from(["93"] * 8 + ["75", "974", "976", "988", *UNKNOWNS]),
    blockage=st.sampled_from(["blk.noslot"] * 6 + [*map(str, Blockage), *UNKNOWNS]),
    tried=st.sampled_from([*Tried, *UNKNOWNS]),
    has_written=st.sampled_from([True, False, *UNKNOWNS]),
)
many = settings(max_examples=250)

FIELDS = {
    Facet.PROCEDURE: "procedure",
    Facet.TITLE: "title",
    Facet.BLOCKAGE: "blockage",
    Facet.DEPARTEMENT: "departement",
    Facet.CHANNEL: "title",
    Facet.WINDOW: "title",
    Facet.WINDOW_STATE: "expiry",
    Facet.ENDED: "expiry",
    Facet.REMOVAL: "removal",
    Facet.WRITTEN: "has_written",
    Facet.RISK: "risks",
}
"""The fact a facet stands for; outcome, plan, alert and youth have no single one."""

IDENTITY_STEPS = {Step.LETTER, Step.EMAIL, Step.LETTER_EARLIER, Step.LETTER_RECEIPT, Step.LETTER_ATTESTATION,
                  Step.SUBSTITUTION, Step.PAN, Step.WRITTEN_REFUSAL}  # fmt: skip


def run(situation: Situation, unknowns: int = 0) -> Assessment:
    return assess(situation, TITLES, RULES, TODAY, unknowns=unknowns)


def told(situation: Situation, entry: object) -> bool:
    return all(not isinstance(getattr(situation, FIELDS[facet]), Unknown) for facet in entry if facet in FIELDS)  # type: ignore[attr-defined]


@many
@given(SITUATIONS)
def test_no_rule_that_needs_an_unknown_fact_is_among_the_rules(situation: Situation) -> None:
    by_id = {rule.id: rule for rule in RULES}
    found = run(situation)
    for rule_id in (*found.rules, *found.withheld):
        rule = by_id[rule_id]
        assert any(told(situation, entry) for entry in rule.when), rule_id
        assert told(situation, rule.unless), rule_id


@many
@given(SITUATIONS, st.sampled_from(list(Unknown)))
def test_taking_a_fact_back_takes_back_every_rule_that_needs_it(situation: Situation, why: Unknown) -> None:
    for name in sorted(set(FIELDS.values())):
        found = run(replace(situation, **{name: why}))
        needing = {rule.id for rule in RULES if any(FIELDS.get(facet) == name for facet in rule.needs)}
        assert not needing & {*found.rules, *found.withheld}


@many
@given(st.data(), SITUATIONS)
def test_the_urgency_of_an_assessment_never_falls_when_a_fact_gets_worse(data: st.DataObject, base: Situation) -> None:
    bad = data.draw(st.composite(worse)(base))
    assert run(bad).urgency.rank <= run(base).urgency.rank


@many
@given(SITUATIONS, st.integers(0, 5))
def test_every_situation_has_an_outcome_with_a_next_step(situation: Situation, unknowns: int) -> None:
    found = run(situation, unknowns)
    assert found.outcome in set(Outcome)
    assert found.steps
    assert len(set(found.steps)) == len(found.steps)
    assert not set(found.rules) & set(found.withheld)
    assert found.plan is None or found.plan in PLANS
    assert (found.route is not None) is (found.outcome is Outcome.ROUTE)


@many
@given(SITUATIONS)
def test_a_letter_of_removal_stops_everything_whatever_else_is_known(situation: Situation) -> None:
    for removal in (Removal.LETTER, Removal.HELD):
        found = run(replace(situation, removal=removal))
        assert (found.outcome, found.urgency) == (Outcome.STOP, Urgency.U0)
        assert found.plan is None
        assert found.letter is None
        assert Helper.LAWYER in found.helpers
        assert Step.CAPTURE not in found.steps


@many
@given(SITUATIONS)
def test_an_urgent_person_is_given_a_lawyer_or_a_door_today(situation: Situation) -> None:
    found = run(situation)
    if found.urgency is Urgency.U1 and found.outcome not in {Outcome.MINOR, Outcome.ROUTE}:
        assert Helper.LAWYER in found.helpers
        assert Step.LAWYER in found.steps[:3]


@many
@given(SITUATIONS)
def test_nobody_whose_name_may_harm_them_is_sent_to_write_or_to_go(situation: Situation) -> None:
    risky = replace(situation, title="doc.none", removal=Removal.NONE)
    unknown = replace(situation, removal=Unknown.DONT_KNOW)
    for person in (risky, unknown):
        found = run(person)
        assert found.letter is None
        assert not IDENTITY_STEPS & set(found.steps)


@many
@given(SITUATIONS)
def test_no_template_and_no_plan_where_the_law_is_another_one(situation: Situation) -> None:
    calm = replace(situation, departement="988", alerts=frozenset(), route=None, removal=Removal.NONE)
    found = run(calm)
    assert found.outcome is Outcome.HUMAN
    assert found.letter is None
    assert found.plan is None


@many
@given(SITUATIONS)
def test_unknown_questions_are_those_that_were_asked_and_not_answered(situation: Situation) -> None:
    found = run(situation)
    for question, name in QUESTIONS.items():
        fact = getattr(situation, name)
        assert (question in found.unknowns) is (fact in {Unknown.DONT_KNOW, Unknown.DECLINED})
    assert Question.CONSENT not in found.unknowns


@many
@given(SITUATIONS)
def test_a_reminder_is_never_in_the_past(situation: Situation) -> None:
    found = run(situation)
    assert found.remind_on is None or found.remind_on >= TODAY


@many
@given(SITUATIONS, st.frozensets(st.sampled_from(list(AttemptChannel))))
def test_what_was_tried_in_vain_only_shortens_the_ladder(situation: Situation, used: frozenset[AttemptChannel]) -> None:
    whole = run(situation).steps
    short = assess(situation, TITLES, RULES, TODAY, tried_channels=used - WRITTEN).steps
    assert [step for step in whole if step in short] == list(short)
    assert set(whole) - set(short) <= {Step.CCC, Step.PAN, Step.SUBSTITUTION}


@given(SITUATIONS, st.sampled_from(sorted(WRITTEN)))
def test_a_recorded_letter_counts_as_having_written(situation: Situation, channel: AttemptChannel) -> None:
    """Unless the person said otherwise."""
    told = assess(situation, TITLES, RULES, TODAY, tried_channels=frozenset({channel}))
    said = replace(situation, has_written=True) if not isinstance(situation.has_written, bool) else situation
    assert told == assess(said, TITLES, RULES, TODAY, tried_channels=frozenset({channel}))


def test_a_delegate_is_reached_by_trying_for_long_and_writing() -> None:
    facts = {"departement": "93", "procedure": "proc.first", "title": "ts.malade", "blockage": "blk.noslot"}
    situation = Situation(consent=True, removal=Removal.NONE, tried=Tried.LONGER, risks=frozenset(), **facts)  # type: ignore[arg-type]
    assert assess(situation, TITLES, RULES, TODAY).outcome is Outcome.PLAN_FIRST
    by_mail = assess(situation, TITLES, RULES, TODAY, tried_channels=frozenset({AttemptChannel.EMAIL}))
    assert by_mail.outcome is Outcome.DDD


def test_the_contact_centre_is_not_proposed_twice() -> None:
    situation = Situation(removal=Removal.NONE, procedure="proc.renew", title="ts.etu", blockage="blk.anef_submit")
    steps = assess(situation, TITLES, RULES, TODAY, tried_channels=frozenset({AttemptChannel.PHONE})).steps
    assert Step.CCC not in steps
    assert Step.PAN in steps


@many
@given(SITUATIONS)
def test_an_empty_rule_book_changes_nothing_but_the_rules(situation: Situation) -> None:
    whole, bare = run(situation), assess(situation, TITLES, type(RULES)([]), TODAY)
    assert replace(whole, rules=(), withheld=()) == bare


@many
@given(SITUATIONS)
def test_three_unknown_answers_never_hide_an_alarm(situation: Situation) -> None:
    alarms = {Outcome.STOP, Outcome.SAFE, Outcome.MINOR}
    found = run(situation)
    if found.outcome in alarms:
        assert run(situation, MAX_UNKNOWNS).outcome is found.outcome
    assert run(situation, MAX_UNKNOWNS).urgency is found.urgency


def test_people_without_a_title_are_named_once() -> None:
    assert sorted(WITHOUT_TITLE) == ["doc.none", "ts.aes"]
