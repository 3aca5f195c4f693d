"""Accounts of staff: who may sign in, with what, and how many wrong tries there were."""

import uuid
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from assistant.errors import StaffError
from assistant.storage import moments
from assistant.storage.audit import Audit
from assistant.storage.database import Database
from assistant.storage.sealing import Seal
from assistant.storage.staff_records import Account, AccountState, Attempt, Role
from assistant.storage.staff_tables import staff_accounts, staff_sessions

# The first wrong tries cost nothing; from then on the wait doubles with each.
_FREE_TRIES = 5
_FIRST_WAIT_MS = 60_000
_LONGEST_WAIT_MS = 15 * 60_000
_ANY = staff_accounts.c


class Staff:
    """Reads and writes accounts; every change is in the audit log within the same transaction.

    Args:
        database: Where they are kept.
        seal: Encrypts the secrets of second factors.
        audit: The log.
        now: Clock, aware UTC.
    """

    def __init__(
        self, database: Database, seal: Seal, audit: Audit, *, now: Callable[[], datetime] = moments.now
    ) -> None:
        """Remember the parts."""
        self._database, self._seal, self._audit, self._now = database, seal, audit, now

    def add(self, email: str, *, name: str, role: Role, password_hash: str | None, actor: str) -> Account:
        """Store a new account.

        Raises:
            StaffError: There is one with this e-mail address.
        """
        account = Account(id=uuid.uuid4().hex, email=email.strip().lower(), name=name, role=role)
        values = vars(account) | {"password_hash": password_hash, "recovery_codes": [], "created_at": self._ms()}
        with self._database.write() as connection:
            if connection.execute(_by_email(account.email)).first():
                raise StaffError(f"There is an account for {account.email} already.")
            connection.execute(staff_accounts.insert().values(**values))
            self._audit.record(
                connection, actor=actor, action="account.added", subject=account.id, detail={"role": role}
            )
        return account

    def all(self) -> tuple[AccountState, ...]:
        """Return every account by name."""
        with self._database.read() as connection:
            rows = connection.execute(sa.select(staff_accounts).order_by(_ANY.name, _ANY.email))
            return tuple(_state(row) for row in rows)

    def find(self, email: str) -> AccountState:
        """Return the account of an e-mail address.

        Raises:
            StaffError: There is none.
        """
        with self._database.read() as connection:
            row = connection.execute(_by_email(email)).first()
        if row is None:
            raise StaffError(f"There is no account for {email}. 'send-assistant staff list' shows all.")
        return _state(row)

    def state(self, account_id: str) -> AccountState | None:
        """Return one account, or None."""
        with self._database.read() as connection:
            row = connection.execute(_by_id(account_id)).first()
        return _state(row) if row else None

    def attempt(self, email: str) -> Attempt:
        """Count a try to sign in as failed before the password is looked at.

        Counting first means that many tries at the same moment cannot all slip through; `succeeded` takes
        it back.
        """
        with self._database.write() as connection:
            row = connection.execute(_by_email(email).with_for_update()).first()
            return self._attempt(connection, row)

    def attempt_code(self, account_id: str) -> Attempt:
        """Count a try with a second factor in the same way."""
        with self._database.write() as connection:
            row = connection.execute(_by_id(account_id).with_for_update()).first()
            return self._attempt(connection, row)

    def password_was_right(self, account_id: str) -> None:
        """Take back the one try that `attempt` counted.

        Earlier wrong tries stay: otherwise whoever knows the password could try second factors without end.
        """
        self._set(account_id, failed_attempts=_ANY.failed_attempts - 1, locked_until=0)

    def succeeded(self, account_id: str) -> None:
        """Forget the wrong tries, once the person is signed in."""
        self._set(account_id, failed_attempts=0, locked_until=0)

    def password_hash(self, account_id: str) -> str | None:
        """Return the hash of the password; None if there is none."""
        with self._database.read() as connection:
            row = connection.execute(_by_id(account_id)).first()
        return row.password_hash if row else None

    def set_password(self, account_id: str, password_hash: str, *, actor: str, keep_session: str = "") -> None:
        """Change the password and end every session but one."""
        with self._database.write() as connection:
            self._change(connection, account_id, password_hash=password_hash, failed_attempts=0, locked_until=0)
            _end_sessions(connection, account_id, but=keep_session)
            self._audit.record(connection, actor=actor, action="account.password_changed", subject=account_id)

    def renew_hash(self, account_id: str, password_hash: str) -> None:
        """Store the same password hashed with newer parameters."""
        self._set(account_id, password_hash=password_hash)

    def set_disabled(self, account_id: str, disabled: bool, *, actor: str) -> None:
        """Close an account and end its sessions, or open it again."""
        with self._database.write() as connection:
            self._change(connection, account_id, disabled=disabled)
            if disabled:
                _end_sessions(connection, account_id)
            action = "account.disabled" if disabled else "account.enabled"
            self._audit.record(connection, actor=actor, action=action, subject=account_id)

    def unlock(self, account_id: str, *, actor: str) -> None:
        """Forget the wrong tries and any wait."""
        with self._database.write() as connection:
            self._change(connection, account_id, failed_attempts=0, locked_until=0)
            self._audit.record(connection, actor=actor, action="account.unlocked", subject=account_id)

    def link(self, account_id: str, subject: str, *, actor: str) -> None:
        """Bind an account to a person of the directory.

        Raises:
            StaffError: That person is bound to another account.
        """
        with self._database.write() as connection:
            other = connection.execute(_by_subject(subject)).first()
            if other is not None and other.id != account_id:
                raise StaffError("That person of the directory belongs to another account.")
            self._change(connection, account_id, directory_subject=subject)
            self._audit.record(connection, actor=actor, action="account.linked", subject=account_id)

    def of_directory(self, subject: str, email: str | None) -> Account | None:
        """Return who signs in with the directory; the first time by a confirmed e-mail address.

        Args:
            subject: Issuer and subject of the identity token.
            email: The address, only if the directory says that it is confirmed.

        Returns:
            None if there is no open account, or it is bound to somebody else.
        """
        with self._database.read() as connection:
            row = connection.execute(_by_subject(subject)).first()
            if row is None and email:
                row = connection.execute(_by_email(email).where(_ANY.directory_subject.is_(None))).first()
        if row is None or row.disabled:
            return None
        account = _account(row)
        if row.directory_subject is None:
            self.link(account.id, subject, actor=account.id)
        return account

    # Second factor.

    def totp_secret(self, account_id: str) -> str | None:
        """Return the secret that codes are made from; None if there is none."""
        with self._database.read() as connection:
            row = connection.execute(_by_id(account_id)).first()
        return str(self._seal.open(row.totp_secret)["secret"]) if row and row.totp_secret else None

    def set_totp(self, account_id: str, secret: str, *, step: int, recovery: Sequence[str], actor: str) -> None:
        """Store a second factor whose first code was right, and the hashes of its recovery codes."""
        sealed = self._seal.close({"secret": secret})
        with self._database.write() as connection:
            self._change(connection, account_id, totp_secret=sealed, totp_last_step=step, recovery_codes=list(recovery))
            self._audit.record(connection, actor=actor, action="account.second_factor_set", subject=account_id)

    def reset_totp(self, account_id: str, *, actor: str) -> None:
        """Remove the second factor and end all sessions; it is set up again at the next sign-in."""
        with self._database.write() as connection:
            self._change(connection, account_id, totp_secret=None, totp_last_step=None, recovery_codes=[])
            _end_sessions(connection, account_id)
            self._audit.record(connection, actor=actor, action="account.second_factor_removed", subject=account_id)

    def use_step(self, account_id: str, step: int) -> bool:
        """Take a code's time step; False if it or a later one was taken before."""
        fresh = sa.or_(_ANY.totp_last_step.is_(None), _ANY.totp_last_step < step)
        taken = staff_accounts.update().where(_ANY.id == account_id, fresh).values(totp_last_step=step)
        with self._database.write() as connection:
            return connection.execute(taken).rowcount == 1

    def use_recovery_code(self, account_id: str, code_hash: str) -> bool:
        """Take a recovery code; False if it is none, or was taken before."""
        with self._database.write() as connection:
            row = connection.execute(_by_id(account_id).with_for_update()).first()
            if row is None or code_hash not in row.recovery_codes:
                return False
            left = [code for code in row.recovery_codes if code != code_hash]
            self._change(connection, account_id, recovery_codes=left)
            self._audit.record(
                connection,
                actor=account_id,
                action="account.recovery_code_used",
                subject=account_id,
                detail={"left": len(left)},
            )
        return True

    def _attempt(self, connection: Connection, row: Row[Any] | None) -> Attempt:
        if row is None or row.disabled:
            return Attempt(None, None, allowed=False)
        at = self._ms()
        if row.locked_until > at:
            return Attempt(_account(row), row.password_hash, allowed=False)
        failed = row.failed_attempts + 1
        wait = min(_LONGEST_WAIT_MS, _FIRST_WAIT_MS * 2 ** (min(failed, 60) - _FREE_TRIES))
        until = at + int(wait) if failed >= _FREE_TRIES else 0
        self._change(connection, row.id, failed_attempts=failed, locked_until=until)
        return Attempt(_account(row), row.password_hash, allowed=True)

    def _set(self, account_id: str, **values: object) -> None:
        with self._database.write() as connection:
            self._change(connection, account_id, **values)

    def _change(self, connection: Connection, account_id: str, **values: object) -> None:
        connection.execute(staff_accounts.update().where(_ANY.id == account_id).values(**values))

    def _ms(self) -> int:
        return moments.to_ms(self._now())


def _by_email(email: str) -> sa.Select[Any]:
    return sa.select(staff_accounts).where(_ANY.email == email.strip().lower())


def _by_id(account_id: str) -> sa.Select[Any]:
    return sa.select(staff_accounts).where(_ANY.id == account_id)


def _by_subject(subject: str) -> sa.Select[Any]:
    return sa.select(staff_accounts).where(_ANY.directory_subject == subject)


def _end_sessions(connection: Connection, account_id: str, *, but: str = "") -> None:
    mine = sa.and_(staff_sessions.c.account_id == account_id, staff_sessions.c.id != but)
    connection.execute(staff_sessions.delete().where(mine))


def _account(row: Row[Any]) -> Account:
    return Account(id=row.id, email=row.email, name=row.name, role=row.role)


def _state(row: Row[Any]) -> AccountState:
    return AccountState(
        account=_account(row),
        disabled=row.disabled,
        locked_until=row.locked_until,
        has_password=row.password_hash is not None,
        has_second_factor=row.totp_secret is not None,
        recovery_codes_left=len(row.recovery_codes),
        in_directory=row.directory_subject is not None,
        created_at=row.created_at,
        last_sign_in=row.last_sign_in,
    )
