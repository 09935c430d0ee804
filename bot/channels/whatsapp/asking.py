"""How choices are shown: buttons, a list, or numbers in the text.

A platform's button is short; what does not fit on it stands whole in the description of a list's row. Must not know:
what a choice means.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.channels.whatsapp.capabilities import CAPABILITIES, LIST_LABEL_MAX, TOKEN_MAX
from bot.channels.whatsapp.cutting import fitting, trimmed, units
from bot.channels.whatsapp.reading import text
from bot.core.paging import more_token

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.core.messages import Choice

    Say = Callable[[str, str], str]
    """The sentence of a key in a language."""


@dataclass(frozen=True, slots=True)
class Numbered:
    """Choices as lines of the text."""

    lines: str


@dataclass(frozen=True, slots=True)
class Action:
    """Choices as what stands under the text: the kind of interactive message and its ``action``."""

    kind: str
    body: dict[str, object]


def shown(choices: Sequence[Choice], tokens: Sequence[str], say: Say, language: str) -> Action | Numbered | None:
    """The best way for these choices; None when there are none."""
    if not choices:
        return None
    titles = [" ".join(text(choice.title).split()) for choice in choices]
    is_tokened = len(tokens) == len(choices) == len(set(tokens)) and all(0 < len(t) <= TOKEN_MAX for t in tokens)
    if not is_tokened or not all(titles) or any(units(t) > CAPABILITIES.row_description for t in titles):
        return _numbered(titles, say("whatsapp.numbered", language))
    is_short = all(units(title) <= CAPABILITIES.button_title for title in titles)
    if len(titles) <= CAPABILITIES.buttons and is_short and len(set(titles)) == len(titles):
        return Action(
            "button", {"buttons": [_button(token, title) for token, title in zip(tokens, titles, strict=True)]}
        )
    return _listed(titles, tokens, say, language)


def _numbered(titles: Sequence[str], hint: str) -> Numbered:
    lines = [f"{number}. {title}" for number, title in enumerate(titles, start=1)]
    return Numbered("\n".join([hint, *lines]))


def _button(token: str, title: str) -> dict[str, object]:
    return {"type": "reply", "reply": {"id": token, "title": title}}


def _listed(titles: Sequence[str], tokens: Sequence[str], say: Say, language: str) -> Action:
    """Up to ten rows; of more choices nine, and a row that asks for the next ones."""
    room = CAPABILITIES.rows
    is_paged = len(titles) > room
    first = room - 1 if is_paged else len(titles)
    rows = _rows(titles[:first], tokens[:first])
    if is_paged:
        more = trimmed(say("whatsapp.more", language), CAPABILITIES.row_title)
        rows.append({"id": more_token(first, tokens[0]), "title": _unlike(more, {str(row["title"]) for row in rows})})
    label = trimmed(say("whatsapp.choose", language), LIST_LABEL_MAX)
    return Action("list", {"button": label, "sections": [{"rows": rows}]})


def _rows(titles: Sequence[str], tokens: Sequence[str]) -> list[dict[str, str]]:
    rows: list[dict[str, str]] = []
    taken: set[str] = set()
    for token, title in zip(tokens, titles, strict=True):
        short = _unlike(trimmed(title, CAPABILITIES.row_title), taken)
        taken.add(short)
        row = {"id": token, "title": short}
        if short != title:
            row["description"] = title
        rows.append(row)
    return rows


def _unlike(title: str, taken: set[str]) -> str:
    """The title, or with a number behind it when another row has it: the platform refuses the same title twice."""
    unlike, number = title, 2
    while unlike in taken:
        mark = f" {number}"
        unlike = fitting(title, CAPABILITIES.row_title - len(mark)).rstrip() + mark
        number += 1
    return unlike
