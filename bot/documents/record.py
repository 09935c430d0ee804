"""The annex: what the person did to get an appointment, line by line, and the digests of the proofs (domain.md 4.3).

Must not know: the page, where files lie.
"""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import TYPE_CHECKING, Any

from bot.documents.texts import Kept

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.core.evidence import Attempt, Log, Proof
    from bot.documents.texts import Pair, Texts

BLANK_ROWS = 12
"""Rows to fill in by hand when nothing was recorded."""

DIGEST_START = 16
"""Hex digits of a digest shown in the table; all 64 stand below it."""

COLUMNS = ("number", "date", "hour", "channel", "result", "proof", "digest")
PROOF_COLUMNS = ("proof", "attempt", "received", "size", "digest_full")


def annex(texts: Texts, log: Log) -> dict[str, Any]:
    """Header cells, rows, glossary and proofs of the annex; blank rows when there is no attempt."""
    ordered = log.attempts
    proofs = [(place, proof) for place, attempt in enumerate(ordered, 1) for proof in attempt.proofs]
    codes = [f"channel_{code}" for code in dict.fromkeys(attempt.channel for attempt in ordered)]
    codes += [f"result_{code}" for code in dict.fromkeys(attempt.result for attempt in ordered)]
    return {
        "columns": [texts.pair(f"column_{name}") for name in COLUMNS],
        "rows": [_row(texts, place, attempt, proofs) for place, attempt in enumerate(ordered, 1)],
        "blank_rows": 0 if ordered else BLANK_ROWS,
        "words": [texts.pair(code) for code in codes],
        "proof_columns": [texts.pair(f"column_{name}") for name in PROOF_COLUMNS],
        "proofs": [_proof(number, place, proof) for number, (place, proof) in enumerate(proofs, 1)],
        "forwarded": _forwarded(texts, proofs),
    }


def _row(texts: Texts, place: int, attempt: Attempt, proofs: Sequence[tuple[int, Proof]]) -> dict[str, Any]:
    mine = [(number, proof) for number, (owner, proof) in enumerate(proofs, 1) if owner == place]
    return {
        "number": str(place),
        "date": f"{attempt.at:%d/%m/%Y}",
        "hour": _hour(attempt) if attempt.has_hour else None,
        "no_hour": texts.pair("hour_missing"),
        "channel": texts.pair(f"channel_{attempt.channel}"),
        "result": texts.pair(f"result_{attempt.result}"),
        "proofs": [str(number) for number, _ in mine],
        "digests": [proof.sha256[:DIGEST_START] for _, proof in mine],
    }


def _hour(attempt: Attempt) -> str:
    """``14:05 (UTC+1)``: the offset tells overseas times apart without naming a place."""
    offset = attempt.at.utcoffset() or timedelta()
    minutes = abs(int(offset.total_seconds())) // 60
    sign = "-" if offset < timedelta() else "+"
    rest = f":{minutes % 60:02d}" if minutes % 60 else ""
    return f"{attempt.at:%H:%M} (UTC{sign}{minutes // 60}{rest})"


def _forwarded(texts: Texts, proofs: Sequence[tuple[int, Proof]]) -> Pair | None:
    """Which proofs are not first-hand; None when all are, as far as the platforms told."""
    numbers = [str(number) for number, (_place, proof) in enumerate(proofs, 1) if proof.is_forwarded]
    return texts.pair("proofs_forwarded", numbers=Kept(", ".join(numbers))) if numbers else None


def _proof(number: int, place: int, proof: Proof) -> dict[str, str]:
    return {
        "number": str(number),
        "attempt": str(place),
        "received": f"{proof.received_at.astimezone(UTC):%d/%m/%Y %H:%M:%S}",
        "size": str(proof.size),
        "digest": proof.sha256,
    }
