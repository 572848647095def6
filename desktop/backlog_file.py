"""The orders an account has not had an answer to, on disk: they outlive a crash of the desk and a change of officer."""

from __future__ import annotations

from uuid import UUID

from desktop.link.backlog import Backlog
from desktop.settings import DeskFolder, officer_file


class BacklogFile:
    """One file per account, gone while nothing waits. Main thread only."""

    def __init__(self, folder: DeskFolder) -> None:
        """Use the workstation's folder."""
        self._folder = folder
        self._kept: dict[str, bytes] = {}

    def keep(self, login: str, kept: bytes) -> None:
        """Keep what an account waits for; empty bytes where that is nothing."""
        if self._kept.get(login) == kept:
            return
        self._kept[login] = kept
        name = officer_file(login, "backlog")
        if kept:
            self._folder.write(name, {"kept": kept.hex()})
        else:
            self._folder.remove(name)

    def read(self, login: str) -> bytes:
        """The orders an account left unanswered on this machine; empty where there are none or they are unreadable."""
        try:
            kept = bytes.fromhex(str(self._folder.read(officer_file(login, "backlog")).get("kept", "")))
        except ValueError:
            kept = b""
        self._kept[login] = kept
        return kept

    def orders(self, login: str) -> list[UUID]:
        """The orders that were unanswered when this account's desk ended last."""
        try:
            return [order.order_id for order in Backlog(self._kept.get(login, b""))]
        except ValueError:
            return []
