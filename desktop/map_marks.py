"""What the situation holds, as the arrays the map draws; no Qt."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from uuid import UUID

import numpy as np
import numpy.typing as npt

from desktop.dispatch.case_view import state_mark
from desktop.map.scene import NO_CATEGORY, Cameras, CameraState, Pins, PinState, WorkerMark
from desktop.map.shown import CATEGORY_GLYPHS
from desktop.situation.workers import DUTY_CODES, FRESH_S, Workers
from desktop.style.marks import Mark
from governance.camera import Camera
from governance.camera import CameraState as Given
from governance.deadline import has_missed
from governance.floors import floor_told
from governance.incident import TERMINAL, Case
from governance.people import Duty

PIN_STATE = {
    Mark.RING: PinState.WAITING,
    Mark.HALF: PinState.ON_THE_WAY,
    Mark.FULL: PinState.ON_SCENE,
    Mark.SQUARE: PinState.CHECKING,
    Mark.CHECKED: PinState.CHECKING,
}


def pins_of(cases: Iterable[Case], pending: Collection[UUID]) -> Pins:
    """The open cases as pins; a category's number is its root less one (0 to 9), NO_CATEGORY before there is one."""
    shown = [case for case in cases if case.incident.state not in TERMINAL]
    incidents = [case.incident for case in shown]
    return Pins(
        ids=tuple(str(incident.id) for incident in incidents),
        lon=np.array([incident.place.lon for incident in incidents], np.float64),
        lat=np.array([incident.place.lat for incident in incidents], np.float64),
        category=np.array([category_number(incident.category) for incident in incidents], np.uint8),
        urgency=np.array([int(incident.urgency) for incident in incidents], np.uint8),
        severity=np.array([int(incident.severity) for incident in incidents], np.uint8),
        state=np.array([int(PIN_STATE[state_mark(case)]) for case in shown], np.uint8),
        pending=np.array([incident.id in pending for incident in incidents], np.bool_),
        overdue=np.array([has_missed(case) for case in shown], np.bool_),
        floors=tuple(floor_told(incident.floor, incident.place_text) for incident in incidents),
    )


def pin_of(case: Case) -> tuple[float, float, int, int, int, int, bool]:
    """One case as a pin: longitude, latitude, category, urgency, severity, state, whether overdue."""
    incident = case.incident
    grave = category_number(incident.category), int(incident.urgency), int(incident.severity)
    return incident.place.lon, incident.place.lat, *grave, int(PIN_STATE[state_mark(case)]), has_missed(case)


def category_number(code: str) -> int:
    """0 to 9 for the ten roots; NO_CATEGORY where there is none yet, or none that the map has a glyph for."""
    root = int(code[:2]) if code[:2].isdecimal() else 0
    return root - 1 if 1 <= root <= len(CATEGORY_GLYPHS) else NO_CATEGORY


def cameras_of(cameras: Iterable[Camera]) -> Cameras:
    """Cameras as the map shows them."""
    found = list(cameras)
    return Cameras(
        ids=tuple(camera.id for camera in found),
        lon=np.array([camera.place.lon for camera in found], np.float64),
        lat=np.array([camera.place.lat for camera in found], np.float64),
        heading_deg=np.array([camera.heading_deg for camera in found], np.float32),
        view_deg=np.array([camera.field_of_view_deg for camera in found], np.float32),
        reach_m=np.array([camera.range_m for camera in found], np.float32),
        state=np.array([CameraState.LIVE if c.state is Given.ONLINE else CameraState.OFFLINE for c in found], np.uint8),
    )


def worker_marks(workers: Workers, now_s: float) -> npt.NDArray[np.uint8]:
    """How each worker's dot looks, uint8[rows] of WorkerMark: off duty, stale, on a task, on duty."""
    marks = np.full(len(workers), WorkerMark.ON_DUTY, np.uint8)
    marks[workers.duty == DUTY_CODES[Duty.ON_TASK]] = WorkerMark.ON_TASK
    stale = ~(now_s - workers.at_s <= FRESH_S) | (workers.duty == DUTY_CODES[Duty.LOST])
    marks[stale] = WorkerMark.STALE
    marks[workers.duty == DUTY_CODES[Duty.OFF]] = WorkerMark.OFF
    return marks
