"""Which approved text a person gets."""

import pytest

from bot.core.delivery import TemplateCall
from bot.core.effects import ReminderKind
from bot.core.templates import Template, Templates, TemplateState

KINDS = frozenset(ReminderKind)


def template(language, state=TemplateState.APPROVED, kinds=KINDS, name="guichet_reminder"):
    return Template(kinds, language, name, {"pt": "pt_BR"}.get(language, language), state, "Bonjour")


CASES = [
    (["fr", "pt"], "pt", "pt_BR"),
    (["fr", "pt"], "fr", "fr"),
    (["fr", "pt"], "ht", "fr"),
    (["fr", "pt"], None, "fr"),
    (["pt"], "ht", None),
    ([], "fr", None),
]


@pytest.mark.parametrize(("known", "language", "code"), CASES)
def test_own_language_then_french_then_none(known, language, code):
    chosen = Templates(tuple(map(template, known))).choose(ReminderKind.TRY_AGAIN, language)
    assert (chosen and chosen.code) == code


@pytest.mark.parametrize("state", [state for state in TemplateState if state is not TemplateState.APPROVED])
def test_what_meta_has_not_approved_is_never_chosen(state):
    templates = Templates((template("pt", state), template("fr")))
    assert templates.choose(ReminderKind.TRY_AGAIN, "pt").code == "fr"
    assert Templates((template("fr", state),)).choose(ReminderKind.TRY_AGAIN, "fr") is None


def test_what_meta_has_refused_since_is_not_chosen_again():
    templates = Templates((template("pt"), template("fr")))
    chosen = templates.choose(ReminderKind.TRY_AGAIN, "pt", unusable=["guichet_reminder/pt_BR"])
    assert chosen.code == "fr"


def test_a_kind_has_its_own_text():
    templates = Templates((template("fr", kinds=frozenset({ReminderKind.TRY_AGAIN})),))
    assert templates.choose(ReminderKind.WINDOW_OPENS, "fr") is None
    assert templates.choose(ReminderKind.TRY_AGAIN, "fr").call == TemplateCall("guichet_reminder", "fr")
