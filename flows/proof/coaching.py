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

ADVICE_RULES = ("spread", "anonymous_captures")
LACKS_SHOWN = 2


def say_progress(turn: Turn, services: Services) -> None:
    """The figures of the log; once the triage has named a plan, also what it lacks and the next try.

    Before, no step is named: an e-mail or a letter can harm whoever has no papers or an old refusal (domain.md 3.6).
    """
    log = read_log(turn.attempts, turn.today)
    turn.say(
        "utter_attempt_recorded",
        count=Name(str(log.count)),
        span=Name(str(log.span_days)),
        windows=Name(str(log.windows7)),
    )
    plan = services.assess(turn.case, turn.attempts, turn.today).plan if turn.case.is_done else None
    if plan is not None:
        coaching = coach(services.plans[plan], turn.attempts, turn.today)
        turn.say("utter_coach_next", lines=Lines(_lines(coaching), bullet=""))
    elif not log.is_spread:
        turn.say("utter_coach_next", lines=Lines((Label("coach.spread"),), bullet=""))


def advise(turn: Turn, services: Services) -> None:
    """How to prove: the rules that may be said today, the checklist, and where the log stands."""
    rules = [rule for rule in ADVICE_RULES if services.rulebook.is_statable(RuleId(rule), turn.today)]
    lines: list[Value] = [Label(f"rule.{rule}") for rule in rules]
    log = read_log(turn.attempts, turn.today)
    if not log.is_spread:
        lines.append(Label("coach.spread"))
    if lines:
        turn.say("utter_coach_next", lines=Lines(tuple(lines), bullet=""))
    turn.say("utter_capture_checklist")


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
