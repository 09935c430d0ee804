"""Says where a log of attempts stands: what it lacks, when to try next, never "enough".

Must not know: the thresholds (bot/data/plans.yml), storage.
"""

from __future__ import annotations

from datetime import datetime, time
from typing import TYPE_CHECKING

from bot.core.evidence import coach, read_log
from bot.core.ids import RuleId
from bot.core.wording import Label, Lines, Moment, Name, Phrase

if TYPE_CHECKING:
    from bot.core.evidence import Coaching
    from bot.core.wording import Value
    from bot.services.registry import Services
    from bot.services.turn import Turn

DEFAULT_PLAN = "E-F"
"""Until the triage has named one: the plan of a first request, neither the shortest nor the longest."""

ADVICE_RULES = ("spread", "anonymous_captures")
LACKS_SHOWN = 2


def say_progress(turn: Turn, services: Services) -> None:
    """The figures of the log, what it lacks first, and the next try."""
    coaching = _coaching(turn, services)
    log = coaching.log
    turn.say(
        "utter_attempt_recorded",
        count=Name(str(log.count)),
        span=Name(str(log.span_days)),
        windows=Name(str(log.windows7)),
    )
    turn.say("utter_coach_next", lines=Lines(_lines(coaching), bullet=""))


def advise(turn: Turn, services: Services) -> None:
    """How to prove: the rules that may be said today, the checklist, and where the log stands."""
    rules = [rule for rule in ADVICE_RULES if services.rulebook.is_statable(RuleId(rule), turn.today)]
    lines: list[Value] = [Label(f"rule.{rule}") for rule in rules]
    log = read_log(turn.attempts, turn.today)
    if not log.is_spread:
        lines.append(Label("coach.spread"))
    turn.say("utter_coach_next", lines=Lines(tuple(lines), bullet=""))
    turn.say("utter_capture_checklist")


def _coaching(turn: Turn, services: Services) -> Coaching:
    plan_id = services.assess(turn.case, turn.attempts, turn.today).plan or DEFAULT_PLAN
    return coach(services.plans[plan_id], turn.attempts, turn.today)


def _lines(coaching: Coaching) -> tuple[Value, ...]:
    lines: list[Value] = [Label(f"level.{coaching.level}")]
    lines += [_lack(str(missing.lack), missing.have, missing.need) for missing in coaching.missing[:LACKS_SHOWN]]
    step = str(coaching.next_step)
    lines.append(Phrase("utter_outcome_next", {"step": Label(step)}))
    if coaching.suggestions:
        first = coaching.suggestions[0]
        at = datetime.combine(first.on, time(first.hour)).isoformat(timespec="minutes")
        lines.append(Phrase("utter_coach_when", {"when": Moment(at)}))
    return tuple(lines)


def _lack(key: str, have: int, need: int) -> Value:
    return Phrase(key, {"have": Name(str(have)), "need": Name(str(need))})
