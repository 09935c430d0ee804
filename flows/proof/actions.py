"""Attempts and pictures: consent first, then when, where and what came back, then the next step.

Must not know: how pictures are decoded, where anything is stored.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.core.case import Draft, Removal
from bot.core.effects import DiscardFiles, KeepFiles
from bot.core.evidence import Proof
from bot.core.messages import InboundKind
from bot.core.unknown import UNASKED
from bot.services.flow import Then
from flows.common.resuming import resume
from flows.proof.coaching import advise, say_progress
from flows.proof.form import ValidateProofForm

if TYPE_CHECKING:
    from bot.core.ids import FileId
    from bot.core.messages import InboundFile
    from bot.services.flow import FlowAction, Result
    from bot.services.registry import Services
    from bot.services.turn import Turn

_PROBLEMS = {
    "identity_paper": "utter_picture_paper",
    "unreadable": "utter_picture_unreadable",
    "too_large": "utter_picture_too_large",
    "empty": "utter_picture_empty",
    "gone": "utter_picture_gone",
    "late": "utter_picture_late",
    "unavailable": "utter_picture_unavailable",
    "voice": "utter_voice",
    "unsupported": "utter_unsupported",
}


class ProofOpen:
    """An attempt is told, or a picture sent."""

    name = "action_proof_open"

    def __init__(self, services: Services) -> None:
        """``services`` reads moments."""
        self._services = services

    def run(self, turn: Turn, requested: str | None) -> Result:
        """Begin an attempt, unless a letter or the police make a lawyer come first."""
        kept = _kept(turn)
        if turn.case.situation.removal in {Removal.LETTER, Removal.HELD}:
            if kept:
                turn.do(DiscardFiles(tuple(i for p in kept for i in (p.original, p.safe_copy))))
            return Then("action_alarm")
        if turn.message.kind is InboundKind.MEDIA and not kept:
            return resume(turn)
        if turn.case.proof_consent is False:
            turn.case = replace(turn.case, proof_consent=UNASKED)
        # One more picture of an open attempt answers no question: the form asks its own again.
        turn.is_heard = turn.is_heard or turn.case.draft is not None
        draft = turn.case.draft or Draft()
        turn.case = replace(turn.case, draft=replace(draft, proofs=(*draft.proofs, *kept)), is_stopped=False)
        if kept:
            turn.say("utter_picture_received")
            if turn.case.proof_consent is True:
                turn.do(KeepFiles(tuple(i for p in kept for i in (p.original, p.safe_copy))))
        if turn.case.language is None:
            turn.is_heard = True
            return Then("triage_form")
        return Then("proof_form")


def _kept(turn: Turn) -> tuple[Proof, ...]:
    """The pictures that can be kept; for each of the others its problem is said once."""
    said: set[str] = set()
    kept: list[Proof] = []
    for file in turn.message.files:
        if file.problem is None and file.safe_copy is not None:
            kept.append(_proof(file, file.safe_copy, turn))
        elif (problem := file.problem or "unreadable") not in said:
            said.add(problem)
            turn.say(_PROBLEMS[problem])
    return tuple(kept)


def _proof(file: InboundFile, safe_copy: FileId, turn: Turn) -> Proof:
    return Proof(file.id, safe_copy, file.sha256, file.size, turn.now, turn.message.is_forwarded)


class ProofDone:
    """The attempt was confirmed, refused, or dropped."""

    name = "action_proof_done"

    def __init__(self, services: Services) -> None:
        """``services`` holds the evidence plans."""
        self._services = services

    def run(self, turn: Turn, requested: str | None) -> Result:
        """Say where the log stands and what comes next, then go on."""
        if len(turn.attempts) > 0 and turn.case.proof_consent is True:
            say_progress(turn, self._services)
        return resume(turn)


class ProofAdvice:
    """How to prove."""

    name = "action_proof_advice"

    def __init__(self, services: Services) -> None:
        """``services`` holds rules and plans."""
        self._services = services

    def run(self, turn: Turn, requested: str | None) -> Result:
        """The spread, the checklist, and never "enough"."""
        advise(turn, self._services)
        return resume(turn)


def actions(services: Services) -> list[FlowAction]:
    """The actions of this flow."""
    return [ProofOpen(services), ValidateProofForm(services), ProofDone(services), ProofAdvice(services)]
