"""A whole triage in Arabic with a picture, played by one person on a platform; and how it is written down."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from babel.dates import get_day_names, get_month_names

from tests.media.drawings import booking_page, jpeg

if TYPE_CHECKING:
    from tests.soak.serving import Serving
    from tests.soak.vendors import Correspondent

SAY, TAP, PICTURE = "say", "tap", "picture"
OPENING = "السلام عليكم، لا أستطيع الحصول على موعد في بوبيني لتجديد بطاقة أجير salarié، تنتهي يوم {expiry:%d/%m/%Y}"
STEPS: tuple[tuple[str, str], ...] = (
    (SAY, OPENING),
    (TAP, "نعم"),
    (TAP, "لا"),
    (TAP, "نعم"),
    (TAP, "نعم"),
    (TAP, "نعم"),
    (TAP, "من 1 إلى 3 أسابيع"),
    (TAP, "لا شيء من ذلك"),
    (PICTURE, "capture.jpg"),
    (TAP, "نعم"),
    (TAP, "الآن"),
    (TAP, "موقع المواعيد"),
    (TAP, "لا يوجد موعد"),
    (TAP, "نعم"),
)
EXPIRES_IN = timedelta(days=58)
END = "next"
_FENCE = "~~~"


@dataclass
class Played:
    """A conversation as both sides saw it."""

    lines: list[tuple[str, str, list[str]]] = field(default_factory=list)
    """Who (``person`` or ``guichet``), the words, the labels of the buttons."""

    @property
    def said(self) -> str:
        """All that the house said."""
        return "\n".join(words for who, words, _labels in self.lines if who == "guichet")


def play(serving: Serving, person: Correspondent) -> Played:
    """Step after step, each when the house has said all it had to."""
    made, seen = Played(), 0
    expiry = datetime.now(UTC) + EXPIRES_IN
    for kind, words in STEPS:
        if kind == SAY:
            words = words.format(expiry=expiry)
            person.say(words)
        elif kind == TAP:
            person.tap(words)
            words = f"[{words}]"
        else:
            person.send(jpeg(booking_page(540, 960)), words, "image/jpeg")
            words = f"({words})"
        made.lines.append(("person", words, []))
        person.wait(seen + 1, 90)
        settle(serving, person)
        answers = person.answers
        made.lines += [("guichet", text, [label for label, _token in buttons]) for _at, text, buttons in answers[seen:]]
        seen = len(answers)
    return made


def settle(serving: Serving, person: Correspondent, seconds: float = 90) -> None:
    """Waits until no more comes."""
    serving.drain(seconds)
    known = -1
    while known != len(person.answers):
        known = len(person.answers)
        time.sleep(0.3)


def written(played: Played, title: str, how: str) -> str:
    """The page of bot/docs/transcripts."""
    parts = [f"# {title}\n\n{how}\n"]
    for who, words, labels in played.lines:
        name = "**Person**" if who == "person" else "**Guichet**"
        buttons = f"\n\nButtons: {' · '.join(labels)}" if labels else ""
        parts.append(f'{name}\n\n<div dir="rtl">\n\n{_quoted(words)}\n\n</div>{buttons}\n')
    return "\n".join(parts)


def _quoted(words: str) -> str:
    return f"{_FENCE}text\n{words}\n{_FENCE}"


def timeless(page: str) -> str:
    """The page without numbers and names of months and days, which are others on another day."""
    names = {name for locale in ("ar", "ar_TN", "ar_SY", "fr") for table in (get_month_names, get_day_names)
             for name in table("wide", locale=locale).values()}  # fmt: skip
    for name in sorted(names, key=len, reverse=True):
        page = page.replace(name, "D")
    return re.sub(r"[D\s]+", " ", re.sub(r"\d+", "0", page))
