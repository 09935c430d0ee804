"""Whatever the house can say becomes requests within Meta's limits, and as few of them as can be."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.shaping import RTL
from bot.channels.whatsapp.capabilities import BODY_MAX, CAPABILITIES
from bot.channels.whatsapp.cutting import units
from bot.channels.whatsapp.direction import directed
from bot.channels.whatsapp.rendering import attach, file_name, render, without_file
from bot.core.delivery import Outgoing, TemplateCall
from bot.core.errors import RecipientGoneError
from bot.core.messages import Choice, OutboundFile, OutboundMessage
from bot.core.paging import read_more, remaining
from bot.core.ports import Address
from bot.i18n.languages import load_languages
from tests.channels.whatsapp.goldens import outgoing, say
from tests.peers.openapi import OURS, refusals
from tests.playing import ROOT

LANGUAGES = [language.code for language in load_languages(ROOT / "bot/data/languages.yml").all]
WORDS = st.lists(
    st.sampled_from(
        ["rendez-vous", "préfecture.", "\n", "\n\n", "استمارة", "01 23 45 67 89", "👨‍👩‍👧", "வணக்கம்", "\u2066a\u2069"]
    ),
    max_size=900,
).map(" ".join)
TITLES = st.one_of(
    st.text(max_size=90), st.sampled_from(["Oui", "Non", "Saint-Denis en vallée de la Marne", "ጥያቄ", "a" * 73])
)


@st.composite
def messages(draw):
    """Anything the core may hand over."""
    orderly = st.integers(0, 24).map(lambda count: [f"Choix {n}" for n in range(count)])
    titles = draw(st.one_of(st.lists(TITLES, max_size=24), orderly))
    choices = tuple(Choice(f"c:{n}", title) for n, title in enumerate(titles))
    names = draw(st.lists(st.one_of(st.text(max_size=300), st.just("lettre.pdf")), max_size=3))
    message = OutboundMessage(
        draw(st.one_of(st.text(max_size=2000), WORDS)),
        draw(st.sampled_from(LANGUAGES)),
        choices=choices,
        files=tuple(OutboundFile("letter", name, "application/pdf") for name in names),
    )
    tokens = tuple(f"r:{n:012}" for n in range(len(choices)))
    return Outgoing(
        1,
        "out:" + "0" * 20,
        Address("whatsapp", draw(st.sampled_from(["phone:33600000001", "bsuid:FR.ENT.1349120"]))),
        message,
        tokens if draw(st.booleans()) or not tokens else tokens[1:],
        template=draw(st.sampled_from([None, None, None, TemplateCall("t", "fr", ("a",))])),
    )


def judge(body):
    """What Meta's description checks, and the lengths it leaves out."""
    assert refusals(body, OURS) == []
    if body["type"] == "text":
        assert 0 < units(body["text"]["body"]) <= CAPABILITIES.text_max
    if body["type"] == "document":
        assert units(body["document"].get("caption", "")) <= BODY_MAX
        assert 0 < len(body["document"]["filename"]) <= 240
    if body["type"] == "interactive":
        judge_interactive(body["interactive"])


def judge_interactive(part):
    assert 0 < units(part["body"]["text"]) <= BODY_MAX
    assert part["body"]["text"].strip()
    buttons = [button["reply"] for button in part["action"].get("buttons", ())]
    rows = [row for section in part["action"].get("sections", ()) for row in section["rows"]]
    shown = buttons + rows
    assert len({one["title"] for one in shown}) == len({one["id"] for one in shown}) == len(shown)
    assert len(buttons) <= 3
    assert len(rows) <= 10
    for one in shown:
        assert 0 < units(one["title"]) <= (20 if one in buttons else 24)
        assert one["title"].strip() == one["title"] != ""
        assert 0 < units(one.get("description", "x")) <= 72
        assert one["id"].isascii()


@settings(max_examples=300, deadline=None)
@given(messages())
def test_every_message_renders_within_all_limits(said):
    requests = render(said, say)
    for part, request in enumerate(requests, 1):
        body = attach(request, "1003383421387256") if request.file_index is not None else dict(request.body)
        judge(body)
        if request.file_index is not None:
            judge(without_file(request, "Le document n'a pas pu partir."))
            # What was rendered stays as it was: a second try renders nothing anew.
            judge(attach(request, "1003383421387256"))
        assert body["biz_opaque_callback_data"] == said.token + (f".{part}" if part < len(requests) else "")
    if said.template is None:
        assert sorted(r.file_index for r in requests if r.file_index is not None) == list(
            range(len(said.message.files))
        )
        is_said = said.message.text.strip() or said.message.choices or said.message.files
        assert bool(requests) == bool(is_said)


