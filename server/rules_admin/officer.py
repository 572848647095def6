"""Who acts on the rules: an administrator's account with its password, or the user of the machine who may read its secrets."""

from __future__ import annotations

import getpass
import os
import sys
from datetime import datetime
from uuid import UUID

from governance.people import Role
from governance.refusal import Refused
from server.duty_roster import posts_of
from server.ledger.ledger import Connection
from server.password import is_right
from server.rules_admin.loading import Who

PASSWORD_VARIABLE = "GRIDWARDEN_PASSWORD"


def user_of_machine() -> str:
    """The login of the machine, with sudo's caller where there is one."""
    called_by = os.environ.get("SUDO_USER", "")
    name = getpass.getuser()
    return f"{name} ({called_by})" if called_by and called_by != name else name


ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})


def signed_in(connection: Connection, login: str, password: str, now: datetime, roles: frozenset[Role] = ADMINISTRATORS) -> Who:
    """The account as the one who acts; Refused('login_wrong'), or Refused('not_administrator') where no post allows it.

    A password that is wrong is on record as one at a desk is.
    """
    row = connection.execute(
        "SELECT id, staff, password_hash FROM account WHERE login = %s AND is_open AND coalesce(locked_until <= %s, true)",
        (login, now),
    ).fetchone()
    if row is None or not is_right(password, row[2]):
        raise Refused("login_wrong", "login")
    account, staff = UUID(str(row[0])), UUID(str(row[1]))
    if all(post.role not in roles for post in posts_of(connection, staff, now)):
        raise Refused("not_administrator", "login", login=login)
    return Who(user_of_machine(), account, login)


def record_failure(connection: Connection, login: str, now: datetime) -> None:
    """A line in the duty log: somebody tried."""
    row = connection.execute(
        "UPDATE account SET failed_count = failed_count + 1 WHERE login = %s RETURNING staff", (login,)
    ).fetchone()
    staff = row[0] if row else None
    connection.execute("INSERT INTO duty_log (at, kind, staff, text) VALUES (%s, 'login_failed', %s, 'rules')", (now, staff))


def asked_password(prompt: str) -> str:
    """The password: from the environment, a line of standard input, or asked for without showing it."""
    given = os.environ.get(PASSWORD_VARIABLE)
    if given is not None:
        return given
    return getpass.getpass(prompt) if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
