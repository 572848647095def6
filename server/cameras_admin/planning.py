"""What a table would make of the cameras there are: new, changed field by field, gone, or everything that is wrong; pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, cast
from uuid import UUID

import numpy as np

from gis_data.datum import Datum, to_wgs84
from governance.camera import Camera, CameraState, GroupKind
from governance.places import LonLat
from server.camera_devices.forms import why_no_source
from server.cameras_admin.columns import NEEDED_OF_NEW
from server.cameras_admin.sheet import Found, Row, Sheet
from server.ledger.camera_groups import GroupPath
from server.ledger.camera_sources import Source, SourceKind
from server.ledger.grids import Grids

SAME_PLACE_M = 0.05
"""Nearer than that two places are one: a table rounds its degrees."""
MOVED_M = 1.0
"""A camera that moved farther does not see what was drawn by hand for its old place."""
UNKNOWN_VIEW_DEG, UNKNOWN_RANGE_M = 360.0, 50.0
"""What a camera is taken to see of which nobody said anything."""
PLAIN = ("name", "owner", "heading_deg", "field_of_view_deg", "range_m", "height_m", "share_level", "is_sensitive", "is_ptz")
SAID_OF_SOURCE = ("kind", "address", "channel", "main_path", "sub_path", "device", "fingerprint", "user", "password")
NEVER_SHOWN = frozenset({"user", "password"})


@dataclass(frozen=True, slots=True)
class Known:
    """What the ledger has."""

    cameras: Mapping[str, Camera]
    retired: Mapping[str, int]
    """Code -> version of those that were there once."""
    sources: Mapping[str, Source]
    groups: Mapping[tuple[str, GroupKind], tuple[GroupPath, ...]]
    units: Mapping[str, UUID]
    grids: Grids


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that would be different: a code of the words of the command, and what they need."""

    code: str
    params: dict[str, str]


@dataclass(frozen=True, slots=True)
class Plan:
    """What loading a table would do; nothing where `found` says what is wrong."""

    new: tuple[Camera, ...] = ()
    changed: tuple[tuple[Camera, Camera], ...] = ()
    """Before and after."""
    gone: tuple[Camera, ...] = ()
    """Cameras the table does not name."""
    sources: tuple[Source, ...] = ()
    groups: dict[tuple[str, GroupKind], tuple[GroupPath, ...]] = field(default_factory=dict)
    lines: tuple[Line, ...] = ()
    found: tuple[Found, ...] = ()

    @property
    def is_nothing(self) -> bool:
        """Whether everything stays as it is, but for what is gone."""
        return not (self.new or self.changed or self.sources or self.groups)


def plan(sheet: Sheet, known: Known) -> Plan:
    """What loading it would do."""
    if sheet.found:
        return Plan(found=sheet.found)
    places, found = _places(sheet, known)
    made = _Made()
    for row in sheet.rows:
        before = known.cameras.get(row.camera)
        missing = [] if before else [name for name in NEEDED_OF_NEW if name not in row.about]
        if missing:
            found.append(Found(row.line, "needed_of_new", {"camera": row.camera, "names": ", ".join(missing)}))
            continue
        unit = str(row.about.get("unit", ""))
        if unit and unit not in known.units:
            found.append(Found(row.line, "unit_unknown", {"unit": unit}))
        if row.line in places or before is not None:
            made.take_camera(row, before, places.get(row.line), known)
        source = _source(row, known.sources.get(row.camera, Source(row.camera)))
        if source is not None and (why := why_no_source(source)):
            found.append(Found(row.line, why))
        made.take_source(known.sources.get(row.camera, Source(row.camera)), source)
        made.take_groups(row, known)
    if found:
        return Plan(found=tuple(sorted(found, key=lambda each: each.line)))
    named = {row.camera for row in sheet.rows}
    gone = tuple(camera for code, camera in sorted(known.cameras.items()) if code not in named)
    lines = [*made.lines, *(Line("gone", {"camera": each.id, "name": each.name}) for each in gone)]
    return Plan(tuple(made.new), tuple(made.changed), gone, tuple(made.sources), made.groups, tuple(lines))


class _Made:
    """What comes together row by row."""

    def __init__(self) -> None:
        self.new: list[Camera] = []
        self.changed: list[tuple[Camera, Camera]] = []
        self.sources: list[Source] = []
        self.groups: dict[tuple[str, GroupKind], tuple[GroupPath, ...]] = {}
        self.lines: list[Line] = []

    def take_camera(self, row: Row, before: Camera | None, at: tuple[LonLat, str] | None, known: Known) -> None:
        """A row becomes a camera, or changes one."""
        if before is None:
            assert at is not None, "it was looked into"
            camera = _made_of(row, at, known.units, known.retired.get(row.camera, 0) + 1)
            self.new.append(camera)
            self.lines.append(Line("new", {"camera": camera.id, "name": camera.name, "grid": camera.grid}))
            return
        after = _changed(row, before, at, known.units)
        differs = [name for name in (*PLAIN, "place", "grid", "unit", "state", "coverage") if _differ(name, before, after)]
        if differs:
            self.changed.append((before, replace(after, version=before.version + 1)))
            codes = {unit: code for code, unit in known.units.items()}
            for name in differs:
                old, new = getattr(before, name), getattr(after, name)
                self.lines.append(_line(before, name, codes.get(old, old), codes.get(new, new)))

    def take_source(self, before: Source, after: Source | None) -> None:
        """Where its streams come from; what of its log-on changed is not shown."""
        if after is None or after == before:
            return
        self.sources.append(after)
        for name in SAID_OF_SOURCE:
            old, new = getattr(before, name), getattr(after, name)
            if old != new:
                shown = ("***", "***") if name in NEVER_SHOWN else (old, new)
                self.lines.append(_said(after.camera, f"stream_{name}", *map(str, shown)))

    def take_groups(self, row: Row, known: Known) -> None:
        """The groups it is in."""
        for kind, paths in row.groups.items():
            before, after = known.groups.get((row.camera, kind), ()), tuple(sorted(paths))
            if before != after:
                self.groups[row.camera, kind] = after
                shown = ("; ".join("/".join(path) for path in of) for of in (before, after))
                self.lines.append(_said(row.camera, f"group_{kind.value}", *shown))


