"""Why a file or a plan could not become a town."""

from __future__ import annotations

REASONS: dict[str, tuple[str, str]] = {
    "missing": ("找不到该文件", "there is no such file"),
    "unreadable": ("无法读取", "it cannot be read"),
    "empty": ("文件是空的", "the file is empty"),
    "not_osm": ("不是 OpenStreetMap 文件", "this is not an OpenStreetMap file"),
    "not_geojson": ("不是 GeoJSON 图层", "this is not a GeoJSON layer"),
    "no_layers": ("文件夹里没有 GeoJSON 图层", "the folder holds no GeoJSON layers"),
    "not_degrees": ("坐标不是经纬度（WGS 84）", "the coordinates are not longitude and latitude (WGS 84)"),
    "bad_box": ("范围应写成 西,南,东,北（度）", "the rectangle must be WEST,SOUTH,EAST,NORTH in degrees"),
    "damaged": ("文件已损坏或不完整", "the file is damaged or incomplete"),
    "no_buildings": ("文件中没有建筑物", "the file holds no buildings"),
    "no_roads": ("文件中没有道路", "the file holds no roads"),
    "too_small": ("区域太小，无法划分网格", "the area is too small to be divided into grids"),
    "too_large": (
        "区域太大，请用 --within 西,南,东,北 裁出一块",
        "the area is too large; cut it out by --within WEST,SOUTH,EAST,NORTH",
    ),
    "antimeridian": ("区域跨越 180 度经线", "the area lies across the 180th meridian"),
    "bad_grids": ("网格数量不合理", "not a possible number of grids"),
    "too_many_grids": ("道路不足以划分这么多网格", "there are too few blocks between roads for so many grids"),
    "bad_cover": ("网格未能不重不漏地覆盖上级区域", "the grids do not cover their area without gap or overlap"),
    "boundary_fit": ("网格边界未能沿道路或水系划分", "the grid boundaries do not follow roads or water"),
}


class BadTown(Exception):
    """A town that cannot be used, for exactly one reason."""

    def __init__(self, reason_code: str, detail: str = "") -> None:
        """Keep the reason (a key of REASONS) and what was seen; KeyError for a reason that is not listed."""
        self.reason_code = reason_code
        self.detail = detail
        self.words = REASONS[reason_code]
        super().__init__(self.say("en"))

    def say(self, language: str) -> str:
        """One line for whoever gave the file; Chinese unless the language starts with 'en'."""
        english = language.lower().startswith("en")
        words = self.words[1] if english else self.words[0]
        detail = " ".join(self.detail.split())
        if not detail:
            return words
        return f"{words} ({detail})" if english else f"{words}（{detail}）"
