"""Curated content and how it is found; knows no web and no Rasa."""
