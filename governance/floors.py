"""The floor an address names: 12层, B1, 1205室, 12F, 楼顶; found in what people write, never guessed from a bare number."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

HIGHEST, DEEPEST = 150, 9
STOREY_M = 3.0

_HAN = {digit: number for number, digit in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "首": 1}
_NUMBER = r"(?P<number>\d{1,3}|[〇零一二三四五六七八九十百两首]{1,5})"
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9}
_WHOLE_BUILDING = r"(?!\s*(?:高|小楼|楼房|楼的|建筑|住宅|民房|房屋|别墅|以上|以下|楼体))"
_PATTERNS: tuple[tuple[int, str], ...] = (
    (-1, rf"(?:地下|负)\s*第?{_NUMBER}\s*(?:层|楼)"),
    (-1, r"(?<![a-z0-9])b\s*(?P<number>[1-9])(?![0-9])\s*(?:f|层|楼)?(?![a-z0-9])"),
    (-1, r"(?<![\d.])-\s*(?P<number>[1-9])\s*(?:f(?![a-z])|层|楼)"),
    (-1, r"basement\s*(?:level\s*)?(?P<number>[1-9])(?![0-9])"),
    (1, rf"(?<![共有约近高\d]){_NUMBER}\s*(?:层|楼)(?!栋|幢|座|号楼){_WHOLE_BUILDING}"),
    (1, r"(?<![a-z0-9])(?P<number>\d{1,3})\s*/?\s*f(?![a-z0-9])"),
    (1, r"(?<![a-z0-9])(?:f|l)\s*(?P<number>\d{1,3})(?![a-z0-9])"),
    (1, r"(?P<number>\d{1,3})\s*(?:st|nd|rd|th)\s+(?:floor|storey|story)"),
    (1, rf"(?P<number>{'|'.join(_ORDINALS)})\s+(?:floor|storey|story)"),
    (1, r"(?:floor|level|storey)\s*(?:no\.?\s*)?(?P<number>\d{1,3})(?!\d)"),
)
_ROOMS = (
    r"(?<!\d)(?P<number>\d{1,2})\d{2}\s*(?:室|房间|房(?!产)|号房)",
    r"(?:单元|幢|栋|号楼|座)\s*-?\s*(?P<number>\d{1,2})\d{2}(?!\d|号|年|米|多|余)",
    r"(?<!\d)\d{1,3}-\d{1,2}-(?P<number>\d{1,2})\d{2}(?!\d)",
    r"(?:room|rm\.?|apt\.?|apartment|flat|unit|suite)\s*#?\s*(?P<number>\d{1,2})\d{2}(?!\d)",
)
_ROOF = r"楼顶|天台|屋顶|屋面|天面|(?<![a-z])roof"
_TOP = r"顶楼|顶层|最高层|(?<![a-z])top\s+floor"
_CELLAR = r"地下室|地下车库|地下停车|地库|(?<![a-z])basement|underground\s+(?:car\s+park|garage|parking)"
_GROUND = r"底楼|底层|(?<![a-z])ground\s+floor"


@dataclass(frozen=True, slots=True)
class Floor:
    """A floor: 1 at the street, -1 the first below it; or the last one (`at_top`), or the roof on it."""

    number: int = 0
    at_top: bool = False
    is_roof: bool = False

    def height_m(self, building_m: float) -> float:
        """Metres from the ground to the floor in a building so high; a floor higher than the building is its last."""
        if self.is_roof:
            return building_m
        storey = min(STOREY_M, building_m)
        if self.at_top:
            return building_m - storey
        if self.number < 0:
            return self.number * STOREY_M
        return min((self.number - 1) * STOREY_M, building_m - storey)

    def label(self, language: str) -> str:
        """The floor as a sign shows it: 12层, B1, 楼顶; 12F, B1, roof."""
        if self.at_top or self.is_roof:
            words = ("楼顶", "roof") if self.is_roof else ("顶层", "top")
            return words[language == "en"]
        if self.number < 0:
            return f"B{-self.number}"
        return f"{self.number}F" if language == "en" else f"{self.number}层"


def floor_of(text: str) -> Floor | None:
    """The floor an address or a description names, the first of several; None where it names none.

    A room number gives the floor its first digits say (1205室 is on the 12th). The number of a building (12号楼), how many
    floors it has (共12层, 三层小楼) and a bare number name none.
    """
    plain = unicodedata.normalize("NFKC", text).lower().replace("−", "-").replace("－", "-")
    found: list[tuple[int, Floor]] = []
    for sign, pattern in _PATTERNS:
        for match in re.finditer(pattern, plain):
            number = _number(match["number"])
            if number is not None and 1 <= number <= (HIGHEST if sign > 0 else DEEPEST):
                found.append((match.start(), Floor(sign * number)))
    for pattern, floor in ((_ROOF, Floor(is_roof=True)), (_TOP, Floor(at_top=True)), (_GROUND, Floor(1))):
        found += [(match.start(), floor) for match in re.finditer(pattern, plain)]
    if not found:
        found += [(match.start(), Floor(-1)) for match in re.finditer(_CELLAR, plain)]
    if not found:
        rooms = (match for pattern in _ROOMS for match in re.finditer(pattern, plain))
        found = [(match.start(), Floor(int(match["number"]))) for match in rooms if int(match["number"]) > 0]
    return min(found, key=lambda each: each[0])[1] if found else None


def floor_told(floor: str, place_text: str) -> Floor | None:
    """The floor of a report: what its own field says, where a bare number is one, else what its place names."""
    bare = re.fullmatch(r"\s*(-?)\s*(\d{1,3})\s*", unicodedata.normalize("NFKC", floor))
    if bare is not None and 1 <= int(bare[2]) <= (DEEPEST if bare[1] else HIGHEST):
        return Floor(int(bare[1] + bare[2]))
    return floor_of(floor) or floor_of(place_text)


def _number(text: str) -> int | None:
    """The number of digits or Chinese numerals up to 199; None where they make none."""
    if text.isdecimal() and text.isascii():
        return int(text)
    if text in _ORDINALS:
        return _ORDINALS[text]
    if "百" in text:
        hundreds, _, rest = text.partition("百")
        more = _number(rest.lstrip("零〇")) if rest else 0
        return _HAN[hundreds] * 100 + more if hundreds in _HAN and more is not None else None
    if "十" in text:
        tens, _, ones = text.partition("十")
        if (tens and tens not in _HAN) or (ones and ones not in _HAN):
            return None
        return (_HAN[tens] if tens else 1) * 10 + (_HAN[ones] if ones else 0)
    return _HAN.get(text)