def _places(sheet: Sheet, known: Known) -> tuple[dict[int, tuple[LonLat, str]], list[Found]]:
    """Line -> the place it says and the grid that lies in, and what is wrong with places."""
    by_datum: dict[Datum, list[Row]] = defaultdict(list)
    for row in sheet.rows:
        if "datum" in row.about:
            by_datum[cast(Datum, row.about["datum"])].append(row)
    places: dict[int, tuple[LonLat, str]] = {}
    found: list[Found] = []
    for datum, rows in by_datum.items():
        written = np.array([(row.about["lon"], row.about["lat"]) for row in rows], np.float64)
        turned = known.grids.grids_of(written[:, 1], written[:, 0])
        on_earth = np.abs(written[:, 1]) <= 90.0
        degrees = written.copy()
        degrees[on_earth] = to_wgs84(written[on_earth], datum)
        grids = known.grids.grids_of(degrees[:, 0], degrees[:, 1])
        for row, (lon, lat), grid, other in zip(rows, degrees.tolist(), grids, turned, strict=True):
            if grid:
                places[row.line] = LonLat(lon, lat), grid
            else:
                code = "swapped" if other else "outside_grids"
                found.append(Found(row.line, code, {"lon": f"{lon:.6f}", "lat": f"{lat:.6f}"}))
    return places, found


def _made_of(row: Row, at: tuple[LonLat, str], units: Mapping[str, UUID], version: int) -> Camera:
    """A camera that is new; it counts as off until somebody asked it."""
    said: dict[str, Any] = {"heading_deg": 0.0, "field_of_view_deg": UNKNOWN_VIEW_DEG, "range_m": UNKNOWN_RANGE_M}
    said |= {name: row.about[name] for name in PLAIN if name in row.about}
    state = CameraState.FAULT if row.about.get("at_fault") else CameraState.OFFLINE
    unit = units.get(str(row.about.get("unit", "")))
    return Camera(id=row.camera, place=at[0], grid=at[1], state=state, unit=unit, version=version, **said)


def _changed(row: Row, before: Camera, at: tuple[LonLat, str] | None, units: Mapping[str, UUID]) -> Camera:
    """A camera as a row has it, in its old version."""
    said: dict[str, Any] = {name: row.about[name] for name in PLAIN if name in row.about}
    if "unit" in row.about:
        said["unit"] = units.get(str(row.about["unit"]))
    if at is not None and before.place.distance_m(at[0]) > SAME_PLACE_M:
        said |= {"place": at[0], "grid": at[1]}
        if before.place.distance_m(at[0]) > MOVED_M:
            said["coverage"] = ()
    if "at_fault" in row.about and bool(row.about["at_fault"]) != (before.state is CameraState.FAULT):
        said["state"] = CameraState.FAULT if row.about["at_fault"] else CameraState.OFFLINE
    return replace(before, **said)


def _source(row: Row, before: Source) -> Source | None:
    """Where a row says the streams come from; None where it says nothing. What is empty of a log-on stays as it is."""
    kind = cast(SourceKind | None, row.source.get("stream_kind"))
    if kind is None:
        return None
    if kind is SourceKind.GATEWAY:
        return Source(row.camera)
    kept = before if (kind, row.source.get("stream_address", before.address)) == (before.kind, before.address) else None
    said = {name: str(row.source.get(f"stream_{name}", "")) for name in ("address", "main", "sub", "device")}
    user, password = (str(row.source.get(f"stream_{name}", "")) for name in ("user", "password"))
    if kept is not None and user in ("", kept.user):  # an export has no passwords
        user, password = kept.user, password or kept.password
    channel = cast(int, row.source.get("stream_channel", 1))
    fingerprint = str(row.source.get("stream_fingerprint", "") or (kept.fingerprint if kept is not None else ""))
    plain = said["address"], channel, said["main"], said["sub"], said["device"]
    return Source(row.camera, kind, *plain, fingerprint, user, password)


def _differ(name: str, before: Camera, after: Camera) -> bool:
    """Whether a field is another."""
    old, new = getattr(before, name), getattr(after, name)
    if isinstance(old, float) and isinstance(new, float):
        return abs(old - new) > 1e-6
    return bool(old != new)


def _line(camera: Camera, name: str, old: object, new: object) -> Line:
    """One field of a camera."""
    return _said(camera.id, name, _shown(old), _shown(new))


def _said(camera: str, name: str, old: str, new: str) -> Line:
    return Line("changed", {"camera": camera, "field": name, "old": old or "-", "new": new or "-"})


def _shown(value: object) -> str:
    """A value on a line."""
    if isinstance(value, LonLat):
        return f"{value.lon:.6f} {value.lat:.6f}"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, tuple):
        return str(len(value))
    return "-" if value is None else str(value)
