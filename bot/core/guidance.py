"""What to do next and what not to do, as ids; their French texts stand in bot/data/steps.yml and doors.yml.

Must not know: the texts, the rules of law, the clock.
"""

from __future__ import annotations

from enum import StrEnum


class Step(StrEnum):
    """One next step; its value is its wording key."""

    LAWYER = "step.lawyer"
    ASSOCIATION = "step.association"
    LEGAL_AID = "step.legal_aid"
    KEEP_ENVELOPE = "step.keep_envelope"
    HELD = "step.held"
    EXIT = "step.exit"
    ERASE = "step.erase"
    DOOR = "step.door"
    HUMAN = "step.human"
    YOUTH = "step.youth"
    REMINDER = "step.reminder"
    CHECK_DAY = "step.check_day"
    CHECK_ANEF = "step.check_anef"
    FILE_ANEF = "step.file_anef"
    CAPTURE = "step.capture"
    CAPTURE_ERROR = "step.capture_error"
    CCC = "step.ccc"
    PAN = "step.pan"
    SUBSTITUTION = "step.substitution"
    MESSAGE_ANEF = "step.message_anef"
    EMAIL = "step.email"
    LETTER = "step.letter"
    LETTER_EARLIER = "step.letter_earlier"
    LETTER_RECEIPT = "step.letter_receipt"
    LETTER_ATTESTATION = "step.letter_attestation"
    LETTER_PICK = "step.letter_pick"
    KEEP_SLOT = "step.keep_slot"
    KEEP_PROOF = "step.keep_proof"
    KEEP_CANCELLATION = "step.keep_cancellation"
    WRITTEN_REFUSAL = "step.written_refusal"
    PREPARE_FILE = "step.prepare_file"
    WAIT_CONVOCATION = "step.wait_convocation"
    BRING_STAMP = "step.bring_stamp"
    DDD = "step.ddd"


class Dont(StrEnum):
    """One thing not to do; its value is its wording key."""

    WAIT = "dont.wait"
    SIGN = "dont.sign"
    GO_ALONE = "dont.go_alone"
    LETTER_ALONE = "dont.letter_alone"
    CANCEL_SLOT = "dont.cancel_slot"
    PAY = "dont.pay"
    PAPERS = "dont.papers"
    PASSWORD = "dont.password"  # noqa: S105  a wording key
    ACCOUNTS = "dont.accounts"
    ROBOT = "dont.robot"
    INVENT = "dont.invent"
    DEPOSIT = "dont.deposit"
    WAIT_DDD = "dont.wait_ddd"


class Door(StrEnum):
    """One right door in one line; its value is its wording key."""

    DANGER = "door.danger"
    VIOLENCE = "door.violence"
    SUICIDE = "door.suicide"
    MINOR = "door.minor"
    ASYLUM = "door.asylum"
    UKRAINE = "door.ukraine"
    NATURALISATION = "door.naturalisation"
    VISA = "door.visa"
    EU = "door.eu"
    DRIVING = "door.driving"
    FAMILY_REUNIFICATION = "door.family_reunification"


class Helper(StrEnum):
    """Who can help (domain.md 3.6)."""

    LAWYER = "lawyer"
    ASSOCIATION = "association"
    DDD = "ddd"
    TEMPLATE = "template"
