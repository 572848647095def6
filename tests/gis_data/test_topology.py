"""A coverage is exact or it is refused, however small the flaw."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis_data.topology import BadCover, Cover, check_cover, require_cover
from governance.places import Level

MM = 1e-8
"""About a millimetre in degrees."""


@dataclass(frozen=True)
class Piece:
    """An area as the check sees it."""

    code: str
    parent: str
    level: Level
    polygon: shapely.Polygon | shapely.MultiPolygon


def coverage(seed: int, side: int = 4) -> list[Piece]:
    """A community cut into side x side crooked grids that share every vertex, at 120E 30N, about 100 m each."""
    rng = np.random.default_rng(seed)
    x, y = np.meshgrid(np.arange(side + 1) * 1e-3, np.arange(side + 1) * 1e-3, indexing="ij")
    nodes = np.stack([120 + x, 30 + y], axis=2)
    nodes[1:-1, 1:-1] += rng.uniform(-3e-4, 3e-4, (side - 1, side - 1, 2))
    pieces = []
    for i in range(side):
        for j in range(side):
            ring = [nodes[i, j], nodes[i + 1, j], nodes[i + 1, j + 1], nodes[i, j + 1]]
            code = f"330104001001{i * side + j + 1:03d}"
            pieces.append(Piece(code, "330104001001", Level.GRID, shapely.Polygon(ring)))
    whole = shapely.coverage_union_all([piece.polygon for piece in pieces])
    return [Piece("330104001001", "", Level.COMMUNITY, whole), *pieces]


def kinds(cover: Cover) -> set[str]:
    return {fault.kind for fault in cover.faults}


def with_polygon(pieces: list[Piece], k: int, polygon: shapely.Polygon) -> list[Piece]:
    return [replace(piece, polygon=polygon) if n == k else piece for n, piece in enumerate(pieces)]


def moved_corner(polygon: shapely.Polygon, towards: float) -> shapely.Polygon:
    """The polygon with its first vertex moved to (+) or from (-) its middle, in degrees."""
    ring = shapely.get_coordinates(polygon)
    middle = ring[:-1].mean(axis=0)
    ring[0] = ring[-1] = ring[0] + (middle - ring[0]) / np.hypot(*(middle - ring[0])) * towards
    return shapely.Polygon(ring)


@given(st.integers(0, 10_000), st.integers(1, 7))
@settings(max_examples=60, deadline=None)
def test_pieces_that_share_every_vertex_are_exact(seed: int, side: int) -> None:
    cover = require_cover(coverage(seed, side))
    assert cover.is_exact
    assert cover.areas == side * side + 1


@given(st.integers(0, 10_000), st.integers(1, 16), st.floats(3 * MM, 2e-4))
@settings(max_examples=80, deadline=None)
def test_a_drawn_in_corner_is_a_gap_however_thin(seed: int, k: int, depth: float) -> None:
    pieces = coverage(seed)
    cover = check_cover(with_polygon(pieces, k, moved_corner(pieces[k].polygon, depth)))
    assert not cover.is_exact
    assert kinds(cover) <= {"gap", "unmatched", "overlap", "invalid"}
    assert kinds(cover) != {"overlap"}


@given(st.integers(0, 10_000), st.sampled_from([6, 7, 10, 11]), st.floats(3 * MM, 2e-4))
@settings(max_examples=80, deadline=None)
def test_a_pushed_out_corner_is_an_overlap_however_thin(seed: int, k: int, depth: float) -> None:
    pieces = coverage(seed)
    cover = check_cover(with_polygon(pieces, k, moved_corner(pieces[k].polygon, -depth)))
    assert not cover.is_exact
    assert "overlap" in kinds(cover) or kinds(cover) & {"unmatched", "invalid"}


@given(st.integers(0, 10_000), st.integers(1, 16))
@settings(max_examples=40, deadline=None)
def test_a_missing_piece_is_a_gap_of_its_size(seed: int, k: int) -> None:
    pieces = coverage(seed)
    missing = pieces.pop(k)
    (fault,) = check_cover(pieces).faults
    assert fault.kind == "gap"
    assert fault.codes == ()
    assert fault.place is not None
    assert missing.polygon.contains(shapely.Point(fault.place.lon, fault.place.lat))
    metres = missing.polygon.area * 111_132.95 * 111_319.49 * np.cos(np.radians(30.002))
    assert fault.area_m2 == pytest.approx(metres, rel=1e-3)


@given(st.integers(0, 10_000), st.integers(1, 16))
@settings(max_examples=40, deadline=None)
def test_a_piece_given_twice_under_another_code_is_an_overlap_that_names_both(seed: int, k: int) -> None:
    pieces = coverage(seed)
    twin = replace(pieces[k], code="330104001001999")
    (fault,) = check_cover([*pieces, twin]).faults
    assert fault.kind == "overlap"
    assert set(fault.codes) == {pieces[k].code, twin.code}


def test_a_piece_that_sticks_out_of_its_parent_is_outside() -> None:
    pieces = coverage(1)
    ring = shapely.get_coordinates(pieces[1].polygon)
    ring[0] = ring[-1] = ring[0] - 1e-4
    cover = check_cover(with_polygon(pieces, 1, shapely.Polygon(ring)))
    assert "outside" in kinds(cover)
    assert cover.faults[0].codes == (pieces[1].code,)


def test_two_neighbours_exchanging_a_millimetre_of_ground_stay_exact() -> None:
    """The same vertex moved in all its polygons is an edit, not a flaw."""
    pieces = coverage(3)
    node = shapely.get_coordinates(pieces[1].polygon)[2]

    def nudge(xy: np.ndarray) -> np.ndarray:
        return np.where((xy == node).all(axis=1, keepdims=True), xy + 2 * MM, xy)

    moved = [replace(piece, polygon=shapely.transform(piece.polygon, nudge)) for piece in pieces]
    assert check_cover(moved).is_exact


@pytest.mark.parametrize(
    ("pieces", "kind"),
    [
        ([*coverage(1), coverage(1)[5]], "twice"),
        ([replace(piece, parent="330104001009") if k == 3 else piece for k, piece in enumerate(coverage(1))], "no_parent"),
        ([replace(piece, level=Level.STREET) if k == 0 else piece for k, piece in enumerate(coverage(1))], "wrong_parent"),
        ([], "no_parent"),
        (coverage(1)[:1], "childless"),
    ],
    ids=[
        "a code twice",
        "a parent that is not there",
        "a parent two levels up",
        "nothing at all",
        "a community without a grid",
    ],
)
def test_a_broken_family_is_a_fault(pieces: list[Piece], kind: str) -> None:
    assert kind in kinds(check_cover(pieces))


def test_a_ring_that_crosses_itself_is_invalid_and_named() -> None:
    pieces = coverage(1)
    ring = shapely.get_coordinates(pieces[4].polygon)
    ring[[1, 2]] = ring[[2, 1]]
    cover = check_cover(with_polygon(pieces, 4, shapely.Polygon(ring)))
    assert ("invalid", (pieces[4].code,)) in {(fault.kind, fault.codes) for fault in cover.faults}


def test_a_vertex_on_one_side_of_a_shared_edge_only_is_found() -> None:
    """Bent by two millimetres, a T-junction opens a hairline nobody would see."""
    pieces = coverage(2)
    ring = shapely.get_coordinates(pieces[6].polygon)
    bent = np.insert(ring, 1, (ring[0] + ring[1]) / 2 + (0, 2 * MM), axis=0)
    with pytest.raises(BadCover, match=r"gap|overlap|unmatched"):
        require_cover(with_polygon(pieces, 6, shapely.Polygon(bent)))


def test_holes_and_several_parts_are_covered_exactly() -> None:
    outer = shapely.box(120, 30, 120.01, 30.01)
    inner = shapely.box(120.004, 30.004, 120.006, 30.006)
    island = shapely.box(120.02, 30, 120.03, 30.01)
    parent = Piece("330104001001", "", Level.COMMUNITY, shapely.MultiPolygon([outer, island]))
    ring = Piece("330104001001001", parent.code, Level.GRID, shapely.MultiPolygon([outer - inner, island]))
    core = Piece("330104001001002", parent.code, Level.GRID, inner)
    assert check_cover([parent, ring, core]).is_exact
    assert kinds(check_cover([parent, ring])) == {"gap"}
