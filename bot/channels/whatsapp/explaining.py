"""What a reason for which nothing is sent means, and what to do, in plain words for whoever runs the house.

The long form stands in bot/docs/whatsapp.md. Must not know: where the words are shown.
"""

from __future__ import annotations

from bot.channels.whatsapp.results import BROKEN_TOKEN, STOPPED, THROUGHPUT, TOO_MANY_CALLS

_WORDS = {
    131042: "Meta wants a means of payment: add a card in WhatsApp Manager",
    131031: "Meta has locked the account: ask its business support",
    368: "Meta has stopped the account for its rules: ask its business support",
    131037: "Meta wants the name of the number approved first",
    131045: "the number is not registered at Meta: register it with its PIN",
    133010: "the number is not registered at Meta: register it with its PIN",
    33: "Meta does not know the number: compare GUICHET_WHATSAPP_PHONE_NUMBER_ID",
    **dict.fromkeys((0, 190, 102), "Meta refuses the token, which ended or was revoked: make a new one"),
    **dict.fromkeys((*TOO_MANY_CALLS, *THROUGHPUT), "Meta asks for patience; nothing is to be done"),
}


def explain(reason: str) -> str:
    """Plain words, with the code to look it up by."""
    if not (reason.isascii() and reason.isdigit()):
        return f"Meta's answer cannot be used, or it does not answer ({reason})"
    code = int(reason)
    words = _WORDS.get(code)
    if words is None and code in BROKEN_TOKEN:
        words = "the token lacks a right: see both ticks and both assets"
    if words is None:
        words = "Meta has stopped the number or the account" if code in STOPPED else "Meta refuses"
    return f"{words} (code {code})"
