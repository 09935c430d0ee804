"""What stands in a letter, in the order it is read: guide for the person, letter, annex (domain.md 4.2 and 4.3).

Must not know: how a page is drawn, where translations come from.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.core.documents import LetterKind
from bot.core.evidence import read_log
from bot.core.procedures import Procedure
from bot.documents.record import annex
from bot.documents.runs import blank, kept
from bot.documents.texts import Blank, Day, Kept, Month

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.core.documents import LetterFacts
    from bot.core.evidence import Log
    from bot.documents.grounds import Ground
    from bot.documents.runs import Run
    from bot.documents.texts import Pair, Texts, Value

_PURPOSES: Mapping[str | None, str | None] = {
    None: None,
    Procedure.UNKNOWN: None,
    Procedure.RENEW: "renew",
    Procedure.FIRST: "first",
    Procedure.CHANGE: "change",
    Procedure.RECEIPT: "receipt",
}
"""What the sentences about a procedure are called; None lets the kind of letter decide."""
_FIELDS = ("surname", "first_names", "birth", "nationality", "address", "contact", "foreigner_number")
_LONG_FIELDS = frozenset({"address"})
"""Fields with a second line."""


def content(texts: Texts, facts: LetterFacts, grounds: Sequence[Ground]) -> dict[str, Any]:
    """Everything the template prints; only texts, numbers and lists."""
    log = read_log(facts.attempts, facts.written_on)
    return {
        "guide": _guide(texts, facts, log),
        "footer": texts.pair("footer"),
        "footer_reference": texts.pair("footer_reference", reference=Kept(facts.reference), day=Day(facts.written_on)),
        "fields": [_field(texts, name) for name in _FIELDS],
        "addressee": texts.pair("addressee"),
        "addressee_lines": _addressee(texts, facts),
        "registered": texts.pair("registered", blank=Blank("medium")),
        "place_date": texts.pair("place_date", blank_place=Blank("medium"), blank_date=Blank("short")),
        "subject": _about(texts, "subject", facts),
        "salutation": texts.pair("salutation"),
        "groups": [_situation(texts, facts), _attempts(texts, log), _demand(texts)],
        "grounds_title": texts.pair("grounds"),
        "grounds": [texts.pair_of(ground.rule_id, ground.text_fr) for ground in grounds],
        "ending": [texts.pair("consequences", blank=Blank("long")), texts.pair("enclosures", blank=Blank("long"))],
        "closing": texts.pair("closing"),
        "signature": texts.pair("signature"),
        "annex_title": texts.pair("annex_title"),
        "annex_header": _annex_header(texts, facts, log),
        "annex_declared": texts.pair("annex_declared"),
        "annex_words": texts.pair("annex_words"),
        "proofs_title": texts.pair("proofs"),
        "proofs_note": texts.pair("proofs_note"),
        "certified": texts.pair("certified"),
        "annex": annex(texts, log),
    }


def _purpose(facts: LetterFacts) -> str:
    """Which of the sentences about the procedure fits; ``other`` leaves a line to name it."""
    by_kind = "renew" if facts.kind is LetterKind.RENEWAL else "first"
    return _PURPOSES.get(facts.procedure, "other") or by_kind


def _about(texts: Texts, what: str, facts: LetterFacts) -> Pair:
    purpose = _purpose(facts)
    needs_line = purpose == "other" and what != "subject"
    return texts.pair(f"{what}_{purpose}", **({"blank": Blank("line")} if needs_line else {}))


def _guide(texts: Texts, facts: LetterFacts, log: Log) -> dict[str, Any]:
    first = ["stop", "review", "check", "fill", "optional", "days"]
    if not log.attempts:
        first.append("annex")
    steps = [texts.pair(f"guide_{key}") for key in (*first, "sign", "copies")]
    if _address(facts):
        steps.append(texts.pair("guide_address_dated", as_of=Kept(str(facts.prefecture_address_as_of))))
    else:
        steps.append(texts.pair("guide_address_missing"))
    steps += [texts.pair(f"guide_{key}") for key in ("send", "keep_proof")]
    steps.append(texts.pair("guide_receipt_date", blank=Blank("short")))
    steps += [texts.pair(f"guide_{key}") for key in ("continue", "free")]
    translation = texts.pair("guide_translation")
    return {
        "title": texts.pair("guide_title"),
        "keep": texts.pair("guide_keep"),
        "steps": steps,
        "notes": [texts.pair("guide_general"), *([translation] if translation["tr"] else [])],
    }


def _field(texts: Texts, name: str) -> dict[str, Any]:
    return {"label": texts.pair(f"field_{name}"), "lines": 2 if name in _LONG_FIELDS else 1}


def _plain(*runs: Run) -> Pair:
    """A line that is the same in every language."""
    return {"fr": list(runs), "tr": None}


def _address(facts: LetterFacts) -> list[str]:
    """Street and town, only when somebody dated them."""
    if not (facts.prefecture_address and facts.prefecture_address_as_of):
        return []
    lines = [line for line in facts.prefecture_address.splitlines() if line.strip()]
    if facts.prefecture_city and facts.prefecture_city not in facts.prefecture_address:
        lines.append(facts.prefecture_city)
    return lines


def _addressee(texts: Texts, facts: LetterFacts) -> list[Pair]:
    """The postal address; what is not known is a line to fill in by hand."""
    lines = [texts.pair("addressee_police" if facts.is_police_prefect else "addressee_prefect")]
    lines.append(_plain(kept(facts.prefecture_name)) if facts.prefecture_name else _departement(texts, facts))
    lines.append(texts.pair("addressee_service"))
    address = _address(facts)
    lines += [_plain(kept(line)) for line in address] or [_plain(blank("line")), _plain(blank("line"))]
    return lines


def _departement(texts: Texts, facts: LetterFacts) -> Pair:
    name = " ".join(part for part in (facts.departement, facts.departement_name) if part)
    return texts.pair("addressee_department", departement=_or_blank(name, "medium"))


def _or_blank(text: str | None, size: str) -> Value:
    return Kept(text) if text else Blank(size)


def _situation(texts: Texts, facts: LetterFacts) -> list[Pair]:
    is_renewal = _purpose(facts) in {"renew", "receipt"}
    title = _or_blank(facts.title_name, "long")
    return [
        _about(texts, "situation", facts),
        texts.pair("title_held" if is_renewal else "title_asked", title=title),
        *([] if is_renewal else [texts.pair("document_held", blank=Blank("long"))]),
        _document_end(texts, facts),
    ]


def _attempts(texts: Texts, log: Log) -> list[Pair]:
    sentences = [texts.pair("channel_imposed", blank=Blank("long"))]
    if log.first is not None and log.last is not None:
        count, first = Kept(str(log.count)), Day(log.first)
        if log.first == log.last:
            sentences.append(texts.pair("attempts_day", count=count, first=first))
        else:
            sentences.append(texts.pair("attempts_period", count=count, first=first, last=Day(log.last)))
    return [*sentences, texts.pair("attempts_annex"), texts.pair("mails", blank=Blank("long"))]


def _demand(texts: Texts) -> list[Pair]:
    return [
        texts.pair("demand_appointment", days=Blank("number")),
        texts.pair("demand_other"),
        texts.pair("demand_receipt"),
    ]


def _document_end(texts: Texts, facts: LetterFacts) -> Pair:
    if facts.expires_on is not None and facts.is_month_only:
        return texts.pair("document_end_month", month=Month(facts.expires_on), blank_date=Blank("number"))
    return texts.pair("document_end", end=Day(facts.expires_on) if facts.expires_on else Blank("medium"))


def _annex_header(texts: Texts, facts: LetterFacts, log: Log) -> list[Pair]:
    prefecture = facts.prefecture_name or facts.departement_name
    lines = [
        texts.pair("annex_prefecture", prefecture=_or_blank(prefecture, "long")),
        _about(texts, "annex_procedure", facts),
        texts.pair("annex_title_line", title=_or_blank(facts.title_name, "long")),
    ]
    if log.first is None or log.last is None:
        return [
            *lines,
            texts.pair("annex_period_blank", blank_date=Blank("short")),
            texts.pair("annex_total", count=Blank("number")),
        ]
    return [
        *lines,
        texts.pair("annex_period", first=Day(log.first), last=Day(log.last)),
        texts.pair("annex_total", count=Kept(str(log.count))),
        texts.pair("annex_span", count=Kept(str(log.span_days))),
        texts.pair("annex_windows", count=Kept(str(log.windows7))),
    ]
