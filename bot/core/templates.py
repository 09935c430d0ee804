"""Messages a platform approves before they may be sent, and which one fits a person.

Must not know: any platform, any wording, where the table is kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.core.delivery import TemplateCall

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.core.effects import ReminderKind

FALLBACK = "fr"
"""What a person gets whose language the platform does not offer."""


class TemplateState(StrEnum):
    """How far a template has come with the platform."""

    DRAFT = "draft"
    """Written, not submitted."""
    SUBMITTED = "submitted"
    APPROVED = "approved"
    REJECTED = "rejected"
    PAUSED = "paused"
    """The platform stopped it for a while, or for good."""


@dataclass(frozen=True, slots=True)
class Template:
    """One text in one language, as submitted."""

    kinds: frozenset[ReminderKind]
    """What it can be sent for; one text serves all that say the same."""
    language: str
    """Ours."""
    name: str
    code: str
    """The platform's code of the language."""
    state: TemplateState
    body: str

    @property
    def call(self) -> TemplateCall:
        """What is sent; the reminders have no variable parts: nothing of a case leaves in them."""
        return TemplateCall(self.name, self.code)


@dataclass(frozen=True, slots=True)
class Templates:
    """All templates of a platform."""

    all: tuple[Template, ...] = ()

    def choose(self, kind: ReminderKind, language: str | None, *, unusable: Iterable[str] = ()) -> Template | None:
        """The approved template in the person's language, else in French, else None.

        ``unusable`` are names the platform has refused since the table was written (``name/code``).
        """
        refused = frozenset(unusable)
        fit = {
            template.language: template
            for template in self.all
            if kind in template.kinds
            and template.state is TemplateState.APPROVED
            and f"{template.name}/{template.code}" not in refused
        }
        return fit.get(language or FALLBACK) or fit.get(FALLBACK)
