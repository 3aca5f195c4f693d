"""Tables of what managers set, of ready replies, and of tickets for content."""

import sqlalchemy as sa

from assistant.storage.tables import metadata

# SQLite numbers rows by itself only for plain INTEGER keys.
_Serial = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_Moment = sa.BigInteger

# One row a subject (`hours`, `closures`, `contact.sendias`, …); what has no row is as the environment says.
operator_settings = sa.Table(
    "operator_settings",
    metadata,
    sa.Column("name", sa.String(80), primary_key=True),
    sa.Column("value", sa.JSON, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("updated_at", _Moment, nullable=False),
    sa.Column("updated_by", sa.String(64), nullable=False),
)

canned_replies = sa.Table(
    "canned_replies",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("title", sa.String(80), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("updated_at", _Moment, nullable=False),
)

content_tickets = sa.Table(
    "content_tickets",
    metadata,
    # Said aloud as "ticket 12".
    sa.Column("number", _Serial, primary_key=True, autoincrement=True),
    sa.Column("origin", sa.String(24), nullable=False),
    sa.Column("article_ids", sa.JSON, nullable=False),
    # Written by staff. What families asked is not copied: it is read from their messages while these are kept.
    sa.Column("summary", sa.Text),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("owner", sa.String(32)),
    sa.Column("work_note", sa.Text),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("raised_by", sa.String(64), nullable=False),
    sa.Column("created_at", _Moment, nullable=False),
    sa.Column("updated_at", _Moment, nullable=False),
    sa.Column("closed_at", _Moment),
    sa.Index("ix_content_tickets_state_updated_at", "state", "updated_at"),
)

# The questions behind a ticket; a row goes when its message goes.
ticket_questions = sa.Table(
    "ticket_questions",
    metadata,
    sa.Column("ticket", _Serial, sa.ForeignKey("content_tickets.number", ondelete="CASCADE"), primary_key=True),
    # The message of the family.
    sa.Column(
        "message_id", sa.String(32), sa.ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True, index=True
    ),
    sa.Column("told_at", _Moment),
)
