"""What a person may want with a message (contracts.md 2).

Must not know: how an intent was recognised.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Intent(StrEnum):
    """The intents of contracts.md, and four of our own that no text is trained for."""

    GREET = "greet"
    THANKS_BYE = "thanks_bye"
    AFFIRM = "affirm"
    DENY = "deny"
    DONT_KNOW = "dont_know"
    BLOCKED_APPOINTMENT = "blocked_appointment"
    STATE_PLACE = "state_place"
    STATE_TITLE = "state_title"
    STATE_EXPIRY = "state_expiry"
    REPORT_ATTEMPT = "report_attempt"
    ASK_PROOF = "ask_proof"
    ASK_ASSOCIATION = "ask_association"
    ASK_LETTER = "ask_letter"
    ASK_HUMAN = "ask_human"
    ASK_PRIVACY = "ask_privacy"
    ASK_RIGHTS = "ask_rights"
    ASK_STATUS = "ask_status"
    CHANGE_LANGUAGE = "change_language"
    DELETE_DATA = "delete_data"
    STOP = "stop"
    CORRECT = "correct"
    ANEF_PROBLEM = "anef_problem"
    REPORT_SCAM = "report_scam"
    ALERT_REMOVAL = "alert_removal"
    ALERT_DETENTION = "alert_detention"
    ALERT_VIOLENCE = "alert_violence"
    ALERT_MINOR = "alert_minor"
    ROUTE_ASYLUM = "route_asylum"
    ROUTE_OTHER = "route_other"
    OUT_OF_SCOPE = "out_of_scope"
    NLU_FALLBACK = "nlu_fallback"
    """Nothing was understood."""
    ANSWER = "answer"
    """The message answers the question that was asked."""
    SEND_PICTURE = "send_picture"
    """The message is a file."""
    LINK_CHANNELS = "link_channels"
    """The person wants to go on with another messenger; only ever a command."""


ALERTS = frozenset(
    {
        Intent.ALERT_REMOVAL,
        Intent.ALERT_DETENTION,
        Intent.ALERT_VIOLENCE,
        Intent.ALERT_MINOR,
    }
)

DIGRESSIONS = frozenset(
    {
        Intent.ASK_PROOF,
        Intent.ASK_ASSOCIATION,
        Intent.ASK_LETTER,
        Intent.ASK_HUMAN,
        Intent.ASK_PRIVACY,
        Intent.ASK_RIGHTS,
        Intent.ASK_STATUS,
        Intent.CHANGE_LANGUAGE,
        Intent.DELETE_DATA,
        Intent.STOP,
        Intent.CORRECT,
        Intent.REPORT_SCAM,
        Intent.ROUTE_ASYLUM,
        Intent.ROUTE_OTHER,
        Intent.REPORT_ATTEMPT,
    }
)
"""What a person may ask for in the middle of any question."""

STATEMENTS = frozenset(
    {
        Intent.BLOCKED_APPOINTMENT,
        Intent.STATE_PLACE,
        Intent.STATE_TITLE,
        Intent.STATE_EXPIRY,
        Intent.ANEF_PROBLEM,
    }
)


@dataclass(frozen=True, slots=True)
class RankedIntent:
    """One line of the classifier's answer."""

    intent: Intent
    confidence: float
    """Between 0 and 1; the lines of one answer add up to 1."""
