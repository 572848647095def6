"""The demonstration's wall: one, main (主屏), with the scene 晴雨表, and a display machine of this computer bound to it."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from desktop.link.machine_key import machine_key
from governance.refusal import Refused
from server.ledger import walls
from server.ledger.ledger import Ledger
from server.walls import enrolling

CODE, TITLE, MACHINE = "main", "主屏", "demo"


def ensure_wall(ledger: Ledger, home: Path) -> None:
    """The wall is there and HOME/walls/main holds the key of the machine that shows it; `ledger` is the owner's."""
    key, now = machine_key(home / "walls" / CODE), datetime.now(UTC)
    client_key = enrolling.client_key_of(key.public.decode())
    with ledger.transaction() as connection:
        try:
            walls.find(connection, CODE)
        except Refused:
            row = connection.execute("SELECT code FROM town_edition ORDER BY number DESC LIMIT 1").fetchone()
            assert row is not None, "the ledger was seeded"
            enrolling.add(connection, CODE, TITLE, row[0], now)
        if walls.bound_to(connection, CODE, client_key) is None:
            with suppress(Refused):  # a key that was lost opens nothing any more
                enrolling.close(connection, CODE, MACHINE, now)
            enrolling.bind(connection, CODE, key.public.decode(), MACHINE, now)
