"""The row that asks for more choices says all there is to know."""

import pytest

from bot.core.messages import Choice, OutboundFile, OutboundMessage
from bot.core.paging import More, more_token, read_more, remaining

MESSAGE = OutboundMessage(
    "Lequel ?",
    "fr",
    asks="place",
    choices=tuple(Choice(f"place:{n}", str(n)) for n in range(12)),
    files=(OutboundFile("letter", "a.pdf", "application/pdf"),),
)


def test_token_is_read_as_it_was_written():
    token = more_token(9, "r:3f8k2m7q1x5z")
    assert token == "r:more:9:r:3f8k2m7q1x5z"
    assert read_more(token) == More(9, "r:3f8k2m7q1x5z")
    assert len(token) <= 40


@pytest.mark.parametrize(
    "token",
    [
        "", "r:ab12", "r:more:0:r:a", "r:more:9:", "r:more:9:ab", "r:more:-1:r:a", "r:more:9999:r:a", "r:more:٩:r:a",
        "r:more:9:r:a b", "x r:more:9:r:a", "r:more:9:r:a\n",
    ],
)  # fmt: skip
def test_token_of_a_choice_asks_for_nothing_more(token):
    assert read_more(token) is None


def test_what_is_left_is_the_same_question_without_its_files():
    left = remaining(MESSAGE, 9)
    assert left is not None
    assert [choice.id for choice in left.choices] == ["place:9", "place:10", "place:11"]
    assert (left.text, left.asks, left.files) == ("Lequel ?", "place", ())


@pytest.mark.parametrize("shown", [12, 13, 999])
def test_nothing_is_left_after_the_last(shown):
    assert remaining(MESSAGE, shown) is None
