"""Inserts that may meet a row that is there already; both databases can, each by its own dialect."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection


def insert(connection: Connection, table: sa.Table) -> postgresql.Insert:
    """Return an insert with `on_conflict_do_nothing` and `on_conflict_do_update`."""
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table)
    # The two have the same methods, but no common class that says so.
    return sqlite.insert(table)  # type: ignore[return-value]
