"""The tables. Texts here are redacted before they arrive; contact details arrive sealed."""

import sqlalchemy as sa

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite numbers rows by itself only for plain INTEGER keys.
_Serial = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
# Milliseconds since 1970 in UTC: sorts and compares alike in every database.
_Moment = sa.BigInteger


def _id() -> sa.Column[str]:
    return sa.Column("id", sa.String(32), primary_key=True)


def _conversation(*, kept: bool = False) -> sa.Column[str]:
    rule = "SET NULL" if kept else "CASCADE"
    key = sa.ForeignKey("conversations.id", ondelete=rule)
    return sa.Column("conversation_id", sa.String(32), key, nullable=kept, index=True)


conversations = sa.Table(
    "conversations",
    metadata,
    _id(),
    sa.Column("token_hash", sa.String(64), nullable=False),
    sa.Column("created_at", _Moment, nullable=False, index=True),
    sa.Column("last_active", _Moment, nullable=False),
    sa.Column("expires_at", _Moment, nullable=False, index=True),
    sa.Column("reading_mode", sa.String(16), nullable=False),
    sa.Column("audience", sa.String(16)),
    sa.Column("handover", sa.String(16), nullable=False),
    sa.Column("silence_noted", sa.Boolean, nullable=False, default=False),
    sa.Column("dialogue_state", sa.JSON),
)

messages = sa.Table(
    "messages",
    metadata,
    sa.Column("seq", _Serial, primary_key=True, autoincrement=True),
    sa.Column("id", sa.String(32), nullable=False, unique=True),
    _conversation(),
    sa.Column("sender", sa.String(16), nullable=False),
    sa.Column("created_at", _Moment, nullable=False),
    sa.Column("status", sa.String(32)),
    sa.Column("text", sa.Text, nullable=False),
    # What the reader sees beyond the text: blocks, citations, choices, reading, terms.
    sa.Column("body", sa.JSON, nullable=False),
    # Never sent out: what each choice stands for, probabilities, article ids.
    sa.Column("hidden", sa.JSON, nullable=False),
    sa.Column("reply_to", sa.String(32), index=True),
    sa.Column("client_message_id", sa.String(36)),
    # The hand-over state after a user's message was dealt with; empty while that is not finished.
    sa.Column("outcome", sa.String(16)),
    sa.UniqueConstraint("conversation_id", "client_message_id"),
    sa.Index("ix_messages_created_at_status", "created_at", "status", "reply_to"),
)

feedback = sa.Table(
    "feedback",
    metadata,
    sa.Column("message_id", sa.String(32), sa.ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True),
    _conversation(),
    sa.Column("helpful", sa.Boolean, nullable=False),
    sa.Column("comment", sa.Text),
    sa.Column("created_at", _Moment, nullable=False, index=True),
)

handovers = sa.Table(
    "handovers",
    metadata,
    _id(),
    sa.Column("reference", sa.String(16), nullable=False, unique=True),
    _conversation(kept=True),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("state", sa.String(24), nullable=False),
    sa.Column("version", sa.Integer, nullable=False, default=1),
    sa.Column("preferred_contact", sa.String(16), nullable=False),
    sa.Column("share_transcript", sa.Boolean, nullable=False),
    # Name, e-mail, phone and note, encrypted as one.
    sa.Column("details", sa.LargeBinary, nullable=False),
    # What consent covered, kept (encrypted) when the conversation itself is deleted.
    sa.Column("kept_transcript", sa.LargeBinary),
    sa.Column("expected_by", _Moment, nullable=False),
    sa.Column("created_at", _Moment, nullable=False),
    sa.Column("updated_at", _Moment, nullable=False),
    sa.Column("closed_at", _Moment, index=True),
    # The account of the person who looks after it.
    sa.Column("assignee", sa.String(32), index=True),
    # 0 ordinary, 1 high, 2 urgent.
    sa.Column("priority", sa.Integer, nullable=False, default=0, server_default="0"),
    # When the next reply is due; empty while the family's answer is awaited and after closing.
    sa.Column("due_at", _Moment),
    sa.Column("first_reply_at", _Moment),
    sa.Column("close_reason", sa.String(24)),
    # Whether the family says that the person helped.
    sa.Column("helped", sa.Boolean),
    # The article that was shown last before the request; says what requests are about without a family's words.
    sa.Column("about", sa.String(80)),
    sa.UniqueConstraint("conversation_id", "digest"),
    sa.Index("ix_handovers_created_at", "created_at"),
    sa.Index("ix_handovers_state_updated_at", "state", "updated_at"),
)

safeguarding_flags = sa.Table(
    "safeguarding_flags",
    metadata,
    _id(),
    _conversation(kept=True),
    sa.Column("message_id", sa.String(32)),
    sa.Column("kind", sa.String(48), nullable=False),
    sa.Column("category", sa.String(48)),
    sa.Column("score", sa.Float, nullable=False),
    sa.Column("reasons", sa.JSON, nullable=False),
    sa.Column("text", sa.Text),
    sa.Column("state", sa.String(24), nullable=False, index=True),
    sa.Column("created_at", _Moment, nullable=False),
    sa.Column("closed_at", _Moment),
)

# Append-only: no code here changes a row.
flag_history = sa.Table(
    "flag_history",
    metadata,
    sa.Column("seq", _Serial, primary_key=True, autoincrement=True),
    sa.Column(
        "flag_id",
        sa.String(32),
        sa.ForeignKey("safeguarding_flags.id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    sa.Column("at", _Moment, nullable=False),
    sa.Column("actor", sa.String(64), nullable=False),
    sa.Column("old_state", sa.String(24)),
    sa.Column("new_state", sa.String(24), nullable=False),
    sa.Column("note", sa.Text),
    # What a person wrote about it, encrypted: it may name somebody.
    sa.Column("sealed", sa.LargeBinary),
)

outbox = sa.Table(
    "outbox",
    metadata,
    sa.Column("seq", _Serial, primary_key=True, autoincrement=True),
    sa.Column("kind", sa.String(32), nullable=False),
    # Ids and kinds only: what leaves the house carries no personal data.
    sa.Column("payload", sa.JSON, nullable=False),
    sa.Column("created_at", _Moment, nullable=False),
    sa.Column("due_at", _Moment, nullable=False, index=True),
    sa.Column("attempts", sa.Integer, nullable=False, default=0),
    sa.Column("last_error", sa.String(200)),
    sa.Column("sent_at", _Moment),
    # Until then the process that took it may be sending it.
    sa.Column("claimed_until", _Moment),
    # Channel to the moment when it went out there.
    sa.Column("done", sa.JSON),
)

receipts = sa.Table(
    "deletion_receipts",
    metadata,
    sa.Column("seq", _Serial, primary_key=True, autoincrement=True),
    sa.Column("at", _Moment, nullable=False),
    sa.Column("subject", sa.String(32), nullable=False),
    sa.Column("reason", sa.String(32), nullable=False),
    sa.Column("rows", sa.Integer, nullable=False),
)

daily_counts = sa.Table(
    "daily_counts",
    metadata,
    sa.Column("day", sa.String(10), primary_key=True),
    sa.Column("name", sa.String(64), primary_key=True),
    sa.Column("value", sa.Integer, nullable=False),
)
