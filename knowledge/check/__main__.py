"""`python -m knowledge.check [part of a path …]`: print the findings, all or those of some files."""

from __future__ import annotations

import datetime as dt
import sys

from knowledge.check import check_content


def main(parts: list[str]) -> int:
    """Print the findings and return 1 if one of them is an error."""
    found = check_content(today=dt.date.today())
    shown = [problem for problem in found if not parts or any(part in str(problem) for part in parts)]
    for problem in shown:
        sys.stdout.write(f"{problem}\n")
    return int(any(problem.level == "error" for problem in shown))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
