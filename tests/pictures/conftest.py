"""Pictures of the map against kept ones; a changed picture is looked at before it is kept.

`GRIDWARDEN_KEEP_PICTURES=1` writes what is painted now into tests/pictures/kept.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Protocol

import pytest
from PySide6.QtGui import QImage

from desktop.map.scene import Geometry
from tests.desktop.map import invented_town
from tests.pictures.likeness import differing, may_differ, rgb

KEPT = Path(__file__).parent / "kept"


class Compare(Protocol):
    """Claims that a picture looks like the kept one of that name, as tests.pictures.likeness has it."""

    def __call__(self, name: str, image: QImage) -> None: ...


@pytest.fixture
def like_kept(tmp_path: Path) -> Compare:
    """Claims that a picture looks like the kept one of that name; one that does not is left in tmp_path to be looked at."""

    def compare(name: str, image: QImage) -> None:
        kept = KEPT / f"{name}.png"
        if os.environ.get("GRIDWARDEN_KEEP_PICTURES"):
            KEPT.mkdir(exist_ok=True)
            assert image.save(str(kept))
        was, is_ = rgb(QImage(str(kept))), rgb(image)
        assert is_.shape == was.shape
        differs, may = differing(was, is_), may_differ(was)
        assert may > 0, f"{name} shows nothing"
        if differs > may:
            image.save(str(tmp_path / f"{name}.png"))
        assert differs <= may, f"{differs:.3%} of {name} differs; see {tmp_path}"

    return compare


@pytest.fixture(scope="session")
def small_town() -> Geometry:
    """The town of six grids."""
    return invented_town.geometry()
