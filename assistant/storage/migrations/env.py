"""Alembic's entry: runs on the connection that `Database.migrate` hands over."""

from alembic import context

from assistant.storage import insight_tables, staff_tables  # noqa: F401 (add their tables to the metadata)
from assistant.storage.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # SQLite cannot alter most things in place.
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
