"""Plays the next inbound message: look at the pictures nobody looked at yet, one turn of the engine, one commit.

A turn that fails is recorded, the person is told, and the case is marked for a human.
Must not know: Rasa, SQL, any channel.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.core.effects import DiscardFiles, HandoffReason, HandOver, TurnRecord
from bot.core.errors import (
    KeyDestroyedError,
    LeaseLostError,
    MediaError,
    StorageError,
    TurnFailedError,
    UnreadableError,
)
from bot.core.messages import InboundFile
from bot.core.ports import FileKind
from bot.core.retention import WAITING_FILE
from bot.core.wording import Utterance
from bot.services.problems import problem_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.core.effects import PersonState
    from bot.core.evidence import Proof
    from bot.core.ids import FileId, PersonId
    from bot.core.messages import OutboundMessage
    from bot.core.ports import Clock, Engine, Files, Inbox, Inspector, Persons, Received

LEASE = timedelta(seconds=60)
"""Longer than the slowest turn; begun anew with each picture that is looked at."""

FIRST_PAUSE = timedelta(seconds=2)
LONGEST_PAUSE = timedelta(minutes=5)
"""Between two plays of a message that the store would not commit; before the fifth, five minutes have gone by."""

MAX_CLAIMS = 5
"""How often a message is taken up; each time before, the process died in the middle.

Three were too few: after each restart the oldest message comes first, and twenty kills within minutes gave up three of
five hundred that were innocent."""


@dataclass(slots=True)
class _Found:
    """What looking at the pictures of a message led to."""

    copies: list[FileId] = field(default_factory=list)
    """Safe copies made for this play alone."""
    refused: list[FileId] = field(default_factory=list)

    @property
    def refusal(self) -> tuple[DiscardFiles, ...]:
        """Originals that must not be kept go with the commit: played again, the person hears the same reason."""
        return (DiscardFiles(tuple(self.refused)),) if self.refused else ()


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
        """Play one waiting message; the person it was from, or None when none waits.

        Raises StorageError when it could not be read or committed; it is played again soon.
        """
        received = self.inbox.claim(self.clock.now(), LEASE)
        if received is None:
            return None
        try:
            if received.attempts > MAX_CLAIMS:
                # A message that kills its process again and again never reaches an except.
                self._apologise(received, "ProcessDied")
            else:
                self._play(received)
        except (LeaseLostError, KeyDestroyedError):
            # Somebody else plays it, or the person was erased meanwhile: nothing to say, nothing to keep.
            return received.person
        except StorageError as error:
            self._put_off(received, error)
            raise
        return received.person

    def _play(self, received: Received) -> None:
        found = _Found()
        try:
            looked_at = self._inspect(received, found)
            state, looked_at = self._without_gone(self.persons.state(received.person), looked_at)
            record = self.engine.play(state, looked_at, received.received_at)
            record = replace(record, effects=(*record.effects, *found.refusal))
            self.inbox.commit(looked_at, record, self.clock.now())
        except TurnFailedError as error:
            # The same message would fail the same way: no second try, the person hears of it at once.
            self.files.discard(received.person, tuple(found.copies))
            self._apologise(received, type(error.__cause__ or error).__name__, found)
        except StorageError:
            self.files.discard(received.person, tuple(found.copies))
            raise

    def _put_off(self, received: Received, error: StorageError) -> None:
        now = self.clock.now()
        pause = min(LONGEST_PAUSE, FIRST_PAUSE * 5 ** min(received.attempts - 1, MAX_CLAIMS))
        with contextlib.suppress(StorageError):
            # When the store refuses this too, the lease ends by itself.
            self.inbox.fail(received, type(error).__name__, now, now + pause)

    def _inspect(self, received: Received, found: _Found) -> Received:
        """The message with each picture looked at: most were as they came, those of an older version are now."""
        files = tuple(self._inspect_one(received, file, found) for file in received.message.files)
        return replace(received, message=replace(received.message, files=files))

    def _inspect_one(self, received: Received, file: InboundFile, found: _Found) -> InboundFile:
        if file.problem is not None:
            if file.id and file.problem != "late":
                found.refused.append(file.id)
            return file
        try:
            data = self.files.open(received.person, file.id)
            if file.safe_copy is not None:
                self.files.open(received.person, file.safe_copy)
                return file
        except UnreadableError:
            # Erased after ten minutes without a yes, or gone with a turn that was played before.
            return replace(file, problem="gone")
        try:
            picture = self.inspector.inspect(data)
        except MediaError as error:
            found.refused.append(file.id)
            return replace(file, problem=problem_of(error))
        finally:
            # Ten pictures at the inspector's limit take longer than a lease.
            self.inbox.renew(received, self.clock.now() + LEASE)
        copy = self.files.put(received.person, picture.safe, FileKind.SAFE, received.received_at)
        found.copies.append(copy)
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
        except UnreadableError:
            return True
        return False

    def _apologise(self, received: Received, cause: str, found: _Found | None = None) -> None:
        state = self.persons.state(received.person)
        message = self.say(
            Utterance("utter_failed_turn"), state.case.language or received.message.language_hint or "fr"
        )
        case = replace(state.case, handoff=True)
        refusal = () if found is None else found.refusal
        record = TurnRecord(case, state.dialogue, (message,), (HandOver(HandoffReason.FAILED_TURN), *refusal))
        self.inbox.commit(received, record, self.clock.now(), failure=cause)
