"""Where a person is stuck (domain.md 2.3).

Must not know: how people say it.
"""

from __future__ import annotations

from enum import StrEnum


class Blockage(StrEnum):
    """One entry of domain.md 2.3; facts hold the same ids as plain text."""

    NO_SLOT = "blk.noslot"
    CLOSED = "blk.closed"
    CAPTCHA = "blk.captcha"
    ANEF_ACCOUNT = "blk.anef_account"
    ANEF_SUBMIT = "blk.anef_submit"
    ANEF_WAIT = "blk.anef_wait"
    DN_NO_ANSWER = "blk.dn_noanswer"
    LATE_DATE = "blk.late_date"
    CANCELLED = "blk.cancelled"
    REFUSED_DESK = "blk.refused_desk"
    MAIL_NO_ANSWER = "blk.mail_noanswer"
    NO_DIGITAL = "blk.no_digital"
    PAID_SCAM = "blk.paid_scam"


ON_ANEF = frozenset({Blockage.ANEF_ACCOUNT, Blockage.ANEF_SUBMIT, Blockage.ANEF_WAIT})

FILED = frozenset({Blockage.ANEF_WAIT, Blockage.DN_NO_ANSWER})
"""A file was sent and no answer came: after four months, silence may be a refusal (F-19)."""
