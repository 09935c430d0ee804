"""The triage: from what a person told to an outcome, its urgency, its reasons and its next steps.

Nothing here is said; ids only. What is unknown is never taken for false, and a legal rule that needs a fact
nobody told is never among the rules. Must not know: any wording, the clock, how the facts were asked.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.core.blockages import FILED, ON_ANEF, Blockage
from bot.core.calendar import W120_OPENS, WindowState, add_months, has_ended
from bot.core.case import Alert, AttemptChannel, Question, Route, Tried
from bot.core.filing import Filing, filing
from bot.core.guidance import Dont, Door, Helper, Step
from bot.core.outcomes import COLLECTIVITIES, OVERSEAS, Facts, Outcome, decide, route_of
from bot.core.procedures import RENEWALS
from bot.core.reasons import Reason
from bot.core.rules import Facet
from bot.core.steps import PLANS, donts, doors, is_doubtful, needs_jurist_first, steps
from bot.core.titles import Window
from bot.core.unknown import UNASKED, Unknown, known
from bot.core.urgency import EXTENSION_MONTHS, WITHOUT_TITLE, Urgency, grade

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from bot.core.case import Situation
    from bot.core.ids import RuleId
    from bot.core.rules import RuleBook
    from bot.core.titles import Title

QUESTIONS = {
    Question.REMOVAL: "removal",
    Question.PLACE: "departement",
    Question.PROCEDURE: "procedure",
    Question.TITLE: "title",
    Question.EXPIRY: "expiry",
    Question.BLOCKAGE: "blockage",
    Question.TRIED: "tried",
    Question.RISK: "risks",
}
"""The field of Situation each question fills."""


@dataclass(frozen=True, slots=True)
class Assessment:
    """All that a triage found; ids are wording keys, rules excepted (``rule.<id>``)."""

    outcome: Outcome
    urgency: Urgency
    reasons: tuple[Reason, ...]
    unknowns: tuple[Question, ...]
    """Questions the person was asked and could or would not answer."""
    steps: tuple[Step, ...]
    """Shown one at a time, in this order."""
    rules: tuple[RuleId, ...]
    """Apply to what is known and may be said today, first one first."""
    withheld: tuple[RuleId, ...]
    """Apply, but are expired or unverified: "I cannot say; here is who can"."""
    plan: str | None
    """The evidence plan's id, such as ``E-R2``."""
    donts: tuple[Dont, ...]
    helpers: frozenset[Helper]
    filing: Filing
    doors: tuple[Door, ...]
    route: Route | None
    letter: str | None
    """The letter of domain.md 4.2 that fits (``a1``); None where a letter may harm or none exists."""
    remind_on: date | None
    """Too early: the day to come back."""


WRITTEN = frozenset({AttemptChannel.EMAIL, AttemptChannel.LETTER})
"""Attempts that are a writing to the prefecture, which a delegate of the Défenseur des droits asks for (F-32)."""


def assess(
    situation: Situation,
    titles: Mapping[str, Title],
    rulebook: RuleBook,
    today: date,
    *,
    unknowns: int = 0,
    tried_channels: frozenset[AttemptChannel] = frozenset(),
) -> Assessment:
    """The outcome of domain.md 3.3 for what is known today; never raises.

    ``unknowns`` is Case.unknowns, ``tried_channels`` the ways already used in vain: the ANEF ladder skips them, and a
    recorded e-mail or letter means that the person has written (F-32).
    """
    if not isinstance(situation.has_written, bool) and tried_channels & WRITTEN:
        situation = replace(situation, has_written=True)
    title = titles.get(known(situation.title) or "")
    facts = Facts(situation, filing(situation, title, today), grade(situation, title, today), unknowns)
    outcome = decide(facts)
    plan = _plan(outcome, facts)
    applying = rulebook.applying(facets(outcome, plan, facts, today))
    rules = tuple(rule for rule in applying if rulebook.is_statable(rule, today))
    letter = _letter(outcome, facts)
    return Assessment(
        outcome=outcome,
        urgency=facts.level,
        reasons=tuple(dict.fromkeys((*facts.grade.reasons, *_reasons(outcome, facts)))),
        unknowns=tuple(q for q, name in QUESTIONS.items() if _is_left_open(getattr(situation, name))),
        steps=steps(outcome, facts, tried_channels),
        rules=rules,
        withheld=tuple(rule for rule in applying if rule not in rules),
        plan=plan,
        donts=donts(outcome, facts),
        helpers=frozenset(_helpers(outcome, facts, letter)),
        filing=facts.filing,
        doors=doors(outcome, facts),
        route=route_of(situation) if outcome is Outcome.ROUTE else None,
        letter=letter,
        remind_on=_remind_on(facts),
    )


