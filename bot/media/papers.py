"""Identity papers by their words (domain.md 3.7 S-PHOTO): what is printed on a card and on no booking page.

A page that shows it is a page (an address, a slot, "next step") is never a card, whatever it talks about: booking pages
name every title there is. Must not know: who read the words, from what.
"""

from __future__ import annotations

import re

from bot.core.text import fold

MOST_WORDS = 140
"""A card or a passport page holds fewer; a receipt hardly more."""

_PAGE = re.compile(
    r"https?|www\.|gouv\.?fr|\.fr/|rendez.?vous|\brdv\b|creneau|plages? horaires?|time slots?|appointment|captcha|cookies"
    r"|\bsuivant\b|\bprecedent\b|\betape\b|\baccueil\b|se connecter|next step|sign in|log in"
)
_ONLY_ON_PAPERS = tuple(
    re.compile(pattern)
    for pattern in (
        r"titre de sejour.{0,60}residence permit",
        r"passeport.{0,4}passport|passport.{0,4}passeport",
        r"carte nationale d.?identite.{0,60}identity card",
        r"\bnom\W{0,3}surname",
        r"prenoms?\W{0,4}given names?",
        r"nationalite\W{0,3}nationality",
        r"\bsexe\W{0,3}sex\b",
        r"date (de naissance|de naiss|of birth)\W{0,4}date (of birth|de naiss)",
        r"lieu de naissance\W{0,3}place of birth",
        r"date d.?expir\w*\W{0,4}(date of )?expiry",
        r"signature du titulaire|holder.?s signature",
        r"autorise son titulaire",
        r"remarques\W{0,3}remarks",
    )
)
_ALSO_ON_PAGES = tuple(
    re.compile(pattern)
    for pattern in (
        r"titre de sejour|carte de sejour|carte de resident|residence permit",
        r"\bpasseport\b|\bpassport\b",
        r"carte nationale d.?identite|identity card",
        r"recepisse de demande",
        r"republique francaise",
        r"\bnom\b|\bsurname\b",
        r"date de naissance|date of birth|\bnee? le\b",
        r"nationalite|nationality",
        r"valable jusqu|date of expiry|date d.?expiration",
        r"delivree? (le|par|a)\b|\bauthority\b|\bautorite\b",
    )
)
_ZONE_LINE = re.compile(r"[A-Z0-9<]{26,46}")
_FILLERS = str.maketrans({"«": "<", "‹": "<", "≤": "<", "(": "<", "{": "<"})


def is_page(text: str) -> bool:
    """True when the words are those of a web page: an address, an appointment, navigation."""
    return _PAGE.search(fold(text)) is not None


def has_zone_lines(text: str) -> bool:
    """True for a machine-readable zone: two such lines, or one that is filled up with chevrons."""
    lines = [re.sub(r"\s", "", line).translate(_FILLERS) for line in text.splitlines()]
    found = [match.group() for line in lines if "<<" in line and (match := _ZONE_LINE.search(line))]
    return len(found) > 1 or any("<<<<" in line for line in found)


def is_identity_paper(text: str) -> bool:
    """True for the words of a card, a passport or a receipt that nobody would find on a booking page."""
    if has_zone_lines(text):
        return True
    words = fold(text)
    if is_page(text) or len(words.split()) > MOST_WORDS:
        return False
    sure = sum(pattern.search(words) is not None for pattern in _ONLY_ON_PAPERS)
    likely = sum(pattern.search(words) is not None for pattern in _ALSO_ON_PAGES)
    return sure > 1 or (sure == 1 and likely > 1)
