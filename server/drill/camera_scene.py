"""The street a simulated camera looks along: its geometry, its light, and the still part of its picture.

The camera hangs over the road and looks along it. Ground coordinates are metres: x across the road from its middle (right
is positive), y up, z ahead of the camera. Everything is drawn from the seed of the camera, so each has a street of its own.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from server.drill.camera_houses import House, draw_house, draw_lamp, draw_skyline, draw_tree, row_of_houses

Colour = tuple[int, int, int]
Point = tuple[float, float]

FAR_M = 240.0
FINER = 2
"""The still picture is drawn this many times larger and scaled down, for smooth edges."""


@dataclass(frozen=True, slots=True)
class Light:
    """How light it is: sun 0 (night) to 1 (day), and the tint of the light."""

    sun: float
    dusk: float

    def on(self, colour: Colour, share: float = 1.0) -> Colour:
        """The colour of a surface in this light; share below 1 is a face turned from the light."""
        strength = (0.24 + 0.76 * self.sun) * share
        warm = 1.0 + 0.18 * self.dusk
        cool = 1.0 + 0.16 * (1.0 - self.sun)
        return _clip(colour[0] * strength * warm), _clip(colour[1] * strength), _clip(colour[2] * strength * cool)

    @property
    def sky(self) -> tuple[Colour, Colour]:
        """Colours of the sky at the top and at the horizon."""
        top = _mix((12, 15, 26), (128, 158, 190), self.sun)
        low = _mix((38, 40, 52), (206, 212, 214), self.sun)
        return top, _mix(low, (226, 164, 118), 0.6 * self.dusk)


def light_at(hour: float) -> Light:
    """The light at an hour of the local day, 0 to 24: dawn about six, dusk about half past five."""
    rise = _ease((hour - 5.4) / 1.4)
    fall = 1.0 - _ease((hour - 17.0) / 1.4)
    sun = min(rise, fall)
    return Light(sun, 4.0 * sun * (1.0 - sun))


@dataclass(frozen=True, slots=True)
class Street:
    """The geometry of one camera's street and the projection onto its picture."""

    width: int
    height: int
    seed: int
    focal_px: float
    horizon_px: float
    vanish_px: float
    eye_m: float
    """Height of the camera over the road."""
    eye_x_m: float
    road_half_m: float
    lanes: int
    """Lanes in each direction."""
    walk_m: float
    zebra_m: float | None
    """Distance of the zebra crossing, None without one."""
    houses: tuple[House, ...]

    def at(self, x: float, y: float, z: float) -> Point:
        """Where a place is in the picture, in pixels from the upper left."""
        scale = self.focal_px / max(z, 0.5)
        return self.vanish_px + scale * (x - self.eye_x_m), self.horizon_px + scale * (self.eye_m - y)

    @property
    def near_m(self) -> float:
        """How far away the road is that the lower edge of the picture shows."""
        return self.focal_px * self.eye_m / (self.height - self.horizon_px)

    def larger(self, times: int) -> Street:
        """The same street in a picture that many times larger."""
        return Street(
            self.width * times, self.height * times, self.seed, self.focal_px * times, self.horizon_px * times,
            self.vanish_px * times, self.eye_m, self.eye_x_m, self.road_half_m, self.lanes, self.walk_m, self.zebra_m,
            self.houses,
        )  # fmt: skip


def street_of(seed: int, width: int, height: int) -> Street:
    """The street of a camera with this seed; the same street whatever the size of the picture."""
    rng = random.Random(seed)
    lanes = rng.choice((1, 1, 2, 2, 3))
    road_half = lanes * 3.4 + rng.choice((0.6, 2.8))
    walk = rng.uniform(3.5, 7.0)
    eye_x = rng.uniform(-0.6, 0.6) * road_half
    tall = rng.choice((0.3, 0.6, 1.0))
    return Street(
        width=width, height=height, seed=seed,
        focal_px=width * rng.uniform(0.78, 0.95), horizon_px=height * rng.uniform(0.20, 0.30),
        vanish_px=width * rng.uniform(0.36, 0.64), eye_m=rng.uniform(5.2, 6.6), eye_x_m=eye_x,
        road_half_m=road_half, lanes=lanes, walk_m=walk,
        zebra_m=rng.uniform(17.0, 26.0) if rng.random() < 0.5 else None,
        houses=(*row_of_houses(rng, -1, road_half + walk, tall), *row_of_houses(rng, 1, road_half + walk, tall)),
    )  # fmt: skip


