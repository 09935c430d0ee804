"""Plays the next inbound message: look at its pictures, one turn of the engine, one commit.

A turn that fails is recorded, the person is told, and the case is marked for a human.
Must not know: Rasa, SQL, any channel.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.core.effects import HandoffReason, HandOver, TurnRecord
from bot.core.errors import (
    KeyDestroyedError,
    LeaseLostError,
    MediaError,
    MediaRefusedError,
    MediaTooLargeError,
    StorageError,
    TurnFailedError,
)
from bot.core.messages import InboundFile
from bot.core.ports import FileKind
from bot.core.retention import WAITING_FILE
from bot.core.wording import Utterance

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from bot.core.effects import PersonState
    from bot.core.evidence import Proof
    from bot.core.ids import FileId, PersonId
    from bot.core.messages import OutboundMessage
    from bot.core.ports import Clock, Engine, Files, Inbox, Inspector, Persons, Received

LEASE = timedelta(seconds=60)
"""Longer than the slowest turn with three pictures."""


MAX_CLAIMS = 5
"""How often a message is taken up; each time before, the process died in the middle.

Three were too few: after each restart the oldest message comes first, and twenty kills within minutes gave up three of
five hundred that were innocent."""


@dataclass(frozen=True, slots=True)
class Converse:
    """One turn at a time."""

    inbox: Inbox
    persons: Persons
    files: Files
    inspector: Inspector
    engine: Engine
    clock: Clock
    say: Callable[[Utterance, str], OutboundMessage]
    """Renders one utterance in a language (for the apology of a failed turn)."""

    def __call__(self) -> PersonId | None:
        """Play one waiting message; the person it was from, or None when none waits."""
        received = self.inbox.claim(self.clock.now(), LEASE)
        if received is None:
            return None
        if received.attempts > MAX_CLAIMS:
            # A message that kills its process again and again never reaches an except.
            self._apologise(received, "ProcessDied", self.clock.now())
            return received.person
        try:
            self._play(received)
        except (LeaseLostError, KeyDestroyedError):
            # Somebody else plays it, or the person was erased meanwhile: nothing to say, nothing to keep.
            return received.person
        except TurnFailedError as error:
            # The same message would fail the same way: no second try, the person hears of it at once.
            self._apologise(received, type(error.__cause__ or error).__name__, self.clock.now())
        return received.person

    def _play(self, received: Received) -> None:
        looked_at, copies = self._inspect(received)
        state, looked_at = self._without_gone(self.persons.state(received.person), looked_at)
        try:
            record = self.engine.play(state, looked_at, received.received_at)
            self.inbox.commit(looked_at, record, self.clock.now())
        except (TurnFailedError, StorageError):
            self.files.discard(received.person, copies)
            raise

    def _inspect(self, received: Received) -> tuple[Received, tuple[FileId, ...]]:
        """The message with each picture looked at, and the ids of the safe copies made."""
        copies: list[FileId] = []
        files = tuple(self._inspect_one(received, file, copies) for file in received.message.files)
        return replace(received, message=replace(received.message, files=files)), tuple(copies)

    def _inspect_one(self, received: Received, file: InboundFile, copies: list[FileId]) -> InboundFile:
        if file.problem is not None:
            return file
        try:
            data = self.files.open(received.person, file.id)
        except StorageError:
            # Erased after ten minutes without a yes, or gone with a turn that was played before.
            return replace(file, problem="gone")
        try:
            picture = self.inspector.inspect(data)
        except MediaError as error:
            self.files.discard(received.person, (file.id,))
            return replace(file, problem=_problem(error))
        copy = self.files.put(received.person, picture.safe, FileKind.SAFE, received.received_at)
        copies.append(copy)
        return replace(file, safe_copy=copy)

    def _without_gone(self, state: PersonState, received: Received) -> tuple[PersonState, Received]:
        """The state without the pictures of its draft that were erased; the message tells of them as ``gone``.

        An attempt that names an erased picture could never be committed.
        """
        draft = state.case.draft
        if draft is None:
            return state, received
        gone = tuple(proof for proof in draft.proofs if self._is_gone(state, received, proof))
        if not gone:
            return state, received
        self.files.discard(received.person, tuple(file for proof in gone for file in (proof.original, proof.safe_copy)))
        left = replace(draft, proofs=tuple(proof for proof in draft.proofs if proof not in gone))
        told = tuple(InboundFile(p.original, "", p.size, p.sha256, problem="gone") for p in gone)
        message = replace(received.message, files=(*received.message.files, *told))
        return replace(state, case=replace(state.case, draft=left)), replace(received, message=message)

    def _is_gone(self, state: PersonState, received: Received, proof: Proof) -> bool:
        """True past the ten minutes without a yes, even before the purge has come round, and when it is not there."""
        if state.case.proof_consent is not True and received.received_at - proof.received_at > WAITING_FILE:
            return True
        try:
            for file in (proof.original, proof.safe_copy):
                self.files.open(received.person, file)
        except StorageError:
            return True
        return False

    def _apologise(self, received: Received, cause: str, now: datetime) -> None:
        with contextlib.suppress(LeaseLostError, KeyDestroyedError):
            # Erased or taken over while the turn failed: nobody is left to apologise to.
            self._tell_failure(received, cause, now)

    def _tell_failure(self, received: Received, cause: str, now: datetime) -> None:
        state = self.persons.state(received.person)
        message = self.say(
            Utterance("utter_failed_turn"), state.case.language or received.message.language_hint or "fr"
        )
        case = replace(state.case, handoff=True)
        effects = (HandOver(HandoffReason.FAILED_TURN),)
        self.inbox.commit(received, TurnRecord(case, state.dialogue, (message,), effects), now, failure=cause)


def _problem(error: MediaError) -> str:
    if isinstance(error, MediaRefusedError):
        return "identity_paper"
    return "too_large" if isinstance(error, MediaTooLargeError) else "unreadable"
