"""The engine: one place that knows how SQLite and PostgreSQL differ."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy.engine import Connection, Engine, make_url
from sqlalchemy.exc import SQLAlchemyError

from assistant.errors import StorageError

_logger = logging.getLogger(__name__)
# Any fixed number: replicas that start together take the same lock and migrate one after the other.
_MIGRATION_LOCK = 0x5E4D
# Alembic keeps its context in module globals, so two databases of one process must not migrate at once.
_migrating = threading.Lock()


class Database:
    """Transactions on one database.

    Args:
        url: `sqlite:///path` or `postgresql://…`.
    """

    def __init__(self, url: str) -> None:
        """Prepare the engine; nothing is opened before the first transaction."""
        self._engine = _engine(url)

    @property
    def is_embedded(self) -> bool:
        """Tell whether a short read costs less than handing it to a thread (SQLite readers never wait)."""
        return self._engine.dialect.name == "sqlite"

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Open a transaction for reading.

        Raises:
            StorageError: The database cannot be reached.
        """
        with self._transaction(write=False) as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Open a transaction that takes the write lock at once and commits at the end.

        Raises:
            StorageError: The database cannot be reached or refuses the write.
        """
        with self._transaction(write=True) as connection:
            yield connection

    @contextmanager
    def _transaction(self, *, write: bool) -> Iterator[Connection]:
        try:
            with self._engine.connect() as connection:
                connection = connection.execution_options(assistant_write=write)
                with connection.begin():
                    yield connection
        except SQLAlchemyError as error:
            # The driver's text can carry the values of the row.
            raise StorageError(f"{type(error).__name__} in the database") from error

    def migrate(self) -> None:
        """Bring the schema to the newest version; safe to call from several processes at once.

        Raises:
            StorageError: The database cannot be reached or a migration failed.
        """
        with _migrating, self.write() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_MIGRATION_LOCK)))
            config = Config()
            config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    def check(self) -> None:
        """Ask the database for one row.

        Raises:
            StorageError: It does not answer.
        """
        with self.read() as connection:
            connection.execute(sa.text("select 1"))

    def scrub(self) -> None:
        """Take deleted words out of SQLite's write-ahead file as well, as far as nobody is reading just now."""
        if self.is_embedded:
            with self._engine.connect() as connection:
                # A checkpoint cannot run inside a transaction, so it goes past SQLAlchemy's own.
                cursor = connection.connection.cursor()
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                cursor.close()

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()


def _engine(url: str) -> Engine:
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        return _sqlite(address)
    if address.drivername in ("postgres", "postgresql"):
        address = address.set(drivername="postgresql+psycopg")
    return sa.create_engine(address, pool_pre_ping=True, pool_size=10, hide_parameters=True)


def _sqlite(address: sa.URL) -> Engine:
    if address.database:
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(address, hide_parameters=True)

    @sa.event.listens_for(engine, "connect")
    def prepare(dbapi_connection: object, _record: object) -> None:
        # The driver's own BEGIN comes too late to hold a lock from the start; ours is below.
        dbapi_connection.isolation_level = None  # type: ignore[attr-defined]
        for pragma in _PRAGMAS:
            dbapi_connection.execute(f"PRAGMA {pragma}")  # type: ignore[attr-defined]

    @sa.event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        write = connection.get_execution_options().get("assistant_write", True)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

    return engine


# secure_delete: deleted words are overwritten in the file, not only unlinked.
_PRAGMAS = (
    "busy_timeout=5000",
    "journal_mode=WAL",
    "synchronous=NORMAL",
    "foreign_keys=ON",
    "secure_delete=ON",
)
