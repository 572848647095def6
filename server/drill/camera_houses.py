"""What stands beside a simulated street: houses with windows and shop signs, trees, lamps, the skyline behind."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PIL import ImageDraw

if TYPE_CHECKING:
    from server.drill.camera_scene import Light, Street

Colour = tuple[int, int, int]

WALLS: tuple[Colour, ...] = (
    (186, 176, 160), (168, 150, 132), (198, 194, 186), (154, 118, 98), (176, 184, 188), (206, 186, 150), (140, 146, 152),
)  # fmt: skip
SIGNS: tuple[Colour, ...] = ((178, 40, 38), (24, 92, 160), (206, 150, 34), (32, 122, 84), (220, 214, 204), (120, 46, 110))
LEAVES: tuple[Colour, ...] = ((64, 96, 52), (78, 108, 58), (54, 84, 50), (96, 112, 56))
FLOOR_M = 3.2
SHOP_M = 4.2
SKY_ROW_M = 260.0


@dataclass(frozen=True, slots=True)
class House:
    """One block along the street: its road wall stands at face_m from the middle of the road, on one side."""

    side: int
    face_m: float
    start_m: float
    end_m: float
    tall_m: float
    wall: Colour
    has_shops: bool
    seed: int


def row_of_houses(rng: random.Random, side: int, face_m: float, tall: float) -> list[House]:
    """Houses along one side of a street, nearest first, up to 200 m; tall 0 to 1 is how often they are tower blocks."""
    houses: list[House] = []
    z = rng.uniform(7.0, 14.0)
    while z < 200.0:
        long = rng.uniform(12.0, 30.0)
        tall_m = FLOOR_M * rng.choice((6, 7, 11, 17)) if rng.random() < tall else FLOOR_M * rng.choice((2, 3, 5, 6))
        setback = rng.choice((0.0, 0.0, 1.5, 5.0))
        houses.append(
            House(
                side, face_m + setback, z, z + long, tall_m + 1.0, rng.choice(WALLS), rng.random() < 0.7, rng.randrange(1 << 30)
            )
        )
        z += long + rng.choice((0.0, 1.0, 4.0, 12.0))
    return houses


def draw_house(pen: ImageDraw.ImageDraw, view: Street, light: Light, house: House) -> None:
    """Paint one house: the wall to the road with windows and shops, and the wall that faces the camera."""
    x, deep = house.side * house.face_m, house.side * (house.face_m + 14.0)
    z0, z1, top = max(house.start_m, 3.0), house.end_m, house.tall_m
    haze = min(1.0, z0 / 260.0) * 0.5
    front = _hazy(light.on(house.wall, 0.80), light, haze)
    pen.polygon([view.at(x, 0, z0), view.at(deep, 0, z0), view.at(deep, top, z0), view.at(x, top, z0)], fill=front)
    wall = _hazy(light.on(house.wall, 1.0 if house.side > 0 else 0.9), light, haze)
    pen.polygon([view.at(x, 0, z0), view.at(x, 0, z1), view.at(x, top, z1), view.at(x, top, z0)], fill=wall)
    roof = _hazy(light.on(house.wall, 0.62), light, haze)
    pen.line([view.at(x, top, z0), view.at(x, top, z1)], fill=roof, width=3)
    rng = random.Random(house.seed)
    _draw_windows(pen, view, light, house, rng, haze)
    if house.has_shops:
        _draw_shops(pen, view, light, house, rng)


def draw_tree(pen: ImageDraw.ImageDraw, view: Street, light: Light, x: float, z: float, size: float, seed: int) -> None:
    """Paint one street tree: a trunk and a crown of overlapping leaves."""
    rng = random.Random(seed)
    scale = view.focal_px / z
    pen.line([view.at(x, 0, z), view.at(x, 3.2 * size, z)], fill=light.on((82, 68, 54)), width=max(2, int(0.26 * scale)))
    leaf = rng.choice(LEAVES)
    for share in (0.72, 0.9, 1.08, 1.24):
        for _ in range(7):
            u, v = view.at(x + rng.uniform(-1.5, 1.5) * size, (3.6 + rng.uniform(-0.6, 1.5) + share) * size, z)
            r = scale * rng.uniform(0.45, 0.95) * size
            pen.ellipse((u - r, v - r * 0.8, u + r, v + r * 0.8), fill=light.on(leaf, share))


def draw_lamp(pen: ImageDraw.ImageDraw, view: Street, light: Light, x: float, z: float, side: int) -> None:
    """Paint one street lamp with its arm over the road."""
    scale = view.focal_px / z
    grey = light.on((150, 154, 158))
    wide = max(2, int(0.14 * scale))
    pen.line([view.at(x, 0, z), view.at(x, 8.4, z), view.at(x - side * 2.0, 8.6, z)], fill=grey, width=wide)
    u, v = view.at(x - side * 2.0, 8.5, z)
    shine = (255, 240, 200) if light.sun < 0.5 else light.on((214, 214, 208))
    pen.ellipse((u - wide * 1.6, v - wide * 0.6, u + wide * 1.6, v + wide * 0.9), fill=shine)


def draw_skyline(pen: ImageDraw.ImageDraw, view: Street, light: Light, rng: random.Random) -> None:
    """Paint the hazy towers of the town behind the end of the street."""
    u = -view.width * 0.05
    while u < view.width * 1.05:
        wide = view.width * rng.uniform(0.02, 0.06)
        high = view.horizon_px * rng.uniform(0.08, 0.5)
        tower = _hazy(light.on((150, 158, 168), 0.9), light, rng.uniform(0.5, 0.75))
        pen.rectangle((u, view.horizon_px - high, u + wide, view.horizon_px + 2), fill=tower)
        u += wide * rng.uniform(0.8, 1.6)


def _draw_windows(pen: ImageDraw.ImageDraw, view: Street, light: Light, house: House, rng: random.Random, haze: float) -> None:
    """Windows on the wall to the road; none where they would be thinner than a pixel."""
    x = house.side * house.face_m
    pitch = rng.choice((3.0, 3.6, 4.2))
    base = SHOP_M + 0.6 if house.has_shops else 0.9
    lit_share = 0.45 if light.sun < 0.45 else 0.0
    columns = int((house.end_m - house.start_m - 1.0) / pitch)
    floors = int((house.tall_m - base - 0.4) / FLOOR_M)
    for column in range(columns):
        z = house.start_m + 1.0 + column * pitch
        rng = random.Random(house.seed + column)
        if z < 3.0 or abs(view.at(x, 0, z)[0] - view.at(x, 0, z + pitch * 0.55)[0]) < 1.5:
            continue
        for floor in range(floors):
            y = base + floor * FLOOR_M
            low, high = view.at(x, y, z), view.at(x, y + 1.7, z + pitch * 0.55)
            lit, shade = rng.random() < lit_share, rng.uniform(0.75, 1.1)
            if high[1] > view.height or low[1] < -20:
                continue
            glass = (236, 206, 140) if lit else _hazy(light.on((78, 92, 106), shade), light, haze)
            far, near = z + pitch * 0.55, z
            corners = [view.at(x, y, near), view.at(x, y, far), view.at(x, y + 1.7, far), view.at(x, y + 1.7, near)]
            pen.polygon(corners, fill=glass)


def _draw_shops(pen: ImageDraw.ImageDraw, view: Street, light: Light, house: House, rng: random.Random) -> None:
    """Ground floor: shop windows under coloured signs, lit at night."""
    x = house.side * house.face_m
    night = light.sun < 0.45
    z = house.start_m
    while z + 3.0 < house.end_m:
        end = min(house.end_m, z + rng.uniform(4.0, 8.0))
        sign = rng.choice(SIGNS)
        pane = (196, 184, 150) if night and rng.random() < 0.7 else light.on((70, 76, 82))
        near = max(z + 0.2, 3.0)
        if end > near:
            _wall_quad(pen, view, x, near, end - 0.2, 0.2, 2.9, pane)
            _wall_quad(pen, view, x, near, end - 0.2, 3.1, SHOP_M, sign if night else light.on(sign))
        z = end


def _wall_quad(
    pen: ImageDraw.ImageDraw, view: Street, x: float, z0: float, z1: float, y0: float, y1: float, fill: Colour
) -> None:
    pen.polygon([view.at(x, y0, z0), view.at(x, y0, z1), view.at(x, y1, z1), view.at(x, y1, z0)], fill=fill)


def _hazy(colour: Colour, light: Light, share: float) -> Colour:
    low = light.sky[1]
    r, g, b = (round(c + (s - c) * share) for c, s in zip(colour, low, strict=True))
    return r, g, b
