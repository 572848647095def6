"""What was typed: kept on disk per officer until the order made of it is answered, or it is thrown away."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from desktop.settings import DeskFolder, officer_file

Fields = dict[str, Any]
KEPT = 50


class Drafts:
    """Named drafts of one officer; every change is written at once and survives a crash."""

    def __init__(self, folder: DeskFolder, account: str) -> None:
        """Read what was left over from last time."""
        self._folder = folder
        self._name = officer_file(account, "drafts")
        self.aside: dict[str, Fields] = {}
        """What belongs to drafts and is of class 3: who reported. In memory only (domain model D.2, rule 12)."""
        self._drafts: dict[str, Fields] = {
            name: draft
            for name, draft in folder.read(self._name).items()
            if isinstance(draft, dict) and isinstance(draft.get("fields"), dict)
        }

    def keep(self, name: str, fields: Fields) -> None:
        """Keep what a form holds; the oldest drafts go when there are more than fifty."""
        there = self._drafts.get(name)
        if there is not None and there["fields"] == fields:
            return
        self._drafts.pop(name, None)
        self._drafts[name] = {"at": datetime.now(UTC).isoformat(), "fields": fields}
        while len(self._drafts) > KEPT:
            del self._drafts[next(iter(self._drafts))]
        self._folder.write(self._name, self._drafts)

    def drop(self, name: str) -> None:
        """Forget a draft: it was sent or thrown away."""
        self.aside.pop(name, None)
        if self._drafts.pop(name, None) is not None:
            self._folder.write(self._name, self._drafts)

    def fields(self, name: str) -> Fields | None:
        """What a draft holds; None where there is none."""
        draft = self._drafts.get(name)
        return dict(draft["fields"]) if draft and not draft.get("order") else None

    # ---- drafts that went out with an order -------------------------------------------------------------------

    def hand_over(self, name: str, order: UUID) -> None:
        """A draft goes with the order made of it: nobody is shown it while the order is under way."""
        draft = self._drafts.get(name)
        if draft is not None:
            self._drafts[name] = {**draft, "order": str(order)}
            self._folder.write(self._name, self._drafts)

    def answered(self, order: UUID, carried_out: bool) -> str:
        """The order was carried out: its draft is gone. It was refused: it is a draft again; then its name, else empty."""
        name = next((name for name, draft in self._drafts.items() if draft.get("order") == str(order)), "")
        if carried_out or not name:
            self.drop(name)
            return ""
        self._drafts[name] = {key: value for key, value in self._drafts[name].items() if key != "order"}
        self._folder.write(self._name, self._drafts)
        return name

    def settle(self, orders: Iterable[UUID]) -> None:
        """After a start: drafts whose order is not among those that still wait were never sent, so they are drafts again."""
        waiting = {str(order) for order in orders}
        lost = [draft["order"] for draft in self._drafts.values() if draft.get("order") and draft["order"] not in waiting]
        for order in lost:
            self.answered(UUID(order), carried_out=False)

    def kept_at(self, name: str) -> datetime | None:
        """When a draft was last written, aware UTC."""
        try:
            return datetime.fromisoformat(str(self._drafts[name]["at"])).astimezone(UTC)
        except (KeyError, ValueError):
            return None

    def names(self, prefix: str = "") -> list[str]:
        """The drafts there are, oldest first; not those that went out with an order."""
        return [name for name, draft in self._drafts.items() if name.startswith(prefix) and not draft.get("order")]

    def is_taken(self, name: str) -> bool:
        """Whether a draft has that name, also one that went out with an order."""
        return name in self._drafts