def facets(outcome: Outcome, plan: str | None, facts: Facts, today: date) -> dict[Facet, frozenset[str]]:
    """What the rules' conditions look at; an unknown fact is an empty set."""
    situation = facts.situation
    told = {
        Facet.OUTCOME: outcome,
        Facet.PLAN: plan,
        Facet.PROCEDURE: facts.procedure,
        Facet.TITLE: facts.title,
        Facet.BLOCKAGE: facts.blockage,
        Facet.DEPARTEMENT: known(situation.departement),
        Facet.CHANNEL: facts.filing.channel if facts.title is not None and facts.filing.is_known else None,
        Facet.REMOVAL: known(situation.removal),
        Facet.YOUTH: "yes" if facts.is_youth else None,
        Facet.WRITTEN: "yes" if known(situation.has_written) else None,
    }
    found = {facet: frozenset(() if value is None else (str(value),)) for facet, value in told.items()}
    found[Facet.ALERT] = frozenset(map(str, situation.alerts))
    found[Facet.RISK] = frozenset(map(str, known(situation.risks) or ()))
    found[Facet.ENDED] = frozenset(_ended(situation, today))
    window = facts.filing.window
    is_sure = window is not None and not facts.filing.is_approximate
    found[Facet.WINDOW] = frozenset({str(facts.filing.kind)} if facts.filing.kind in {Window.W60, Window.W120} else ())
    found[Facet.WINDOW_STATE] = frozenset({str(window.state)} if window is not None and is_sure else ())
    return found


def _ended(situation: Situation, today: date) -> Iterator[str]:
    expiry = known(situation.expiry)
    if expiry is None or not has_ended(expiry, today):
        return
    yield "yes"
    is_exact = expiry.on is not None and not expiry.is_month_only
    if is_exact and expiry.on is not None and today <= add_months(expiry.on, EXTENSION_MONTHS):
        yield "recent"


def _is_left_open(fact: object) -> bool:
    return isinstance(fact, Unknown) and fact is not UNASKED


def _plan(outcome: Outcome, facts: Facts) -> str | None:
    """The evidence plan of domain.md 3.5, or None where recording attempts has no use yet."""
    if outcome is Outcome.AES:
        return "E-A"
    if outcome is Outcome.ANEF:
        return None if facts.level is Urgency.UX or facts.blockage == Blockage.ANEF_WAIT else "E-N"
    if outcome not in PLANS or facts.level is Urgency.UX:
        return None
    if facts.procedure in RENEWALS:
        return {Urgency.U1: "E-R1", Urgency.U2: "E-R2"}.get(facts.level, "E-R3")
    return "E-A" if facts.title in WITHOUT_TITLE else "E-F"


def _letter(outcome: Outcome, facts: Facts) -> str | None:
    if needs_jurist_first(facts) or facts.level is Urgency.UX:
        return None
    if outcome is Outcome.ADVANCE:
        return "a3"
    if outcome is Outcome.ANEF:
        return "a5" if facts.blockage == Blockage.ANEF_WAIT else "a4"
    if outcome in PLANS:
        return "a1" if facts.procedure in RENEWALS else "a2"
    return None


