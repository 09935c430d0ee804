"""The letter that fits a case, and its facts on their way to the renderer.

Only the facts are stored, sealed with the message; the PDF is drawn when it is delivered and kept nowhere
(domain.md 4.2). Must not know: how a page is drawn.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from bot.core.case import AttemptChannel, AttemptResult
from bot.core.documents import LetterFacts, LetterKind
from bot.core.evidence import Attempt, Proof
from bot.core.ids import AttemptId, FileId
from bot.core.messages import OutboundFile
from bot.core.unknown import known

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.core.places import Gazetteer
    from bot.core.titles import Title
    from bot.services.turn import Turn

PDF = "application/pdf"


def letter_facts(turn: Turn, gazetteer: Gazetteer, titles: Mapping[str, Title], reference: str) -> LetterFacts | None:
    """The facts of the person's letter; None without a département, since nobody could receive it."""
    situation = turn.case.situation
    code = known(situation.departement)
    if code is None:
        return None
    department = gazetteer.departement(code)
    title = titles.get(known(situation.title) or "")
    expiry = known(situation.expiry)
    procedure = known(situation.procedure)
    return LetterFacts(
        kind=LetterKind.RENEWAL if procedure == "proc.renew" else LetterKind.FIRST,
        language=turn.case.language or "fr",
        written_on=turn.today,
        departement=code,
        departement_name=department.name,
        prefecture_name=department.prefecture_name,
        is_police_prefect=department.is_police_prefect,
        prefecture_city=department.city,
        prefecture_address=department.address,
        prefecture_address_as_of=department.address_as_of,
        title=title.id if title is not None else None,
        title_name=title.name_fr if title is not None else None,
        procedure=procedure,
        expires_on=expiry.on if expiry is not None else None,
        is_month_only=expiry.is_month_only if expiry is not None else False,
        attempts=turn.attempts,
        reference=reference,
    )


def to_file(facts: LetterFacts, name: str) -> OutboundFile:
    """The letter as a file of a message."""
    plain = {field: getattr(facts, field) for field in facts.__slots__ if field not in _SPECIAL}
    plain["kind"] = str(facts.kind)
    plain["written_on"] = facts.written_on.isoformat()
    plain["expires_on"] = facts.expires_on.isoformat() if facts.expires_on else None
    plain["attempts"] = [_plain_attempt(attempt) for attempt in facts.attempts]
    return OutboundFile("letter", f"{name}.pdf", PDF, plain)


_SPECIAL = {"kind", "written_on", "expires_on", "attempts"}


def to_facts(file: OutboundFile) -> LetterFacts:
    """The facts that ``to_file`` wrote."""
    raw: dict[str, Any] = dict(file.facts)
    raw["kind"] = LetterKind(raw["kind"])
    raw["written_on"] = date.fromisoformat(raw["written_on"])
    raw["expires_on"] = date.fromisoformat(raw["expires_on"]) if raw["expires_on"] else None
    raw["attempts"] = tuple(_attempt(entry) for entry in raw["attempts"])
    return LetterFacts(**raw)


def _plain_attempt(attempt: Attempt) -> dict[str, object]:
    return {
        "id": attempt.id,
        "at": attempt.at.isoformat(),
        "has_hour": attempt.has_hour,
        "channel": str(attempt.channel),
        "result": str(attempt.result),
        "recorded_at": attempt.recorded_at.isoformat(),
        "proofs": [
            {"original": p.original, "safe_copy": p.safe_copy, "sha256": p.sha256, "size": p.size,
             "received_at": p.received_at.isoformat(), "is_forwarded": p.is_forwarded}
            for p in attempt.proofs
        ],
    }  # fmt: skip


def _attempt(raw: Mapping[str, Any]) -> Attempt:
    return Attempt(
        id=AttemptId(raw["id"]),
        at=datetime.fromisoformat(raw["at"]),
        has_hour=raw["has_hour"],
        channel=AttemptChannel(raw["channel"]),
        result=AttemptResult(raw["result"]),
        recorded_at=datetime.fromisoformat(raw["recorded_at"]),
        proofs=tuple(
            Proof(
                FileId(p["original"]), FileId(p["safe_copy"]), p["sha256"], p["size"],
                datetime.fromisoformat(p["received_at"]), p.get("is_forwarded", False),
            )
            for p in raw["proofs"]
        ),
    )  # fmt: skip
