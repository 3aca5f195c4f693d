"""`send-assistant retention run`: delete what is past its time, now. The gateway does the same every few hours."""

from __future__ import annotations

import argparse
import sys


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the tool."""
    parser = commands.add_parser("retention", help="delete what is past its time")
    parser.add_argument("what", choices=["run"])
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Delete and say how much."""
    from assistant.settings import Settings
    from assistant.storage.storage import Storage

    storage = Storage(Settings.from_env())
    storage.open()
    try:
        done = storage.retention.run()
    finally:
        storage.close()
    counts = f"{done.conversations} conversations, {done.handovers} requests, {done.safeguarding} safeguarding records"
    sys.stdout.write(f"deleted: {counts}\n")
    return 0
