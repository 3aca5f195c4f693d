"""What storage hands out about staff: frozen, without anything of SQLAlchemy."""

from dataclasses import dataclass
from typing import Literal

Role = Literal["reviewer", "manager", "editor"]
ROLES: tuple[Role, ...] = ("reviewer", "manager", "editor")
# `code`: the second factor is still to come; `enrol`: it must be set up first; `full`: signed in.
Stage = Literal["code", "enrol", "full"]


@dataclass(frozen=True)
class Account:
    """Who acts on the staff pages."""

    id: str
    email: str
    name: str
    role: Role


@dataclass(frozen=True)
class AccountState:
    """An account as managers see it; times in ms since 1970, UTC."""

    account: Account
    disabled: bool
    locked_until: int
    has_password: bool
    has_second_factor: bool
    recovery_codes_left: int
    in_directory: bool
    created_at: int
    last_sign_in: int | None


@dataclass(frozen=True)
class Attempt:
    """A try to sign in that has been counted already as a failure.

    `account` and `password_hash` are None where there is nothing that a password could open.
    """

    account: Account | None
    password_hash: str | None
    allowed: bool


@dataclass(frozen=True)
class StaffSession:
    """One browser that is signed in, or half-way; times in ms since 1970, UTC."""

    id: str
    account: Account
    stage: Stage
    device: str
    created_at: int
    last_seen: int
    expires_at: int


@dataclass(frozen=True)
class AuditEntry:
    """One line of the audit log; `at` in ms since 1970, UTC."""

    seq: int
    at: int
    actor: str
    action: str
    subject: str
    detail: dict[str, str | int | bool | None]
    hash: str
