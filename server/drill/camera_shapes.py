"""How a vehicle, a rider and a walker look from a street camera."""

from __future__ import annotations

from PIL import ImageDraw

from server.drill.camera_scene import Colour, Light, Street

Box = tuple[float, float, float, float, float, float]
"""x0, x1, y0, y1, z0, z1 in metres."""


def draw_vehicle(
    pen: ImageDraw.ImageDraw, view: Street, light: Light, x: float, z: float,
    size: tuple[float, float, float], paint: Colour, away: bool,
) -> None:  # fmt: skip
    """Paint a car, van or bus whose near end is at distance z."""
    wide, high, long = size
    half = wide / 2
    shadow = [(x - half - 0.15, z - 0.1), (x + half + 0.15, z - 0.1), (x + half + 0.15, z + long), (x - half - 0.15, z + long)]
    pen.polygon([view.at(a, 0, b) for a, b in shadow], fill=(0, 0, 0, 110))
    waist = 0.86 if high < 2.0 else high * 0.52
    _wheels(pen, view, x, half, z, long)
    _box(pen, view, light, (x - half, x + half, 0.28, waist, z, z + long), (paint, paint, paint))
    glass = (58, 68, 80)
    if high < 2.0:
        cabin = (x - half + 0.14, x + half - 0.14, waist, high, z + 0.16 * long, z + 0.84 * long)
        _cabin(pen, view, light, cabin, paint, glass, 0.13 * long)
    else:
        _box(pen, view, light, (x - half, x + half, waist, high - 0.35, z, z + long), (glass, glass, paint))
        _box(pen, view, light, (x - half, x + half, high - 0.35, high, z, z + long), (paint, paint, paint))
    _lights(pen, view, light, x, half, z, away)


def draw_rider(pen: ImageDraw.ImageDraw, view: Street, light: Light, x: float, z: float, paint: Colour, away: bool) -> None:
    """Paint somebody on an e-bike."""
    pen.ellipse(_ordered(view.at(x - 0.3, 0.05, z + 0.8), view.at(x + 0.3, -0.08, z)), fill=(0, 0, 0, 90))
    _upright(pen, view, x, 0.16, 0.0, 0.7, z, light.on((34, 34, 38)))
    _upright(pen, view, x, 0.44, 0.55, 0.95, z, light.on((60, 60, 66)))
    _upright(pen, view, x, 0.46, 0.85, 1.42, z, light.on(paint))
    _head(pen, view, x, 1.55, z, light.on((226, 190, 60) if away else (216, 180, 150)))
    if light.sun < 0.5:
        _head(pen, view, x, 0.8, z, (220, 60, 50) if away else (255, 246, 214))


def draw_person(pen: ImageDraw.ImageDraw, view: Street, light: Light, x: float, z: float, paint: Colour, pose: int) -> None:
    """Paint somebody who walks; the pose (0 or 1) is which foot is in front."""
    pen.ellipse(_ordered(view.at(x - 0.28, 0.06, z + 0.3), view.at(x + 0.28, -0.06, z)), fill=(0, 0, 0, 90))
    spread = 0.15 if pose else 0.06
    trousers = light.on((52, 54, 64))
    for side in (-1, 1):
        _upright(pen, view, x + side * spread, 0.14, 0.0, 0.85, z, trousers)
    _upright(pen, view, x, 0.46, 0.78, 1.45, z, light.on(paint))
    _head(pen, view, x, 1.58, z, light.on((206, 172, 146)))
    hair = view.at(x - 0.11, 1.74, z), view.at(x + 0.11, 1.6, z)
    pen.ellipse((*hair[0], *hair[1]), fill=light.on((40, 36, 34)))


def _box(pen: ImageDraw.ImageDraw, view: Street, light: Light, box: Box, paints: tuple[Colour, Colour, Colour]) -> None:
    """A box: its side, its near end and its top, in these paints, as far as the camera sees them."""
    x0, x1, y0, y1, z0, z1 = box
    side, end, top = paints
    if x0 > view.eye_x_m or x1 < view.eye_x_m:
        x = x0 if x0 > view.eye_x_m else x1
        pen.polygon([view.at(x, y0, z0), view.at(x, y0, z1), view.at(x, y1, z1), view.at(x, y1, z0)], fill=light.on(side, 0.74))
    if y1 < view.eye_m:
        pen.polygon(
            [view.at(x0, y1, z0), view.at(x1, y1, z0), view.at(x1, y1, z1), view.at(x0, y1, z1)], fill=light.on(top, 1.06)
        )
    pen.polygon([view.at(x0, y0, z0), view.at(x1, y0, z0), view.at(x1, y1, z0), view.at(x0, y1, z0)], fill=light.on(end, 0.88))


