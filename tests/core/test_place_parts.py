from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.near_names import NearNames, slips_allowed, spelling_slips
from bot.core.number_context import Strength
from bot.core.numbers_spoken import chinese_number, digits_said, spoken_numbers
from bot.core.place_numbers import NumberReader
from bot.core.place_text import key_of, tokens, word_of
from bot.core.place_words import NumberWords, PlaceWords, WordSet
from bot.core.sounds import distance, skeleton_of, sounds_of
from tests.gazetteer import gazetteer

CODES = frozenset(row.code for row in gazetteer().departements)

TOKENS = (
    ("L'Haÿ-les-Roses", ["l", "hay", "les", "roses"]),
    ("St. Denis", ["saint", "denis"]),
    ("1st", ["1", "st"]),
    ("vitry s/seine", ["vitry", "sur", "seine"]),
    ("aulnay s/s bois", ["aulnay", "sous", "bois"]),
    ("9️⃣3️⃣", ["93"]),
    ("٩٣ ۹۳ ９３", ["93", "93", "93"]),
    ("بوبینی", ["بوبيني"]),
    ("مون‌پلیه", ["مونبليه"]),
    ("Vandœuvre", ["vandoeuvre"]),
    ("প্যারিসে থাকি।", ["প্যারিসে", "থাকি"]),
    ("дев'яносто", ["девяносто"]),
    ("saken 7da Paris", ["saken", "hda", "paris"]),
    ("14h30", ["14", "h", "30"]),
    ("ء ــ", []),
    ("", []),
)

SAID = (
    ([9, 3], "93", False),
    ([4, 20, 13], "93", False),
    ([4, 20], "80", False),
    ([60, 10, 7], "77", False),
    ([60, 17], "77", False),
    ([70, 5], "75", False),
    ([3, 90], "93", True),
    ([9, 7, 4], "974", False),
    ([9, 60, 14], "974", False),
    ([9, 70, 4], "974", False),
    ([9, 100, 60, 14], "974", False),
    ([900, 70, 4], "974", False),
    ([13], "13", False),
    ([10, 7], "17", False),
    ([0, 6], "06", False),
    ([9], None, False),
    ([], None, False),
    ([13, 13], None, False),
    ([1, 2, 3, 4, 5, 6], None, False),
    ([93, 93], None, True),
)

SOUNDS = (
    ("Bobigny", "بوبيني", "Бобиньи", "ববিনি", "போபினி", "ბობინი", "bobinyi"),
    ("Créteil", "كريتاي", "Кретей", "kretey"),
    ("Versailles", "فرساي", "versay"),
    ("Nanterre", "نانتير", "Нантер", "nantaire"),
    ("Aubervilliers", "أوبرفيلييه", "Обервилье"),
    ("Paris", "باريس", "Париж", "পারিস", "பாரிஸ்", "პარიზი", "ፓሪስ", "Փարիզ", "Παρίσι"),
    ("Argenteuil", "أرجنتوي", "Аржантей"),
    ("Montpellier", "مونبلييه", "Монпелье"),
)

NUMBERS = (
    ("dans le 93", "93", Strength.SURE),
    ("département: 93", "93", Strength.SURE),
    ("(93)", "93", Strength.SURE),
    ("93 préfecture", "93", Strength.SURE),
    ("dans le treize", "13", Strength.SURE),
    ("departement treize", "13", Strength.SURE),
    ("treize", "13", Strength.BARE),
    ("93", "93", Strength.BARE),
    ("9-3", "93", Strength.BARE),
    ("93 200", "93200", Strength.BARE),
    ("12 93200", "93200", Strength.BARE),
    ("93200, 12", "93200", Strength.BARE),
    ("2A", "2a", Strength.SURE),
    ("2 b", "2b", Strength.BARE),
    ("九十三省", "93", Strength.SURE),
    ("九十三", "93", Strength.BARE),
    ("18e", "18", Strength.BARE),
)

NO_NUMBERS = (
    "1 2",
    "20/01",
    "20/01/2027",
    "14h30",
    "14:30",
    "06 12 34 56 78",
    "+93",
    "93€",
    "€93",
    "93 jours",
    "93 de jours",
    "né en 93",
    "je suis née en 93",
    "article 93",
    "3ndi",
    "96",
    "12345678",
    "一百九十三省",
    "三省",
    "九十三天",
    "93e jour",
    "75-12-93-40",
)


def test_tables_are_as_long_as_they_should_be():
    assert len(TOKENS) == 16
    assert len(SAID) == 20
    assert len(NUMBERS) == 17
    assert len(NO_NUMBERS) == 22
    assert len(SOUNDS) == 8


@pytest.mark.parametrize(("text", "words"), TOKENS)
def test_text_is_cut_into_folded_words_and_numbers(text: str, words: list[str]):
    assert [token.word for token in tokens(text)] == words


@given(st.text(max_size=40))
def test_a_key_is_its_own_key(name: str):
    assert key_of(key_of(name)) == key_of(name)


@given(st.text(max_size=20))
def test_folding_a_word_twice_changes_nothing(text: str):
    assert all(word_of(token.word) == token.word for token in tokens(text))


def test_keys_of_the_tables_are_those_the_code_makes():
    rows = gazetteer()._index._rows
    assert all(row.key == key_of(row.name) for row in rows.communes[::50])
    assert all(row.key == key_of(row.name) for row in rows.former[::20])


