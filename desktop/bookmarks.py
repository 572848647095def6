"""The views of the map an officer keeps by name, in the officer's own file of this desk."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass

from desktop.settings import DeskFolder, officer_file
from governance.places import LonLat

MOST, LONGEST = 60, 40


@dataclass(frozen=True, slots=True)
class Bookmark:
    """One view: its name, the middle (WGS 84), the scale, the turn and the tilt."""

    name: str
    lon: float
    lat: float
    metres_per_pixel: float
    turn_deg: float = 0.0
    tilt_deg: float = 0.0

    @property
    def place(self) -> LonLat:
        """The middle of the view."""
        return LonLat(self.lon, self.lat)


class BookmarksFile:
    """The views of one officer, in the order they were kept. Main thread only."""

    def __init__(self, folder: DeskFolder, account: str) -> None:
        """Use the officer's file."""
        self._folder, self._name = folder, officer_file(account, "bookmarks")
        self.views = self._read()

    def named(self, name: str) -> Bookmark | None:
        """The view of that name, whatever its capitals."""
        return next((view for view in self.views if view.name.casefold() == name.casefold()), None)

    def keep(self, view: Bookmark, at: int | None = None) -> None:
        """Keep a view at the end or at a place; one of the same name is replaced where it stands."""
        before = self.named(view.name)
        if before is not None:
            at = self.views.index(before)
            self.views.pop(at)
        self.views.insert(len(self.views) if at is None else at, view)
        self._write()

    def drop(self, view: Bookmark) -> int:
        """Forget a view; where it stood."""
        at = self.views.index(view)
        self.views.pop(at)
        self._write()
        return at

    def _write(self) -> None:
        self._folder.write(self._name, {"views": [asdict(view) for view in self.views]})

    def _read(self) -> list[Bookmark]:
        kept = self._folder.read(self._name).get("views")
        views = [_view(fields) for fields in kept] if isinstance(kept, list) else []
        return [view for view in views if view is not None][:MOST]


def _view(fields: object) -> Bookmark | None:
    """A view as it was written; None where it makes no sense."""
    if not isinstance(fields, dict) or not isinstance(fields.get("name"), str) or not fields["name"].strip():
        return None
    numbers = [fields.get(name, 0.0) for name in ("lon", "lat", "metres_per_pixel", "turn_deg", "tilt_deg")]
    if not all(isinstance(number, int | float) and math.isfinite(number) for number in numbers):
        return None
    lon, lat, scale, turn, tilt = (float(number) for number in numbers)
    if abs(lon) > 180 or abs(lat) > 90 or scale <= 0:
        return None
    return Bookmark(fields["name"].strip()[:LONGEST], lon, lat, scale, turn, tilt)
