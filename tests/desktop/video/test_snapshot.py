"""A snapshot keeps every pixel of the picture in place, says who took it and when, and has the hash of its file."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication

from desktop.video_wall.snapshot import Marks, snapshot
from tests.desktop.video.conftest import pixels

MARKS = Marks(
    "王明", "四季青街道值班员", "景芳二区3号门", "33010400001320000003", datetime(2026, 11, 30, 8, 5, 9, 250_000, UTC)
)


def grey(width: int, height: int, level: int) -> QImage:
    """A picture of one grey."""
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor(level, level, level))
    return image


@pytest.mark.parametrize(("size", "level"), [((1920, 1080), 40), ((640, 360), 128), ((641, 359), 220)])
def test_the_picture_is_whole_and_the_marks_are_on_it_and_below(qapp: QApplication, size: tuple[int, int], level: int) -> None:
    taken = snapshot(grey(*size, level), MARKS)
    assert taken.sha256 == hashlib.sha256(taken.data).hexdigest()
    assert taken.data.startswith(b"\xff\xd8\xff")
    image = QImage.fromData(taken.data)
    assert (image.width(), image.height()) == (taken.width, taken.height)
    assert image.width() == size[0]
    assert image.height() > size[1]
    shown = pixels(image)[:, :, :3].astype(int)
    picture, band = shown[: size[1]], shown[size[1] :]
    assert np.abs(picture - level).mean() < 8, "the marks across it are faint"
    marked = np.abs(picture - level).max(axis=2) > 12
    assert 0.002 < marked.mean() < 0.3, "and seen on light and on dark"
    quarters = [marked[y : y + size[1] // 2, x : x + size[0] // 2].any() for y in (0, size[1] // 2) for x in (0, size[0] // 2)]
    assert all(quarters), "on every part of it"
    assert (band.max(axis=2) > 180).mean() > 0.01, "the band is written on"


def test_another_officer_or_moment_gives_another_file(qapp: QApplication) -> None:
    picture = grey(640, 360, 100)
    assert MARKS.lines[1] == "2026-11-30 08:05:09.2  四季青街道值班员 王明"
    other = Marks("李强", MARKS.post, MARKS.camera_name, MARKS.camera_id, MARKS.at)
    assert snapshot(picture, MARKS).sha256 == snapshot(picture, MARKS).sha256
    assert snapshot(picture, MARKS).sha256 != snapshot(picture, other).sha256


def test_no_picture_gives_no_snapshot() -> None:
    with pytest.raises(ValueError, match="no picture"):
        snapshot(QImage(), MARKS)
