"""An administrator's draft of the rules, kept on this machine until it is loaded or discarded."""

from __future__ import annotations

from typing import Any

from desktop.rules.draft import Draft, kept_draft
from desktop.settings import DeskFolder, officer_file


class DraftFile:
    """The file of one officer."""

    def __init__(self, folder: DeskFolder, who: str) -> None:
        """Use the officer's file."""
        self._folder, self._name = folder, officer_file(who, "rules")

    def read(self) -> tuple[int, dict[str, Any], str] | None:
        """Base, changed parts and day; None where nothing was kept."""
        return kept_draft(self._folder.read(self._name))

    def keep(self, draft: Draft | None) -> None:
        """Keep it; nothing is kept of one that changes nothing."""
        if draft is None or not draft.changed:
            self._folder.remove(self._name)
        else:
            self._folder.write(self._name, draft.kept())
