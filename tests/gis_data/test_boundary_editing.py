"""Boundaries are edited so that gaps and overlaps cannot arise; what is refused changes nothing, what is done is undone."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.noded import INNER_DEFECTS, Noded, noded
from gis_data.boundaries.check import Layer, check
from gis_data.boundaries.crs import SourceCrs
from gis_data.boundaries.editing import Editor
from gis_data.boundaries.lattice import Lattice
from gis_data.boundaries.mesh import OUTSIDE, Mesh, NotACoverage, NotAllowed, Point
from gis_data.boundaries.numbering import in_reading_order, numbered

PLANE = SourceCrs.named("EPSG:4549")


def mesh_of(made: Noded) -> Mesh:
    lattice = Lattice.around(shapely.total_bounds(made.polygons()), PLANE)
    return Mesh.of(lattice.rounded(made.polygons()))


def standing(mesh: Mesh) -> dict[int, bytes]:
    """The shape of every area."""
    return {area: shapely.to_wkb(mesh.polygon(area).normalize()) for area in sorted(mesh.areas)}


def is_right(mesh: Mesh, outline: shapely.Geometry) -> bool:
    """Whether the areas cover the outline exactly, by the full check."""
    shapes = mesh.polygons(sorted(mesh.areas))
    moved = np.asarray(shapely.transform(shapes, lambda mm: mm / 1e3 + [500_000.0, 3_350_000.0]), dtype=object)
    rim = shapely.transform(outline, lambda mm: mm / 1e3 + [500_000.0, 3_350_000.0])
    return not check(Layer(moved, PLANE), Layer(np.array([rim], dtype=object), PLANE)).defects


def inner_arc(mesh: Mesh, area: int, other: int) -> int:
    (arc,) = mesh.shared(area, other)
    return arc


@pytest.fixture
def editor() -> Editor:
    """Nine areas; 5 is the one within, 4 below it, 6 above, 2 to its left, 8 to its right."""
    return Editor(mesh_of(noded(3, 1)))


def test_a_mesh_holds_each_boundary_once_and_gives_the_areas_back() -> None:
    made = noded(4, 3)
    mesh = mesh_of(made)
    lattice = Lattice.around(shapely.total_bounds(made.polygons()), PLANE)
    assert standing(mesh) == {
        k + 1: shapely.to_wkb(shape.normalize()) for k, shape in enumerate(lattice.rounded(made.polygons()))
    }
    assert sum(not arc.is_locked for arc in mesh.arcs.values()) == 2 * 4 * 3
    assert all(len(arc.points) == 7 for arc in mesh.arcs.values() if not arc.is_locked)
    assert mesh.neighbours(6) == {2, 5, 7, 10}


def test_areas_with_holes_and_parts_are_held_too() -> None:
    made = noded(3, 5)
    INNER_DEFECTS["exclave"][1](made, 4, 5)
    mesh = mesh_of(made)
    assert shapely.get_num_geometries(mesh.polygon(5)) == 2
    assert len(mesh.polygon(6).interiors) == 1
    assert len(mesh.shared(5, 6)) == 2
    before = standing(mesh)
    editor = Editor(mesh)
    editor.merge(6, 5)
    assert shapely.get_num_geometries(mesh.polygon(6)) == 1
    assert not mesh.polygon(6).interiors
    editor.undo()
    assert standing(mesh) == before


@pytest.mark.parametrize("name", ["overlap", "extra vertex", "gap"])
def test_what_is_no_coverage_has_no_shared_boundaries(name: str) -> None:
    made = noded(3, 5)
    INNER_DEFECTS[name][1](made, 4, 5)
    if name == "overlap":
        made.extra.append(shapely.Polygon(made.rings[4]))
        with pytest.raises(NotACoverage):
            mesh_of(made)
    else:  # two boundaries beside each other, each with the outside on its other side
        assert sum(arc.is_locked for arc in mesh_of(made).arcs.values()) > sum(
            a.is_locked for a in mesh_of(noded(3, 5)).arcs.values()
        )


def test_a_node_takes_all_its_areas_along(editor: Editor) -> None:
    mesh = editor.mesh
    arc = inner_arc(mesh, 5, 6)
    node = mesh.arcs[arc].points[0]
    areas = {side for number in mesh.nodes[node] for side in (mesh.arcs[number].left, mesh.arcs[number].right)}
    assert len(areas) == 4
    to = (node[0] + 3_000, node[1] - 4_000)
    patch = editor.move(arc, 0, to)
    assert patch.touched == areas
    assert node not in mesh.nodes
    assert all(any(point == to for ring in mesh.areas[area] for point in mesh.ring_points(ring)) for area in areas)


def test_dividing_gives_both_neighbours_the_new_corners(editor: Editor) -> None:
    mesh, outline = editor.mesh, shapely.union_all(editor.mesh.polygons(editor.mesh.areas))
    centre = mesh.polygon(5).centroid
    line = [(round(centre.x - 500_000), round(centre.y + 7_000)), (round(centre.x + 500_000), round(centre.y - 9_000))]
    area = mesh.polygon(5).area
    patch = editor.divide(5, line)
    assert sorted(mesh.areas) == list(range(1, 11))
    assert mesh.polygon(5).area + mesh.polygon(10).area == pytest.approx(area, rel=1e-6)
    assert mesh.polygon(10).centroid.y < mesh.polygon(5).centroid.y  # on the right of a line that runs east
    assert {5, 10, 2, 8} <= patch.touched
    assert is_right(mesh, outline)
    assert mesh.shared(5, 10)
    merged = editor.merge(5, 10)
    assert 10 not in mesh.areas
    assert merged.touched >= {5, 10}
    assert mesh.polygon(5).area == pytest.approx(area, rel=1e-6)


def test_a_line_that_ends_on_the_rim_goes_to_a_corner_there(editor: Editor) -> None:
    mesh, outline = editor.mesh, shapely.union_all(editor.mesh.polygons(editor.mesh.areas))
    centre = mesh.polygon(2).centroid
    rim = {point for arc in mesh.arcs.values() if arc.is_locked for point in arc.points}
    editor.divide(2, [(round(centre.x) - 900_000, round(centre.y)), (round(centre.x) + 900_000, round(centre.y))])
    ends = {point for number in mesh.shared(2, 10) for point in (mesh.arcs[number].points[0], mesh.arcs[number].points[-1])}
    assert len(ends & rim) == 1
    assert is_right(mesh, outline)


def plain_mesh(*shapes: shapely.Geometry) -> Mesh:
    return Mesh.of(np.array([shapely.transform(shape, lambda xy: xy * 10_000) for shape in shapes], dtype=object))


def test_an_island_in_a_hole_keeps_the_hole_of_its_own() -> None:
    hole, core = shapely.box(1, 1, 8, 8), shapely.box(4, 4, 5, 5)
    island = shapely.box(3, 3, 6, 6)
    mesh = plain_mesh(
        shapely.MultiPolygon([shapely.box(0, 0, 9, 9).difference(hole), island.difference(core)]),
        hole.difference(island),
        core,
    )
    assert mesh.polygon(1).is_valid
    assert [mesh.polygon(area).area for area in (1, 2, 3)] == [area * 1e8 for area in (81 - 49 + 9 - 1, 49 - 9, 1)]


@pytest.mark.parametrize("backwards", [False, True])
def test_a_piece_beside_a_hole_is_cut_off_whichever_way_the_line_runs(backwards: bool) -> None:
    mesh = plain_mesh(shapely.box(0, 0, 9, 9).difference(shapely.box(4, 4, 5, 5)), shapely.box(4, 4, 5, 5))
    line = [(40_000, 45_000), (30_000, 45_000), (30_000, 55_000), (45_000, 55_000), (45_000, 50_000)]
    Editor(mesh).divide(1, line[::-1] if backwards else line)
    assert [round(mesh.polygon(area).area / 1e8, 2) for area in (1, 2, 3)] == [78.75, 1.0, 1.25]


def test_areas_around_a_hole_that_touches_the_rim_become_one_in_any_order() -> None:
    cells = {(i, j): shapely.box(i, j, i + 1, j + 1) for i in range(3) for j in range(3)}
    diamond = shapely.Polygon([(1, 0), (2, 1), (1, 2), (0, 1)])
    around = [cell.difference(diamond) for cell in cells.values()]
    around = [part for cell in around for part in shapely.get_parts(cell) if part.area > 0]
    for seed in range(6):
        mesh = plain_mesh(*around, diamond)
        editor, random = Editor(mesh), np.random.default_rng(seed)
        while others := sorted(mesh.neighbours(1) - {len(around) + 1}):
            editor.merge(1, int(random.choice(others)))
        assert mesh.polygon(1).is_valid


def test_a_short_edge_there_was_is_no_reason_to_refuse() -> None:
    mesh = plain_mesh(
        shapely.Polygon([(0, 0), (2, 0), (2, 1), (2, 1.005), (2, 2), (0, 2)]),
        shapely.Polygon([(2, 0), (4, 0), (4, 2), (2, 2), (2, 1.005), (2, 1)]),
    )
    editor = Editor(mesh)
    editor.divide(1, [(-10_000, 5_000), (30_000, 6_000)])
    assert len(mesh.areas) == 3


def test_merging_keeps_no_node_that_parts_nothing(editor: Editor) -> None:
    mesh = editor.mesh
    editor.merge(5, 6)
    for node, arcs in mesh.nodes.items():
        sides = {frozenset((mesh.arcs[number].left, mesh.arcs[number].right)) for number in arcs}
        assert len(arcs) != 2 or len(sides) == 2, node


CASES: dict[str, tuple[Callable[[Editor], object], str]] = {
    "a vertex of the rim": (lambda e: e.move(_rim(e), 2, (0, 0)), "locked"),
    "a node on the rim": (lambda e: e.move(inner_arc(e.mesh, 1, 4), _rim_end(e), (5, 5)), "locked"),
    "a vertex that is not there": (lambda e: e.move(inner_arc(e.mesh, 5, 6), 99, (0, 0)), "no_vertex"),
    "onto another node": (lambda e: e.move(inner_arc(e.mesh, 5, 6), 0, _on_arc(e, -1)), "node_there"),
    "across the area": (lambda e: e.move(inner_arc(e.mesh, 5, 6), 3, _beyond(e)), "crosses"),
    "onto the next vertex": (lambda e: e.move(inner_arc(e.mesh, 5, 6), 3, _on_arc(e, 4)), "too_short"),
    "a node taken out": (lambda e: e.delete(inner_arc(e.mesh, 5, 6), 0), "needs_node"),
    "a line beside": (lambda e: e.divide(5, [(0, 0), (10, 10)]), "not_across"),
    "a line that ends within": (lambda e: e.divide(5, [_middle(e), (_middle(e)[0] + 900_000, _middle(e)[1])]), "not_across"),
    "a line across twice": (lambda e: e.divide(5, _twice(e)), "several_times"),
    "areas apart": (lambda e: e.merge(1, 9), "not_neighbours"),
    "one with itself": (lambda e: e.merge(5, 5), "itself"),
    "one that is not there": (lambda e: e.merge(5, 77), "no_area"),
}  # fmt: skip


def _on_arc(editor: Editor, vertex: int) -> Point:
    return editor.mesh.arcs[inner_arc(editor.mesh, 5, 6)].points[vertex]


def _rim(editor: Editor) -> int:
    return next(number for number, arc in editor.mesh.arcs.items() if arc.is_locked)


def _rim_end(editor: Editor) -> int:
    arc = editor.mesh.arcs[inner_arc(editor.mesh, 1, 4)]
    rim = {point for other in editor.mesh.arcs.values() if other.is_locked for point in other.points}
    return 0 if arc.points[0] in rim else len(arc.points) - 1


def _middle(editor: Editor) -> Point:
    centre = editor.mesh.polygon(5).centroid
    return round(centre.x), round(centre.y)


def _beyond(editor: Editor) -> Point:
    low = shapely.bounds(editor.mesh.polygon(5))
    return round((low[0] + low[2]) / 2), round(low[1] - 200_000)


def _twice(editor: Editor) -> list[Point]:
    (x, y), wide = _middle(editor), 900_000
    return [(x - wide, y - 50_000), (x + wide, y - 50_000), (x + wide, y + 50_000), (x - wide, y + 50_000)]


@pytest.mark.parametrize("case", CASES)
def test_what_would_spoil_an_area_is_refused_and_changes_nothing(case: str, editor: Editor) -> None:
    act, reason = CASES[case]
    before = standing(editor.mesh)
    with pytest.raises(NotAllowed) as refused:
        act(editor)
    assert refused.value.reason == reason
    assert standing(editor.mesh) == before
    assert editor.done == []


@given(seed=st.integers(0, 2**20))
@settings(max_examples=6, deadline=None)
def test_any_edits_leave_a_right_coverage_and_can_all_be_undone_and_done_again(seed: int) -> None:
    random = np.random.default_rng(seed)
    editor = Editor(mesh_of(noded(4, seed % 97)))
    mesh = editor.mesh
    outline = shapely.union_all(mesh.polygons(mesh.areas))
    first, refused = standing(mesh), 0
    for _ in range(60):
        try:
            _some_edit(editor, random)
        except NotAllowed:
            refused += 1
    assert len(editor.done) >= 10
    assert is_right(mesh, outline)
    last = standing(mesh)
    while editor.undo() is not None:
        pass
    assert standing(mesh) == first
    while editor.redo() is not None:
        pass
    assert standing(mesh) == last
    assert all(OUTSIDE not in (a,) for a in mesh.areas)


def _some_edit(editor: Editor, random: np.random.Generator) -> None:
    mesh = editor.mesh
    area = int(random.choice(sorted(mesh.areas)))
    arc = int(random.choice(sorted(mesh.arcs)))
    points = mesh.arcs[arc].points
    k = int(random.integers(len(points)))
    aside = tuple(np.rint(np.array(points[k]) + random.normal(0, 60_000, 2)).astype(int).tolist())
    what = random.choice(["move", "insert", "delete", "reshape", "divide", "merge"])
    if what == "move":
        editor.move(arc, k, aside)
    elif what == "insert":
        editor.insert(arc, min(k, len(points) - 2), aside)
    elif what == "delete":
        editor.delete(arc, k)
    elif what == "reshape":
        editor.reshape(arc, [aside])
    elif what == "divide":
        low_x, low_y, high_x, high_y = shapely.bounds(mesh.polygon(area)).tolist()
        ends = random.uniform([low_x - 9e5, low_y], [high_x + 9e5, high_y], (2, 2))
        editor.divide(area, [(round(x), round(y)) for x, y in ends.tolist()])
    else:
        beside = sorted(mesh.neighbours(area)) or [area]
        editor.merge(area, int(random.choice(beside)))


def test_grids_are_numbered_in_rows_from_north_to_south_and_in_each_from_west_to_east() -> None:
    centres = [(0, 0), (100, 10), (200, -10), (5, 300), (100, 320), (210, 290)]
    order = in_reading_order(centres, 150.0)
    assert order == [3, 4, 5, 0, 1, 2]
    assert numbered("330104001001", order) == [f"330104001001{k:03}" for k in (4, 5, 6, 1, 2, 3)]
    with pytest.raises(ValueError, match="do not fit"):
        numbered("x", list(range(10)), digits=1)
