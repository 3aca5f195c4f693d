"""The command line tool `send-assistant`."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from assistant.commands import audit, bench, evaluate, feed, fine_tune, new_article, preview, retention, seed, staff
from assistant.errors import ServiceError
from knowledge.errors import KnowledgeError
from nlu.encoder import EncoderMissing


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; errors become one line with the remedy and exit code 1."""
    options = _parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], int] = options.command
    try:
        return command(options)
    except (ServiceError, KnowledgeError, EncoderMissing) as error:
        print(f"send-assistant: {error}", file=sys.stderr)
    except OSError as error:
        print(f"send-assistant: {error.strerror or error} {error.filename or ''}".rstrip(), file=sys.stderr)
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="send-assistant", description="The SEND assistant for Medway.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    build = commands.add_parser("build", help="make the encoder, the index and the dialogue model where stale")
    build.add_argument("--force", action="store_true", help="make all steps again")
    build.set_defaults(command=_build)
    commands.add_parser("serve", help="run the service in the foreground").set_defaults(command=_serve)
    check = commands.add_parser("check", help="check the content: schema, facts, links, reading age")
    check.add_argument("part", nargs="*", help="show findings with this text only")
    check.add_argument("--summary", action="store_true", help="print figures on the content as well")
    check.add_argument("--report", type=Path, help="write the report on all content to a file (Markdown)")
    check.set_defaults(command=_check)
    for part in (new_article, preview, feed, retention, fine_tune, evaluate, bench, seed, staff, audit):
        part.register(commands)
    return parser


def _build(options: argparse.Namespace) -> int:
    from assistant.build.run import build

    started = time.monotonic()
    build(lambda text: print(f"build    | {text}", flush=True), force=options.force)
    print(f"build    | done in {time.monotonic() - started:.1f} s")
    return 0


def _serve(options: argparse.Namespace) -> int:
    from assistant.serve import serve
    from assistant.settings import Settings

    serve(Settings.from_env())
    return 0


def _check(options: argparse.Namespace) -> int:
    import datetime as dt

    from knowledge.check import check_content
    from knowledge.check.summary import summary

    found = check_content(today=dt.datetime.now(dt.UTC).date())
    shown = [p for p in found if not options.part or any(part in str(p) for part in options.part)]
    for problem in shown:
        print(problem)
    if options.summary:
        print(summary())
    if options.report:
        from knowledge.check.report import report

        options.report.write_text(report(found), encoding="utf-8")
    errors = sum(problem.level == "error" for problem in shown)
    print(f"{errors} errors, {len(shown) - errors} warnings")
    return int(errors > 0)


if __name__ == "__main__":
    sys.exit(main())
