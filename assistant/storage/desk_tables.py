"""What staff add to a request; everything here goes when the request goes."""

import sqlalchemy as sa

from assistant.storage.tables import metadata

# SQLite numbers rows by itself only for plain INTEGER keys.
_Serial = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _request(*, key: bool = False) -> sa.Column[str]:
    rule = sa.ForeignKey("handovers.id", ondelete="CASCADE")
    return sa.Column("handover_id", sa.String(32), rule, nullable=False, primary_key=key, index=not key)


# Append-only: no code here changes a row.
request_notes = sa.Table(
    "request_notes",
    metadata,
    sa.Column("seq", _Serial, primary_key=True, autoincrement=True),
    _request(),
    sa.Column("at", sa.BigInteger, nullable=False),
    sa.Column("author", sa.String(32), nullable=False),
    # Encrypted: a note may name somebody.
    sa.Column("sealed", sa.LargeBinary, nullable=False),
)

request_tags = sa.Table(
    "request_tags",
    metadata,
    _request(key=True),
    sa.Column("tag", sa.String(32), primary_key=True, index=True),
)

# Who has a request open, so that two people see each other.
request_presence = sa.Table(
    "request_presence",
    metadata,
    _request(key=True),
    sa.Column("account", sa.String(32), primary_key=True),
    sa.Column("seen_at", sa.BigInteger, nullable=False),
)
