"""The type of the desk: one family that has Chinese, sizes in pixels, figures that do not dance."""

from __future__ import annotations

from functools import cache

from PySide6.QtGui import QFont, QFontDatabase

FAMILIES = ("WenQuanYi Micro Hei", "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Microsoft YaHei")
BASE_PX = 13
SMALL_PX = 12
TITLE_PX = 15
CLOCK_PX = 20


@cache
def family() -> str:
    """The first family on this machine that has Chinese; Qt's own choice where none of them is there.

    Asked once: Qt lists all families of the machine each time, and a tile asks at every painting.
    """
    there = set(QFontDatabase.families())
    return next((name for name in FAMILIES if name in there), QFont().family())


def face(pixels: int = BASE_PX, bold: bool = False) -> QFont:
    """A font of the desk at a size in pixels; its figures all have one width (tabular)."""
    font = QFont(family())
    font.setPixelSize(pixels)
    font.setBold(bold)
    font.setHintingPreference(QFont.HintingPreference.PreferVerticalHinting)
    font.setStyleStrategy(QFont.StyleStrategy.PreferAntialias)
    return font
