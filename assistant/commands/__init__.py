"""Commands of `send-assistant` for content people, one module each: `register` names it, `run` does it."""
