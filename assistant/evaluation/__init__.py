"""Measuring the assistant as its users meet it: through the public chat API."""
