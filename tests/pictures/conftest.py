"""Pictures of the map against kept ones; a changed picture is looked at before it is kept.

`GRIDWARDEN_KEEP_PICTURES=1` writes what is painted now into tests/pictures/kept.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Protocol

import numpy as np
import pytest
from PySide6.QtGui import QImage

from desktop.map.scene import Geometry
from tests.desktop.map import invented_town

KEPT = Path(__file__).parent / "kept"
MAY_DIFFER = 0.02
BY_AT_MOST = 40
OF_WHAT_IS_DRAWN = 0.2
"""Where little is drawn at all, no more than this share of it may differ."""


class Compare(Protocol):
    """Claims that a picture looks like the kept one of that name: few pixels differ by more than `by`."""

    def __call__(self, name: str, image: QImage, by: int = BY_AT_MOST) -> None: ...


def rgb(image: QImage) -> np.ndarray:
    """Pixels as int[height, width, 3]."""
    flat = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(flat.constBits(), np.uint8).reshape(flat.height(), flat.bytesPerLine())
    return rows[:, : flat.width() * 3].reshape(flat.height(), flat.width(), 3).astype(int)


@pytest.fixture
def like_kept(tmp_path: Path) -> Compare:
    """Claims that a picture looks like the kept one of that name: few pixels differ by more than a little."""

    def compare(name: str, image: QImage, by: int = BY_AT_MOST) -> None:
        kept = KEPT / f"{name}.png"
        if os.environ.get("GRIDWARDEN_KEEP_PICTURES"):
            KEPT.mkdir(exist_ok=True)
            assert image.save(str(kept))
        was, is_ = rgb(QImage(str(kept))), rgb(image)
        assert is_.shape == was.shape
        colours, count = np.unique(was.reshape(-1, 3), axis=0, return_counts=True)
        drawn = (np.abs(was - colours[count.argmax()]).max(axis=2) > by).mean()
        assert drawn > 0, f"{name} shows nothing"
        differs, may = (np.abs(is_ - was).max(axis=2) > by).mean(), min(MAY_DIFFER, OF_WHAT_IS_DRAWN * drawn)
        if differs > may:
            image.save(str(tmp_path / f"{name}.png"))
        assert differs <= may, f"{differs:.2%} of {name} differs; see {tmp_path}"

    return compare


@pytest.fixture(scope="session")
def small_town() -> Geometry:
    """The town of six grids."""
    return invented_town.geometry()
