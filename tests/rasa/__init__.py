"""Tests of what runs inside Rasa, by the interpreter of its environment (`unittest`: pytest is not there)."""
