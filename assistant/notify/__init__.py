"""Telling staff that something waits for them, by e-mail and webhook, without a word of what it is about."""
