"""How long somebody has tried."""

import pytest

from bot.core.case import Tried
from bot.core.durations import Durations, DurationWords, bucket
from bot.core.tokens import Spelling

DURATIONS = Durations(
    DurationWords(
        units={1: ("jour",), 7: ("semaine",), 30.5: ("mois",), 365: ("an",)},
        numbers={1: ("un",), 2: ("deux",), 20: ("vingt",), 22: ("vingt deux",)},
        amounts={61: ("شهرين",), 100: ("des mois",)},
        answers={0: ("jamais",), 1: ("hier",)},
        halves=("et demi", "half"),
        fillers=("bons",),
        more=("plus de",),
        less=("moins de",),
        ahead=("dans",),
        trying=("essaie", "attends"),
        other=("habite", "expirée"),
    ),
    Spelling(),
)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("3 jours", 3),
        ("deux mois", 61),
        ("vingt deux jours", 22),
        ("un mois et demi", 45.75),
        ("2 half mois", 76.25),
        ("deux bons mois", 61),
        ("2,5 mois", 76.25),
        ("plus de 3 mois", 92.5),
        ("moins de 4 mois", 119),
        ("moins de 1 jour", 0.5),
        ("3 jours, 2 mois", 61),
        ("شهرين", 61),
        ("depuis des mois", 100),
        ("mois", None),
        ("nan mois", None),
        ("dans 2 mois", None),
        ("dans plus de 2 mois", None),
        ("jamais", 0),
        ("hier", 1),
        ("jamais en 2 mois", 61),
        ("expirée depuis 2 mois", None),
        ("bonjour", None),
    ],
)
def test_an_answer_is_a_number_of_days(text, days):
    assert DURATIONS.read(text, is_asked=True) == days


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("2 mois", None),
        ("j'essaie depuis 2 mois", 61),
        ("ça fait 2 mois que j'attends", 61),
        ("j'habite ici depuis 6 an et j'essaie depuis 2 mois", 61),
        ("j'essaie. habite ici 6 an. Bonjour", None),
        ("un an que j'habite ici", None),
        ("jamais, j'essaie", None),
    ],
)
def test_a_story_counts_only_beside_a_word_of_trying(text, days):
    assert DURATIONS.read(text, is_asked=False) == days


@pytest.mark.parametrize(
    ("days", "tried"),
    [
        (0, Tried.NEVER),
        (6, Tried.UNDER_WEEK),
        (7, Tried.WEEKS),
        (28, Tried.WEEKS),
        (30.5, Tried.MONTHS),
        (91.5, Tried.MONTHS),
        (92.5, Tried.LONGER),
        (119, Tried.LONGER),
        (122, Tried.FOUR_MONTHS),
        (3650, Tried.FOUR_MONTHS),
    ],
)
def test_a_number_of_days_falls_into_one_bucket(days, tried):
    assert bucket(days) is tried
