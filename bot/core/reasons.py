"""Why the triage came to its answer, as ids; their French texts stand in bot/data/steps.yml.

Must not know: the texts, how a reason is found.
"""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """One reason; its value is its wording key."""

    REMOVAL = "reason.removal"
    HELD = "reason.held"
    VIOLENCE = "reason.violence"
    SUICIDE = "reason.suicide"
    MINOR = "reason.minor"
    SCAM = "reason.scam"
    OTHER_DOOR = "reason.other_door"
    COLLECTIVITY = "reason.collectivity"
    OVERSEAS = "reason.overseas"
    EXPIRED = "reason.expired"
    ENDS_SOON = "reason.ends_soon"
    RECEIPT_ENDS = "reason.receipt_ends"
    EXTENSION_ENDS = "reason.extension_ends"
    WORK = "reason.work"
    BENEFITS = "reason.benefits"
    YOUTH = "reason.youth"
    TENSION_ENDS = "reason.tension_ends"
    ENDS_IN_WEEKS = "reason.ends_in_weeks"
    ENDS_IN_MONTHS = "reason.ends_in_months"
    TOO_EARLY = "reason.too_early"
    END_UNKNOWN = "reason.end_unknown"
    NO_END = "reason.no_end"
    VISA_ENDS_SOON = "reason.visa_ends_soon"
    FIRST_REQUEST = "reason.first_request"
    NO_PAPERS = "reason.no_papers"
    OTHER_REQUEST = "reason.other_request"
    WINDOW_OPEN = "reason.window_open"
    WINDOW_EARLY = "reason.window_early"
    WINDOW_LATE = "reason.window_late"
    ANEF_TITLE = "reason.anef_title"
    ANEF_BLOCKED = "reason.anef_blocked"
    CHANNEL_UNSURE = "reason.channel_unsure"
    SILENCE = "reason.silence"
    SILENCE_NEAR = "reason.silence_near"
    LATE_DATE = "reason.late_date"
    REFUSED_DESK = "reason.refused_desk"
    CARD_READY = "reason.card_ready"
    NO_DIGITAL = "reason.no_digital"
    LONG_TRYING = "reason.long_trying"
    REMOVAL_UNKNOWN = "reason.removal_unknown"
    OTHER_AGREEMENT = "reason.other_agreement"
    NOT_ENOUGH_KNOWN = "reason.not_enough_known"
