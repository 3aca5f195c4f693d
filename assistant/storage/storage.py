"""The whole of storage as one object; every call blocks, so the gateway runs it in a thread."""

from collections.abc import Callable
from datetime import datetime, timedelta

from assistant.settings import Settings
from assistant.storage import moments, sealing
from assistant.storage.audit import Audit
from assistant.storage.conversations import Conversations
from assistant.storage.database import Database
from assistant.storage.deletion import Deletion
from assistant.storage.desk import Desk
from assistant.storage.flags import Flags
from assistant.storage.handovers import Handovers
from assistant.storage.insight import Insight
from assistant.storage.operator import Operator
from assistant.storage.outbox import Outbox
from assistant.storage.queue import Queue
from assistant.storage.requests import Requests
from assistant.storage.retention import Periods, Retention
from assistant.storage.seeding import Seeding
from assistant.storage.staff import Staff
from assistant.storage.staff_sessions import StaffSessions
from assistant.storage.tickets import Tickets


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
        self.now = now
        self.seal = seal = sealing.from_settings(settings)
        self.database = Database(settings.database)
        self.audit = Audit(self.database, now=now)
        self.operator = Operator(self.database, self.audit, settings, now=now)
        self.conversations = Conversations(
            self.database, keep_days=lambda: self.operator.current.settings.retention_days, now=now
        )
        self.handovers = Handovers(self.database, seal, now=now)
        self.deletion = Deletion(self.database, seal, now=now)
        self.retention = Retention(self.database, self.deletion, self._periods, now=now)
        self.tickets = Tickets(self.database, self.audit, now=now)
        self.insight = Insight(self.database)
        self.outbox = Outbox(self.database, now=now)
        self.queue = Queue(self.database, now=now)
        self.requests = Requests(self.database, seal, now=now)
        self.desk = Desk(self.database, seal, self.audit, now=now)
        self.flags = Flags(self.database, seal, self.audit, now=now)
        self.seeding = Seeding(self.database, seal, now=now)
        self.staff = Staff(self.database, seal, self.audit, now=now)
        self.staff_sessions = StaffSessions(
            self.database,
            seal,
            self.audit,
            idle=timedelta(minutes=settings.staff_idle_minutes),
            longest=timedelta(hours=settings.staff_absolute_hours),
            now=now,
        )

    def open(self) -> None:
        """Bring the schema up to date.

        Raises:
            StorageError: The database cannot be reached or migrated.
        """
        self.database.migrate()

    def close(self) -> None:
        """Close all connections."""
        self.database.close()

    def _periods(self) -> Periods:
        now = self.operator.refresh().settings
        return Periods(
            conversations=now.retention_days,
            handovers=now.retention_handover_days,
            safeguarding=now.retention_safeguarding_days,
        )
