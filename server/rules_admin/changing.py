"""The one command that changes something: load."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from governance.refusal import Refused
from server.ledger.ledger import Ledger
from server.rules_admin import loading, officer
from server.rules_admin.asking import beginning, tell_plan
from server.rules_admin.loading import Plan, Who
from server.rules_admin.sources import read
from server.rules_admin.telling import Telling, moment_shown
from server.rules_admin.words import SAID

NOT_CONFIRMED = 2


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be loaded, from when, by whom, and whether it was said yes to already."""

    files: tuple[Path, ...]
    day: date
    login: str
    is_confirmed: bool


def load(ledger: Ledger, wish: Wish, now: datetime, telling: Telling) -> int:
    """The files are a version, or nothing was changed: what would change is told first, and asked about."""
    who = _who(ledger, wish.login, now, telling)
    since = beginning(wish.day, now)
    sources = [read(file) for file in wish.files]
    with ledger.transaction(snapshot=True) as connection:
        planned = loading.plan(connection, sources, since)
    status = tell_plan(planned, telling)
    if status or not planned.lines:
        return status
    if not (wish.is_confirmed or _is_yes(telling, since)):
        telling.say("not_loaded")
        return NOT_CONFIRMED
    with ledger.transaction() as connection:
        done = loading.load(connection, sources, since, who, now)
    if isinstance(done, Plan):  # somebody else loaded something meanwhile
        return tell_plan(done, telling)
    telling.say("loaded", {"version": done, "since": moment_shown(since), "who": who.name})
    return 0


def _who(ledger: Ledger, login: str, now: datetime, telling: Telling) -> Who:
    """Who acts; Refused where the login is none of an administrator."""
    if not login:
        return Who(officer.user_of_machine())
    password = officer.asked_password(telling.words(SAID, "password", {"login": login}))
    try:
        with ledger.transaction() as connection:
            return officer.signed_in(connection, login, password, now)
    except Refused as no:
        if no.code == "login_wrong":
            with ledger.transaction() as connection:
                officer.record_failure(connection, login, now)
        raise


def _is_yes(telling: Telling, since: datetime) -> bool:
    """Whether whoever sits there says yes; nobody sits at the end of a pipe."""
    if not sys.stdin.isatty():
        return False
    return input(telling.words(SAID, "confirm", {"since": moment_shown(since)})).strip().lower() == "yes"
