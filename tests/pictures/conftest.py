"""Pictures of the map against kept ones; a changed picture is looked at before it is kept.

`GRIDWARDEN_KEEP_PICTURES=1` writes what is painted now into tests/pictures/kept.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QImage

from desktop.map.scene import Geometry
from tests.desktop.map import invented_town

KEPT = Path(__file__).parent / "kept"
MAY_DIFFER = 0.02
BY_AT_MOST = 40
Compare = Callable[[str, QImage], None]


def rgb(image: QImage) -> np.ndarray:
    """Pixels as int[height, width, 3]."""
    flat = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(flat.constBits(), np.uint8).reshape(flat.height(), flat.bytesPerLine())
    return rows[:, : flat.width() * 3].reshape(flat.height(), flat.width(), 3).astype(int)


@pytest.fixture
def like_kept(tmp_path: Path) -> Compare:
    """Claims that a picture looks like the kept one of that name: few pixels differ by more than a little."""

    def compare(name: str, image: QImage) -> None:
        kept = KEPT / f"{name}.png"
        if os.environ.get("GRIDWARDEN_KEEP_PICTURES"):
            KEPT.mkdir(exist_ok=True)
            assert image.save(str(kept))
            return
        was, is_ = rgb(QImage(str(kept))), rgb(image)
        assert is_.shape == was.shape
        differs = (np.abs(is_ - was).max(axis=2) > BY_AT_MOST).mean()
        if differs > MAY_DIFFER:
            image.save(str(tmp_path / f"{name}.png"))
        assert differs <= MAY_DIFFER, f"{differs:.1%} of {name} differs; see {tmp_path}"

    return compare


@pytest.fixture(scope="session")
def small_town() -> Geometry:
    """The town of six grids."""
    return invented_town.geometry()
