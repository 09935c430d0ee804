"""What a person wants to do at the prefecture (domain.md 2.2).

Must not know: how people say it.
"""

from __future__ import annotations

from enum import StrEnum


class Procedure(StrEnum):
    """One entry of domain.md 2.2; facts hold the same ids as plain text."""

    FIRST = "proc.first"
    RENEW = "proc.renew"
    CHANGE = "proc.change"
    DUPLICATE = "proc.dup"
    ADDRESS = "proc.addr"
    PICK = "proc.pick"
    RECEIPT = "proc.recep"
    MINOR_DOCUMENT = "proc.dcem"
    TRAVEL = "proc.travel"
    OTHER = "proc.other"
    UNKNOWN = "proc.unknown"


RENEWALS = frozenset({Procedure.RENEW, Procedure.RECEIPT})
"""The person asks for the same document again."""

RUNNING = RENEWALS | {Procedure.CHANGE}
"""The end of the document the person holds decides how urgent it is (domain.md 3.4)."""

ON_THE_SIDE = frozenset(
    {Procedure.DUPLICATE, Procedure.ADDRESS, Procedure.PICK, Procedure.MINOR_DOCUMENT, Procedure.TRAVEL}
)
"""Not about the end of the document; only one that is near counts."""

ONLINE = frozenset({Procedure.ADDRESS, Procedure.MINOR_DOCUMENT, Procedure.TRAVEL})
"""On ANEF whatever the title (domain.md 2.1 and 2.2, READ-P 2023)."""