def still_picture(street: Street, light: Light) -> NDArray[np.uint8]:
    """The part of the picture that does not move, as RGB: uint8[height, width, 3]."""
    view = street.larger(FINER)
    image = Image.new("RGB", (view.width, view.height))
    pen = ImageDraw.Draw(image)
    rng = random.Random(street.seed + 1)
    _draw_sky(pen, view, light)
    draw_skyline(pen, view, light, rng)
    _draw_ground(pen, view, light, rng)
    _draw_markings(pen, view, light)
    _draw_upright(pen, view, light, rng)
    small = image.resize((street.width, street.height), Image.Resampling.BOX)
    if light.sun < 0.6:
        small = _with_lamp_glow(small, street, 1.0 - light.sun / 0.6)
    return _as_through_a_lens(np.asarray(small, dtype=np.float32), rng)


def lamp_places(street: Street) -> list[tuple[float, float, int]]:
    """Where the street lamps stand: x, z in metres and the side (-1 left, 1 right)."""
    first = 14.0 + street.seed % 9
    return [
        (side * (street.road_half_m + 0.7), z, side)
        for z in np.arange(first, 150.0, 27.0).tolist()
        for side in (-1, 1)
    ]  # fmt: skip


def _draw_sky(pen: ImageDraw.ImageDraw, view: Street, light: Light) -> None:
    top, low = light.sky
    for row in range(int(view.horizon_px) + 2):
        pen.line([(0, row), (view.width, row)], fill=_mix(top, low, (row / view.horizon_px) ** 1.3))


def _draw_ground(pen: ImageDraw.ImageDraw, view: Street, light: Light, rng: random.Random) -> None:
    paving = rng.choice(((138, 132, 124), (126, 128, 128), (148, 136, 122)))
    pen.rectangle((0, view.horizon_px, view.width, view.height), fill=light.on(paving))
    near, half = 3.0, view.road_half_m
    for z in np.geomspace(near, 60.0, 26).tolist():
        left, right = view.at(-half - 40, 0, z), view.at(half + 40, 0, z)
        pen.line([left, right], fill=light.on(paving, 0.94), width=2)
    asphalt = rng.choice(((84, 86, 90), (74, 76, 80), (96, 95, 93)))
    _ground_quad(pen, view, -half, half, near, FAR_M, light.on(asphalt))
    for _ in range(9):
        x, z = rng.uniform(-half, half - 1.5), rng.uniform(11.0, 50.0)
        patch = light.on(asphalt, rng.choice((0.9, 0.93, 1.06)))
        _ground_quad(pen, view, x, min(half, x + rng.uniform(0.8, 3.0)), z, z + rng.uniform(2, 14), patch)
    for side in (-1, 1):
        _ground_quad(pen, view, side * half, side * (half + 0.35), near, FAR_M, light.on((176, 174, 168)))
        _ground_quad(pen, view, side * (half + 0.5), side * (half + 1.6), near, FAR_M, light.on((66, 92, 58), 0.95))


def _draw_markings(pen: ImageDraw.ImageDraw, view: Street, light: Light) -> None:
    white, yellow = light.on((222, 222, 216)), light.on((214, 176, 62))
    end = view.lanes * 3.4
    for x in (-0.22, 0.1):
        _ground_quad(pen, view, x, x + 0.12, 3.0, 150.0, yellow)
    for side in (-1, 1):
        _ground_quad(pen, view, side * end, side * (end + 0.14), 3.0, 150.0, white)
        for lane in range(1, view.lanes):
            for z in np.arange(4.0, 110.0, 10.0).tolist():
                _ground_quad(pen, view, side * lane * 3.4 - 0.07, side * lane * 3.4 + 0.07, z, z + 4.5, white)
    if view.zebra_m is not None:
        for x in np.arange(-view.road_half_m + 0.3, view.road_half_m - 0.4, 1.0).tolist():
            _ground_quad(pen, view, x, x + 0.5, view.zebra_m, view.zebra_m + 4.0, white)


