"""The language of wordings."""

import pytest

from bot.core.errors import DataError
from bot.core.phrases import expand
from bot.core.tokens import Spelling

PLAIN = Spelling(short={"rdv": ("rendez", "vous")})


def wordings(phrase):
    return {" ".join(reading) for reading in expand(phrase, PLAIN).wordings()}


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        ("Carte Salarié", {"carte salarie"}),
        ("renouv* carte", {"renouv* carte"}),
        ("l'étud*", {"l etud*"}),
        ("rdv", {"rendez vous"}),
        ("carte (de séjour)? salarié", {"carte salarie", "carte de sejour salarie"}),
        ("(mon|ma) titre", {"mon titre", "ma titre"}),
        ("((a|b) c|d)", {"a c", "b c", "d"}),
        ("<card>? etudiant", {"<card> etudiant", "etudiant"}),
        ("reçu .. oqtf", {"recu .. oqtf"}),
        ("<n> ans", {"<n> ans"}),
        ("^ rien $", {"^ rien $"}),
        ("a & b", {"a ... b", "b ... a"}),
    ],
)
def test_a_phrase_stands_for_its_wordings(phrase, expected):
    assert wordings(phrase) == expected


def test_a_phrase_with_many_wordings_keeps_its_groups():
    expansion = expand("(a|b|c|d) (e|f|g|h) x", PLAIN)
    assert expansion.readings == (("<a|b|c|d>", "<e|f|g|h>", "x"),)
    assert expansion.count() == len(set(expansion.wordings())) == 16


@pytest.mark.parametrize(
    "phrase",
    [
        "",
        "..",
        ".. a",
        "a ..",
        "a .. ... b",
        "<n>",
        "a?",
        "?",
        "(a|b",
        "a)",
        "a >",
        "*",
        "!!",
        "(a|b)?",
        "(..)? (..)? a",
        " ".join(["(<a>|<b>)"] * 9),
        " ".join(["(<a>|<b>)"] * 20),
    ],
)
def test_a_phrase_that_is_not_well_formed_is_refused(phrase):
    with pytest.raises(DataError):
        expand(phrase, PLAIN)
