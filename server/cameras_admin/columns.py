"""The columns a table of cameras may have: their headings in Chinese and English, and how a cell is read."""

from __future__ import annotations

import math
import re
from collections.abc import Callable

from gis_data.datum import Datum
from governance.camera import GroupKind
from governance.sectors import LEAST_RANGE_M, LEAST_VIEW_DEG, MOST_HEIGHT_M, MOST_RANGE_M
from server.ledger.camera_sources import SourceKind

HEADINGS: dict[str, tuple[str, ...]] = {
    "id": ("国标编码", "编码", "设备编码", "gb_code", "code"),
    "name": ("名称", "摄像机名称", "点位名称"),
    "lon": ("经度", "longitude", "lng"),
    "lat": ("纬度", "latitude"),
    "datum": ("坐标系", "坐标系统", "crs"),
    "owner": ("来源", "来源系统", "source"),
    "unit": ("所属单位", "单位编码", "department"),
    "heading_deg": ("朝向", "方位角", "heading", "azimuth"),
    "field_of_view_deg": ("视场角", "视角", "fov"),
    "range_m": ("可视距离", "range"),
    "height_m": ("架设高度", "高度", "height"),
    "share_level": ("共享级别", "共享等级", "share"),
    "is_sensitive": ("敏感", "敏感画面", "sensitive"),
    "is_ptz": ("云台", "ptz"),
    "at_fault": ("故障", "报修", "fault"),
    "group_department": ("部门分组",),
    "group_place": ("地点分组", "场所分组"),
    "group_route": ("路线分组", "线路分组"),
    "group_plan": ("方案分组", "预案分组"),
    "stream_kind": ("接入方式", "接入协议"),
    "stream_address": ("接入地址", "地址"),
    "stream_channel": ("通道", "通道号", "channel"),
    "stream_main": ("主码流", "主码流路径"),
    "stream_sub": ("子码流", "子码流路径"),
    "stream_device": ("设备国标编码", "平台设备编码"),
    "stream_fingerprint": ("证书指纹", "证书SHA256", "sha256"),
    "stream_user": ("用户名", "user"),
    "stream_password": ("密码", "password"),
}
"""Column -> its other headings; the column's own name is one too."""
NEEDED_OF_NEW = ("name", "lon", "lat", "datum", "owner", "share_level")
"""What has to be said of a camera that is not there yet."""
TOGETHER = ("lon", "lat", "datum")
GROUP_COLUMNS = {f"group_{kind.value}": kind for kind in GroupKind}
SOURCE_COLUMNS = tuple(name for name in HEADINGS if name.startswith("stream_"))
ABOUT_CAMERA = tuple(name for name in HEADINGS if name not in (*GROUP_COLUMNS, *SOURCE_COLUMNS, "id"))
SHORTENED = re.compile(r"\d(?:\.\d+)?[eE]\+?\d+")
"""What a spreadsheet makes of twenty digits."""
_OF_HEADING = {name: name for name in HEADINGS} | {each: name for name, others in HEADINGS.items() for each in others}
_YES, _NO = {"是", "有", "1", "yes", "true", "y"}, {"否", "无", "0", "no", "false", "n", ""}
_DATUMS = {
    Datum.WGS84: ("wgs84", "wgs-84", "gps", "epsg:4326", "4326"),
    Datum.CGCS2000: ("cgcs2000", "国家2000", "2000国家大地坐标系", "epsg:4490", "4490"),
    Datum.GCJ02: ("gcj02", "gcj-02", "火星坐标", "火星坐标系", "高德", "腾讯"),
}
_DATUM_OF = {word: datum for datum, words in _DATUMS.items() for word in words}


class CellWrong(Exception):
    """A cell that cannot be read: a code of the words of the command, with what they need."""

    def __init__(self, code: str, **params: str) -> None:
        """Keep both."""
        super().__init__(code)
        self.code, self.params = code, params


