"""拨号: whom, by the ledger's own name; that a caller's number was opened stands in the access log too."""

from __future__ import annotations

from dataclasses import replace

from governance.commands import Dial
from server.ledger import phone_book, reporters
from server.ledger.entry import Entry

PURPOSE = "dial"


def dial(entry: Entry, command: Dial) -> None:
    """The step is made; the number of a caller is on record as opened in the same transaction."""
    if command.target == "caller":
        entry.apply(replace(command, name=""))
        phone_book.require_caller(entry.connection, command.who)
        reporters.log_reveal(entry.connection, command.who, "phone", entry.officer, entry.rules, PURPOSE, entry.now)
        return
    _, name = phone_book.extension(entry.connection, command.target, command.who)
    entry.apply(replace(command, name=name))
