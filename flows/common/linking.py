"""Going on with another messenger: a one-time code there, the code and a yes here.

Must not know: Rasa, who the other one is, what becomes of the rows.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.core.effects import DiscardFiles, IssueLinkCode, JoinPersons
from bot.core.link_codes import Linking, shown
from bot.core.wording import Name
from bot.services.flow import Done, Leave
from flows.common.resuming import resume

if TYPE_CHECKING:
    from bot.core.case import Case
    from bot.core.ids import FileId
    from bot.services.flow import Result
    from bot.services.registry import Services
    from bot.services.turn import Turn


class Link:
    """One person, several messengers."""

    name = "action_link"

    def __init__(self, services: Services) -> None:
        """``services`` draws codes and knows those that may be used."""
        self._services = services

    def run(self, turn: Turn, requested: str | None) -> Result:
        """Give a code, ask about one that was said, or do what was agreed."""
        linking = turn.case.linking or Linking()
        if turn.choice == "link:no":
            turn.case = replace(turn.case, linking=replace(linking, heard=None))
            turn.say("utter_link_refused")
            return resume(turn)
        if turn.choice == "link:yes":
            return self._join(turn, linking)
        if turn.reading.link_code is None:
            return self._issue(turn, linking)
        return self._hear(turn, linking, turn.reading.link_code)

    def _issue(self, turn: Turn, linking: Linking) -> Result:
        code = self._services.new_link_code()
        turn.do(IssueLinkCode(code))
        turn.case = replace(turn.case, linking=replace(linking, issued=code, heard=None))
        turn.say("utter_link_code", code=Name(shown(code)))
        return resume(turn)

    def _hear(self, turn: Turn, linking: Linking, code: str) -> Result:
        if code == linking.issued:
            turn.say("utter_link_here")
            return resume(turn)
        if linking.is_barred(turn.now) or not self._services.is_link_code(code):
            return self._refuse(turn, linking)
        turn.case = replace(turn.case, linking=replace(linking, heard=code))
        turn.say("utter_link_confirm")
        return Done()

    def _join(self, turn: Turn, linking: Linking) -> Result:
        if linking.heard is None or not self._services.is_link_code(linking.heard):
            return self._refuse(turn, linking)
        waiting = _pictures(turn.case)
        if waiting:
            # The attempt they belong to was never confirmed, and the case that knows of it ends here.
            turn.do(DiscardFiles(waiting))
        turn.do(JoinPersons(linking.heard))
        turn.say("utter_link_done")
        return Leave()

    def _refuse(self, turn: Turn, linking: Linking) -> Result:
        """The same words whatever is wrong; while too many were wrong they are not even counted."""
        if not linking.is_barred(turn.now):
            turn.case = replace(turn.case, linking=linking.missed(turn.now))
        turn.say("utter_link_wrong")
        return resume(turn)


def _pictures(case: Case) -> tuple[FileId, ...]:
    proofs = case.draft.proofs if case.draft is not None else ()
    return tuple(file for proof in proofs for file in (proof.original, proof.safe_copy))
