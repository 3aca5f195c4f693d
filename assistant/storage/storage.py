"""The whole of storage as one object; every call blocks, so the gateway runs it in a thread."""

from collections.abc import Callable
from datetime import datetime

from assistant.settings import Settings
from assistant.storage import moments, sealing
from assistant.storage.conversations import Conversations
from assistant.storage.database import Database
from assistant.storage.deletion import Deletion
from assistant.storage.handovers import Handovers
from assistant.storage.retention import Periods, Retention


class Storage:
    """Joins the repositories on one database.

    Args:
        settings: Database address, keys and periods.
        now: Clock, aware UTC; tests move it.

    Raises:
        SettingsError: The key for contact details cannot be used.
    """

    def __init__(self, settings: Settings, *, now: Callable[[], datetime] = moments.now) -> None:
        """Build the parts; the database is opened by `open`."""
        seal = sealing.from_settings(settings)
        periods = Periods(
            conversations=settings.retention_days,
            handovers=settings.retention_handover_days,
            safeguarding=settings.retention_safeguarding_days,
        )
        self.database = Database(settings.database)
        self.conversations = Conversations(self.database, keep_days=settings.retention_days, now=now)
        self.handovers = Handovers(self.database, seal, now=now)
        self.deletion = Deletion(self.database, seal, now=now)
        self.retention = Retention(self.database, self.deletion, periods, now=now)

    def open(self) -> None:
        """Bring the schema up to date.

        Raises:
            StorageError: The database cannot be reached or migrated.
        """
        self.database.migrate()

    def close(self) -> None:
        """Close all connections."""
        self.database.close()
