"""How an officer left the window: sizes by screen width, hidden panels; repaired when a screen is missing."""

from __future__ import annotations

from desktop.settings import DeskFolder, officer_file


class LayoutFile:
    """The layouts of one officer, one per width of the window."""

    def __init__(self, folder: DeskFolder, account: str) -> None:
        """Use the officer's file."""
        self._folder, self._name = folder, officer_file(account, "layout")

    def read(self, width_px: int) -> tuple[list[int], list[str]]:
        """Sizes and hidden panels for a width; empty where none were kept for it or they make no sense."""
        kept = self._folder.read(self._name).get(str(width_px))
        if not isinstance(kept, dict):
            return [], []
        sizes, hidden = kept.get("sizes"), kept.get("hidden")
        right = isinstance(sizes, list) and all(isinstance(px, int) and 0 <= px <= width_px for px in sizes)
        named = isinstance(hidden, list) and all(isinstance(name, str) for name in hidden)
        return (list(sizes) if right and sizes else []), (list(hidden) if named and hidden else [])

    def floating(self, width_px: int) -> dict[str, list[int]]:
        """Panel -> left, top, width and height of its own window; those that make no sense are left out."""
        kept = self._folder.read(self._name).get(str(width_px))
        boxes = kept.get("floating") if isinstance(kept, dict) else None
        if not isinstance(boxes, dict):
            return {}
        return {name: box for name, box in boxes.items() if isinstance(box, list) and list(map(type, box)) == [int] * 4}

    def centre(self, width_px: int) -> list[int]:
        """Heights of the map and of the tiles below it; empty where the tiles were hidden, or it makes no sense."""
        kept = self._folder.read(self._name).get(str(width_px))
        sizes = kept.get("centre") if isinstance(kept, dict) else None
        is_right = isinstance(sizes, list) and list(map(type, sizes)) == [int, int] and min(sizes) >= 0
        return list(sizes) if is_right and sizes else []

    def write(
        self, width_px: int, sizes: list[int], hidden: list[str], floating: dict[str, list[int]] | None = None,
        centre: list[int] | None = None,
    ) -> None:  # fmt: skip
        """Keep the layout of a width."""
        fields = self._folder.read(self._name)
        kept = {"sizes": sizes, "hidden": hidden, "floating": floating or {}, "centre": centre or []}
        fields[str(width_px)] = kept
        self._folder.write(self._name, fields)
