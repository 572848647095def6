"""What the tiles begin only when it is on record: taken back by Esc while the server has not answered. Main thread only."""

from __future__ import annotations

from typing import Protocol


class Asking(Protocol):
    """Something that asks the server before it begins."""

    @property
    def is_waiting(self) -> bool:
        """Whether the answer has not come yet."""
        ...

    def give_up(self) -> None:
        """Begin nothing when it comes."""
        ...


class Asked:
    """All that a set of tiles asks for."""

    def __init__(self, *asking: Asking) -> None:
        self._asking = list(asking)

    def add(self, asking: Asking) -> None:
        """One more that asks."""
        self._asking.append(asking)

    def is_waiting(self) -> bool:
        """Whether anything waits for an answer."""
        return any(each.is_waiting for each in self._asking)

    def give_up(self) -> bool:
        """Nothing begins that still waits; False where nothing does."""
        was_waiting = self.is_waiting()
        for each in self._asking:
            each.give_up()
        return was_waiting
