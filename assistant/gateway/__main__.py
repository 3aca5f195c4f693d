"""`python -m assistant.gateway`: serve the gateway with the settings of the environment."""

import sys

from assistant.errors import ServiceError
from assistant.gateway.main import run
from assistant.settings import Settings

if __name__ == "__main__":
    try:
        run(Settings.from_env())
    except ServiceError as error:
        sys.stderr.write(f"gateway: {error}\n")
        sys.exit(1)
