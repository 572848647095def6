"""Every defect that is put into a coverage is found, called by its name and placed; none is invented."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.noded import BORDER_DEFECTS, INNER_DEFECTS, Noded, noded
from gis_data.boundaries.check import BadParents, Layer, Report, check, still_covers, written_to
from gis_data.boundaries.crs import SourceCrs
from gis_data.boundaries.defect import Tolerances
from gis_data.boundaries.edges import edges_of, mixed, unmatched
from gis_data.boundaries.files import read_boundaries
from gis_data.boundaries.lattice import Lattice, TooWide
from gis_data.boundaries.validity import reason_of
from tests.fakes.shared_data import shared

PLANE = SourceCrs.named("EPSG:4549")
SIDE = 9
WITHIN = [i * SIDE + j for i in (1, 4, 7) for j in (1, 4, 6)]
"""Areas within, so far apart that a defect at one touches no neighbour of another."""


@pytest.fixture(scope="module")
def defects() -> Path:
    """The folder of real sets with known defects."""
    return shared("data/defects")


def found(made: Noded, with_parent: bool = True) -> Report:
    parents = Layer(np.array([made.outline], dtype=object), PLANE) if with_parent else None
    return check(Layer(made.polygons(), PLANE), parents)


def told(report: Report) -> set[tuple[str, tuple[int, ...]]]:
    """Kind and features of each defect; who lies around a missing area is not compared."""
    return {(d.kind.value, () if d.kind.value == "missing" else tuple(sorted(d.features))) for d in report.defects}


@given(seed=st.integers(0, 2**20), names=st.lists(st.sampled_from(sorted(INNER_DEFECTS)), min_size=3, max_size=9, unique=True))
@settings(max_examples=60, deadline=None)
def test_what_is_put_in_is_found_and_nothing_else(seed: int, names: list[str]) -> None:
    made = noded(SIDE, seed)
    spots = np.random.default_rng(seed).permutation(WITHIN).tolist()
    expected = set()
    for name, area in sorted(zip(names, spots, strict=False), key=lambda pair: pair[0] == "missing"):
        kind, put = INNER_DEFECTS[name]
        expected.add((kind, tuple(sorted(put(made, area, area + 1)))))
    moved = {k: k - sum(gone < k for gone in made.gone) for k in range(len(made.rings) + len(made.extra))}
    report = found(made)
    assert told(report) == {(kind, tuple(moved[k] for k in features)) for kind, features in expected}
    assert told(found(made, with_parent=False)) == told(report)


@pytest.mark.parametrize("name", sorted(BORDER_DEFECTS))
def test_what_stands_out_of_the_parent_or_back_from_it_is_found(name: str) -> None:
    made = noded(4, 7)
    kind, put = BORDER_DEFECTS[name]
    features = put(made, 3 * 4 + 1, -1)
    assert told(found(made)) == {(kind, features)}
    assert told(found(made, with_parent=False)) == set()


def test_each_defect_is_where_it_was_put_and_as_large() -> None:
    made = noded(4, 3)
    before = shapely.Polygon(made.rings[5])
    INNER_DEFECTS["overlap"][1](made, 5, 9)
    extra = shapely.Polygon(made.rings[5]).difference(before)
    (defect,) = found(made).defects
    assert defect.at is not None
    ((x, y),) = SourceCrs.named("EPSG:4326").way_to(PLANE)(np.array([defect.at])).tolist()
    assert extra.buffer(0.01).contains(shapely.Point(x, y))
    assert defect.area_m2 == pytest.approx(extra.area, rel=1e-3)
    assert defect.figures["width_m"] == pytest.approx(2 * extra.area / extra.length, abs=0.002)


def test_children_are_judged_by_the_parent_they_lie_in() -> None:
    made = noded(4, 11)
    shapes = made.polygons()
    west, east = shapely.union_all(shapes[:8]), shapely.union_all(shapes[8:])
    parents = Layer(np.array([west, east], dtype=object), PLANE, ("3301", "3302"))
    codes = tuple(f"{3301 if k < 8 else 3302}{k:02}" for k in range(16))
    assert not check(Layer(shapes, PLANE, codes), parents).defects
    strayed = made.polygons()
    strayed[7] = shapely.orient_polygons(shapely.union_all([shapes[7], shapes[11]]))  # now in both parents, 11 is covered twice
    kinds = {(d.kind.value, d.features) for d in check(Layer(strayed, PLANE), parents).defects}
    assert kinds == {("overlap", (7, 11)), ("outside_parent", (7,))}
    without = np.delete(strayed, 11)
    kinds = {(d.kind.value, d.features) for d in check(Layer(without, PLANE), parents).defects}
    assert kinds == {("outside_parent", (7,))}
    wrong = (*codes[:3], "330299", *codes[4:])
    assert {(d.kind.value, d.features, d.why) for d in check(Layer(shapes, PLANE, wrong), parents).defects} == {
        ("code", (3,), "code_prefix")
    }


@pytest.mark.parametrize(
    ("codes", "why"),
    [
        (("330104001001", "330104001002", "330104001001", "330104001004"), {(2, "code_twice")}),
        (("330104001001", "33010400102", "330104001003", ""), {(1, "code_length"), (3, "code_empty")}),
        (("330104001001", "33O104001002", "330104001003", "330104001004"), {(1, "code_letters")}),
        (("A-1", "A-22", "B-3", "B-4"), set()),
        (("8", "9", "10", "11"), set()),
    ],
)
def test_codes_are_each_their_own_and_of_one_form(codes: tuple[str, ...], why: set[tuple[int, str]]) -> None:
    report = check(Layer(noded(2, 1).polygons(), PLANE, codes))
    assert {(d.features[0], d.why) for d in report.defects} == why
    assert all(d.at is not None for d in report.defects)


def test_what_is_no_area_is_told_and_the_others_are_judged_all_the_same() -> None:
    made = noded(3, 5)
    shapes = made.polygons()
    bad = [None, shapely.Polygon(), shapely.Point(1, 2), shapely.LineString([(0, 0), (1, 1)])]
    bad.append(shapely.from_wkt("POLYGON ((0 0, 1 0, 1 Inf, 0 0))"))
    report = check(Layer(np.array([*bad, *shapes], dtype=object), PLANE))
    assert [(d.features, d.why) for d in report.defects] == [
        ((0,), "empty"), ((1,), "empty"), ((2,), "no_area"), ((3,), "no_area"), ((4,), "not_numbers"),
    ]  # fmt: skip
    nothing = check(Layer(np.array(bad, dtype=object), PLANE))
    assert nothing.counts == {"invalid": 5}


def test_a_part_of_its_own_is_right_where_it_is_marked() -> None:
    made = noded(3, 5)
    INNER_DEFECTS["exclave"][1](made, 4, 5)
    marked = np.zeros(9, bool)
    marked[4] = True
    assert check(Layer(made.polygons(), PLANE)).counts == {"multipart": 1}
    assert not check(Layer(made.polygons(), PLANE, exclaves=marked)).defects


def test_edges_that_share_a_number_are_compared_themselves(monkeypatch: pytest.MonkeyPatch) -> None:
    made = noded(3, 2)
    lattice = Lattice.around(shapely.total_bounds(made.polygons()), PLANE)
    edges = edges_of(made.polygons(), lattice)
    group = np.zeros(9, np.int64)
    own, _ = unmatched(edges, group)
    colliding, _ = unmatched(edges, group, hashes=mixed(np.arange(len(edges.first))) % np.uint64(7))
    assert colliding.tolist() == own.tolist()
    assert len(own) == 4 * 3 * 6


def test_only_the_areas_an_edit_touched_need_be_looked_at() -> None:
    made = noded(4, 9)
    shapes = made.polygons()
    lattice = Lattice.around(shapely.total_bounds(shapes), PLANE)
    both = shapes[[5, 6]]
    line = shapely.LineString(shapely.get_coordinates(shapely.intersection(*both).normalize()))
    assert still_covers(both, np.array([shapely.union_all(both)]), lattice)
    assert still_covers(both, both[::-1], lattice)
    assert not still_covers(both, both[:1], lattice)
    assert not still_covers(both, np.array([both[0], both[1].buffer(0.002)]), lattice)
    assert line.length > 100


@pytest.mark.parametrize("code", ["EPSG:4326", "EPSG:3857", "EPSG:32651", "gcj02", "bd09"])
def test_metres_are_metres_whatever_the_coordinates_are(code: str) -> None:
    made = noded(3, 4)
    INNER_DEFECTS["gap"][1](made, 4, 5)
    (plain,) = check(Layer(made.polygons(), PLANE)).defects
    system = SourceCrs.named(code)
    there = SourceCrs.named("EPSG:4326") if system.name in ("gcj02", "bd09") else system
    moved = np.asarray(shapely.transform(made.polygons(), PLANE.way_to(there)), dtype=object)
    (same,) = list(check(Layer(moved, system)).defects)
    assert (same.kind, set(same.features)) == (plain.kind, set(plain.features))
    assert same.area_m2 == pytest.approx(plain.area_m2, rel=0.005)
    assert same.figures["width_m"] == pytest.approx(plain.figures["width_m"], rel=0.01)


@pytest.mark.parametrize(("digits", "step"), [(0, 1.0), (3, 1e-3), (6, 1e-6)])
def test_the_step_coordinates_are_written_to_is_seen(digits: int, step: float) -> None:
    xy = np.round(np.random.default_rng(1).uniform(100, 130, (50, 2)), digits)
    assert written_to(xy) == pytest.approx(step)
    assert written_to(np.random.default_rng(1).uniform(100, 130, (50, 2))) == 0.0


def test_areas_wider_than_a_lattice_are_refused() -> None:
    far = np.array([shapely.box(100, 0, 101, 1), shapely.box(130, 0, 131, 1)], dtype=object)
    with pytest.raises(TooWide):
        check(Layer(far, SourceCrs.named("EPSG:4326")))


def test_tolerances_say_what_is_a_sliver() -> None:
    made = noded(3, 4)
    INNER_DEFECTS["thin gap"][1](made, 4, 5)
    assert check(Layer(made.polygons(), PLANE), None, Tolerances(sliver_m=0.2)).counts == {"gap": 1}


def squares(side: int, cell: float = 100.0) -> list[shapely.Polygon]:
    """A regular lattice of areas in columns."""
    x, y = 500_000.0, 3_350_000.0
    return [
        shapely.box(x + i * cell, y + j * cell, x + (i + 1) * cell, y + (j + 1) * cell)
        for i in range(side)
        for j in range(side)
    ]


def square(left: int, low: int, right: int, high: int, cell: float = 100.0) -> shapely.Polygon:
    return shapely.box(500_000 + left * cell, 3_350_000 + low * cell, 500_000 + right * cell, 3_350_000 + high * cell)


def layer_of(*shapes: shapely.Geometry | None) -> Layer:
    return Layer(np.array(shapes, dtype=object), PLANE)


ON_SQUARES: dict[str, tuple[Layer, Layer | None, set[tuple[str, tuple[int, ...]]]]] = {
    "nothing": (layer_of(*squares(4)), layer_of(square(0, 0, 4, 4)), set()),
    "one over four": (layer_of(*squares(4), square(0, 0, 2, 2)), None, {("overlap", (k, 16)) for k in (0, 1, 4, 5)}),
    "one over all": (layer_of(*squares(4), square(0, 0, 4, 4)), None, {("overlap", (k, 16)) for k in range(16)}),
    "a row beyond": (layer_of(*squares(4)), layer_of(square(0, 0, 4, 3)), {("outside_parent", (k,)) for k in (3, 7, 11, 15)}),
    "one of them away": (layer_of(*squares(4)[:5], *squares(4)[6:]), None, {("missing", ())}),
    "three in one place": (
        layer_of(*squares(2), square(0, 0, 1, 1)), None, {("duplicate", (0, 4))},
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", ON_SQUARES)
def test_boundaries_that_fit_hide_nothing_that_lies_across_them(case: str) -> None:
    layer, parents, expected = ON_SQUARES[case]
    assert told(check(layer, parents)) == expected


def test_a_ring_that_crosses_itself_hides_only_what_is_within_its_reach() -> None:
    made = noded(6, 4)
    INNER_DEFECTS["crossing"][1](made, 14, 15)
    made.gone.update({20, 21, 26, 27, 32, 33})
    found_kinds = {d.kind.value for d in found(made).defects}
    assert found_kinds == {"invalid", "missing"}


def test_parents_by_which_nothing_can_be_judged_are_refused() -> None:
    crossing = shapely.Polygon([(5e5, 3.35e6), (5.001e5, 3.3501e6), (5.001e5, 3.35e6), (5e5, 3.3501e6)])
    for bad in (
        layer_of(),
        layer_of(shapely.Point(5e5, 3.35e6)),
        layer_of(None, square(0, 0, 4, 4)),
        layer_of(crossing),
        layer_of(square(0, 0, 4, 4), square(0, 0, 4, 4)),
        layer_of(square(0, 0, 4, 4), square(0, 0, 2, 4)),
    ):
        with pytest.raises(BadParents):
            check(layer_of(*squares(4)), bad)


def test_coarse_coordinates_do_not_make_a_large_hole_a_hairline() -> None:
    degrees = [
        shapely.box(120 + i / 100, 30 + j / 100, 120 + (i + 1) / 100, 30 + (j + 1) / 100) for i in range(3) for j in range(3)
    ]
    report = check(Layer(np.array(degrees[:4] + degrees[5:], dtype=object), SourceCrs.named("EPSG:4326")))
    assert report.counts == {"missing": 1}


def test_ten_thousand_areas_in_one_place_are_told_and_not_compared_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gis_data.boundaries.pieces.MOST_PAIRS", 40)
    report = check(layer_of(*(shapely.box(5e5 + k, 3.35e6 + k, 5.01e5 + k, 3.351e6 + k) for k in range(12))))
    assert report.counts == {"overlap": 40}
    assert report.left_out == 12 * 11 // 2 - 40


# --- real sets ---


def test_geos_judges_all_cases_of_jts_as_expected(defects: Path) -> None:
    cases = json.loads((defects / "jts_isvalid_914_cases.json").read_text())
    assert len(cases) == 914
    with np.errstate(invalid="ignore"):  # some have NaN
        shapes = [shapely.from_wkt(case["wkt"]) for case in cases]
    wrong = [
        case["wkt"] for case, shape in zip(cases, shapes, strict=True) if (reason_of(shape)[0] == "") != case["expected_valid"]
    ]
    assert not wrong


def test_a_clean_set_has_no_defects_and_its_system_is_said_to_be_assumed(defects: Path) -> None:
    file = read_boundaries(defects / "10740.shp")
    assert (file.assumed, file.layer.crs.name) == (("crs_none",), "EPSG:4326")
    report = check(file.layer)
    assert (report.features, report.defects) == (195, ())


SEEDED: dict[str, tuple[str, tuple[str, ...]]] = {
    "gap": ("gap", ("idx", "neighbour")),
    "overlap": ("overlap", ("idx", "neighbour")),
    "sliver_gap": ("sliver_gap", ("idx", "neighbour")),
    "sliver_overlap": ("sliver_overlap", ("idx", "neighbour")),
    "self_intersection": ("invalid", ("idx",)),
    "spike_300m": ("spike", ("idx",)),
    "ring_clockwise_flip": ("invalid", ("idx",)),
    "duplicate_vertices": ("invalid", ("idx",)),
    "extra_node_on_shared_edge": ("unnoded", ("idx",)),
    "missing_polygon_hole": ("missing", ()),
    "duplicate_polygon": ("duplicate", ("idx", "of")),
    "exclave_15m_radius": ("multipart", ("idx",)),
}


@pytest.mark.parametrize("name", ["seeded_defects_utm13n.gpkg", "seeded_defects_wgs84.geojson"])
def test_all_twelve_seeded_defects_are_found_and_no_other(defects: Path, name: str) -> None:
    truth = json.loads((defects / "albuquerque_seeded_truth.json").read_text())
    file = read_boundaries(defects / f"albuquerque_tracts_{name}", code_field="grid_idx")
    report = check(Layer(file.layer.shapes, file.layer.crs))
    left = list(report.defects)
    for seeded in truth:
        kind, keys = SEEDED[seeded["kind"]]
        wanted = {seeded[key] for key in keys}
        matches = [d for d in left if d.kind.value == kind and wanted <= {int(file.ids[k]) for k in d.features}]
        assert matches, seeded
        left.remove(matches[0])
        if "area_m2" in seeded:
            assert matches[0].area_m2 == pytest.approx(seeded["area_m2"], rel=0.02)
    assert not left
