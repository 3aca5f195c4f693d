"""Starts the gateway again and again without loading everything each time; driven by lines on standard input.

`start` forks a process that serves, `kill` ends it as the kernel would, at once; each is answered with a line.
"""

from __future__ import annotations

import os
import signal
import sys

from assistant.gateway.main import create, run
from assistant.settings import Settings


def main() -> None:
    """Obey until the input ends."""
    # The database is opened by the one who serves.
    settings, app, child = Settings.from_env(), create(), 0
    for line in sys.stdin:
        if line.strip() == "start":
            child = os.fork()
            if child == 0:
                run(settings, app)
                os._exit(0)
        else:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        sys.stdout.write(f"{line.strip()} done\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
