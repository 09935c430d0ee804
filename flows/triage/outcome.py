"""Says what the triage found: in few lines, with one next step at a time; and the alarms, where nothing else is said.

Must not know: the tree, the law's texts.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.core.case import Alert, Removal, Route, Situation
from bot.core.effects import DiscardFiles, Remind, ReminderKind
from bot.core.intents import Intent
from bot.core.outcomes import Outcome
from bot.core.unknown import known
from bot.core.wording import Day, Label, Lines, Name, Phrase
from bot.services.flow import Done, Leave, Then
from flows.common.resuming import ask_next, resume

if TYPE_CHECKING:
    from bot.core.triage import Assessment
    from bot.core.wording import Value
    from bot.services.flow import Result
    from bot.services.registry import Services
    from bot.services.turn import Turn

QUIET = frozenset({Outcome.STOP, Outcome.SAFE, Outcome.MINOR, Outcome.ROUTE})
"""Outcomes that say all they have at once, and ask nothing more about the case."""

RULES_SHOWN = 2
"""Results hold in five short lines and one next step (domain.md 3)."""

REMIND_AFTER = timedelta(days=2)
REMIND_HOURS = (9, 12, 15, 18)
"""Reminders come at varied hours, as attempts should (domain.md 3.5)."""

_ALERTS = {
    Intent.ALERT_REMOVAL: Alert.REMOVAL,
    Intent.ALERT_DETENTION: Alert.DETENTION,
    Intent.ALERT_VIOLENCE: Alert.VIOLENCE,
    Intent.ALERT_MINOR: Alert.MINOR,
}


class TriageOutcome:
    """The end of the triage, and each later look at its steps."""

    name = "action_triage_outcome"

    def __init__(self, services: Services) -> None:
        """``services`` holds titles and rules."""
        self._services = services

    def run(self, turn: Turn, requested: str | None) -> Result:
        """Say the outcome, or its next step when it was said before."""
        case = turn.case
        if case.situation.consent is False:
            return _without_consent(turn)
        assessment = self._services.assess(case, turn.attempts, turn.today)
        if assessment.outcome in QUIET:
            say_quietly(turn, assessment)
            return Done()
        if case.step == 0:
            self._say_outcome(turn, assessment)
        self._say_step(turn, assessment)
        if turn.case.wants == "letter":
            return Then("action_letter")
        if turn.case.wants == "association":
            return Then("action_association")
        ask_next(turn)
        return Done()

    def _say_outcome(self, turn: Turn, assessment: Assessment) -> None:
        lines: list[Value] = [Label(f"urgency.{assessment.urgency}")]
        code = known(turn.case.situation.departement)
        if code is not None:
            place = self._services.gazetteer.departement(code)
            if place.prefecture_name is not None:
                names = {"prefecture": Name(place.prefecture_name), "tribunal": Name(place.tribunal_city)}
                lines.append(Phrase("utter_outcome_place", names))
        lines += [Label(f"rule.{rule}") for rule in assessment.rules[:RULES_SHOWN]]
        if assessment.withheld and not assessment.rules:
            lines.append(Label("utter_rights_cannot_say"))
        turn.say("utter_outcome", lines=Lines(tuple(lines), bullet=""))
        if assessment.donts:
            turn.say("utter_outcome_donts", donts=Lines(tuple(Label(str(d)) for d in assessment.donts[:2])))
        turn.say("utter_not_advice")

    def _say_step(self, turn: Turn, assessment: Assessment) -> None:
        number = turn.case.step
        if number >= len(assessment.steps):
            turn.say("utter_no_more_steps")
            return
        step = assessment.steps[number]
        turn.say("utter_outcome_next", step=Label(str(step)))
        turn.case = replace(turn.case, step=number + 1)


def say_quietly(turn: Turn, assessment: Assessment) -> None:
    """An alarm or another door: the right numbers, the few things that matter, a human if wanted."""
    lines: list[Value] = [Label(str(step)) for step in assessment.steps if str(step) != "step.door"]
    doors: list[Value] = [Label(str(door)) for door in assessment.doors]
    turn.say("utter_stop_alarm", lines=Lines((*doors, *lines), bullet=""))
    turn.say("utter_alarm_then")
    draft = turn.case.draft
    if draft is not None and draft.proofs:
        turn.do(DiscardFiles(tuple(file for proof in draft.proofs for file in (proof.original, proof.safe_copy))))
    turn.case = replace(turn.case, step=1, draft=None)


def _without_consent(turn: Turn) -> Result:
    """No yes: nothing is kept, and the doors that need no bot are said all the same."""
    doors = Lines((Label("door.lawyer"), Label("door.association"), Label("door.prefecture")))
    turn.say("utter_no_consent", doors=doors)
    fresh = Situation(consent=False)
    turn.case = replace(turn.case, situation=fresh, pending=(), asked=(), answered=(), is_done=False, wants=None)
    return Done()


class Alarm:
    """An alarm rang: the bot stops collecting."""

    name = "action_alarm"

    def __init__(self, services: Services) -> None:
        """``services`` holds the doors."""
        self._services = services

    def run(self, turn: Turn, requested: str | None) -> Result:
        """Say what matters now, leave the questions, offer a human."""
        alert = _ALERTS.get(turn.intent)
        case = turn.case
        told = frozenset(turn.reading.alerts) | (frozenset({alert}) if alert else frozenset())
        is_youth = True if turn.reading.is_youth else case.situation.is_youth
        case = case.with_situation(alerts=case.situation.alerts | told, is_youth=is_youth)
        if Alert.DETENTION in told:
            case = case.with_situation(removal=Removal.HELD)
        elif Alert.REMOVAL in told:
            case = case.with_situation(removal=Removal.LETTER)
        turn.case = replace(case, is_done=True, pending=())
        assessment = self._services.assess(turn.case, turn.attempts, turn.today)
        if assessment.outcome not in QUIET:
            # 17 and a half to 19: the triage goes on, with the birthday in mind (B-18).
            turn.case = replace(turn.case, is_done=False)
            return resume(turn)
        say_quietly(turn, assessment)
        return Leave()


class Scam:
    """Somebody sells appointments."""

    name = "action_scam"

    def run(self, turn: Turn, requested: str | None) -> Result:
        """Say S-SCAM without blame, keep what else was said, and go on."""
        case = turn.case
        turn.case = case.with_situation(alerts=case.situation.alerts | {Alert.SCAM})
        turn.say("utter_scam")
        return resume_reading(turn, requested)


def resume_reading(turn: Turn, requested: str | None) -> Result:
    """Go on with the triage, which may still read the message when it is the first."""
    if turn.case.is_done or turn.case.draft is not None:
        return resume(turn)
    turn.is_heard = requested is not None or turn.asked is not None
    return Then("triage_form")


class OtherDoor:
    """Asylum, naturalisation, visa and the like."""

    name = "action_route"

    def __init__(self, services: Services) -> None:
        """``services`` holds the doors."""
        self._services = services

    def run(self, turn: Turn, requested: str | None) -> Result:
        """Say the right door in one line; no booking advice."""
        case = turn.case
        route = turn.reading.route or (Route.ASYLUM if turn.intent is Intent.ROUTE_ASYLUM else None)
        if route is None:
            turn.case = case
            turn.say("utter_out_of_scope")
            return resume_reading(turn, requested)
        turn.case = replace(case.with_situation(route=route), is_done=True, pending=())
        say_quietly(turn, self._services.assess(turn.case, turn.attempts, turn.today))
        return Leave()


class Reminder:
    """A reminder is wanted."""

    name = "action_reminder"

    def __init__(self, services: Services) -> None:
        """``services`` knows when it is too early."""
        self._services = services

    def run(self, turn: Turn, requested: str | None) -> Result:
        """Set it: on the day the window opens when it is too early, else in two days at another hour."""
        assessment = self._services.assess(turn.case, turn.attempts, turn.today)
        day = assessment.remind_on or turn.today + REMIND_AFTER
        kind = ReminderKind.WINDOW_OPENS if assessment.remind_on else ReminderKind.TRY_AGAIN
        hour = REMIND_HOURS[day.toordinal() % len(REMIND_HOURS)]
        at = datetime.combine(day, time(hour), ZoneInfo("Europe/Paris"))
        turn.do(Remind(at, kind))
        turn.say("utter_reminder_set", date=Day(day))
        ask_next(turn)
        return Done()
