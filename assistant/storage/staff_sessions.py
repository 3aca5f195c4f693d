"""Sessions of staff: found by the hash of the cookie, ended by idleness, age, sign-out or a manager."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Row

from assistant.storage import moments
from assistant.storage.audit import Audit
from assistant.storage.database import Database
from assistant.storage.sealing import Seal
from assistant.storage.staff_records import Account, StaffSession, Stage
from assistant.storage.staff_tables import staff_accounts, staff_sessions

# A session is written as seen at most this often, so that reading pages does not write each time.
_SEEN_EVERY_MS = 30_000
# The way from password to second factor has to be walked within this time.
_HALF_WAY_MS = 15 * 60_000
_ALL = staff_sessions.c
_JOINED = sa.select(staff_sessions, *(staff_accounts.c[name] for name in ("email", "name", "role"))).join(
    staff_accounts, staff_accounts.c.id == _ALL.account_id
)


class StaffSessions:
    """Reads and writes sessions.

    Args:
        database: Where they are kept.
        seal: Encrypts the secret of a second factor that is being set up.
        audit: The log.
        idle: Time without a request after which a session ends.
        longest: Time after which it ends in any case.
        now: Clock, aware UTC.
    """

    def __init__(
        self,
        database: Database,
        seal: Seal,
        audit: Audit,
        *,
        idle: timedelta,
        longest: timedelta,
        now: Callable[[], datetime] = moments.now,
    ) -> None:
        """Remember the parts."""
        self._database, self._seal, self._audit, self._now = database, seal, audit, now
        self._idle, self._longest = _ms(idle), _ms(longest)

    def begin(self, session_id: str, account: Account, *, stage: Stage, device: str, instead_of: str = "") -> None:
        """Store a session, in place of an earlier one of the same browser.

        Args:
            session_id: Hash of the cookie's new value.
            account: Whose.
            stage: How far the person has come.
            device: What the browser says it is.
            instead_of: The session that ends with it.
        """
        at = moments.to_ms(self._now())
        life = self._longest if stage == "full" else _HALF_WAY_MS
        values = {"account_id": account.id, "stage": stage, "device": device[:80]}
        moment = {"created_at": at, "last_seen": at, "expires_at": at + life}
        with self._database.write() as connection:
            over = sa.or_(_ALL.id == instead_of, _ALL.expires_at <= at, _ALL.last_seen <= at - self._idle)
            connection.execute(staff_sessions.delete().where(over))
            connection.execute(staff_sessions.insert().values(id=session_id, **values, **moment))
            if stage == "full":
                mine = staff_accounts.c.id == account.id
                connection.execute(staff_accounts.update().where(mine).values(last_sign_in=at))
                self._audit.record(connection, actor=account.id, action="staff.signed_in", subject=account.id)

    def find(self, session_id: str) -> StaffSession | None:
        """Return a session that has not ended."""
        at = moments.to_ms(self._now())
        with self._database.read() as connection:
            row = connection.execute(self._live(at).where(_ALL.id == session_id)).first()
        return _session(row) if row else None

    def seen(self, session: StaffSession) -> None:
        """Note that the person is still there."""
        at = moments.to_ms(self._now())
        if at - session.last_seen >= _SEEN_EVERY_MS:
            with self._database.write() as connection:
                connection.execute(staff_sessions.update().where(_ALL.id == session.id).values(last_seen=at))

    def of(self, account_id: str) -> tuple[StaffSession, ...]:
        """Return the live sessions of an account, newest first."""
        at = moments.to_ms(self._now())
        query = self._live(at).where(_ALL.account_id == account_id).order_by(_ALL.created_at.desc(), _ALL.id)
        with self._database.read() as connection:
            return tuple(_session(row) for row in connection.execute(query))

    def end(self, session_id: str, account_id: str, *, action: str = "staff.signed_out") -> bool:
        """End one session of an account; False if it is not theirs."""
        mine = sa.and_(_ALL.id == session_id, _ALL.account_id == account_id)
        with self._database.write() as connection:
            ended = connection.execute(staff_sessions.delete().where(mine)).rowcount == 1
            if ended:
                self._audit.record(connection, actor=account_id, action=action, subject=account_id)
        return ended

    def end_all(self, account_id: str, *, actor: str, but: str = "") -> int:
        """End all sessions of an account, or all but one; return how many."""
        mine = sa.and_(_ALL.account_id == account_id, _ALL.id != but)
        with self._database.write() as connection:
            ended = connection.execute(staff_sessions.delete().where(mine)).rowcount
            detail = {"sessions": ended}
            self._audit.record(
                connection, actor=actor, action="staff.sessions_ended", subject=account_id, detail=detail
            )
        return ended

    def pending_totp(self, session_id: str, fresh: str) -> str:
        """Return the secret that this session is setting up; `fresh` if it has none yet."""
        with self._database.write() as connection:
            query = sa.select(_ALL.pending_totp).where(_ALL.id == session_id)
            sealed = connection.execute(query).scalar()
            if sealed is not None:
                return str(self._seal.open(sealed)["secret"])
            values = {"pending_totp": self._seal.close({"secret": fresh})}
            connection.execute(staff_sessions.update().where(_ALL.id == session_id).values(**values))
        return fresh

    def forget_pending(self, session_id: str) -> None:
        """Drop the secret that was being set up."""
        with self._database.write() as connection:
            connection.execute(staff_sessions.update().where(_ALL.id == session_id).values(pending_totp=None))

    def _live(self, at: int) -> sa.Select[Any]:
        return _JOINED.where(
            _ALL.expires_at > at, _ALL.last_seen > at - self._idle, staff_accounts.c.disabled.is_(False)
        )


def _ms(span: timedelta) -> int:
    return int(span.total_seconds() * 1000)


def _session(row: Row[Any]) -> StaffSession:
    account = Account(id=row.account_id, email=row.email, name=row.name, role=row.role)
    names = ("id", "stage", "device", "created_at", "last_seen", "expires_at")
    return StaffSession(account=account, **{name: row._mapping[name] for name in names})
