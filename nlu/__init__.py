"""Language: normalising, spelling, the sentence encoder and the spaCy matchers; runs on Python 3.10 and newer."""
