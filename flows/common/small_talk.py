"""What is said to a greeting or a thank-you in the middle of a question.

Must not know: which question was open.
"""

from __future__ import annotations

from bot.core.intents import Intent

POLITE = {Intent.GREET: "utter_greet", Intent.THANKS_BYE: "utter_thanks"}
"""Said before the question is asked again; neither counts as an answer that could not be used."""
