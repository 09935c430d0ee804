"""Which steps follow an outcome, in the order in which they are shown, one at a time.

Must not know: the texts, the rules of law, the clock.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.blockages import ON_ANEF, Blockage
from bot.core.calendar import WindowState
from bot.core.case import Alert, AttemptChannel, Removal, Tried
from bot.core.guidance import Dont, Door, Step
from bot.core.outcomes import OVERSEAS, Outcome, is_unsafe, route_of
from bot.core.procedures import Procedure
from bot.core.reasons import Reason
from bot.core.titles import FilingChannel
from bot.core.unknown import known
from bot.core.urgency import WITHOUT_TITLE, Urgency

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bot.core.outcomes import Facts

PLANS = frozenset({Outcome.PLAN_RENEW, Outcome.PLAN_CHANGE, Outcome.PLAN_FIRST, Outcome.DDD, Outcome.LAWYER_NOW})
"""Outcomes in which the person records attempts."""

_LADDER = {
    AttemptChannel.PHONE: Step.CCC,
    AttemptChannel.DESK: Step.PAN,
    AttemptChannel.LETTER: Step.SUBSTITUTION,
}
"""The step of the ANEF ladder that an attempt of this channel has already taken (F-09, F-17)."""

_RISKY = frozenset({Step.PAN, Step.SUBSTITUTION, Step.LETTER_ATTESTATION})
"""Steps that show the person to the prefecture: never before a jurist where that may harm (S-GO)."""

_MONTHS = frozenset({Tried.MONTHS, Tried.LONGER, Tried.FOUR_MONTHS})


def needs_jurist_first(facts: Facts) -> bool:
    """True when a letter with the person's identity may harm before a jurist has looked (domain.md 3.6, O-AES).

    So for people without a title, for a first request whose document is unknown, and for whoever did not say
    that no letter of refusal or removal came: an earlier one changes everything (F-06).
    """
    if facts.title in WITHOUT_TITLE or known(facts.situation.removal) is not Removal.NONE:
        return True
    return facts.procedure in {Procedure.FIRST, None} and facts.title is None


def is_doubtful(facts: Facts) -> bool:
    """True when an association comes first whatever the urgency (3.6: doubt, own agreement, no French, visa ending)."""
    title = facts.title or ""
    return (
        needs_jurist_first(facts)
        or title.startswith("ts.cra")
        or title == "ts.ase"
        or facts.blockage == Blockage.NO_DIGITAL
        or Reason.VISA_ENDS_SOON in facts.grade.reasons
        or known(facts.situation.departement) in OVERSEAS
    )


def steps(outcome: Outcome, facts: Facts, tried: frozenset[AttemptChannel]) -> tuple[Step, ...]:
    """The next steps, first one first; ``tried`` are the ways the person has already used in vain."""
    return tuple(dict.fromkeys(_STEPS[outcome](facts, tried)))


def _stop(facts: Facts, _tried: frozenset[AttemptChannel]) -> Iterable[Step]:
    if is_unsafe(facts.situation):
        yield Step.DOOR
    yield Step.LAWYER
    if Alert.DETENTION in facts.situation.alerts or known(facts.situation.removal) is Removal.HELD:
        yield Step.HELD
    yield from (Step.KEEP_ENVELOPE, Step.LEGAL_AID, Step.HUMAN)


def _safe(_facts: Facts, _tried: frozenset[AttemptChannel]) -> Iterable[Step]:
    return (Step.DOOR, Step.EXIT, Step.ERASE)


def _door(_facts: Facts, _tried: frozenset[AttemptChannel]) -> Iterable[Step]:
    return (Step.DOOR, Step.HUMAN)


def _pick(facts: Facts, _tried: frozenset[AttemptChannel]) -> Iterable[Step]:
    if facts.level is Urgency.U1:
        yield Step.LAWYER
    if facts.tried in _MONTHS:
        yield Step.LETTER_PICK
    yield from (Step.WAIT_CONVOCATION, Step.BRING_STAMP)


def _silence(_facts: Facts, _tried: frozenset[AttemptChannel]) -> Iterable[Step]:
    return (Step.LAWYER, Step.ASSOCIATION, Step.KEEP_PROOF, Step.LEGAL_AID)


def _refusal(facts: Facts, _tried: frozenset[AttemptChannel]) -> Iterable[Step]:
    yield from (Step.LAWYER, Step.ASSOCIATION, Step.LEGAL_AID)
    if not needs_jurist_first(facts):
        yield Step.WRITTEN_REFUSAL


def _advance(facts: Facts, _tried: frozenset[AttemptChannel]) -> Iterable[Step]:
    yield Step.KEEP_SLOT
    if facts.level is Urgency.U1:
        yield Step.LAWYER
    if is_doubtful(facts):
        yield Step.ASSOCIATION
    if not needs_jurist_first(facts):
        yield Step.LETTER_EARLIER
    if facts.filing.channel is not FilingChannel.PREF:
        yield Step.CHECK_ANEF
    yield Step.ASSOCIATION


def _anef(facts: Facts, tried: frozenset[AttemptChannel]) -> Iterable[Step]:
    used = {_LADDER[channel] for channel in tried if channel in _LADDER}
    yield from _before(facts)
    if needs_jurist_first(facts):
        yield Step.ASSOCIATION
        used |= _RISKY
    if facts.filing.channel is not FilingChannel.ANEF:
        yield Step.CHECK_ANEF
    elif facts.blockage not in ON_ANEF:
        yield Step.FILE_ANEF
    if facts.blockage == Blockage.ANEF_WAIT:
        ladder: tuple[Step, ...] = (Step.MESSAGE_ANEF, Step.CCC, Step.LETTER_ATTESTATION)
    else:
        ladder = (Step.CCC, Step.CAPTURE_ERROR, Step.PAN, Step.SUBSTITUTION)
    yield from (step for step in ladder if step not in used)
    yield from (Step.ASSOCIATION, *_after(facts))


def _lawyer_now(facts: Facts, _tried: frozenset[AttemptChannel]) -> Iterable[Step]:
    yield from (Step.LAWYER, Step.ASSOCIATION, Step.LEGAL_AID)
    if facts.is_youth:
        yield Step.YOUTH
    yield from _try_and_write(facts)


def _plan(facts: Facts, _tried: frozenset[AttemptChannel]) -> Iterable[Step]:
    if facts.level is Urgency.UX:
        yield from (Step.REMINDER, Step.PREPARE_FILE)
        return
    if is_doubtful(facts):
        yield Step.ASSOCIATION
    if facts.filing.channel is FilingChannel.MIX:
        yield Step.CHECK_ANEF
    yield from _before(facts)
    yield from _try_and_write(facts)
    yield from (Step.ASSOCIATION, *_after(facts))


def _try_and_write(facts: Facts) -> Iterable[Step]:
    """Evidence first, then the e-mail and the letter (domain.md 3.5); where writing harms, none."""
    if facts.blockage == Blockage.CANCELLED:
        yield Step.KEEP_CANCELLATION
    is_writing = not needs_jurist_first(facts)
    if facts.blockage == Blockage.DN_NO_ANSWER and is_writing:
        yield from (Step.LETTER_RECEIPT, Step.KEEP_PROOF)
        return
    if facts.blockage == Blockage.MAIL_NO_ANSWER and is_writing:
        yield Step.LETTER
    yield Step.CAPTURE
    if is_writing:
        yield from (Step.EMAIL, Step.LETTER)


def _before(facts: Facts) -> Iterable[Step]:
    """What comes before the ladder or the plan."""
    if facts.level is Urgency.U1:
        yield Step.LAWYER
    if facts.is_youth:
        yield Step.YOUTH
    if facts.level is Urgency.UX:
        yield Step.REMINDER
    if facts.filing.is_approximate:
        yield Step.CHECK_DAY
    window = facts.filing.window
    if facts.level is not Urgency.UX and window is not None and window.state is WindowState.EARLY:
        yield Step.PREPARE_FILE


def _after(facts: Facts) -> Iterable[Step]:
    """What may run beside the rest, once the prefecture has been written to (F-32)."""
    if known(facts.situation.has_written) is True:
        yield Step.DDD


def _aes(facts: Facts, _tried: frozenset[AttemptChannel]) -> Iterable[Step]:
    yield from (Step.ASSOCIATION, Step.LEGAL_AID, Step.CAPTURE, *_after(facts))


def _ddd(facts: Facts, _tried: frozenset[AttemptChannel]) -> Iterable[Step]:
    yield from (Step.DDD, Step.ASSOCIATION, *_try_and_write(facts))


def _human(facts: Facts, _tried: frozenset[AttemptChannel]) -> Iterable[Step]:
    if facts.level is Urgency.U1:
        yield Step.LAWYER
    yield from (Step.HUMAN, Step.ASSOCIATION, Step.PREPARE_FILE)


_STEPS: dict[Outcome, Callable[[Facts, frozenset[AttemptChannel]], Iterable[Step]]] = {
    Outcome.STOP: _stop,
    Outcome.SAFE: _safe,
    Outcome.MINOR: _door,
    Outcome.ROUTE: _door,
    Outcome.PICK: _pick,
    Outcome.SILENCE: _silence,
    Outcome.ADVANCE: _advance,
    Outcome.REFUSAL: _refusal,
    Outcome.ANEF: _anef,
    Outcome.LAWYER_NOW: _lawyer_now,
    Outcome.PLAN_RENEW: _plan,
    Outcome.AES: _aes,
    Outcome.PLAN_CHANGE: _plan,
    Outcome.PLAN_FIRST: _plan,
    Outcome.DDD: _ddd,
    Outcome.HUMAN: _human,
}

_DONTS: dict[Outcome, tuple[Dont, ...]] = {
    Outcome.STOP: (Dont.WAIT, Dont.SIGN, Dont.GO_ALONE),
    Outcome.SAFE: (),
    Outcome.MINOR: (),
    Outcome.ROUTE: (),
    Outcome.PICK: (Dont.PAY,),
    Outcome.SILENCE: (Dont.WAIT,),
    Outcome.ADVANCE: (Dont.CANCEL_SLOT, Dont.PAY),
    Outcome.REFUSAL: (Dont.WAIT,),
    Outcome.ANEF: (Dont.ACCOUNTS, Dont.PASSWORD),
    Outcome.LAWYER_NOW: (Dont.WAIT, Dont.INVENT),
    Outcome.PLAN_RENEW: (Dont.PAY, Dont.ROBOT, Dont.INVENT),
    Outcome.AES: (Dont.LETTER_ALONE, Dont.GO_ALONE, Dont.PAY),
    Outcome.PLAN_CHANGE: (Dont.PAY, Dont.ROBOT, Dont.INVENT),
    Outcome.PLAN_FIRST: (Dont.PAY, Dont.ROBOT, Dont.INVENT),
    Outcome.DDD: (Dont.WAIT_DDD, Dont.PAY, Dont.ROBOT),
    Outcome.HUMAN: (Dont.PAY, Dont.PAPERS),
}

_QUIET = frozenset({Outcome.STOP, Outcome.SAFE, Outcome.MINOR, Outcome.ROUTE})
"""Outcomes that say their one thing and no more."""


def donts(outcome: Outcome, facts: Facts) -> tuple[Dont, ...]:
    """What not to do, the most harmful first."""
    found = list(_DONTS[outcome])
    if outcome not in _QUIET:
        if Alert.SCAM in facts.situation.alerts or facts.blockage == Blockage.PAID_SCAM:
            found.insert(0, Dont.PAY)
        if needs_jurist_first(facts):
            found[:0] = [Dont.LETTER_ALONE, Dont.GO_ALONE]
        if facts.title == "doc.dep" or facts.blockage == Blockage.ANEF_WAIT:
            found.append(Dont.DEPOSIT)
    return tuple(dict.fromkeys(found))


def doors(outcome: Outcome, facts: Facts) -> tuple[Door, ...]:
    """The right doors: emergency numbers first."""
    alerts = facts.situation.alerts
    found: list[Door] = []
    if is_unsafe(facts.situation):
        found.append(Door.DANGER)
    if Alert.VIOLENCE in alerts:
        found.append(Door.VIOLENCE)
    if Alert.SUICIDE in alerts:
        found.append(Door.SUICIDE)
    if Alert.MINOR in alerts:
        found.append(Door.MINOR)
    route = route_of(facts.situation)
    if outcome is Outcome.ROUTE and route is not None:
        found.append(Door(f"door.{route}"))
    return tuple(found)
