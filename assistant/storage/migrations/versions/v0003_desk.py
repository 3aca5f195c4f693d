"""Requests get an owner, a priority, reply times and a reason for closing; notes, tags and who has one open."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the columns and tables; what is open is due when the family was told."""
    _handovers()
    op.add_column("flag_history", sa.Column("sealed", sa.LargeBinary(), nullable=True))
    _request_notes()
    _request_tags()
    _request_presence()


def _handovers() -> None:
    for column in (
        sa.Column("assignee", sa.String(length=32), nullable=True),
        sa.Column("priority", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("first_reply_at", sa.BigInteger(), nullable=True),
        sa.Column("close_reason", sa.String(length=24), nullable=True),
        sa.Column("helped", sa.Boolean(), nullable=True),
    ):
        op.add_column("handovers", column)
    op.create_index("ix_handovers_assignee", "handovers", ["assignee"])
    op.create_index("ix_handovers_state_updated_at", "handovers", ["state", "updated_at"])
    op.drop_index("ix_handovers_state", "handovers")
    requests = sa.table("handovers", sa.column("due_at"), sa.column("expected_by"), sa.column("closed_at"))
    op.execute(requests.update().where(requests.c.closed_at.is_(None)).values(due_at=requests.c.expected_by))


def _request_notes() -> None:
    op.create_table(
        "request_notes",
        sa.Column("seq", _SERIAL, autoincrement=True, nullable=False),
        sa.Column("handover_id", sa.String(length=32), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("author", sa.String(length=32), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["handover_id"], ["handovers.id"], name="fk_request_notes_handover_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("seq", name="pk_request_notes"),
    )
    op.create_index("ix_request_notes_handover_id", "request_notes", ["handover_id"])


def _request_tags() -> None:
    op.create_table(
        "request_tags",
        sa.Column("handover_id", sa.String(length=32), nullable=False),
        sa.Column("tag", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["handover_id"], ["handovers.id"], name="fk_request_tags_handover_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("handover_id", "tag", name="pk_request_tags"),
    )
    op.create_index("ix_request_tags_tag", "request_tags", ["tag"])


def _request_presence() -> None:
    op.create_table(
        "request_presence",
        sa.Column("handover_id", sa.String(length=32), nullable=False),
        sa.Column("account", sa.String(length=32), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["handover_id"], ["handovers.id"], name="fk_request_presence_handover_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("handover_id", "account", name="pk_request_presence"),
    )
