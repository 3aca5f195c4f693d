"""Tables of staff: accounts, sessions and the audit log. Secrets arrive hashed or sealed."""

import sqlalchemy as sa

from assistant.storage.tables import metadata

_Moment = sa.BigInteger

staff_accounts = sa.Table(
    "staff_accounts",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    # Lower case.
    sa.Column("email", sa.String(254), nullable=False, unique=True),
    sa.Column("name", sa.String(120), nullable=False),
    sa.Column("role", sa.String(16), nullable=False),
    # None: signs in through the directory only.
    sa.Column("password_hash", sa.String(200)),
    # "issuer subject" of the directory, once it is known.
    sa.Column("directory_subject", sa.String(400), unique=True),
    sa.Column("totp_secret", sa.LargeBinary),
    # The time step of the last code taken; the same code never counts twice.
    sa.Column("totp_last_step", sa.BigInteger),
    # SHA-256 of the recovery codes that are left.
    sa.Column("recovery_codes", sa.JSON, nullable=False),
    sa.Column("failed_attempts", sa.Integer, nullable=False, default=0),
    sa.Column("locked_until", _Moment, nullable=False, default=0),
    sa.Column("disabled", sa.Boolean, nullable=False, default=False),
    sa.Column("created_at", _Moment, nullable=False),
    sa.Column("last_sign_in", _Moment),
)

staff_sessions = sa.Table(
    "staff_sessions",
    metadata,
    # SHA-256 of the cookie's value.
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column(
        "account_id",
        sa.String(32),
        sa.ForeignKey("staff_accounts.id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    sa.Column("stage", sa.String(16), nullable=False),
    sa.Column("device", sa.String(80), nullable=False),
    # The secret of a second factor that is being set up.
    sa.Column("pending_totp", sa.LargeBinary),
    sa.Column("created_at", _Moment, nullable=False),
    sa.Column("last_seen", _Moment, nullable=False),
    sa.Column("expires_at", _Moment, nullable=False, index=True),
)

# Append-only: triggers refuse every change and deletion.
audit_log = sa.Table(
    "audit_log",
    metadata,
    sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("at", _Moment, nullable=False, index=True),
    sa.Column("actor", sa.String(64), nullable=False, index=True),
    sa.Column("action", sa.String(64), nullable=False, index=True),
    sa.Column("subject", sa.String(120), nullable=False, index=True),
    # Canonical JSON, kept as text so that what was hashed is what is stored.
    sa.Column("detail", sa.Text, nullable=False),
    sa.Column("previous", sa.String(64), nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
)
