"""Rasa graph components, one to a file: the only place in this package that knows Rasa."""
