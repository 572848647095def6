"""People who report: citizens by their app, workers by theirs, over the day as a day goes; a few at once at the start."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

import numpy as np
import numpy.typing as npt

from gis_data.town.address_book import address_text
from gis_data.town.pack import BuildingsPack, RoadsPack
from server.drill.credentials import Phone
from server.drill.phone_line import Line
from server.drill.photograph import taken
from server.drill.report_texts import A_DAY, HOURLY, MATTERS, Matter
from server.drill.temper import Temper

CHINA = timezone(timedelta(hours=8))
AT_START = 24
AT_START_EVERY_S = 0.4
WORKERS_SHARE = 0.47
"""Of all reports, active discovery (seed 59: 52 / 47 / 1)."""
PHOTO_SHARE = 0.4
PHONE_SHARE = 0.5
ANONYMOUS_SHARE = 0.15
CATEGORY_SHARE = 0.7
CALLERS = ("王先生", "李女士", "陈阿姨", "张师傅")

IN_SIGHT_DEG = 0.002

Place = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Sites:
    """Where things happen: buildings and roads of the town, with what people call the place."""

    buildings: BuildingsPack
    roads: RoadsPack
    inside: Callable[[Place], bool]
    """Whether a place lies in the district."""

    def one(self, dice: random.Random, indoors: bool) -> tuple[Place, str, str]:
        """A place, its name and the floor."""
        for _ in range(50):
            place, name, floor = self._building(dice) if indoors and len(self.buildings.kind) else self._road(dice)
            if self.inside(place):
                return place, name, floor
        raise LookupError("no building and no road lies in the district")

    def _building(self, dice: random.Random) -> tuple[Place, str, str]:
        row = dice.randrange(len(self.buildings.kind))
        ring = self.buildings.coords[self.buildings.offsets[row] : self.buildings.offsets[row + 1] - 1]
        place = ring.mean(axis=0)
        floors = max(1, int(self.buildings.height_m[row] / 3))
        floor = f"{dice.randint(1, floors)}楼" if floors > 1 and dice.random() < 0.6 else ""
        named = str(self.buildings.names[row])
        return place, named or self._address_near(place) or f"{self._street_near(place)}旁", floor

    def _road(self, dice: random.Random) -> tuple[Place, str, str]:
        row = dice.randrange(len(self.roads.road_class))
        line = self.roads.coords[self.roads.offsets[row] : self.roads.offsets[row + 1]]
        leg, share = dice.randrange(max(1, len(line) - 1)), dice.random()
        place = line[leg] + (line[min(leg + 1, len(line) - 1)] - line[leg]) * share
        name = self._address_near(place) or str(self.roads.names[row]) or self._street_near(place)
        return place, f"{name}附近", ""

    def _address_near(self, place: Place) -> str:
        """The address of the house at a place, or of the nearest within sight; empty where there is none."""
        known = self.buildings.addresses
        if not len(known):
            return ""
        distances = np.abs(known.places - place).sum(axis=1)
        nearest = int(distances.argmin())
        return address_text(known.streets[nearest], known.numbers[nearest]) if distances[nearest] < IN_SIGHT_DEG else ""

    def _street_near(self, place: Place) -> str:
        """The name of a road that has one, near the place."""
        distances = np.abs(self.roads.coords - place).sum(axis=1)
        for vertex in np.argsort(distances)[:60]:
            row = int(np.searchsorted(self.roads.offsets, vertex, "right")) - 1
            if self.roads.names[row]:
                return str(self.roads.names[row])
        return "村道"


class Reporters:
    """Everybody who reports. Event loop only."""

    def __init__(self, line: Line, sites: Sites, nearest: Callable[[Place], Phone], temper: Temper, day: int = 1) -> None:
        """`nearest`: the phone of a worker near a place. `day`: how often this town's people began."""
        self._line = line
        self._sites = sites
        self._nearest = nearest
        self._temper = temper
        self._dice = random.Random(f"reporters {temper.seed} {day}")
        self._weights = [matter.weight for matter in MATTERS]
        self._waiting: set[asyncio.Task[None]] = set()
        self.counted: Counter[str] = Counter()

    async def run(self, at_start: int = AT_START) -> None:
        """A few at once, then one after another until cancelled."""
        try:
            for _ in range(at_start):
                self._send()
                await asyncio.sleep(AT_START_EVERY_S)
            while True:
                await asyncio.sleep(self.pause_s(datetime.now(CHINA).hour))
                self._send()
        finally:
            for task in self._waiting:
                task.cancel()

    def pause_s(self, hour: int) -> float:
        """Real seconds until the next report at this local hour, drawn anew each time."""
        an_hour = A_DAY * HOURLY[hour] / sum(HOURLY)
        return self._dice.expovariate(an_hour * self._temper.pace / 3600)

    def report(self) -> tuple[Matter, dict[str, object], Place]:
        """One report as its reporter writes it: the matter, the fields, the place."""
        dice = self._dice
        matter = dice.choices(MATTERS, self._weights)[0]
        place, name, floor = self._sites.one(dice, matter.indoors)
        fields: dict[str, object] = {
            "text": dice.choice(matter.texts).format(place=name),
            "lon": round(float(place[0]), 7),
            "lat": round(float(place[1]), 7),
            "place_text": name,
            "accuracy": round(dice.uniform(4, 25), 1),
        }
        if floor:
            fields["floor"] = floor
        if dice.random() < CATEGORY_SHARE:
            fields["category"] = matter.category
        return matter, fields, place

    def _send(self) -> None:
        """Let somebody report, without waiting for the answer."""
        task = asyncio.create_task(self._hand_in())
        self._waiting.add(task)
        task.add_done_callback(self._waiting.discard)

    async def _hand_in(self) -> None:
        """One report by a worker or a citizen."""
        dice = self._dice
        matter, fields, place = self.report()
        files = {"photo": ("scene.jpg", taken(dice.getrandbits(32)), "image/jpeg")} if dice.random() < PHOTO_SHARE else None
        if dice.random() < WORKERS_SHARE:
            who, path = "worker", "/v1/worker/reports"
            fields["urgency"] = int(matter.urgency)
        else:
            who, path = "citizen", "/v1/citizen/reports"
            fields |= self._caller()
        content = {"data": fields, "files": files} if files else {"json": fields}
        if who == "worker":
            answer = await self._line.as_phone(self._nearest(place), "POST", path, **content)
        else:
            answer = await self._line.ask("POST", path, **content)
        self.counted[who if answer.is_done else f"{who} refused {answer.body.get('code', answer.status)}"] += 1

    def _caller(self) -> dict[str, object]:
        """Who a citizen says he is; made up, with numbers nobody has."""
        dice = self._dice
        if dice.random() < ANONYMOUS_SHARE:
            return {"anonymous": "true"}
        if dice.random() < PHONE_SHARE:
            return {
                "phone": f"1990000{dice.randrange(10_000):04d}",
                "name": dice.choice(("王先生", "李女士", "陈阿姨", "张师傅")),
            }
        return {}
