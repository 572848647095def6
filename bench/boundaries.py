"""How long a whole province of grids takes to be checked, what is found of defects put in, and what an edit costs.

A noded coverage of crooked areas of 44 vertices is checked at four sizes: seconds of wall and CPU, and memory beside the
loaded data, each in a process of its own. Then, of a coverage with defects of every kind, which of them are found and what is
invented. Peers on the same data in the same run: GEOS's coverage validity with two widths of gap, the union's symmetric
difference with the parent, and PostGIS's self join; each with what it finds.
"""

from __future__ import annotations

import argparse
import gc
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import psycopg
import shapely

from bench.noded import INNER_DEFECTS, noded
from bench.second_start import ROOT
from gis_data.boundaries.check import Layer, check, still_covers
from gis_data.boundaries.crs import SourceCrs
from gis_data.boundaries.defect import Kind
from gis_data.boundaries.editing import Editor
from gis_data.boundaries.lattice import Lattice
from gis_data.boundaries.mesh import Mesh, NotAllowed
from server.private_postgis import OWNER_ROLE, PrivatePostgis

SIZES = (543, 5_430, 54_300, 122_800)
INNER = 10
OF_EACH = 12
"""Defects of each kind that are put in."""
EDITS = 2_000
PLANE = SourceCrs.named("EPSG:4549")
TARGETS: dict[str, list[Any]] = {
    "check_s_at_543": ["<=", 0.05],
    "check_s_at_122800": ["<=", 3.0],
    "beside_data_mb_at_122800": ["<=", 1000],
    "us_a_grid_large_to_small": ["<=", 1.5],
    "recheck_ms_at_122800": ["<=", 2.0],
    "edit_ms_median": ["<=", 1.0],
    "found_percent": [">=", 100.0],
    "invented": ["<=", 0],
}


def run(words: Sequence[str] = ()) -> dict[str, Any]:
    """Figures; `--largest N` leaves larger sizes out, `--rounds N` measures so often."""
    parser = argparse.ArgumentParser(prog="bench boundaries")
    parser.add_argument("--largest", type=int, default=SIZES[-1])
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args(list(words))
    figures: dict[str, Any] = {}
    peers: dict[str, Any] = {}
    sizes = [size for size in SIZES if size <= given.largest]
    for size in sizes:
        found, beside = _apart("size", str(size), str(given.rounds))
        figures |= {f"{name}_at_{size}": value for name, value in found.items()}
        peers |= {f"{name}_at_{size}": value for name, value in beside.items()}
    small, large = (figures[f"check_s_at_{size}"] / size for size in (sizes[min(1, len(sizes) - 1)], sizes[-1]))
    figures["us_a_grid_large_to_small"] = round(large / small, 2)
    for part in ("defects", "edits"):
        found, beside = _apart(part)
        figures |= found
        peers |= beside
    return {"bench": "boundaries", "figures": figures, "peers": peers, "targets": TARGETS}


def _apart(*words: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """A part in a process of its own: what was loaded before counts in no figure of memory."""
    told = subprocess.run(
        [sys.executable, "-m", "bench.boundaries", *words], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True
    )
    found, beside = json.loads(told.stdout.splitlines()[-1])
    return found, beside


def _timed(do: Callable[[], Any]) -> tuple[float, float, Any]:
    """Seconds of wall and of CPU, and what came out."""
    gc.collect()
    wall, cpu = time.perf_counter(), time.process_time()
    came = do()
    return time.perf_counter() - wall, time.process_time() - cpu, came


class _Peak:
    """The most memory of this process since it began to count, in MB over what it held then."""

    def __init__(self) -> None:
        Path("/proc/self/clear_refs").write_text("5")
        self._before = psutil.Process().memory_info().rss

    def mb(self) -> float:
        status = Path("/proc/self/status").read_text()
        peak_kb = int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1])
        return round((peak_kb * 1024 - self._before) / 1e6, 1)