def _helpers(outcome: Outcome, facts: Facts, letter: str | None) -> Iterator[Helper]:
    """Who can help (domain.md 3.6, last paragraph)."""
    if outcome in {Outcome.SAFE, Outcome.MINOR, Outcome.ROUTE}:
        return
    if facts.level in {Urgency.U0, Urgency.U1} or outcome in {Outcome.SILENCE, Outcome.REFUSAL}:
        yield Helper.LAWYER
    if Reason.SILENCE_NEAR in _reasons(outcome, facts):
        yield Helper.LAWYER
    is_simple = outcome is Outcome.PLAN_RENEW and facts.level in {Urgency.U3, Urgency.U4, Urgency.UX}
    if outcome is not Outcome.PICK and (not is_simple or is_doubtful(facts) or not facts.filing.is_known):
        yield Helper.ASSOCIATION
    if letter is not None:
        yield Helper.TEMPLATE
    if outcome is Outcome.DDD or (known(facts.situation.has_written) is True and outcome is not Outcome.STOP):
        yield Helper.DDD


_OUTCOME_REASONS = {
    Outcome.ROUTE: Reason.OTHER_DOOR,
    Outcome.PICK: Reason.CARD_READY,
    Outcome.SILENCE: Reason.SILENCE,
    Outcome.ADVANCE: Reason.LATE_DATE,
    Outcome.REFUSAL: Reason.REFUSED_DESK,
    Outcome.DDD: Reason.LONG_TRYING,
}

_WINDOW_REASONS = {
    WindowState.EARLY: Reason.WINDOW_EARLY,
    WindowState.OPEN: Reason.WINDOW_OPEN,
    WindowState.LATE: Reason.WINDOW_LATE,
}


def _reasons(outcome: Outcome, facts: Facts) -> tuple[Reason, ...]:
    """Why this outcome, beside why this urgency."""
    situation = facts.situation
    place = known(situation.departement)
    found = [_OUTCOME_REASONS[outcome]] if outcome in _OUTCOME_REASONS else []
    if outcome is Outcome.ANEF:
        found.append(Reason.ANEF_BLOCKED if facts.blockage in ON_ANEF else Reason.ANEF_TITLE)
    elif outcome in PLANS and not facts.filing.is_known:
        found.append(Reason.CHANNEL_UNSURE)
    if outcome is Outcome.HUMAN:
        found.append(Reason.COLLECTIVITY if place in COLLECTIVITIES else Reason.NOT_ENOUGH_KNOWN)
    if outcome in {Outcome.STOP, Outcome.SAFE, Outcome.MINOR, Outcome.ROUTE}:
        return tuple(found)
    checks = (
        (Alert.SCAM in situation.alerts or facts.blockage == Blockage.PAID_SCAM, Reason.SCAM),
        (place in OVERSEAS, Reason.OVERSEAS),
        (facts.blockage == Blockage.NO_DIGITAL, Reason.NO_DIGITAL),
        (outcome is not Outcome.SILENCE and _is_silence_near(facts), Reason.SILENCE_NEAR),
        (isinstance(situation.removal, Unknown), Reason.REMOVAL_UNKNOWN),
        ((facts.title or "").startswith("ts.cra"), Reason.OTHER_AGREEMENT),
    )
    found.extend(reason for holds, reason in checks if holds)
    window = facts.filing.window
    if window is not None and not facts.filing.is_approximate and window.state in _WINDOW_REASONS:
        found.append(_WINDOW_REASONS[window.state])
    return tuple(found)


def _is_silence_near(facts: Facts) -> bool:
    """True when silence may have become a refusal although the tree does not say so (F-19: sooner for some)."""
    if facts.blockage in FILED:
        return facts.tried is Tried.LONGER
    return facts.blockage == Blockage.MAIL_NO_ANSWER and facts.tried is Tried.FOUR_MONTHS


def _remind_on(facts: Facts) -> date | None:
    """The day the window opens, or 120 days before the end where no window is known; only while it is too early."""
    window = facts.filing.window
    if window is not None and window.state is WindowState.EARLY:
        return window.opens
    expiry = known(facts.situation.expiry)
    if facts.level is not Urgency.UX or expiry is None or expiry.on is None:
        return None
    return expiry.on - timedelta(W120_OPENS)
