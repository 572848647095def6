"""Everybody who walks, as arrays: patrol in one's own grid along the roads, or follow a way to a place and back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from server.drill.pavement import Nodes, Pavement

PAUSE_CHANCE = 0.06
"""At a corner: a chat, a look at a hydrant."""
PAUSE_S = (15.0, 120.0)
MOST_CORNERS = 4
"""Corners one may pass within one step of the walk."""

Metres = npt.NDArray[np.float64]


@dataclass(slots=True)
class Way:
    """A way somebody follows: its points in metres, how far each is from the start, how far he got, and how fast."""

    xy: Metres
    along: Metres
    speed_m_s: float
    done_m: float = 0.0

    @property
    def is_over(self) -> bool:
        """Whether the end is reached."""
        return self.done_m >= float(self.along[-1])

    def where(self) -> tuple[float, float, float]:
        """East and north in metres, and the heading in degrees."""
        at = min(self.done_m, float(self.along[-1]))
        leg = int(np.clip(np.searchsorted(self.along, at, "right") - 1, 0, max(0, len(self.xy) - 2)))
        east, north = (float(np.interp(at, self.along, self.xy[:, axis])) for axis in (0, 1))
        step = self.xy[min(leg + 1, len(self.xy) - 1)] - self.xy[leg]
        return east, north, float(np.degrees(np.arctan2(step[0], step[1]))) % 360


class Walkers:
    """Row i is worker i of the credentials. One thread; `now` is given in seconds on any steady clock."""

    def __init__(self, pavement: Pavement, grids: Nodes, rng: np.random.Generator) -> None:
        """Everybody stands somewhere in his grid and starts to patrol."""
        count = len(grids)
        self._pavement = pavement
        self._grids = grids
        self._rng = rng
        starts = np.array([rng.choice(pavement.nodes_of(int(grid))) for grid in grids], np.int64)
        self._from: Nodes = starts
        self._to = self._turned(starts, starts, np.arange(count))
        self._along = rng.uniform(0, 1, count) * self._lengths()
        self._speed = rng.uniform(0.9, 1.4, count)
        self._paused_until = np.zeros(count)
        self._beside = rng.uniform(-3.0, 3.0, count)
        """Metres right of the middle of the road: on the pavement."""
        self._ways: dict[int, Way] = {}
        self._standing: set[int] = set()
        self._patrolling = np.ones(count, np.bool_)

    def step(self, seconds: float, now: float) -> list[int]:
        """Everybody goes on for so long; rows of those whose way is over now."""
        walking = np.flatnonzero(self._patrolling & (self._paused_until <= now))
        self._along[walking] += self._speed[walking] * seconds
        for _ in range(MOST_CORNERS):
            past = walking[self._along[walking] >= self._lengths(walking)]
            if not len(past):
                break
            self._pass_corners(past, now)
        arrived = []
        for row, way in self._ways.items():
            if row not in self._standing:
                way.done_m += way.speed_m_s * seconds
                if way.is_over:
                    arrived.append(row)
        self._standing.update(arrived)
        return arrived

    def send_off(self, row: int, lonlat: npt.NDArray[np.float64], speed_m_s: float) -> float:
        """A worker follows a way (longitude and latitude, float64[n, 2]); its length in metres. At its end he stands."""
        xy = self._pavement.metres(lonlat)
        along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(xy, axis=0).T))])
        self._ways[row] = Way(xy, along, speed_m_s)
        self._standing.discard(row)
        self._patrolling[row] = False
        return float(along[-1])

    def stand(self, row: int, until: float) -> None:
        """A worker on patrol stays where he is until a moment of the clock of `step`."""
        self._paused_until[row] = until

    def patrol(self, row: int) -> None:
        """A worker goes on patrol from the node nearest to where he is."""
        east, north = self.positions(np.array([row]))[0][0]
        self._ways.pop(row, None)
        self._standing.discard(row)
        nearest = int(np.hypot(*(self._pavement.xy - (east, north)).T).argmin())
        self._from[row] = nearest
        self._to[row] = self._turned(self._from[[row]], self._from[[row]], np.array([row]))[0]
        self._along[row] = 0.0
        self._patrolling[row] = True

    def home(self, row: int) -> npt.NDArray[np.float64]:
        """A place on a road of the worker's own grid, longitude and latitude."""
        node = int(self._rng.choice(self._pavement.nodes_of(int(self._grids[row]))))
        return np.asarray(self._pavement.lonlat(self._pavement.xy[node]))

    def positions(self, rows: Nodes) -> tuple[Metres, Metres, Metres]:
        """East and north in metres (float64[k, 2]), headings in degrees, speeds in metres a second."""
        start, end = self._pavement.xy[self._from[rows]], self._pavement.xy[self._to[rows]]
        step = end - start
        length = np.maximum(np.hypot(*step.T), 1e-6)
        share = np.clip(self._along[rows] / length, 0.0, 1.0)[:, None]
        right = np.column_stack([step[:, 1], -step[:, 0]]) / length[:, None]
        xy = start + step * share + right * self._beside[rows][:, None]
        heading = np.degrees(np.arctan2(step[:, 0], step[:, 1])) % 360
        speed = self._speed[rows].copy()
        for place, row in enumerate(rows.tolist()):
            if row in self._ways:
                east, north, heading[place] = self._ways[row].where()
                xy[place] = east, north
                speed[place] = 0.0 if row in self._standing else self._ways[row].speed_m_s
        return xy, heading, speed

    def lonlat_of(self, xy: Metres) -> npt.NDArray[np.float64]:
        """Metres as longitude and latitude."""
        return self._pavement.lonlat(xy)

    def metres_of(self, lonlat: npt.NDArray[np.float64]) -> Metres:
        """Longitude and latitude as metres."""
        return self._pavement.metres(lonlat)

    def lonlat(self, rows: Nodes) -> npt.NDArray[np.float64]:
        """Where these are, longitude and latitude."""
        return self._pavement.lonlat(self.positions(rows)[0])

    def _pass_corners(self, rows: Nodes, now: float) -> None:
        """Turn into the next stretch; some stop for a while."""
        self._along[rows] -= self._lengths(rows)
        here = self._to[rows]
        self._to[rows] = self._turned(here, self._from[rows], rows)
        self._from[rows] = here
        stops = self._rng.random(len(rows)) < PAUSE_CHANCE
        self._paused_until[rows[stops]] = now + self._rng.uniform(*PAUSE_S, int(stops.sum()))
        self._along[rows[stops]] = 0.0

    def _turned(self, here: Nodes, came_from: Nodes, rows: Nodes) -> Nodes:
        dice = self._rng.random(self._pavement.choices(here))
        return self._pavement.next_nodes(here, came_from, self._grids[rows], dice)

    def _lengths(self, rows: Nodes | slice = slice(None)) -> Metres:
        """Length of the stretch each is on."""
        return np.asarray(np.hypot(*(self._pavement.xy[self._to[rows]] - self._pavement.xy[self._from[rows]]).T))