def _draw_upright(pen: ImageDraw.ImageDraw, view: Street, light: Light, rng: random.Random) -> None:
    """Houses, trees and lamps, the far ones first."""
    trees = [
        (side * (view.road_half_m + 1.2), z + rng.uniform(-1.5, 1.5), rng.uniform(0.8, 1.3), rng.randrange(1 << 30))
        for side in (-1, 1)
        for z in np.arange(13.0, 150.0, rng.choice((8.0, 11.0, 16.0))).tolist()
    ]
    things: list[tuple[float, int, object]] = [(h.start_m + 6.0, 0, h) for h in view.houses]
    things += [(z, 1, (x, z, size, seed)) for x, z, size, seed in trees]
    things += [(z, 2, place) for place in lamp_places(view) for z in (place[1],)]
    for _, kind, thing in sorted(things, key=lambda entry: -entry[0]):
        if kind == 0 and isinstance(thing, House):
            draw_house(pen, view, light, thing)
        elif kind == 1 and isinstance(thing, tuple):
            draw_tree(pen, view, light, *thing)
        elif isinstance(thing, tuple):
            draw_lamp(pen, view, light, *thing)


def _with_lamp_glow(image: Image.Image, street: Street, strength: float) -> Image.Image:
    """The picture with the street lamps on: a halo round each, and the ground under it lighter."""
    halo, pool = Image.new("RGB", image.size), Image.new("RGB", image.size)
    halo_pen, pool_pen = ImageDraw.Draw(halo), ImageDraw.Draw(pool)
    for x, z, side in reversed(lamp_places(street)):
        u, v = street.at(x - side * 2.0, 8.2, z)
        radius = street.focal_px * 0.55 / z
        halo_pen.ellipse((u - radius, v - radius, u + radius, v + radius), fill=(255, 226, 160))
        far, near = street.at(x - side * 2.0 - 9, 0, z + 12), street.at(x - side * 2.0 + 9, 0, max(z - 6, 4.0))
        left, right = sorted((far[0], near[0]))
        pool_pen.ellipse((left, far[1], right, near[1]), fill=(255, 226, 176))
    halo = halo.filter(ImageFilter.GaussianBlur(street.width / 90))
    pool = pool.filter(ImageFilter.GaussianBlur(street.width / 22))
    ground = np.asarray(image, np.float32) * (1.0 + np.asarray(pool, np.float32) * (0.0052 * strength))
    lit = ground + np.asarray(halo, np.float32) * strength
    return Image.fromarray(np.clip(lit, 0, 255).astype(np.uint8))


def _as_through_a_lens(rgb: NDArray[np.float32], rng: random.Random) -> NDArray[np.uint8]:
    """A little less colour, darker corners and a trace of grain, as a street camera has them."""
    high, wide = rgb.shape[:2]
    grey = rgb.mean(axis=2, keepdims=True)
    y, x = np.mgrid[-1 : 1 : high * 1j, -1 : 1 : wide * 1j].astype(np.float32)
    corner = (1.0 - 0.14 * (x * x + y * y))[:, :, None]
    grain = np.random.default_rng(rng.randrange(1 << 30)).normal(0.0, 1.6, (high, wide, 1)).astype(np.float32)
    seen: NDArray[np.float32] = (grey + (rgb - grey) * 0.88) * corner + grain
    return np.clip(seen, 0, 255).astype(np.uint8)


def _ground_quad(pen: ImageDraw.ImageDraw, view: Street, x0: float, x1: float, z0: float, z1: float, fill: Colour) -> None:
    pen.polygon([view.at(x0, 0, z0), view.at(x1, 0, z0), view.at(x1, 0, z1), view.at(x0, 0, z1)], fill=fill)


def _mix(a: Colour, b: Colour, share: float) -> Colour:
    return _clip(a[0] + (b[0] - a[0]) * share), _clip(a[1] + (b[1] - a[1]) * share), _clip(a[2] + (b[2] - a[2]) * share)


def _ease(t: float) -> float:
    t = min(1.0, max(0.0, t))
    return t * t * (3.0 - 2.0 * t)


def _clip(value: float) -> int:
    return max(0, min(255, round(value)))
