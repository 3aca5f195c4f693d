"""The only process that the internet reaches: chat API, limits, redaction, hand-over, the no-script page."""
