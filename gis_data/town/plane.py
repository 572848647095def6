"""The drawing plane of a scene: a transverse Mercator centred on it, so a town anywhere on earth works."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from pyproj import Transformer

from governance.places import LonLat


class Plane:
    """Metres east and north of an origin, true to scale along its meridian.

    Within 50 km of the origin a length differs from the geodesic by less than 0.01 %. Longitude goes before latitude.
    An instance may be used by one thread at a time.
    """

    def __init__(self, origin: LonLat) -> None:
        """Centre the plane on a point; scale 1 along its meridian."""
        self.origin = origin
        system = f"+proj=tmerc +lat_0={origin.lat!r} +lon_0={origin.lon!r} +k=1 +x_0=0 +y_0=0 +ellps=WGS84 +units=m"
        geographic = "+proj=longlat +ellps=WGS84 +no_defs"
        self._forward = Transformer.from_crs(geographic, system, always_xy=True)
        self._back = Transformer.from_crs(system, geographic, always_xy=True)

    def to_plane(self, lon: npt.ArrayLike, lat: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """Metres east and north as float64[n, 2]; inf where a point lies on the other side of the earth."""
        x, y = self._forward.transform(np.atleast_1d(np.asarray(lon, float)), np.atleast_1d(np.asarray(lat, float)))
        return np.column_stack([x, y])

    def to_lonlat(self, x_m: npt.ArrayLike, y_m: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """Longitude and latitude in degrees as float64[n, 2]."""
        lon, lat = self._back.transform(np.atleast_1d(np.asarray(x_m, float)), np.atleast_1d(np.asarray(y_m, float)))
        return np.column_stack([lon, lat])