def _cabin(pen: ImageDraw.ImageDraw, view: Street, light: Light, box: Box, paint: Colour, glass: Colour, rake_m: float) -> None:
    """The upper half of a car: glass all round, raked at both ends, with a painted roof."""
    x0, x1, y0, y1, z0, z1 = box
    t0, t1, r0, r1 = x0 + 0.1, x1 - 0.1, z0 + rake_m, z1 - rake_m
    far = [view.at(x0, y0, z1), view.at(x1, y0, z1), view.at(t1, y1, r1), view.at(t0, y1, r1)]
    pen.polygon(far, fill=light.on(glass, 0.9))
    if x0 > view.eye_x_m or x1 < view.eye_x_m:
        a, t = (x0, t0) if x0 > view.eye_x_m else (x1, t1)
        pen.polygon([view.at(a, y0, z0), view.at(a, y0, z1), view.at(t, y1, r1), view.at(t, y1, r0)], fill=light.on(glass, 0.8))
    pen.polygon(
        [view.at(x0, y0, z0), view.at(x1, y0, z0), view.at(t1, y1, r0), view.at(t0, y1, r0)], fill=light.on(glass, 1.15)
    )
    pen.polygon(
        [view.at(t0, y1, r0), view.at(t1, y1, r0), view.at(t1, y1, r1), view.at(t0, y1, r1)], fill=light.on(paint, 1.08)
    )


def _wheels(pen: ImageDraw.ImageDraw, view: Street, x: float, half: float, z: float, long: float) -> None:
    for side in (-1, 1):
        inner, outer = sorted((x + side * (half - 0.25), x + side * half))
        pen.rectangle((*view.at(inner, 0.5, z), *view.at(outer, 0.0, z)), fill=(18, 18, 20))
    edge = x - half if x - half > view.eye_x_m else x + half
    for share in (0.18, 0.82):
        at = z + share * long
        pen.ellipse(_ordered(view.at(edge, 0.62, at + 0.32), view.at(edge, 0.0, at - 0.32)), fill=(20, 20, 22))


def _lights(pen: ImageDraw.ImageDraw, view: Street, light: Light, x: float, half: float, z: float, away: bool) -> None:
    night = light.sun < 0.5
    lamp: Colour = ((255, 52, 40) if night else (150, 30, 28)) if away else ((255, 250, 226) if night else (214, 216, 214))
    for side in (-1, 1):
        inner, outer = sorted((x + side * (half - 0.42), x + side * (half - 0.06)))
        pen.rectangle((*view.at(inner, 0.74, z), *view.at(outer, 0.58, z)), fill=lamp)
        if night and not away:
            pen.ellipse((*view.at(inner - 0.25, 1.0, z), *view.at(outer + 0.25, 0.32, z)), fill=(255, 246, 214, 90))
    pen.rectangle((*view.at(x - 0.24, 0.52, z), *view.at(x + 0.24, 0.38, z)), fill=light.on((36, 72, 160)))


def _upright(
    pen: ImageDraw.ImageDraw, view: Street, x: float, wide: float, y0: float, y1: float, z: float, fill: Colour
) -> None:
    pen.rounded_rectangle(
        (*view.at(x - wide / 2, y1, z), *view.at(x + wide / 2, y0, z)), radius=wide * view.focal_px / z * 0.3, fill=fill
    )


def _head(pen: ImageDraw.ImageDraw, view: Street, x: float, y: float, z: float, fill: Colour) -> None:
    pen.ellipse((*view.at(x - 0.12, y + 0.13, z), *view.at(x + 0.12, y - 0.13, z)), fill=fill)


def _ordered(a: tuple[float, float], b: tuple[float, float]) -> tuple[float, float, float, float]:
    """The box between two corners, which lie at different distances and so may be in any order."""
    return min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1])
