"""`send-assistant seed`: invented requests in an empty database, to look at the staff pages or to measure them."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from assistant.storage.seeding import Samples

_SAMPLES = Path(__file__).with_suffix(".yml")


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the tool."""
    parser = commands.add_parser("seed", help="write invented requests into an empty database")
    parser.add_argument("--requests", type=int, default=30, help="how many requests (30)")
    parser.add_argument("--flags", type=int, default=3, help="how many safeguarding records (3)")
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Write them, shared out among the accounts that can look after requests."""
    from assistant.settings import Settings
    from assistant.storage.storage import Storage

    storage = Storage(Settings.from_env())
    storage.open()
    try:
        staff = [state.account.id for state in storage.staff.all() if state.account.role != "editor"]
        storage.seeding.fill(samples(), requests=options.requests, flags=options.flags, staff=staff)
    finally:
        storage.close()
    sys.stdout.write(f"written: {options.requests} invented requests, {options.flags} safeguarding records\n")
    return 0


def samples() -> Samples:
    """Read the invented content."""
    import yaml

    return Samples(**yaml.safe_load(_SAMPLES.read_text(encoding="utf-8")))
