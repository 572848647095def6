"""What was typed into the hand-over and the duty log, kept on this machine until it is signed or written down."""

from __future__ import annotations

from desktop.settings import DeskFolder, officer_file

TEXTS = ("summary", "remark", "line")


class ShiftFile:
    """The file of one officer. Passwords are never in it."""

    def __init__(self, folder: DeskFolder, account: str) -> None:
        """Use the officer's file."""
        self._folder, self._name = folder, officer_file(account, "handover")
        self._kept = self.read()

    def read(self) -> dict[str, str]:
        """The texts as they were kept; empty where there was none."""
        kept = self._folder.read(self._name)
        return {name: kept[name] if isinstance(kept.get(name), str) else "" for name in TEXTS}

    def keep(self, texts: dict[str, str]) -> None:
        """Keep the texts; nothing is written where they are as they were."""
        if texts != self._kept:
            self._kept = dict(texts)
            self._folder.write(self._name, dict(texts))