def column_of(heading: str) -> str | None:
    """The column a heading means, whatever unit stands in brackets behind it; None where it means none."""
    plain = re.split(r"[(（\[]", heading.strip().lower(), maxsplit=1)[0].strip().replace(" ", "_")
    return _OF_HEADING.get(plain)


def read_cell(column: str, text: str) -> object:
    """What a cell says; raises CellWrong."""
    return _READERS.get(column, _text)(text)


def _text(text: str) -> str:
    if len(text) > 200:
        raise CellWrong("too_long", most="200")
    if not text.isprintable():
        raise CellWrong("not_printable")
    return text


def _needed(text: str) -> str:
    if not text:
        raise CellWrong("empty")
    return _text(text)


def _number(least: float, most: float) -> Callable[[str], float]:
    def read(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            raise CellWrong("not_a_number", value=text[:40]) from None
        if not (math.isfinite(value) and least <= value <= most):
            raise CellWrong("out_of_range", value=text[:40], least=f"{least:g}", most=f"{most:g}")
        return value

    return read


def _whole(least: int, most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        value = _number(least, most)(text)
        if value != int(value):
            raise CellWrong("not_whole", value=text[:40])
        return int(value)

    return read


def _maybe(reads: Callable[[str], float]) -> Callable[[str], float | None]:
    return lambda text: reads(text) if text else None


def _yes_or_no(text: str) -> bool:
    word = text.lower()
    if word not in _YES | _NO:
        raise CellWrong("not_yes_or_no", value=text[:40])
    return word in _YES


def _datum(text: str) -> Datum:
    found = _DATUM_OF.get(text.lower().replace(" ", ""))
    if found is None:
        raise CellWrong("datum_unknown", value=text[:40], known="WGS84, CGCS2000, GCJ02")
    return found


def _kind(text: str) -> SourceKind | None:
    if not text:
        return None
    try:
        return SourceKind(text.lower())
    except ValueError:
        known = ", ".join(kind.value for kind in SourceKind)
        raise CellWrong("kind_unknown", value=text[:40], known=known) from None


def _address(text: str) -> str:
    if "@" in text:
        raise CellWrong("password_in_address")
    return _text(text)


def _fingerprint(text: str) -> str:
    """SHA-256 of a certificate as devices and browsers show it: with colons, spaces, in either case."""
    plain = re.sub(r"[\s:]|^sha-?256", "", text.strip().lower())
    if plain and not re.fullmatch(r"[0-9a-f]{64}", plain):
        raise CellWrong("fingerprint_wrong", value=text[:40])
    return plain


def _paths(text: str) -> tuple[tuple[str, ...], ...]:
    """Groups, several behind semicolons, each the way down its tree between slashes."""
    found = []
    for each in re.split(r"[;；]", _text(text)):
        path = tuple(part.strip() for part in re.split(r"[/／]", each) if part.strip())
        if len(path) > 8:
            raise CellWrong("too_deep", most="8")
        if path:
            found.append(path)
    return tuple(dict.fromkeys(found))


_READERS: dict[str, Callable[[str], object]] = {
    "name": _needed,
    "owner": _needed,
    "lon": _number(-180, 180),
    "lat": _number(-180, 180),  # degrees of longitude too: that they are swapped is told by where they lie
    "datum": _datum,
    "heading_deg": _number(0, 360),
    "field_of_view_deg": _number(LEAST_VIEW_DEG, 360),
    "range_m": _number(LEAST_RANGE_M, MOST_RANGE_M),
    "height_m": _maybe(_number(0, MOST_HEIGHT_M)),
    "share_level": _whole(0, 3),
    "is_sensitive": _yes_or_no,
    "is_ptz": _yes_or_no,
    "at_fault": _yes_or_no,
    "stream_kind": _kind,
    "stream_address": _address,
    "stream_fingerprint": _fingerprint,
    "stream_channel": lambda text: _whole(1, 999)(text) if text else 1,
    **dict.fromkeys(GROUP_COLUMNS, _paths),
}
