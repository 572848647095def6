"""What every panel of one officer's desk may use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from desktop.settings import DeskFolder
from desktop.style.palette import NIGHT, Palette
from desktop.words import Words
from governance.people import Officer
from governance.places import LonLat

if TYPE_CHECKING:
    from desktop.callers import Callers
    from desktop.camera_reasons import CameraReasons
    from desktop.orders import Orders
    from desktop.photos import Photos
    from desktop.selection import Selection
    from desktop.situation.situation import Situation
    from desktop.video_wall.players import RecordedHold
    from desktop.video_wall.stream_address import AddressOf
    from gis_data.town.network import RoadNetwork
    from governance.camera import Camera
    from governance.refusal import Refused


@dataclass
class Seat:
    """The seat an officer sits in: the situation and the means to act on it. Main thread only."""

    situation: Situation
    orders: Orders
    selection: Selection
    words: Words
    now: Callable[[], datetime]
    """The server's time, aware UTC."""
    folder: DeskFolder
    officer: Officer
    palette: Palette = NIGHT
    area_names: dict[str, str] = field(default_factory=dict)
    """Code of a street, community or grid -> its name."""
    grid_at: Callable[[float, float], str] = lambda _lon, _lat: ""
    """Code of the grid a place lies in; empty where it lies in none or the map is not there yet."""
    is_hidden: Callable[[Camera, LonLat], bool] = lambda _camera, _place: False
    """Whether a building of the town stands between a camera and a place; never before the town is there."""
    wall_at: Callable[[LonLat, LonLat], float | None] = lambda _start, _end: None
    """Metres from one place towards another to the first building in between; None where there is none."""
    place_named: Callable[[str], tuple[str, LonLat] | None] = lambda _address: None
    """The longest name on the map (road or building) an address contains, with its place."""
    places: dict[str, LonLat] = field(default_factory=dict)
    """Name of a road or building -> a place on it."""
    roads: RoadNetwork | None = None
    """The town's roads, once they are there: ways are measured along them."""
    photos: Photos | None = None
    """Where photos come from; None on a desk without a server."""
    callers: Callers | None = None
    """Whom to ask where a number called from; None on a desk without a server."""
    ask: Callable[[Any, Callable[[Any, Refused | None], None]], None] | None = None
    """Ask the server one thing that is no order; None on a desk without a server."""
    then: datetime | None = None
    """The moment this seat tells of where it is none of the present: the map shows the past."""
    held_back: Refused | None = None
    """Why nothing is ordered from this desk now: its map shows the past."""
    new_tiles: Callable[[], Any] | None = None
    """Another panel of camera pictures; None on a desk without any."""
    new_reason_bar: Callable[[], Any] | None = None
    """The line that asks why cameras are watched (ReasonBar); None on a desk without any."""
    ask_reason: Callable[[], None] = lambda: None
    """What the officer just did may have opened cameras that nobody opens without a word: let him write it."""
    reasons: CameraReasons | None = None
    """What the officer wrote for cameras that nobody opens without a word; None on a desk without any."""
    open_recorded: Callable[[str, AddressOf, int, int], RecordedHold] | None = None
    """A hold on a recorded file; None on a desk that plays none."""
    new_video: Callable[[], Any] | None = None
    """The tiles beside the map (VideoPanel); None on a desk without any."""
    is_online: bool = True
    is_loading: bool = False

    def told_at(self) -> datetime:
        """The moment what is told of is told as of: now, but in the past."""
        return self.then or self.now()

    def place_line(self, grid: str, place_text: str) -> str:
        """Where an incident is, in full: street, community, grid, place in words."""
        street, community = self.area_names.get(grid[:9], ""), self.area_names.get(grid[:12], "")
        parts = [street, community, self.grid_name(grid), place_text]
        return self.words("sep").join(part for part in parts if part) or self.words("place.unknown")

    def place_short(self, grid: str, place_text: str) -> str:
        """Where an incident is, on one board line: community and number of the grid, else the place in words."""
        community = self.area_names.get(grid[:12], "")
        if not community:
            return place_text or grid or self.words("place.unknown")
        return f"{community} {grid[-2:]}"

    def grid_name(self, grid: str) -> str:
        """第 07 网格."""
        return self.words("grid.short", number=grid[-2:]) if len(grid) == 15 else ""