@settings(max_examples=200, deadline=None)
@given(messages())
def test_short_turn_is_one_message(said):
    is_short = units(said.message.text) < 700 and len(said.message.choices) <= 3 and len(said.message.files) <= 1
    titles = [" ".join(choice.title.split()) for choice in said.message.choices]
    if not is_short or any(units(title) > 20 for title in titles) or len(set(titles)) < len(titles):
        return
    assert len(render(said, say)) <= 1


def test_every_choice_of_a_paged_list_can_be_reached():
    said = outgoing({"text": "Lequel ?", "choices": [f"Choix {n}" for n in range(25)]})
    tokens, message, reached = said.choice_tokens, said.message, []
    while message is not None:
        (request,) = render(replace(said, message=message, choice_tokens=tokens), say)
        rows = request.body["interactive"]["action"]["sections"][0]["rows"]
        assert len(rows) <= 10
        more = [asked for row in rows if (asked := read_more(row["id"]))]
        reached += [row["id"] for row in rows if read_more(row["id"]) is None]
        if not more:
            break
        assert more[0].first == tokens[0]
        message, tokens = remaining(message, more[0].shown), tokens[more[0].shown :]
    assert tuple(reached) == said.choice_tokens


@pytest.mark.parametrize("length", [1024, 1025, 4096, 4097, 5000, 9000])
@pytest.mark.parametrize("count", [2, 8, 20])
def test_long_text_ends_in_a_body_that_fits_above_its_buttons(length, count):
    choices = [f"Choix {n}" for n in range(count)]
    *texts, last = render(outgoing({"text": ("mot " * 3000)[:length], "choices": choices}), say)
    judge(dict(last.body))
    assert [request.body["type"] for request in texts] == ["text"] * len(texts)
    assert len(texts) == -(-max(0, length - 1024) // 4080)


def test_ten_choices_need_no_second_page():
    (request,) = render(outgoing({"text": "Lequel ?", "choices": [f"Choix {n}" for n in range(10)]}), say)
    assert len(request.body["interactive"]["action"]["sections"][0]["rows"]) == 10


@pytest.mark.parametrize(
    "identity", ["", "33600000001", "phone:", "phone:abc", "bsuid:fr.1", "chat:5", "phone:33600000001\n"]
)
def test_identity_of_another_channel_has_no_way_there(identity):
    with pytest.raises(RecipientGoneError):
        render(outgoing({"text": "Bonjour", "to": identity}), say)


def test_half_a_character_is_never_sent():
    (request,) = render(outgoing({"text": "a\ud800b", "choices": ["\udfffOui", "Non"]}), say)
    str(request.body["interactive"]).encode()


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("lettre.pdf", "lettre.pdf"),
        ("Lettre.PDF", "Lettre.PDF"),
        ("lettre", "lettre.pdf"),
        ("", "document.pdf"),
        (".pdf", ".pdf.pdf"),
        ("../../etc/passwd", ".. .. etc passwd.pdf"),
        ("a\nb.pdf", "a b.pdf"),
    ],
)
def test_name_of_a_document_has_no_path_and_an_ending(name, shown):
    assert file_name(OutboundFile("letter", name, "application/pdf")) == shown


DIRECTED = [
    ("اتصل 01 23 45 67 89 الآن", "اتصل \u206601 23 45 67 89\u2069 الآن"),
    ("اتصل \u206601 23 45 67 89\u2069", "اتصل \u206601 23 45 67 89\u2069"),
    ("اتصل \u2066Cimade 01 23 45 67 89\u2069", "اتصل \u2066Cimade 01 23 45 67 89\u2069"),
    ("Guichet يساعدك", "\u200fGuichet يساعدك"),
    ("عام 2026 و 93", "عام 2026 و 93"),
    ("", ""),
    ("سطر\nANEF سطر", "سطر\n\u200fANEF سطر"),
]


@pytest.mark.parametrize(("text", "sent"), DIRECTED)
def test_right_to_left_text_keeps_its_numbers_and_its_beginning(text, sent):
    assert directed(text, "ar") == sent
    assert directed(text, "fr") == text


def test_languages_written_from_the_right_are_those_of_the_registry():
    languages = load_languages(ROOT / "bot/data/languages.yml").all
    assert {language.code for language in languages if language.direction == "rtl"} == RTL
