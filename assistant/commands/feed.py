"""`send-assistant feed`: the service records as an Open Referral UK feed."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the command line."""
    parser = commands.add_parser("feed", help="write the service records as an Open Referral UK feed (JSON)")
    parser.add_argument("--out", type=Path, help="file to write to (else standard output)")
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Write the feed."""
    text = feed()
    if options.out is None:
        sys.stdout.write(text)
    else:
        options.out.write_text(text, encoding="utf-8")
    return 0


def feed() -> str:
    """Return all service records as one page of a feed; the operator's own contact details win.

    Raises:
        ContentError: A record or a contact cannot be used.
    """
    from assistant.settings import Settings
    from knowledge.loader import load_contacts
    from knowledge.open_referral import export
    from knowledge.services import load_services

    contacts = load_contacts(override=Settings.from_env().contacts)
    return json.dumps(export(load_services(), contacts), ensure_ascii=False, indent=2) + "\n"
