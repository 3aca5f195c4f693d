"""`send-assistant fine-tune`: learn the encoder's corrections anew, when many wordings were added."""

from __future__ import annotations

import argparse
import sys

_ROUNDS = 3


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the tool."""
    parser = commands.add_parser("fine-tune", help="fit the encoder to the articles' wordings (a quarter of an hour)")
    parser.add_argument("--rounds", type=int, default=_ROUNDS, help=f"how often each text is seen (else {_ROUNDS})")
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Learn and write the corrections; the next build uses them."""
    from assistant.build import encoder, fine_tuning
    from knowledge.loader import load_articles

    texts = fine_tuning.samples(load_articles().values())
    _say(f"{len(texts)} texts")
    fine_tuning.fine_tune(texts, epochs=options.rounds, say=_say, target=encoder.CORRECTIONS)
    _say(f"written: {encoder.CORRECTIONS.name}; run 'send-assistant build', then look at docs/evaluation.md")
    return 0


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
