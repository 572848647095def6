"""What the coordinates of a boundary file refer to: any EPSG, GCJ-02 or BD-09; longitude or easting always comes first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from gis_data.datum import gcj02_from_bd09, wgs84_from_gcj02

Numbers = npt.NDArray[np.float64]
SHIFTED = ("gcj02", "bd09")
_ZONE_M = 1_000_000.0
_ZONES = (25, 45)
"""Numbers of the 3-degree zones that stand before an easting: EPSG 4513 to 4533."""
_MARGIN_DEG = 3.0
"""So far beyond where a projection is meant for its numbers still count as places."""


class BadCrs(ValueError):
    """Why coordinates cannot be placed; `reason` is a key of the command's words, with what it says."""

    def __init__(self, reason: str, **said: str) -> None:
        """One reason."""
        super().__init__(f"{reason}: {said}")
        self.reason, self.said = reason, said


@dataclass(frozen=True)
class SourceCrs:
    """A coordinate system by the name it was given."""

    name: str
    """EPSG:n, gcj02, bd09, or the system's own name where it has no number."""
    definition: str
    """What pyproj reads; EPSG:4326 for gcj02 and bd09."""

    @classmethod
    def named(cls, text: str) -> SourceCrs:
        """The system of a name such as EPSG:4549, 4549, gcj02 or WKT; raises BadCrs."""
        plain = text.strip()
        if plain.lower().replace("-", "") in SHIFTED:
            return cls(plain.lower().replace("-", ""), "EPSG:4326")
        try:
            system = CRS.from_user_input(int(plain) if plain.isdigit() else plain)
        except (CRSError, ValueError, OverflowError) as problem:
            raise BadCrs("crs_unknown", crs=plain[:60]) from problem
        if not (system.is_geographic or system.is_projected):
            raise BadCrs("crs_not_flat", crs=system.name[:60])
        number = system.to_epsg(min_confidence=70)
        return cls(f"EPSG:{number}" if number else system.name, f"EPSG:{number}" if number else system.to_wkt())

    @cached_property
    def is_degrees(self) -> bool:
        """Whether its numbers are degrees."""
        return self.name in SHIFTED or bool(CRS(self.definition).is_geographic)

    @cached_property
    def _transformer(self) -> Transformer:
        return Transformer.from_crs(self.definition, "EPSG:4326", always_xy=True)

    def to_wgs84(self, xy: Numbers) -> Numbers:
        """float64[n, 2]: longitude and latitude; infinite where a projection has no such place."""
        if self.name == "bd09":
            return wgs84_from_gcj02(gcj02_from_bd09(xy))
        if self.name == "gcj02":
            return wgs84_from_gcj02(xy)
        lon, lat = self._transformer.transform(xy[:, 0], xy[:, 1])
        return np.column_stack([lon, lat])

    def way_to(self, other: SourceCrs) -> Callable[[Numbers], Numbers]:
        """How float64[n, 2] of this system become those of another; neither is gcj02 or bd09."""
        transformer = Transformer.from_crs(self.definition, other.definition, always_xy=True)
        return lambda xy: np.column_stack(transformer.transform(xy[:, 0], xy[:, 1]))

    def refuse_implausible(self, bounds: npt.ArrayLike) -> None:
        """Raises BadCrs where left, low, right, high are no places of this system, or lie the wrong way round."""
        left, low, right, high = np.asarray(bounds, float).tolist()
        corners = np.array([[left, low], [right, high]])
        said = f"{left:.6g} {low:.6g} {right:.6g} {high:.6g}"
        if self.is_degrees:
            if (np.abs(corners) <= (180.0, 90.0)).all():
                return
            if (np.abs(corners[:, ::-1]) <= (180.0, 90.0)).all():
                raise BadCrs("axes_swapped", crs=self.name, bounds=said)
            raise BadCrs("not_degrees", crs=self.name, bounds=said)
        if self._is_meant_for(corners):
            return
        if self._is_meant_for(corners[:, ::-1]):
            raise BadCrs("axes_swapped", crs=self.name, bounds=said)
        raise BadCrs("outside_zone", crs=self.name, bounds=said)

    def _is_meant_for(self, corners: Numbers) -> bool:
        """Whether the system is meant for places like these."""
        lonlat = self.to_wgs84(corners)
        if not np.isfinite(lonlat).all():
            return False
        use = CRS(self.definition).area_of_use
        if use is None:
            return True
        west, south, east, north = use.bounds
        if west > east:
            return True  # across the antimeridian
        inside = (lonlat >= (west - _MARGIN_DEG, south - _MARGIN_DEG)) & (lonlat <= (east + _MARGIN_DEG, north + _MARGIN_DEG))
        return bool(inside.all())


def assumed_of(bounds: npt.ArrayLike) -> SourceCrs:
    """What coordinates without a system are taken for: degrees, or CGCS2000 with a zone's number; raises BadCrs."""
    left, low, right, high = np.asarray(bounds, float).tolist()
    if left >= -180 and right <= 180 and low >= -90 and high <= 90:
        return SourceCrs.named("EPSG:4326")
    zone = int(left // _ZONE_M)
    if _ZONES[0] <= zone <= _ZONES[1] and zone == int(right // _ZONE_M) and 0 <= low <= high <= 10_000_000:
        return SourceCrs.named(f"EPSG:{4488 + zone}")
    if left >= -90 and right <= 90 and low >= -180 and high <= 180:
        raise BadCrs("axes_swapped", crs="-", bounds=f"{left:.6g} {low:.6g} {right:.6g} {high:.6g}")
    raise BadCrs("crs_missing", bounds=f"{left:.6g} {low:.6g} {right:.6g} {high:.6g}")