@pytest.mark.parametrize(("values", "digits", "is_units_first"), SAID)
def test_said_numbers_make_the_digits_that_are_meant(values: list[int], digits: str | None, is_units_first: bool):
    assert digits_said(values, is_units_first=is_units_first) == digits


def test_longest_reading_of_a_said_number_wins():
    french = NumberWords(values={"neuf": 9, "trois": 3}, joins=frozenset({"et"}))
    other = NumberWords(values={"trois": 13})
    found = spoken_numbers(["le", "neuf", "et", "trois", "et"], {"fr": french, "xx": other})
    assert [(number.start, number.end, number.digits) for number in found] == [(1, 4, "93")]


@pytest.mark.parametrize(
    ("letters", "digits"), [("九十三", "93"), ("十三", "13"), ("七五", "75"), ("九百七十四", "974"), ("九", None)]
)
def test_chinese_numerals_are_read(letters: str, digits: str | None):
    values = dict(zip("〇一二三四五六七八九十百", [*range(11), 100], strict=True))
    assert chinese_number(letters, values) == digits


@pytest.mark.parametrize(("text", "digits", "strength"), NUMBERS)
def test_number_that_may_be_a_place_is_seen(text: str, digits: str, strength: Strength):
    seen = NumberReader(tokens(text), gazetteer()._words, CODES).numbers()
    assert [(number.digits, number.strength) for number in seen] == [(digits, strength)]


@pytest.mark.parametrize("text", NO_NUMBERS)
def test_number_that_counts_dates_or_calls_is_not_seen(text: str):
    assert NumberReader(tokens(text), gazetteer()._words, CODES).numbers() == []


def test_numbers_are_read_without_any_vocabulary():
    seen = NumberReader(tokens("九十三 93 et 2a"), PlaceWords(), CODES).numbers()
    assert [number.digits for number in seen] == ["93", "2a"]


def test_list_of_departements_shares_its_strength():
    seen = NumberReader(tokens("département 93, 94, 95"), gazetteer()._words, CODES).numbers()
    assert [(number.digits, number.strength) for number in seen] == [
        (code, Strength.SURE) for code in ("93", "94", "95")
    ]


def test_stems_are_words_too():
    words = WordSet(exact=frozenset({"pref"}), stems=("prefect",))
    assert "pref" in words
    assert "prefecture" in words
    assert "prefix" not in words


@pytest.mark.parametrize("spellings", SOUNDS)
def test_name_sounds_alike_in_all_scripts(spellings: tuple[str, ...]):
    names = sounds_of(key_of(spellings[0]).split())
    for spelling in spellings[1:]:
        ways = sounds_of(key_of(spelling).split())
        apart = min(distance(way, name, 2.0, vowel=0.2) for way in ways for name in names)
        assert apart <= 0.13 * len(names[0]), (spelling, ways, names)


def test_sound_of_unknown_letters_is_empty():
    assert sounds_of(["፼፼"]) == ("",)
    assert sounds_of(["ꙮ"]) == ("",)
    assert sounds_of(["ፓ፼"]) == ("pa",)


def test_distance_over_the_limit_is_only_more():
    assert distance("bobini", "marsei", 1.0) == 2.0
    assert skeleton_of("bobini") == "PPN"


@pytest.mark.parametrize(
    ("typed", "name", "slips"),
    [
        ("bobigny", "bobigny", 0),
        ("bobgny", "bobigny", 1),
        ("bobiggny", "bobigny", 1),
        ("bobinyg", "bobigny", 2),
        ("bobingy", "bobigny", 1),
        ("bibogny", "bobigny", 2),
        ("boby", "bobigny", 3),
        ("abcdefg", "bobigny", 3),
    ],
)
def test_slips_are_counted_up_to_a_limit(typed: str, name: str, slips: int):
    assert spelling_slips(typed, name, 2) == slips


def test_near_names_finds_slips_swaps_and_glued_words():
    near = NearNames([("bobigny", "bobigny"), ("val de marne", "val de marne"), ("lyon", "lyon"), ("lion", "lyon")])
    assert near.by_spelling(["bobingy"]) == (1, {"bobigny"})
    assert near.by_spelling(["bobigny"]) == (0, {"bobigny"})
    assert near.by_letters(["valdemarne"]) == {"val de marne"}
    assert near.by_spelling(["val", "de", "marn"]) == (1, {"val de marne"})
    assert near.by_spelling(["bobi", "gni"])[1] == frozenset()
    assert near.by_spelling(["lyom"])[1] == frozenset()
    assert near.by_sound(["boubini"]) == (pytest.approx(0.35), {"bobigny"})
    assert near.by_sound(["li"])[1] == frozenset()


def test_equally_near_names_are_all_given():
    near = NearNames([("nantes", "nantes"), ("mantes", "mantes")])
    assert near.by_spelling(["tantes"]) == (1, {"nantes", "mantes"})


@given(st.integers(0, 40))
def test_longer_names_may_carry_more_slips(length: int):
    assert slips_allowed(length) <= slips_allowed(length + 1) <= 2


def test_short_name_is_heard_only_where_it_sounds_the_same():
    near = NearNames([("poissy", "poissy"), ("bobigny", "bobigny")])
    assert near.by_same_sound(["пуаси"]) == {"poissy"}
    assert near.by_same_sound(["puasi"]) == {"poissy"}
    assert near.by_same_sound(["пуасо"]) == frozenset()
    assert near.by_same_sound(["بواسي"]) == frozenset()
    assert near.by_same_sound(["боби"]) == frozenset()
