"""A canned gateway that runs in a thread and can be killed and started again on the same port."""

import socket
import threading

import uvicorn

from tests.browser.widget.canned_gateway import Canned, create_app

CHROMIUM = "/usr/bin/chromium"
CHROMIUM_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class Running:
    """The server, its address and its knobs."""

    def __init__(self) -> None:
        self.canned = Canned()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.url = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self) -> None:
        """Listen (again); what was said before the server was killed is still known."""
        listening = socket.socket()
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", self.port))
        config = uvicorn.Config(
            create_app(self.canned), log_level="critical", lifespan="off", timeout_graceful_shutdown=0
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [listening]}, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Cut every connection and stop listening."""
        self._server.should_exit = self._server.force_exit = True
        self._thread.join(timeout=10)
        assert not self._thread.is_alive(), "the canned gateway does not stop"

    def ensure_started(self) -> None:
        """Start again if a test stopped it."""
        if not self._thread.is_alive():
            self.start()

    def reset(self) -> None:
        """Turn every knob back; conversations are forgotten."""
        fresh = Canned()
        self.canned.__dict__.update(fresh.__dict__)

    def person_says(self, text: str) -> None:
        """Let a member of staff take the newest conversation and write in it."""
        talk = list(self.canned.talks.values())[-1]
        talk.handover = "with_person"
        talk.messages.append(self.canned.message("person", {"text": text, "status": None}))
