"""Who can help: territory, topic and freshness first, then distance; stale entries say only what is safe to say.

Must not know: where the directory comes from.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.core.case import Question
from bot.core.needs import BLOCKED, topics_for
from bot.core.unknown import known
from bot.core.wording import Label, Lines, Name, Phrase
from bot.services.flow import Then
from flows.common.resuming import resume

if TYPE_CHECKING:
    from bot.core.directory import Shown
    from bot.core.wording import Value
    from bot.services.flow import FlowAction, Result
    from bot.services.registry import Services
    from bot.services.turn import Turn

NEAR_KM = 50
"""Within this one calls it near (directory.md 5)."""


class Association:
    """Somebody near is wanted."""

    name = "action_association"

    def __init__(self, services: Services) -> None:
        """``services`` holds the directory."""
        self._services = services

    def run(self, turn: Turn, requested: str | None) -> Result:
        """Show who can help; ask the place first when it is not known yet."""
        case = turn.case
        code = known(case.situation.departement)
        if code is None and not case.is_done and Question.PLACE not in case.answered:
            turn.case = replace(case, wants="association")
            turn.say("utter_association_place_first")
            turn.is_heard = True
            return Then("triage_form")
        turn.case = replace(case, wants=None)
        self._show(turn, code)
        return resume(turn)

    def _show(self, turn: Turn, code: str | None) -> None:
        assessment = self._services.assess(turn.case, turn.attempts, turn.today)
        topics = topics_for(assessment.outcome, assessment.route) if turn.case.is_done else BLOCKED
        place = self._services.gazetteer.departement(code) if code is not None else None
        at = (place.lat, place.lon) if place is not None else None
        match = self._services.directory.match(code or "", at, topics, turn.today, turn.case.language)
        if match.local:
            nearest = min((shown.distance_km for shown in match.local if shown.distance_km is not None), default=None)
            is_near = nearest is None or nearest <= NEAR_KM
            key = "utter_association_intro" if is_near else "utter_association_wide"
            turn.say(key, entries=Lines(tuple(_entry(shown) for shown in match.local)))
        else:
            turn.say("utter_association_none")
        if match.national:
            turn.say("utter_association_national", entries=Lines(tuple(_entry(shown) for shown in match.national)))
        turn.say("utter_association_check")


def _entry(shown: Shown) -> Value:
    checked: Value = Name(shown.checked.iso) if shown.checked is not None else Label("utter_never_checked")
    name = f"{shown.name}, {shown.town}" if shown.town and shown.town not in shown.name else shown.name
    params: dict[str, Value] = {"name": Name(name), "checked": checked}
    contact = " – ".join(part for part in (shown.phone, shown.website) if part)
    if not shown.is_stale and contact:
        entry: Value = Phrase("utter_org_full", {**params, "contact": Name(contact)})
    elif shown.website:
        entry = Phrase("utter_org_stale", {**params, "website": Name(shown.website)})
    else:
        entry = Phrase("utter_org_stale_no_site", params)
    if shown.distance_km is None:
        return entry
    return Phrase("utter_org_distance", {"entry": entry, "km": Name(str(round(shown.distance_km)))})


def actions(services: Services) -> list[FlowAction]:
    """The actions of this flow."""
    return [Association(services)]
