"""Who types at the command line: the user of the machine, his language, a password he is asked for."""

from __future__ import annotations

import getpass
import os
import sys

PASSWORD_VARIABLE = "GRIDWARDEN_PASSWORD"


def user() -> str:
    """The login of the machine, with sudo's caller where there is one."""
    called_by = os.environ.get("SUDO_USER", "")
    name = getpass.getuser()
    return f"{name} ({called_by})" if called_by and called_by != name else name


def language() -> str:
    """zh or en, by the environment."""
    said = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or "zh"
    return "en" if said.lower().startswith("en") else "zh"


def password(prompt: str) -> str:
    """From the environment, a line of standard input, or asked for without showing it."""
    given = os.environ.get(PASSWORD_VARIABLE)
    if given is not None:
        return given
    return getpass.getpass(prompt) if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
