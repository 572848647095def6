"""What the map shows now, as the sheet of paper needs it. Main thread only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from desktop.map.scene import Pins
from desktop.map_marks import pins_of
from desktop.paper.leaving import Asked, is_confidential, told
from desktop.paper.map_sheet import PLAN_PX, MapSheet
from desktop.paper.picture import Content, picture_of
from desktop.phrases import SHANGHAI, lonlat_text
from desktop.seat import Seat
from desktop.situation.incidents import is_over
from governance.deadline import has_missed
from governance.incident import TERMINAL, Case
from governance.places import LonLat

if TYPE_CHECKING:
    from desktop.map_panel import MapPanel


def map_sheet(seat: Seat, panel: MapPanel, asked: Asked) -> MapSheet:
    """The sheet for what a map panel shows; Refused('paper_not_drawn') where it cannot be painted."""
    canvas, words = panel.canvas, seat.words
    cases = told(seat.situation.cases.values(), asked, seat.officer)
    content = content_of(seat, panel, cases, asked)
    picture = picture_of(canvas, content, *PLAN_PX)
    layers = {name for name, is_on in canvas.shown.layer_visible.items() if is_on}
    if not asked.people:
        layers.discard("workers")
    has_secret = any(is_confidential(case) and case.incident.state not in TERMINAL for case in cases)
    most = max(5, int(content.open_count.max(initial=0)))
    title = words("paper.head", town=seat.situation.town.name)
    warning = words("paper.confidential") if has_secret else ""
    notes = _notes(seat, panel, picture.viewpoint.x, picture.viewpoint.y, asked, has_secret)
    return MapSheet(title, picture, panel.strip.figure, most, frozenset(layers), notes, warning, words)


def content_of(seat: Seat, panel: MapPanel, cases: list[Case], asked: Asked) -> Content:
    """Pins of these cases, and the load of the grids without the others."""
    shown, geometry = panel.canvas.shown, panel.geometry_shown
    left_out = set(seat.situation.cases) - {case.incident.id for case in cases}
    open_count, overdue = np.array(shown.open_count), np.array(shown.overdue)
    metric = panel.strip.figure
    for incident in left_out if geometry is not None and metric != "off" else ():
        case = seat.situation.cases[incident]
        number = geometry.grids.number_of.get(case.incident.grid) if geometry is not None else None
        if number is not None and not is_over(case):
            missed = has_missed(case)
            open_count[number] -= missed if metric == "overdue" else 1
            overdue[number] -= missed
    pins = pins_of(cases, seat.orders.pending_incidents()) if shown.layer_visible["incidents"] else Pins.none()
    return Content(pins, open_count.clip(0), overdue.clip(0), asked.people)


def _notes(seat: Seat, panel: MapPanel, x: float, y: float, asked: Asked, has_secret: bool) -> list[str]:
    """What stands at the foot."""
    words, geometry, officer = seat.words, panel.geometry_shown, seat.officer
    assert geometry is not None
    lon, lat = geometry.plane.to_lonlat(x, y)[0].tolist()
    source = panel.canvas.furniture.attribution.text()
    at = seat.now().astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
    left_out = [] if has_secret else [words("paper.left_out")]
    left_out += [] if asked.people else [words("paper.left_out.people")]
    return [
        words("sep").join(left_out),
        words("sep").join((words("paper.centre", place=lonlat_text(LonLat(lon, lat))), words("paper.datum"))),
        words("paper.source", source=source) if source else words("paper.source.none"),
        words("paper.made", name=officer.name, role=words(f"role.{officer.role}"), at=at),
    ]
