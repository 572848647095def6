"""A proposed repair mends its defect and makes no other; the layer it is proposed for stays as it was."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from bench.noded import BORDER_DEFECTS, INNER_DEFECTS, noded
from gis_data.boundaries.check import Layer, check
from gis_data.boundaries.crs import SourceCrs
from gis_data.boundaries.repair import Way, proposed

PLANE = SourceCrs.named("EPSG:4549")
WAYS = {
    "overlap": Way.TAKE,
    "thin overlap": Way.TAKE,
    "gap": Way.GIVE,
    "thin gap": Way.GIVE,
    "hairline": Way.NODE,
    "extra vertex": Way.NODE,
    "twice": Way.REMOVE,
    "spike": Way.SMOOTH,
    "repeated vertex": Way.VALID,
}


@pytest.mark.parametrize("name", WAYS)
def test_a_repair_mends_its_defect_and_nothing_else_changes(name: str) -> None:
    made = noded(3, 6)
    INNER_DEFECTS[name][1](made, 4, 5)
    layer, parents = Layer(made.polygons(), PLANE), Layer(np.array([made.outline], dtype=object), PLANE)
    before = shapely.to_wkb(layer.shapes).tolist()
    report = check(layer, parents)
    (defect,) = report.defects
    assert report.lattice is not None
    repair = proposed(layer, defect, report.lattice)
    assert repair is not None
    assert repair.way is WAYS[name]
    assert shapely.to_wkb(layer.shapes).tolist() == before
    assert set(repair.becomes) <= set(defect.features)
    assert repair.moved_m2 == pytest.approx(defect.area_m2 if repair.way in (Way.GIVE, Way.TAKE) else 0.0, rel=0.01, abs=2.0)
    mended = layer.shapes.copy()
    for k, shape in repair.becomes.items():
        mended[k] = shape
    kept = np.array([shape for shape in mended if shape is not None], dtype=object)
    assert check(Layer(kept, PLANE), parents).defects == ()
    for k in set(range(9)) - set(repair.becomes):
        assert shapely.equals_exact(layer.shapes[k], mended[k])


def test_what_stands_out_is_clipped() -> None:
    made = noded(3, 6)
    BORDER_DEFECTS["standing out"][1](made, 7, -1)
    layer, parents = Layer(made.polygons(), PLANE), Layer(np.array([made.outline], dtype=object), PLANE)
    report = check(layer, parents)
    (defect,) = report.defects
    assert report.lattice is not None
    repair = proposed(layer, defect, report.lattice)
    assert repair is not None
    assert repair.way is Way.CLIP
    layer.shapes[7] = repair.becomes[7]
    assert check(layer, parents).defects == ()


@pytest.mark.parametrize("name", ["missing", "exclave"])
def test_what_only_people_can_say_is_not_proposed(name: str) -> None:
    made = noded(3, 6)
    INNER_DEFECTS[name][1](made, 4, 5)
    layer = Layer(made.polygons(), PLANE)
    report = check(layer)
    (defect,) = report.defects
    assert report.lattice is not None
    assert proposed(layer, defect, report.lattice) is None
