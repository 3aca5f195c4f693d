"""What managers set, ready replies, tickets for content; claims of the outbox; what a request was about."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the tables, columns and indexes."""
    _operator()
    _tickets()
    op.add_column("outbox", sa.Column("claimed_until", sa.BigInteger(), nullable=True))
    op.add_column("outbox", sa.Column("done", sa.JSON(), nullable=True))
    op.add_column("handovers", sa.Column("about", sa.String(length=80), nullable=True))
    op.create_index("ix_handovers_created_at", "handovers", ["created_at"])
    op.create_index("ix_messages_created_at_status", "messages", ["created_at", "status", "reply_to"])
    op.create_index("ix_feedback_created_at", "feedback", ["created_at"])
    op.create_index("ix_conversations_created_at", "conversations", ["created_at"])


def _operator() -> None:
    op.create_table(
        "operator_settings",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_by", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_operator_settings"),
    )
    op.create_table(
        "canned_replies",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_canned_replies"),
    )


def _tickets() -> None:
    op.create_table(
        "content_tickets",
        sa.Column("number", _SERIAL, autoincrement=True, nullable=False),
        sa.Column("origin", sa.String(length=24), nullable=False),
        sa.Column("article_ids", sa.JSON(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("owner", sa.String(length=32), nullable=True),
        sa.Column("work_note", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("raised_by", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("number", name="pk_content_tickets"),
    )
    op.create_index("ix_content_tickets_state_updated_at", "content_tickets", ["state", "updated_at"])
    op.create_table(
        "ticket_questions",
        sa.Column("ticket", _SERIAL, nullable=False),
        sa.Column("message_id", sa.String(length=32), nullable=False),
        sa.Column("told_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["ticket"], ["content_tickets.number"], name="fk_ticket_questions_ticket", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name="fk_ticket_questions_message_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("ticket", "message_id", name="pk_ticket_questions"),
    )
    op.create_index("ix_ticket_questions_message_id", "ticket_questions", ["message_id"])
