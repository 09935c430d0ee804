"""Small records for tests of storage: neutral words, no person behind them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bot.core.case import AttemptChannel, AttemptResult, Case
from bot.core.effects import TurnRecord
from bot.core.evidence import Attempt, Proof
from bot.core.ids import AttemptId
from bot.core.messages import InboundFile, InboundKind, InboundMessage, OutboundMessage
from bot.core.ports import Address

if TYPE_CHECKING:
    from bot.core.effects import Effect
    from bot.core.ids import FileId

LEASE = timedelta(seconds=30)
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def web(name: str) -> Address:
    """An address of the web chat."""
    return Address("web", name)


def text(words: str, *files: FileId) -> InboundMessage:
    """A text with kept files."""
    attached = tuple(InboundFile(file, "image/png", 3, "00") for file in files)
    return InboundMessage(InboundKind.MEDIA if files else InboundKind.TEXT, words, files=attached)


def answer(words: str) -> OutboundMessage:
    """An answer in French."""
    return OutboundMessage(words, "fr")


def turn(*answers: str, effects: tuple[Effect, ...] = (), case: Case | None = None) -> TurnRecord:
    """A played turn."""
    return TurnRecord(case or Case(language="fr"), b"state", tuple(answer(words) for words in answers), effects)


def attempt(*files: FileId) -> Attempt:
    """An attempt whose captures are these files, each its own safe copy."""
    proofs = tuple(Proof(file, file, "00", 3, NOON) for file in files)
    return Attempt(AttemptId("a1"), NOON, True, AttemptChannel.SITE, AttemptResult.NO_SLOT, NOON, proofs)
