"""The dialogue engine: the only package that imports Rasa."""
