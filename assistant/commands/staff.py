"""`send-assistant staff …`: accounts of the staff pages. Passwords come from standard input, never as arguments."""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from assistant.errors import StaffError

if TYPE_CHECKING:
    from assistant.storage.staff import Staff
    from assistant.storage.staff_records import AccountState, Role

ACTOR = "command"
# Written here as well: importing storage would make `--help` slow. A test compares them.
ROLES = ("reviewer", "manager", "editor")
_LINE = "{email:<34} {name:<24} {role:<9} {state:<8} {means}\n"
_Step = Callable[["Staff", "AccountState", argparse.Namespace], str]


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands to the tool."""
    parts = commands.add_parser("staff", help="accounts of the staff pages").add_subparsers(
        required=True, metavar="STEP"
    )
    add = parts.add_parser("add", help="open an account; the password is read from standard input")
    add.add_argument("email")
    add.add_argument("--role", required=True, choices=ROLES)
    add.add_argument("--name", help="as colleagues see it; by default the part before the @")
    add.add_argument("--no-password", action="store_true", help="signs in with the organisation's directory only")
    add.set_defaults(command=_add)
    parts.add_parser("list", help="show all accounts").set_defaults(command=_list)
    for name, (about, step) in _STEPS.items():
        one = parts.add_parser(name, help=about)
        one.add_argument("email")
        if name == "link":
            one.add_argument("subject", help="the `sub` of the person in the directory")
        one.set_defaults(command=_change, step=step)


def _add(options: argparse.Namespace) -> int:
    from assistant.review import passwords

    email: str = options.email.strip().lower()
    if email.count("@") != 1 or email.startswith("@") or email.endswith("@") or len(email) > 254:
        raise StaffError(f"{options.email} is no e-mail address.")
    role: Role = options.role
    with _staff() as staff:
        hashed = None if options.no_password else passwords.hashed(_new_password(email))
        name = options.name or email.partition("@")[0]
        staff.add(email, name=name[:120], role=role, password_hash=hashed, actor=ACTOR)
    sys.stdout.write(f"{email} can sign in at /staff as {role}\n")
    return 0


def _list(_options: argparse.Namespace) -> int:
    from assistant.storage import moments

    with _staff() as staff:
        states = staff.all()
    now = moments.to_ms(moments.now())
    for state in states:
        shown = "closed" if state.disabled else "paused" if state.locked_until > now else "open"
        who = state.account
        sys.stdout.write(
            _LINE.format(email=who.email, name=who.name, role=who.role, state=shown, means=_means(state)).rstrip(" ")
        )
    sys.stdout.write(f"{len(states)} accounts\n")
    return 0


def _means(state: AccountState) -> str:
    means = {
        "password": state.has_password,
        "second factor": state.has_second_factor,
        "directory": state.in_directory,
    }
    return ", ".join(name for name, there in means.items() if there) or "no way to sign in yet"


def _change(options: argparse.Namespace) -> int:
    step: _Step = options.step
    with _staff() as staff:
        state = staff.find(options.email)
        done = step(staff, state, options)
    sys.stdout.write(f"{state.account.email}: {done}\n")
    return 0


def _disable(staff: Staff, state: AccountState, _options: argparse.Namespace) -> str:
    staff.set_disabled(state.account.id, True, actor=ACTOR)
    return "closed and signed out everywhere"


def _enable(staff: Staff, state: AccountState, _options: argparse.Namespace) -> str:
    staff.set_disabled(state.account.id, False, actor=ACTOR)
    return "open again"


def _unlock(staff: Staff, state: AccountState, _options: argparse.Namespace) -> str:
    staff.unlock(state.account.id, actor=ACTOR)
    return "can sign in again at once"


def _reset_totp(staff: Staff, state: AccountState, _options: argparse.Namespace) -> str:
    staff.reset_totp(state.account.id, actor=ACTOR)
    return "second factor removed; it is set up again at the next sign-in"


def _set_password(staff: Staff, state: AccountState, _options: argparse.Namespace) -> str:
    from assistant.review import passwords

    hashed = passwords.hashed(_new_password(state.account.email))
    staff.set_password(state.account.id, hashed, actor=ACTOR)
    return "new password set, signed out everywhere"


def _link(staff: Staff, state: AccountState, options: argparse.Namespace) -> str:
    from assistant.settings import Settings

    issuer = Settings.from_env().oidc_issuer
    if not issuer:
        raise StaffError("ASSISTANT_OIDC_ISSUER is not set: there is no directory to link with.")
    staff.link(state.account.id, f"{issuer} {options.subject}", actor=ACTOR)
    return "linked with the directory"


_STEPS: dict[str, tuple[str, _Step]] = {
    "disable": ("close an account and sign it out everywhere", _disable),
    "enable": ("open a closed account again", _enable),
    "unlock": ("end the pause after wrong tries", _unlock),
    "reset-totp": ("remove the second factor, for a lost phone", _reset_totp),
    "set-password": ("set a new password, read from standard input", _set_password),
    "link": ("bind an account to a person of the directory", _link),
}


def _new_password(email: str) -> str:
    """Read a password without showing it, or the first line of a pipe.

    Raises:
        StaffError: It is not good enough; the text says why.
    """
    from assistant.review import passwords

    given = getpass.getpass("Password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")
    fault = passwords.fault(given, email=email)
    if fault:
        raise StaffError(passwords.explained(fault))
    return given


@contextmanager
def _staff() -> Iterator[Staff]:
    from assistant.settings import Settings
    from assistant.storage.storage import Storage

    storage = Storage(Settings.from_env())
    storage.open()
    try:
        yield storage.staff
    finally:
        storage.close()
