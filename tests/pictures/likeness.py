"""How far a picture may differ from the kept one: less than any defect makes it differ, more than a second run does.

Measured with software GL on 60 pictures of both canvases: two runs differ by at most one pixel in a hundred thousand; a picture
moved by one pixel by at least 76 in a hundred thousand, its layer in another colour or missing by more.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

Pixels = NDArray[np.int16]
BY_AT_MOST = 4
"""Levels of a channel by which a pixel may differ without counting."""
MAY_DIFFER = 0.0001
OF_WHAT_IS_DRAWN = 0.05
"""Where little is drawn at all, no more than this share of it may differ: one worker of seven is more."""


def rgb(image: QImage) -> Pixels:
    """Pixels as int16[height, width, 3]."""
    flat = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(flat.constBits(), np.uint8).reshape(flat.height(), flat.bytesPerLine())
    return rows[:, : flat.width() * 3].reshape(flat.height(), flat.width(), 3).astype(np.int16)


def drawn(picture: Pixels) -> NDArray[np.bool_]:
    """Which pixels have another colour than most of the picture."""
    whole = picture.astype(np.int32)
    colours, count = np.unique(whole[..., 0] << 16 | whole[..., 1] << 8 | whole[..., 2], return_counts=True)
    most = int(colours[count.argmax()])
    ground = np.array([most >> 16, most >> 8 & 255, most & 255], np.int16)
    return np.asarray(np.abs(picture - ground).max(axis=2) > BY_AT_MOST)


def differing(was: Pixels, is_: Pixels) -> float:
    """The share of pixels that differ."""
    return float((np.abs(is_ - was).max(axis=2) > BY_AT_MOST).mean())


def may_differ(was: Pixels) -> float:
    """The share of pixels that may differ from a kept picture; 0 where it shows nothing."""
    return min(MAY_DIFFER, OF_WHAT_IS_DRAWN * float(drawn(was).mean()))
