"""Which button was meant."""

import pytest

from bot.core.choices import resolve_choice, split_choice

OFFERED = (
    ("consent:yes", "Oui"),
    ("consent:no", "Non"),
    ("do:privacy", "Lire plus"),
    ("title:ts.sal", "Salarié"),
)

CASES = [
    ("consent:yes", "consent:yes"),
    ("yes", "consent:yes"),
    ("oui", "consent:yes"),
    ("OUI !", "consent:yes"),
    ("1", "consent:yes"),
    ("2.", "consent:no"),
    (" 3 ", "do:privacy"),
    ("٤", "title:ts.sal"),
    ("salarie", "title:ts.sal"),
    ("ts.sal", "title:ts.sal"),
    ("5", None),
    ("0", None),
    ("", None),
    ("peut-être", None),
    ("oui mais non", None),
]


def test_the_table_is_whole():
    assert len(CASES) == 15


@pytest.mark.parametrize(("said", "meant"), CASES)
def test_a_button_is_pressed_numbered_or_typed(said, meant):
    assert resolve_choice(said, OFFERED) == meant


def test_a_number_is_left_alone_where_it_is_itself_an_answer():
    assert resolve_choice("1", OFFERED, numbers=False) is None


def test_a_title_that_two_buttons_share_names_none():
    assert resolve_choice("Autre", (("a:1", "Autre"), ("b:2", "Autre"))) is None


def test_an_id_splits_at_its_first_colon():
    assert split_choice("title:ts.sal") == ("title", "ts.sal")
    assert split_choice("plain") == ("plain", "")
