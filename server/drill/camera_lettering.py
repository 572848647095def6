"""The text burned into a simulated picture: clock, frame number, camera name and id."""

from __future__ import annotations

import functools
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from server.drill.camera_sprite import Planes, Sprite, side_by_side, sprite_from
from server.drill.camera_strip import row_height

TOWN_TIME = ZoneInfo("Asia/Shanghai")
FONTS = (
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
)
Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


class Lettering:
    """The letters of one camera at one size of picture; used by one thread at a time."""

    def __init__(self, plate: Sprite, glyphs: dict[str, Sprite], margin_px: int) -> None:
        self._plate = plate
        self._glyphs = glyphs
        self._margin_px = margin_px
        self._clock_s = -1
        self._clock: Sprite

    def paste(self, planes: Planes, unix_s: float, frame: int) -> None:
        """Write name and id, the clock of this wall time and the frame number into the picture."""
        if int(unix_s) != self._clock_s:
            self._clock_s = int(unix_s)
            when = datetime.fromtimestamp(unix_s, UTC).astimezone(TOWN_TIME)
            self._clock = self._line(f"{when:%Y-%m-%d %H:%M:%S}", self._margin_px)
        self._plate.paste(planes)
        self._clock.paste(planes)
        number = f"#{frame:05d}"
        advance = self._glyphs["#"].luma.shape[1]
        self._line(number, planes.luma.shape[1] - self._margin_px - advance * len(number)).paste(planes)

    def _line(self, text: str, left: int) -> Sprite:
        return side_by_side([self._glyphs[letter] for letter in text], left, self._margin_px)


def lettering_of(camera: str, name: str, height: int) -> Lettering:
    """The letters for one camera; a name that the fonts of this machine cannot show is left to the id."""
    size = max(12, height // 16)
    font = _font(size)
    advance = round(size * 0.66 / 2) * 2
    glyphs = {letter: _written(letter, font, advance, size + 6) for letter in "0123456789-:# "}
    margin = height // 45 * 2
    plate = _plate(camera, name, height)
    top = height - 2 * row_height(height) - plate.luma.shape[0] - margin // 2 // 2 * 2
    return Lettering(replace(plate, left=margin, top=top), glyphs, margin)


def _plate(camera: str, name: str, height: int) -> Sprite:
    name_font, id_font = _font(max(12, height // 16)), _font(max(10, height // 22))
    shown = name if isinstance(name_font, ImageFont.FreeTypeFont) else ""
    wide = int(max(name_font.getlength(shown), id_font.getlength(camera))) + 12
    line = height // 14
    image = Image.new("RGBA", (wide // 2 * 2 + 2, line * 2 // 2 * 2 + 6), (0, 0, 0, 0))
    pen = ImageDraw.Draw(image)
    pen.text((3, 1), shown, font=name_font, fill=(250, 250, 248), stroke_width=1, stroke_fill=(0, 0, 0))
    pen.text((3, line + 2), camera, font=id_font, fill=(250, 250, 248), stroke_width=1, stroke_fill=(0, 0, 0))
    return sprite_from(np.asarray(image), 0, 0)


def _written(letter: str, font: Font, wide: int, high: int) -> Sprite:
    image = Image.new("RGBA", ((wide + 1) // 2 * 2, (high + 1) // 2 * 2), (0, 0, 0, 0))
    pen = ImageDraw.Draw(image)
    pen.text((wide / 2, 1), letter, font=font, anchor="ma", fill=(250, 250, 248), stroke_width=1, stroke_fill=(0, 0, 0))
    return sprite_from(np.asarray(image), 0, 0)


@functools.lru_cache(maxsize=16)
def _font(size: int) -> Font:
    path = _font_file()
    return ImageFont.load_default(size) if path is None else ImageFont.truetype(path, size)


@functools.lru_cache(maxsize=1)
def _font_file() -> str | None:
    """A font file with Chinese letters, None where this machine has none."""
    for path in FONTS:
        if Path(path).exists():
            return path
    try:
        asked = subprocess.run(
            ["fc-match", "-f", "%{file}", ":lang=zh-cn"], capture_output=True, text=True, timeout=5, check=False
        )
    except OSError:
        return None
    return asked.stdout if asked.stdout and Path(asked.stdout).exists() else None
