"""What the situation holds inside a shape on the map: open incidents, workers who are not off duty, cameras; plain."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

import numpy as np

from desktop.map.inside import Shape
from desktop.phrases import dated_text, title_of
from desktop.seat import Seat
from desktop.situation.workers import DUTY_CODES
from gis_data.town.plane import Plane
from governance.camera import Camera
from governance.incident import TERMINAL, Case
from governance.people import Duty, Worker
from governance.roles import CONFIDENTIAL


@dataclass(frozen=True, slots=True)
class Inside:
    """What lies inside: incidents the most urgent first, workers by number, cameras by name."""

    cases: tuple[Case, ...] = ()
    workers: tuple[Worker, ...] = ()
    cameras: tuple[Camera, ...] = ()


def inside_of(seat: Seat, shape: Shape, plane: Plane) -> Inside:
    """What lies inside a shape now. A worker without a position lies nowhere."""
    situation = seat.situation
    cases = [case for case in situation.cases.values() if case.incident.state not in TERMINAL]
    cameras = list(situation.cameras.all())
    workers = situation.workers
    rows = np.flatnonzero(~np.isnan(workers.lon) & (workers.duty != DUTY_CODES[Duty.OFF]))
    in_case = _within(shape, plane, [case.incident.place.lon for case in cases], [case.incident.place.lat for case in cases])
    in_camera = _within(shape, plane, [each.place.lon for each in cameras], [each.place.lat for each in cameras])
    people = workers.people()
    found = [people[row] for row in rows[_within(shape, plane, workers.lon[rows], workers.lat[rows])].tolist()]
    return Inside(
        tuple(sorted((case for case, is_in in zip(cases, in_case, strict=True) if is_in), key=_urgent_first)),
        tuple(sorted(found, key=lambda worker: worker.number)),
        tuple(sorted((each for each, is_in in zip(cameras, in_camera, strict=True) if is_in), key=lambda each: each.name)),
    )


def counts_text(seat: Seat, inside: Inside) -> str:
    """事件 4 · 人员 12 · 摄像机 30; of the past nothing is said of people, for nobody knows."""
    key = "pick.counts" if seat.held_back is None else "pick.counts.then"
    return seat.words(key, cases=len(inside.cases), workers=len(inside.workers), cameras=len(inside.cameras))


def as_csv(seat: Seat, inside: Inside) -> tuple[str, int]:
    """The list for a table, in the officer's language, and how many confidential incidents are left out of it.

    Where a worker stands is not told. A text that a table would take for a formula gets an apostrophe before it.
    A table of the past says in each row of which moment it is.
    """
    words, rules = seat.words, seat.situation.rules
    told = [case for case in inside.cases if case.incident.confidentiality < CONFIDENTIAL]
    file = io.StringIO()
    table = csv.writer(file, lineterminator="\r\n")
    moment = [dated_text(seat.then)] if seat.then is not None else []
    names = ("kind", "number", "name", "state", "place", "lon", "lat", *(["then"] if moment else []))
    table.writerow([words(f"inside.column.{name}") for name in names])
    for case in told:
        it = case.incident
        place = seat.place_line(it.grid, it.place_text)
        row = [words("inside.incident"), it.number, title_of(words, rules, case), words(f"state.{it.state}"), place]
        table.writerow([*map(_cell, row), f"{it.place.lon:.6f}", f"{it.place.lat:.6f}", *moment])
    for worker in inside.workers:
        row = [words("inside.worker"), f"#{worker.number}", worker.name, words(f"duty.{worker.duty}")]
        table.writerow([*map(_cell, (*row, seat.place_line(worker.grid, ""))), "", ""])
    for camera in inside.cameras:
        row = [words("inside.camera"), camera.id, camera.name, words(f"camera.{camera.state}")]
        lonlat = (f"{camera.place.lon:.6f}", f"{camera.place.lat:.6f}")
        table.writerow([*map(_cell, (*row, seat.place_line(camera.grid, ""))), *lonlat, *moment])
    return file.getvalue(), len(inside.cases) - len(told)


def _within(shape: Shape, plane: Plane, lon: object, lat: object) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    east, north = np.asarray(lon, np.float64), np.asarray(lat, np.float64)
    return shape.contains(plane.to_plane(east, north)) if len(east) else np.zeros(0, np.bool_)


def _urgent_first(case: Case) -> tuple[int, object]:
    return -int(case.incident.urgency), case.incident.reported_at


def _cell(text: str) -> str:
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
