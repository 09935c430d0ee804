"""Languages, wording, dates and bidi."""
