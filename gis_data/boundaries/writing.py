"""Editions written to files that GIS tools read: GeoPackage, GeoJSON, Shapefile, KML, FlatGeobuf; all of it or none."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyogrio
import shapely
from pyogrio.errors import DataSourceError, FeatureError, FieldError, GeometryError

from gis_data.boundaries.crs import SHIFTED, SourceCrs
from gis_data.boundaries.edition import Area
from gis_data.boundaries.files import BadFile

WGS84 = SourceCrs.named("EPSG:4326")
_DRIVERS: dict[str, tuple[str, dict[str, str]]] = {
    ".gpkg": ("GPKG", {}),
    ".geojson": ("GeoJSON", {"COORDINATE_PRECISION": "9", "RFC7946": "NO"}),
    ".shp": ("ESRI Shapefile", {"ENCODING": "UTF-8"}),
    ".kml": ("KML", {}),
    ".fgb": ("FlatGeobuf", {}),
}
"""Nine decimals of a degree are 0.1 mm: with GeoJSON's usual seven, neighbours would not share their vertices any more."""
_IN_DEGREES = (".geojson", ".kml")
FIELDS = ("code", "name", "parent")


def write_edition(path: Path, areas: Sequence[Area], crs: SourceCrs, layer: str = "areas") -> None:
    """A file of an edition with the fields code, name and parent; what was there before stays until the new one is whole.

    GeoJSON and KML are in WGS 84, the others in the areas' own system; gcj02 and bd09 become WGS 84. Raises BadFile with the
    reason, and then leaves the folder as it was.
    """
    suffix = path.suffix.lower()
    if suffix not in _DRIVERS:
        raise BadFile("file_kind_unknown", known=" ".join(_DRIVERS))
    if not areas:
        raise BadFile("nothing_to_write", file=path.name)
    shapes = np.array([area.shape for area in areas], dtype=object)
    for area, sort in zip(areas, shapely.get_type_id(shapes).tolist(), strict=True):
        if sort not in (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON):
            raise BadFile("no_area_to_write", file=path.name, code=area.code)
    system = crs
    if crs.name in SHIFTED:
        shapes, system = np.asarray(shapely.transform(shapes, crs.to_wgs84), dtype=object), WGS84
    elif suffix in _IN_DEGREES and crs.name != WGS84.name:
        shapes, system = np.asarray(shapely.transform(shapes, crs.way_to(WGS84)), dtype=object), WGS84
    try:
        with tempfile.TemporaryDirectory(prefix=".gridwarden-", dir=path.parent) as beside:
            made = Path(beside) / path.name
            _write(made, areas, shapes, system, layer)
            for file in sorted(made.parent.iterdir(), key=lambda file: file.suffix == suffix):  # what is asked for comes last
                os.replace(file, path.parent / file.name)
    except OSError as problem:
        raise BadFile("file_unwritable", file=path.name, why=problem.strerror or str(problem)) from problem
    except (DataSourceError, FeatureError, FieldError, GeometryError, RuntimeError) as problem:
        raise BadFile("file_unwritable", file=path.name, why=" ".join(str(problem).split())[:200]) from problem


def _write(path: Path, areas: Sequence[Area], shapes: np.ndarray, crs: SourceCrs, layer: str) -> None:
    driver, options = _DRIVERS[path.suffix.lower()]
    several = bool((shapely.get_num_geometries(shapes) > 1).any())
    values = [np.array([getattr(area, field) for area in areas], dtype=object) for field in FIELDS]
    pyogrio.raw.write(
        path,
        shapely.to_wkb(
            np.array([shapely.MultiPolygon(list(shapely.get_parts(shape))) for shape in shapes]) if several else shapes
        ),
        values,
        list(FIELDS),
        geometry_type="MultiPolygon" if several else "Polygon",
        crs=crs.definition,
        driver=driver,
        layer=layer if driver in ("GPKG", "KML") else None,
        layer_options=options,
        dataset_options={"NameField": "name"} if driver == "KML" else None,
    )
    with path.open("rb+") as written:
        os.fsync(written.fileno())
