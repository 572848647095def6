"""What stands on record of a load: who, when, from which files, and what differed from the version before."""

from __future__ import annotations

from governance.refusal import Refused
from server.ledger.ledger import Connection
from server.rules_admin.difference import Line
from server.rules_admin.telling import Telling, moment_shown
from server.rules_admin.words import SAID


def show(connection: Connection, version: str, telling: Telling) -> int:
    """The record of one version; Refused('no_version') where there is none of that number."""
    row = None
    if version.isdigit() and len(version) < 8:
        row = connection.execute(
            "SELECT v.since, l.at, a.login, l.os_user, l.files, l.difference, l.base FROM rules_version v "
            "LEFT JOIN rules_load l ON l.version = v.version LEFT JOIN account a ON a.id = l.account WHERE v.version = %s",
            (int(version),),
        ).fetchone()
    if row is None:
        raise Refused("no_version", "version", version=version[:40])
    since, at, login, os_user, files, difference, before = row
    if at is None:
        said = {"version": version, "since": moment_shown(since), "when": "", "who": telling.words(SAID, "seeded")}
        telling.say("version_line", said)
        return 0
    who = f"{login} ({os_user})" if login else os_user
    telling.say("recorded", {"version": version, "since": moment_shown(since), "who": who, "at": moment_shown(at)})
    for file in files:
        telling.line(f"  {file['name']}  sha256 {file['sha256']}")
    telling.differs(before, [Line(line["code"], line["params"]) for line in difference])
    return 0
