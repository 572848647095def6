"""A scene on disk is the scene: what was stored is opened in place, and what is no scene is refused."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from pathlib import Path

import numpy as np
import pytest

from desktop.map.canvas import MapCanvas
from desktop.map.grid_raster import GridRaster
from desktop.map.scene_store import INDEX, NoScene, kept, opened, store
from gis_data.town.plane import Plane
from tests.desktop.map.conftest import pixels, shown


def differences(one: object, other: object, path: str = "") -> list[str]:
    """Where two scenes are not the same."""
    if isinstance(one, np.ndarray):
        same = (
            isinstance(other, np.ndarray)
            and one.dtype == other.dtype
            and np.array_equal(one, other, equal_nan=one.dtype.kind == "f")
        )
        return [] if same else [path]
    if isinstance(one, Plane):
        return [] if isinstance(other, Plane) and one.origin == other.origin else [path]
    if isinstance(one, GridRaster):
        assert isinstance(other, GridRaster)
        return [] if vars(one).keys() == vars(other).keys() and np.array_equal(one.cells, other.cells) else [path]
    if isinstance(one, tuple) and one and is_dataclass(one[0]):
        assert isinstance(other, tuple)
        pairs = zip(one, other, strict=True)
        return [found for n, (mine, its) in enumerate(pairs) for found in differences(mine, its, f"{path}.{n}")]
    if is_dataclass(one):
        return [
            found
            for f in fields(one)
            for found in differences(getattr(one, f.name), getattr(other, f.name), f"{path}.{f.name}")
        ]
    return [] if one == other else [path]


@pytest.mark.parametrize("scene", ["small_town", "district"])
def test_what_was_stored_is_what_is_opened(scene, request, tmp_path: Path):
    geometry = request.getfixturevalue(scene)
    store(geometry, tmp_path / "scene")
    assert differences(geometry, opened(tmp_path / "scene")) == []


def test_a_scene_opened_in_place_is_painted_like_the_one_that_was_made(small_town, tmp_path: Path, qtbot):
    store(small_town, tmp_path / "scene")
    made, read = (pixels(shown(MapCanvas(), each, qtbot)) for each in (small_town, opened(tmp_path / "scene")))
    differ = np.abs(made.astype(int) - read.astype(int))
    assert differ.max() <= 2  # a driver rounds a few pixels otherwise, depending on what it drew before
    assert (differ > 0).mean() < 1e-4


def test_arrays_stay_in_their_files_until_they_are_looked_at(district, tmp_path: Path):
    store(district, tmp_path / "scene")
    corners = opened(tmp_path / "scene").grids.fine.corners
    assert isinstance(corners.base, np.memmap)
    with pytest.raises(ValueError, match="read-only"):
        corners["owner"][0] = 1


def broken(folder: Path, how: str) -> None:
    """Damage a stored scene."""
    index = json.loads((folder / INDEX).read_text("utf-8"))
    if how == "gone":
        (folder / INDEX).unlink()
    elif how == "not ours":
        (folder / INDEX).write_text("[1, 2]", "utf-8")
    elif how == "another format":
        (folder / INDEX).write_text(json.dumps(index | {"format": 0}), "utf-8")
    elif how == "an array is gone":
        (folder / "grids.fine.corners.npy").unlink()
    elif how == "an array is cut off":
        whole = (folder / "grids.fine.corners.npy").read_bytes()
        (folder / "grids.fine.corners.npy").write_bytes(whole[: len(whole) // 2])
    elif how == "an array is pickled":
        np.save(folder / "grids.fine.corners.npy", np.array([{}], object), allow_pickle=True)
    else:
        (folder / "grids.codes.txt").write_text("one", "utf-8")


@pytest.mark.parametrize(
    "how",
    [
        "gone",
        "not ours",
        "another format",
        "an array is gone",
        "an array is cut off",
        "an array is pickled",
        "a name is missing",
    ],
)
def test_what_is_no_scene_is_refused(small_town, tmp_path: Path, how):
    store(small_town, tmp_path / "scene")
    broken(tmp_path / "scene", how)
    with pytest.raises(NoScene):
        opened(tmp_path / "scene")


def test_a_scene_is_replaced_whole_and_nothing_is_left_beside_it(small_town, tmp_path: Path):
    store(small_town, tmp_path / "scene")
    (tmp_path / "scene" / "old.npy").write_bytes(b"")
    store(small_town, tmp_path / "scene")
    assert not (tmp_path / "scene" / "old.npy").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["scene"]


def test_a_scene_is_made_once_for_a_key_and_the_last_one_goes(small_town, tmp_path: Path):
    made = []

    def make():
        made.append(1)
        return small_town

    for key in ("one", "one", "two", "two"):
        assert differences(small_town, kept(tmp_path / "scenes", key, make)) == []
    assert len(made) == 2
    assert len(list((tmp_path / "scenes").iterdir())) == 1
    assert next((tmp_path / "scenes").iterdir()).name.startswith("two")


@pytest.mark.noisy("the scene is not kept")
def test_where_the_disk_says_no_the_scene_that_was_made_serves(small_town, tmp_path: Path):
    (tmp_path / "scenes").write_text("a file where the folder should be", "utf-8")
    assert kept(tmp_path / "scenes", "one", lambda: small_town) is small_town
