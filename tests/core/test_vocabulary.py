"""Which entry a text names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.reading import CodeReading, Status
from bot.core.vocabulary import Entry, Everywhere, Turns, Vocabulary

VOCABULARY = Vocabulary(
    [
        Entry(("ts.etu",), ("carte étudiant",), ("étudiant",), ("job étudiant",)),
        Entry(("ts.sal",), ("carte salarié",), ("salarié",)),
        Entry(("ts.a",), ("vie privée conjoint",), ("conjoint",)),
        Entry(("ts.a", "ts.b"), ("vie privée",)),
        Entry(("ts.b", "ts.c"), ("autre vie",)),
        Entry(("doc.recep",), ("récépissé",), yields_to=("ts.",)),
        Entry(("blk.x",), (), ("site en panne du tout",)),
        Entry(("blk.y",), ("panne",)),
    ],
    Turns(("suis pas",), ("passer",), ("veux une",), ("vers",)),
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("bonjour", ()),
        ("étudiant", "ts.etu"),
        ("job étudiant", ()),
        ("je ne suis pas étudiant, salarié", "ts.sal"),
        ("étudiant et salarié", ("ts.etu", "ts.sal")),
        ("étudiant vers salarié", "ts.etu"),
        ("étudiant, passer salarié", "ts.etu"),
        ("passer salarié", ()),
        ("étudiant, je veux une carte salarié", "ts.etu"),
        ("je veux une carte salarié", "ts.sal"),
        ("carte salarié, étudiant", "ts.sal"),
        ("vie privée", ("ts.a", "ts.b")),
        ("vie privée conjoint", "ts.a"),
        ("vie privée, je suis conjoint", "ts.a"),
        ("vie privée et étudiant", ("ts.a", "ts.b")),
        ("vie privée, autre vie", "ts.b"),
        ("récépissé étudiant", "ts.etu"),
        ("récépissé", "doc.recep"),
        ("récépissé, récépissé", "doc.recep"),
        ("site en panne du tout", "blk.y"),
    ],
)
def test_a_text_names_one_entry_or_several_or_none(text, expected):
    reading = VOCABULARY.read(text)
    assert (reading.id or reading.candidates) == expected


def test_a_reading_says_whether_it_found_one():
    assert VOCABULARY.read("bonjour") == CodeReading()
    assert VOCABULARY.read("étudiant") == CodeReading(Status.FOUND, "ts.etu")
    assert VOCABULARY.read("vie privée") == CodeReading(Status.AMBIGUOUS, None, ("ts.a", "ts.b"))


def test_a_vocabulary_without_entries_names_nothing():
    assert Vocabulary([]).read("étudiant").status is Status.NONE


@given(st.text(max_size=100))
def test_a_reading_is_never_both_one_and_several(text):
    reading = VOCABULARY.read(text)
    assert (reading.id is None) == (reading.status is not Status.FOUND)
    assert bool(reading.candidates) == (reading.status is Status.AMBIGUOUS)


def test_a_rule_of_all_languages_sees_the_words_of_each():
    entry = Entry(("blk.a",), says=("<none> .. <slot>",))
    vocabulary = Vocabulary(
        [entry],
        None,
        {"none": ("pas de",), "slot": ("créneau",)},
        everywhere=Everywhere((entry,)),
        languages=("fr",),
    )
    spanish = vocabulary.book("es", [], None, {"none": ("no hay",), "slot": ("cita",)})
    assert vocabulary.read("no hay cita", [spanish], ("es",)).id == "blk.a"
    assert vocabulary.read("no hay cita").status is Status.NONE


def test_a_name_that_is_said_to_be_missing_behind_it_is_not_meant():
    vocabulary = Vocabulary([Entry(("doc.a",), says=("recepisse",))], Turns(absences=("bekliyorum",)))
    assert vocabulary.read("recepisse bekliyorum").status is Status.NONE
    assert vocabulary.read("recepisse var").id == "doc.a"


def test_a_name_that_is_wished_for_behind_it_gives_way_to_another_name():
    vocabulary = Vocabulary(
        [Entry(("ts.a",), says=("talebe karti",)), Entry(("ts.b",), says=("is karti",))], Turns(hopes=("istiyorum",))
    )
    assert vocabulary.read("talebe karti var is karti istiyorum").id == "ts.a"
    assert vocabulary.read("is karti istiyorum").id == "ts.b"
