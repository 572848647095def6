"""Lists over the tiles: layouts kept by name, and lists of cameras to take turns (轮巡). Main thread only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from desktop.named_list import NamedList
from desktop.video_wall.kept_layouts import LONGEST_NAME, MOST_KEPT
from desktop.video_wall.slots import TileSet
from desktop.video_wall.turns import USUAL_S
from governance.camera import CameraState

if TYPE_CHECKING:
    from desktop.seat import Seat
    from desktop.video_panel import VideoPanel

STREET_DIGITS = 9


class LayoutList(NamedList):
    """Which camera stands where, under names."""

    about = "layouts"
    longest, most = LONGEST_NAME, MOST_KEPT

    def __init__(self, seat: Seat, panel: VideoPanel) -> None:
        """Hidden."""
        super().__init__(seat, panel)
        self._panel = panel
        self._gone: TileSet | None = None

    def entries(self) -> Sequence[tuple[str, str]]:
        """Names, with how many cameras of how many tiles."""
        words = self._seat.words
        return [
            (name, words("layouts.note", cameras=len(layout.cameras()), tiles=len(layout.seen())))
            for name, layout in self._panel.kept.layouts.items()
        ]

    def go(self, name: str) -> bool:
        """Show a layout; locked tiles too make way for it: it was asked for by name."""
        layout = self._panel.kept.layouts.get(self._same(name.strip()))
        if layout is None:
            return False
        self._panel.turning.stop()
        self._panel.show_layout(layout)
        return True

    def keep(self, name: str) -> bool:
        """Keep what is shown now."""
        name = self._same(name) or name
        if not name or (name not in self._panel.kept.layouts and len(self._panel.kept.layouts) >= MOST_KEPT):
            return False
        self._panel.keep(self._panel.kept.with_layout(name, self._panel.board.tiles))
        return True

    def forget(self, name: str) -> None:
        """Keep a layout no longer."""
        self._gone = self._panel.kept.layouts.get(name)
        self._panel.keep(self._panel.kept.without_layout(name))

    def bring_back(self, name: str) -> None:
        """The layout forgotten last is kept again."""
        if self._gone is not None:
            self._panel.keep(self._panel.kept.with_layout(name, self._gone))
            self._gone = None

    def told(self, name: str) -> None:
        """Say that it is kept."""
        self._panel.say(self._seat.words("layouts.kept", name=name))


class TurnList(NamedList):
    """Lists of cameras under names; every street is offered besides."""

    about = "turns"
    longest, most = LONGEST_NAME, MOST_KEPT

    def __init__(self, seat: Seat, panel: VideoPanel) -> None:
        """Hidden."""
        super().__init__(seat, panel)
        self._panel = panel
        self._gone: tuple[tuple[str, ...], float] | None = None

    def entries(self) -> Sequence[tuple[str, str]]:
        """Names, with how many cameras take turns and how long a page stays."""
        words = self._seat.words
        return [
            (name, words("turns.note", cameras=len(cameras), seconds=round(dwell_s)))
            for name, (cameras, dwell_s) in self._panel.kept.turns.items()
        ]

    def offers(self) -> Sequence[tuple[str, str]]:
        """The cameras of each street that can be watched."""
        words = self._seat.words
        return [
            (self._street_name(code), words("turns.note", cameras=len(cameras), seconds=round(USUAL_S)))
            for code, cameras in self._streets().items()
        ]

    def go(self, name: str) -> bool:
        """Let the cameras of a list take turns."""
        kept = self._panel.kept.turns.get(self._same(name.strip()))
        if kept is not None:
            self._panel.turning.begin(name, *kept)
            return True
        for code, cameras in self._streets().items():
            if self._street_name(code) == name.strip():
                self._panel.turning.begin(name, cameras, USUAL_S)
                return True
        return False

    def keep(self, name: str) -> bool:
        """Keep the cameras that are shown now, or those that take turns now."""
        name, cameras = self._same(name) or name, self._panel.cameras_now()
        if not name or not cameras or (name not in self._panel.kept.turns and len(self._panel.kept.turns) >= MOST_KEPT):
            return False
        self._panel.keep(self._panel.kept.with_turn(name, cameras, self._panel.turning.dwell_s))
        return True

    def forget(self, name: str) -> None:
        """Keep a list no longer."""
        self._gone = self._panel.kept.turns.get(name)
        self._panel.keep(self._panel.kept.without_turn(name))

    def bring_back(self, name: str) -> None:
        """The list forgotten last is kept again."""
        if self._gone is not None:
            self._panel.keep(self._panel.kept.with_turn(name, *self._gone))
            self._gone = None

    def told(self, name: str) -> None:
        """Say that it is kept."""
        self._panel.say(self._seat.words("turns.kept", name=name, count=len(self._panel.cameras_now())))

    def _streets(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {}
        for camera in self._seat.situation.cameras.all():
            if camera.state is CameraState.ONLINE:
                found.setdefault(camera.grid[:STREET_DIGITS], []).append(camera.id)
        return {code: tuple(cameras) for code, cameras in sorted(found.items()) if code in self._seat.area_names}

    def _street_name(self, code: str) -> str:
        return self._seat.area_names[code]
