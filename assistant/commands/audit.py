"""`send-assistant audit verify`: follow the hash chain of the audit log and name the first broken entry."""

from __future__ import annotations

import argparse
import sys


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the tool."""
    parser = commands.add_parser("audit", help="check that the audit log was not changed")
    parser.add_argument("what", choices=["verify"])
    parser.add_argument(
        "--against",
        type=_noted,
        metavar="NUMBER:HASH",
        help="an entry that was noted elsewhere earlier: finds a log that was cut short or written anew",
    )
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Verify; print the last entry, worth noting elsewhere; 1 if the chain is broken."""
    from assistant.settings import Settings
    from assistant.storage.storage import Storage

    storage = Storage(Settings.from_env())
    storage.open()
    try:
        verdict = storage.audit.verify(expected=options.against)
    finally:
        storage.close()
    if verdict.broken_at is not None:
        sys.stdout.write(f"broken: entry {verdict.broken_at} {verdict.reason}\n")
        return 1
    sys.stdout.write(f"{verdict.entries} entries, unbroken; the last is {verdict.entries}:{verdict.head}\n")
    return 0


def _noted(text: str) -> tuple[int, str]:
    number, _, digest = text.partition(":")
    if not number.isdigit() or len(digest) != 64:
        raise argparse.ArgumentTypeError("give NUMBER:HASH as an earlier 'audit verify' printed it")
    return int(number), digest
