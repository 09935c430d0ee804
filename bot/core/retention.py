"""How long each kind of data lives (domain.md 6.2), and what of a case outlives its conversation.

Must not know: where data lies, how it is erased.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.core.case import Case, Situation

if TYPE_CHECKING:
    from datetime import datetime

CONVERSATION = timedelta(days=30)
"""Case, dialogue and messages, counted from the person's last message."""

PROOF_FOLDER = timedelta(days=90)
"""Attempts and their captures, counted from the person's last message."""

PROOF_NOTICE = timedelta(days=14)
"""The person is told this long before the proof folder is erased, once."""

WAITING_FILE = timedelta(minutes=10)
"""A file that no attempt keeps (S-PHOTO)."""

SENT_MESSAGE = timedelta(days=30)
"""A message that was delivered or given up, and one that was answered, even while the conversation goes on."""

REPLAY_KEY = timedelta(days=8)
"""The keyed hash of a platform's message id, counted from the erasure of the message: platforms redeliver for seven."""

FAREWELL = timedelta(hours=24)
"""The blank person that stands for an erased one until the farewell is sent."""

CLOSED_HANDOFF = timedelta(days=30)
"""A handoff, counted from its closing."""

FAILURE_RECORD = timedelta(days=30)
"""Class name and time of an error; nothing of a person."""


@dataclass(frozen=True, slots=True)
class Purged:
    """How many of each kind one purge erased."""

    conversations: int = 0
    folders: int = 0
    persons: int = 0
    messages: int = 0
    files: int = 0
    replay_keys: int = 0


def is_notice_due(active_at: datetime, notice_at: datetime | None, now: datetime) -> bool:
    """True from 14 days before the proof folder is erased, until the notice was given."""
    return notice_at is None and now >= active_at + PROOF_FOLDER - PROOF_NOTICE


def is_folder_over(active_at: datetime, notice_at: datetime | None, now: datetime) -> bool:
    """True when the proof folder must go: 90 days without activity and 14 since the notice.

    A notice that could not be given delays the erasure by 14 days, not for ever.
    """
    if now < active_at + PROOF_FOLDER:
        return False
    if notice_at is None:
        return now >= active_at + PROOF_FOLDER + PROOF_NOTICE
    return now >= notice_at + PROOF_NOTICE


def kept_case(case: Case, *, has_folder: bool) -> Case:
    """What of a case outlives its conversation while a reminder or a proof folder needs it.

    A reminder needs the language and the wish to be left alone. A folder also needs what its letter prints:
    place, title, procedure and the exact expiry date. Alarms, risks and all that was asked go.
    """
    facts = case.situation
    situation = Situation(consent=facts.consent)
    if has_folder:
        situation = Situation(
            consent=facts.consent,
            departement=facts.departement,
            arrondissement=facts.arrondissement,
            procedure=facts.procedure,
            title=facts.title,
            expiry=facts.expiry,
        )
    return Case(
        language=case.language,
        situation=situation,
        is_stopped=case.is_stopped,
        proof_consent=case.proof_consent,
    )
