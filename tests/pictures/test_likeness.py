"""The bound of the kept pictures: a defect fails, a second run passes."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QImage

from tests.pictures.conftest import KEPT
from tests.pictures.likeness import BY_AT_MOST, Pixels, differing, drawn, may_differ, rgb

NAMES = sorted(path.stem for path in KEPT.glob("*.png"))
ALONE = [name for name in NAMES if name.startswith("layer_")]


def kept(name: str) -> Pixels:
    return rgb(QImage(str(KEPT / f"{name}.png")))


def test_a_picture_moved_by_a_pixel_fails_and_one_that_hardly_differs_passes() -> None:
    dice = np.random.default_rng(1)
    for name in ALONE + [name for name in NAMES if name.startswith("night")]:
        was = kept(name)
        bound = may_differ(was)
        assert bound > 0, f"{name} shows nothing"
        for axis in (0, 1):
            assert differing(was, np.roll(was, 1, axis)) > 2 * bound, name
        noise = dice.integers(-BY_AT_MOST, BY_AT_MOST + 1, was.shape).astype(np.int16)
        assert differing(was, was + noise) == 0, name


@pytest.mark.parametrize("sort", ["gl", "plain"])
def test_a_layer_that_is_missing_fails(sort: str) -> None:
    """Each layer against the two next ones: the plates around the map are the same, what is drawn is not."""
    pictures = {
        name: kept(name) for name in ALONE if name.endswith(f"_{sort}") and "cameras" not in name and "sectors" not in name
    }
    assert len(pictures) >= 8
    names = list(pictures)
    for number, name in enumerate(names):
        for other in (names[number - 1], names[number - 2]):
            assert differing(pictures[name], pictures[other]) > 2 * may_differ(pictures[name]), f"{name} is taken for {other}"


@pytest.mark.parametrize("name", ALONE)
def test_a_layer_in_another_colour_fails(name: str) -> None:
    was = kept(name)
    changed = np.where(drawn(was)[..., None], was + BY_AT_MOST + 1, was)
    assert differing(was, changed) > 2 * may_differ(was)
