"""`python -m assistant.gateway [--after ADDRESS…]`: serve the gateway with the settings of the environment."""

import argparse
import sys
import time
from collections.abc import Sequence

import httpx

from assistant.errors import ServiceError
from assistant.gateway.main import create, run
from assistant.settings import Settings

_WAIT_SECONDS = 170.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Load everything, wait for the addresses to answer, then open the port; return 1 if a setting is unusable."""
    parser = argparse.ArgumentParser(prog="python -m assistant.gateway")
    parser.add_argument("--after", nargs="*", default=[], metavar="ADDRESS", help="wait until these answer")
    addresses = parser.parse_args(arguments).after
    try:
        app = create()
        wait_for(addresses)
        run(Settings.from_env(), app)
    except ServiceError as error:
        sys.stderr.write(f"gateway: {error}\n")
        return 1
    return 0


def wait_for(addresses: Sequence[str], seconds: float = _WAIT_SECONDS) -> None:
    """Return when all addresses answer 200, or when the time is up: then the gateway serves what it can."""
    until = time.monotonic() + seconds
    with httpx.Client(trust_env=False, timeout=1.0) as client:
        while time.monotonic() < until and not all(_answers(client, address) for address in addresses):
            time.sleep(0.1)


def _answers(client: httpx.Client, address: str) -> bool:
    try:
        return client.get(address).status_code == 200
    except httpx.HTTPError:
        return False


if __name__ == "__main__":
    sys.exit(main())
