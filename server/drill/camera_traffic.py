"""What moves in a simulated street: cars, vans, buses, e-bikes and people, as sprites over the still picture.

Where each is depends only on the seed of the camera and the time, so every stream of a camera shows the same street.
A sprite is drawn once for each step of its distance (5 %) and kept; pasting one costs a few microseconds.
"""

from __future__ import annotations

import math
import random
from collections import OrderedDict
from dataclasses import dataclass
from enum import StrEnum

from PIL import ImageDraw

from server.drill.camera_scene import Colour, Light, Street
from server.drill.camera_shapes import draw_person, draw_rider, draw_vehicle
from server.drill.camera_sprite import Planes, Sprite, sprite_of

STEP = 0.05
FAR_M = 95.0
KEPT_BYTES_PER_PX = 24
"""How much may be kept of sprites for each pixel of the picture: 5.5 MB of a small stream, 22 MB of a large one."""


class Kind(StrEnum):
    """What moves."""

    CAR = "car"
    VAN = "van"
    BUS = "bus"
    RIDER = "rider"
    PERSON = "person"


PAINTS: tuple[Colour, ...] = ((226, 226, 224), (40, 42, 46), (150, 154, 160), (150, 40, 38), (44, 74, 122), (196, 190, 176))
CLOTHES: tuple[Colour, ...] = ((58, 66, 92), (150, 54, 50), (92, 96, 92), (206, 176, 64), (70, 110, 104), (214, 212, 206))
# kind -> width, height, length in metres
SIZES: dict[Kind, tuple[float, float, float]] = {
    Kind.CAR: (1.82, 1.46, 4.6),
    Kind.VAN: (2.0, 2.2, 5.2),
    Kind.BUS: (2.5, 3.1, 10.5),
    Kind.RIDER: (0.7, 1.65, 1.7),
    Kind.PERSON: (0.5, 1.7, 0.4),
}


@dataclass(frozen=True, slots=True)
class Mover:
    """One thing that goes up or down the street for ever."""

    kind: Kind
    x_m: float
    speed_m_s: float
    """Positive: away from the camera."""
    offset_m: float
    paint: Colour

    def distance_m(self, near_m: float, unix_s: float) -> float:
        """How far ahead of the camera it is at a wall time."""
        return near_m + (self.offset_m + self.speed_m_s * unix_s) % (FAR_M - near_m)


class Traffic:
    """Everything that moves in one street, drawn for one light; used by one thread at a time."""

    def __init__(self, street: Street, light: Light) -> None:
        self._street = street
        self._light = light
        self._near_m = street.near_m * 0.62
        self._movers = _movers(street, self._near_m, busy=0.35 + 0.65 * light.sun)
        self._kept: OrderedDict[tuple[Mover, int, int], Sprite | None] = OrderedDict()
        self.kept_bytes = 0

    def paste(self, planes: Planes, unix_s: float) -> None:
        """Draw everything where it is at a wall time into the Y, U and V planes, far things first."""
        seen = [(m.distance_m(self._near_m, unix_s), m) for m in self._movers]
        for z, mover in sorted(seen, key=lambda entry: -entry[0]):
            step = math.floor(math.log(z / self._near_m) / STEP)
            walks = mover.kind is Kind.PERSON
            pose = int(unix_s * 2.4 + mover.offset_m) % 2 if walks else 0
            key = (mover, step, pose)
            sprite = self._sprite(key)
            if sprite is not None:
                drawn_z = self._near_m * math.exp(STEP * (step + 0.5))
                u, v = self._street.at(mover.x_m, 0.0, z)
                u0, v0 = self._street.at(mover.x_m, 0.0, drawn_z)
                sprite.paste(planes, u - u0, v - v0)

    def _sprite(self, key: tuple[Mover, int, int]) -> Sprite | None:
        """The sprite of a mover at a step; what was not shown for longest goes where too much is kept."""
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        sprite = self._kept[key] = self._drawn(*key)
        self.kept_bytes += sprite.size_bytes if sprite else 0
        most = KEPT_BYTES_PER_PX * self._street.width * self._street.height
        while self.kept_bytes > most and len(self._kept) > 1:
            _, gone = self._kept.popitem(last=False)
            self.kept_bytes -= gone.size_bytes if gone else 0
        return sprite

    def _drawn(self, mover: Mover, step: int, pose: int) -> Sprite | None:
        z = self._near_m * math.exp(STEP * (step + 0.5))
        wide, high, long = SIZES[mover.kind]
        away = mover.speed_m_s > 0
        x, light = mover.x_m, self._light

        def paint(pen: ImageDraw.ImageDraw, view: Street) -> None:
            if mover.kind is Kind.PERSON:
                draw_person(pen, view, light, x, z, mover.paint, pose)
            elif mover.kind is Kind.RIDER:
                draw_rider(pen, view, light, x, z, mover.paint, away)
            else:
                draw_vehicle(pen, view, light, x, z, (wide, high, long), mover.paint, away)

        return sprite_of(self._street, x, wide, high, z, long, paint)


def _movers(street: Street, near_m: float, busy: float) -> list[Mover]:
    rng = random.Random(street.seed + 2)
    span = FAR_M - near_m
    movers: list[Mover] = []
    for lane in range(street.lanes):
        for side in (-1, 1):
            x = side * (lane + 0.5) * 3.4
            speed = side * rng.uniform(6.5, 11.5)
            count = max(1, round(busy * rng.choice((1, 2, 2, 3))))
            for k in range(count):
                kind = rng.choices((Kind.CAR, Kind.VAN, Kind.BUS), (0.8, 0.13, 0.07))[0]
                paint = rng.choice(PAINTS) if kind is not Kind.BUS else rng.choice(((38, 110, 84), (30, 92, 160)))
                offset = span * (k + rng.uniform(0.1, 0.7)) / count
                movers.append(Mover(kind, x + rng.uniform(-0.2, 0.2), speed, offset, paint))
    for side in (-1, 1):
        for _ in range(max(1, round(2 * busy))):
            x = side * (street.road_half_m - 0.5)
            movers.append(Mover(Kind.RIDER, x, side * rng.uniform(4.0, 6.0), rng.uniform(0, span), rng.choice(CLOTHES)))
        for _ in range(max(1, round(4 * busy))):
            x = side * (street.road_half_m + rng.uniform(1.9, street.walk_m - 0.6))
            speed = rng.choice((-1, 1)) * rng.uniform(0.9, 1.5)
            movers.append(Mover(Kind.PERSON, x, speed, rng.uniform(0, span), rng.choice(CLOTHES)))
    return movers