def _size(count: int, rounds: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """A clean coverage of so many areas."""
    made = noded(int(np.ceil(np.sqrt(count))), 1, inner=INNER, count=count)
    shapes = made.polygons()
    layer, parents = Layer(shapes, PLANE), Layer(np.array([made.outline], dtype=object), PLANE)
    del made
    gc.collect()
    peak = _Peak()
    runs = [_timed(lambda: check(layer, parents)) for _ in range(rounds)]
    beside_mb = peak.mb()
    lattice = Lattice.around(shapely.total_bounds(shapes), PLANE)
    touched = shapes[[count // 2, count // 2 + 1, count // 2 + 2]]
    again = [_timed(lambda: still_covers(touched, touched[::-1], lattice))[0] for _ in range(50)]
    figures = {
        "check_s": round(statistics.median(wall for wall, _, _ in runs), 3),
        "check_cpu_s": round(statistics.median(cpu for _, cpu, _ in runs), 3),
        "beside_data_mb": beside_mb,
        "defects": len(runs[0][2].defects),
        "vertices": int(shapely.get_num_coordinates(shapes).sum()),
        "recheck_ms": round(statistics.median(again) * 1e3, 3),
    }
    return figures, _peers_at(shapes, parents.shapes[0])


def _peers_at(shapes: np.ndarray, parent: shapely.Geometry) -> dict[str, Any]:
    """Seconds of the others on the same areas."""
    peers = {
        "is_valid_s": _timed(lambda: shapely.is_valid(shapes))[0],
        "geos_coverage_gap_0_s": _timed(lambda: shapely.coverage_invalid_edges(shapes))[0],
        "geos_coverage_gap_1_m_s": _timed(lambda: shapely.coverage_invalid_edges(shapes, gap_width=1.0))[0],
        "union_and_difference_s": _timed(lambda: _outside_union(shapes, parent))[0],
        "postgis_self_join_s": _postgis(shapes)[0],
    }
    return {name: round(seconds, 3) for name, seconds in peers.items()}


def _outside_union(shapes: np.ndarray, parent: shapely.Geometry) -> np.ndarray:
    return np.asarray(shapely.get_parts(shapely.symmetric_difference(shapely.union_all(shapes), parent)))


def _postgis(shapes: np.ndarray) -> tuple[float, set[int]]:
    """Seconds of the self join in PostGIS, and which areas share inner ground with another."""
    with tempfile.TemporaryDirectory(prefix="gw-b-", dir="/tmp") as home:
        Path(home).chmod(0o711)
        cluster = PrivatePostgis(Path(home), for_tests=True)
        try:
            cluster.start()
            cluster.ensure_role(OWNER_ROLE)
            cluster.ensure_database("boundaries", OWNER_ROLE)
            with psycopg.connect(**cluster.connect_arguments(OWNER_ROLE, "boundaries")) as connection:
                connection.execute("CREATE TABLE area (id int, geom geometry(Geometry, 4549))")
                with connection.cursor().copy("COPY area FROM STDIN") as copy:
                    for k, wkb in enumerate(shapely.to_wkb(shapely.set_srid(shapes, 4549), hex=True, include_srid=True)):
                        copy.write_row((k, wkb))
                connection.execute("CREATE INDEX ON area USING gist (geom)")
                connection.execute("ANALYZE area")
                query = (
                    "SELECT a.id, b.id FROM area a JOIN area b ON a.id < b.id AND a.geom && b.geom "
                    "WHERE ST_IsValid(a.geom) AND ST_IsValid(b.geom) AND ST_Relate(a.geom, b.geom, 'T********')"
                )
                seconds, _, rows = _timed(lambda: connection.execute(query).fetchall())
        finally:
            cluster.destroy()
    return seconds, {area for row in rows for area in row}


def _defects() -> tuple[dict[str, Any], dict[str, Any]]:
    """How many of the defects put into a coverage each way finds, by kind."""
    made = noded(60, 5, inner=INNER)
    spots = [i * 60 + j for i in range(2, 58, 4) for j in range(2, 58, 4)]
    np.random.default_rng(2).shuffle(spots)
    put: list[tuple[str, str, tuple[int, ...]]] = []
    names = [name for name in sorted(INNER_DEFECTS, key=lambda name: name == "missing") for _ in range(OF_EACH)]
    for name, spot in zip(names, spots, strict=False):
        kind, inject = INNER_DEFECTS[name]
        put.append((name, kind, inject(made, spot, spot + 1) or (spot,)))
    before = {k: k - sum(gone < k for gone in made.gone) for k in range(len(made.rings) + len(made.extra) + len(made.gone))}
    shapes, parent = made.polygons(), made.outline
    report = check(Layer(shapes, PLANE), Layer(np.array([parent], dtype=object), PLANE))
    left = [(d.kind, set(d.features)) for d in report.defects]
    ours: dict[str, int] = {}
    for name, kind, features in put:
        wanted = set() if kind == Kind.MISSING else {before[k] for k in features}
        match = next((each for each in left if each[0] == kind and wanted <= each[1]), None)
        ours[name] = ours.get(name, 0) + (match is not None)
        if match is not None:
            left.remove(match)
    figures = {
        "injected": len(put),
        "found_percent": round(100.0 * sum(ours.values()) / len(put), 2),
        "invented": len(left),
        "found_by_kind": {name: f"{count}/{OF_EACH}" for name, count in ours.items()},
    }
    return figures, {name: _share(put, before, flagged) for name, flagged in _flagged(shapes, parent).items()}


def _share(put: list[tuple[str, str, tuple[int, ...]]], before: dict[int, int], flagged: set[int]) -> dict[str, str]:
    """Of each kind, how many have an area that was flagged; a missing area is found by one of its neighbours."""
    found: dict[str, int] = {}
    for name, kind, features in put:
        areas = {before[features[0]] - 1, before[features[0]]} if kind == Kind.MISSING else {before[k] for k in features}
        found[name] = found.get(name, 0) + bool(areas & flagged)
    return {name: f"{count}/{OF_EACH}" for name, count in found.items()}


def _flagged(shapes: np.ndarray, parent: shapely.Geometry) -> dict[str, set[int]]:
    """Which areas each peer points at."""
    valid = np.flatnonzero(shapely.is_valid(shapes))
    edges = {gap: shapely.coverage_invalid_edges(shapes[valid], gap_width=gap) for gap in (0.0, 1.0)}
    tree = shapely.STRtree(shapes)
    difference = _outside_union(shapely.make_valid(shapes), parent)
    near = tree.query(difference, predicate="dwithin", distance=0.01)[1] if len(difference) else np.zeros(0, int)
    return {
        "is_valid": set(np.flatnonzero(~shapely.is_valid(shapes)).tolist()),
        "geos_coverage_gap_0": set(valid[~shapely.is_empty(edges[0.0])].tolist()),
        "geos_coverage_gap_1_m": set(valid[~shapely.is_empty(edges[1.0])].tolist()),
        "union_and_difference": set(near.tolist()),
        "postgis_self_join": _postgis(shapes)[1],
    }


def _edits() -> tuple[dict[str, Any], dict[str, Any]]:
    """Milliseconds of each sort of edit on a district, with what is refused counted too."""
    made = noded(24, 3, inner=INNER, count=543)
    shapes = made.polygons()
    lattice = Lattice.around(shapely.total_bounds(shapes), PLANE)
    seconds, _, mesh = _timed(lambda: Mesh.of(lattice.rounded(shapes)))
    editor, random = Editor(mesh), np.random.default_rng(4)
    took: dict[str, list[float]] = {}
    refused = 0
    for _ in range(EDITS):
        name, act = _edit(editor, random)
        began = time.perf_counter()
        try:
            act()
        except NotAllowed:
            refused += 1
            continue
        took.setdefault(name, []).append((time.perf_counter() - began) * 1e3)
    after = np.asarray(shapely.transform(mesh.polygons(sorted(mesh.areas)), lattice.source), dtype=object)
    report = check(Layer(after, PLANE), Layer(np.array([made.outline], dtype=object), PLANE))
    every = [value for values in took.values() for value in values]
    figures = {
        "mesh_of_a_district_s": round(seconds, 3),
        "edit_ms_median": round(statistics.median(every), 3),
        "edit_ms_p95": round(float(np.percentile(every, 95)), 3),
        "edits_by_sort_ms_median": {name: round(statistics.median(values), 3) for name, values in sorted(took.items())},
        "edits_made": len(every),
        "edits_refused": refused,
        "defects_after_all_edits": len(report.defects),
    }
    return figures, {}


def _edit(editor: Editor, random: np.random.Generator) -> tuple[str, Callable[[], Any]]:
    """Some edit that an officer might make."""
    mesh = editor.mesh
    area, arc = (int(random.choice(list(held))) for held in (mesh.areas, mesh.arcs))
    points = mesh.arcs[arc].points
    k = int(random.integers(len(points)))
    x, y = (round(value) for value in (np.array(points[k]) + random.normal(0, 15_000, 2)).tolist())
    name = str(random.choice(["move", "insert", "delete", "divide", "merge"]))
    if name == "move":
        return name, lambda: editor.move(arc, k, (x, y))
    if name == "insert":
        return name, lambda: editor.insert(arc, min(k, len(points) - 2), (x, y))
    if name == "delete":
        return name, lambda: editor.delete(arc, k)
    if name == "merge":
        beside = sorted(mesh.neighbours(area))
        return name, lambda: editor.merge(area, beside[0])
    left, low, right, high = shapely.bounds(mesh.polygon(area)).tolist()
    line = [(round(left) - 1_000, round((low + high) / 2)), (round(right) + 1_000, round((low + high) / 2) + 10_000)]
    return name, lambda: editor.divide(area, line)


if __name__ == "__main__":
    PARTS: dict[str, Callable[..., tuple[dict[str, Any], dict[str, Any]]]] = {
        "size": lambda count, rounds: _size(int(count), int(rounds)),
        "defects": _defects,
        "edits": _edits,
    }
    print(json.dumps(PARTS[sys.argv[1]](*sys.argv[2:])))
