"""Facts of a case as values to be said.

Must not know: the sentences.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.case import Expiry, Question
from bot.core.unknown import Unknown
from bot.core.wording import Day, Label, Lines, Month, Name, Phrase

if TYPE_CHECKING:
    from bot.core.case import Case
    from bot.core.places import Gazetteer
    from bot.core.wording import Value

UNKNOWN_LABELS = {
    Unknown.DONT_KNOW: Label("utter_unknown"),
    Unknown.DECLINED: Label("utter_declined"),
    Unknown.UNASKED: Label("utter_unknown"),
}


def place(code: str, gazetteer: Gazetteer, arrondissement: str | None = None) -> Value:
    """``Seine-Saint-Denis (93)``, with the arrondissement before it when it was told."""
    label = gazetteer.label(code)
    return Name(f"{arrondissement} – {label}" if arrondissement and arrondissement not in label else label)


def title(title_id: str) -> Value:
    """The title's name."""
    return Label(f"title.{title_id}")


def procedure(procedure_id: str) -> Value:
    """The procedure's name."""
    return Label(f"procedure.{procedure_id}")


def blockage(blockage_id: str) -> Value:
    """The blockage in words."""
    return Label(f"blockage.{blockage_id}")


def expiry(fact: Expiry) -> Value:
    """The date in words, or the bucket's button."""
    if fact.on is not None:
        return Month(fact.on) if fact.is_month_only else Day(fact.on)
    return Label(f"utter_ask_expiry.expiry:{fact.bucket}")


def facts(case: Case, gazetteer: Gazetteer) -> Lines:
    """Every answered fact, one a line, in the order of the questions."""
    situation = case.situation
    told: tuple[tuple[str, object], ...] = (
        ("removal", situation.removal),
        ("place", situation.departement),
        ("procedure", situation.procedure),
        ("title", situation.title),
        ("expiry", situation.expiry),
        ("blockage", situation.blockage),
        ("tried", situation.tried),
    )
    lines: list[Value] = []
    for name, fact in told:
        if fact is Unknown.UNASKED:
            continue
        value = UNKNOWN_LABELS[fact] if isinstance(fact, Unknown) else _value_of(name, fact, case, gazetteer)
        lines.append(Phrase(f"utter_fact_{name}", {"value": value}))
    return Lines(tuple(lines))


def _value_of(name: str, fact: object, case: Case, gazetteer: Gazetteer) -> Value:
    if name == "place":
        return place(str(fact), gazetteer, case.situation.arrondissement)
    if name == "title":
        return title(str(fact))
    if name == "procedure":
        return procedure(str(fact))
    if name == "blockage":
        return blockage(str(fact))
    if isinstance(fact, Expiry):
        return expiry(fact)
    return Label(f"utter_ask_{name}.{name}:{fact}")


FACT_QUESTIONS = (
    Question.REMOVAL,
    Question.PLACE,
    Question.PROCEDURE,
    Question.TITLE,
    Question.EXPIRY,
    Question.BLOCKAGE,
    Question.TRIED,
    Question.RISK,
)
"""The answers a person can go back to."""
