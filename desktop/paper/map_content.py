"""What the map shows now, as the sheet of paper needs it. Main thread only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.map.scene import Pins
from desktop.map_marks import pins_of
from desktop.paper.leaving import Asked, is_confidential, told
from desktop.paper.map_sheet import PLAN_PX, MapSheet
from desktop.paper.picture import Content, picture_of
from desktop.phrases import SHANGHAI, dated_text, lonlat_text
from desktop.seat import Seat
from governance.incident import TERMINAL, Case
from governance.places import LonLat

if TYPE_CHECKING:
    from desktop.map_panel import MapPanel


def map_sheet(seat: Seat, panel: MapPanel, asked: Asked) -> MapSheet:
    """The sheet for what a map panel shows; Refused('paper_not_drawn') where it cannot be painted."""
    canvas, words = panel.canvas, seat.words
    cases = told(seat.situation.cases.values(), asked, seat.officer)
    content = content_of(seat, panel, cases, asked)
    marks = panel.tools.on_paper(asked)
    picture = picture_of(canvas, content, *PLAN_PX, tuple(draw for _, draw in marks))
    layers = {name for name, is_on in canvas.shown.layer_visible.items() if is_on}
    if not asked.people:
        layers -= {"workers", "tracks", "trails"}
    layers -= {"tracks"} if not canvas.shown.tracks.ways else set()
    layers -= {"workers"} if seat.then is not None else set()
    secret = tuple(c.incident.id for c in cases if is_confidential(c) and c.incident.state not in TERMINAL)
    has_secret = bool(secret)
    figures = panel.figures
    rows = figures.class_rows(figures.told(left_out_of(seat, cases)))
    as_of, _ = figures.as_of()
    then = dated_text(seat.then) if seat.then is not None else ""
    title = words("paper.head.then" if then else "paper.head", town=seat.situation.town.name, at=then)
    warning = words("paper.confidential") if has_secret else ""
    notes = _notes(seat, panel, picture.viewpoint.x, picture.viewpoint.y, asked, has_secret)
    return MapSheet(
        title,
        picture,
        figures.colour,
        rows,
        figures.lit,
        as_of,
        frozenset(layers),
        tuple(words(key) for key, _ in marks) + ((words("paper.mark.sectors"),) if "sectors" in layers else ()),
        notes,
        warning,
        secret,
        words,
        words("paper.then", at=then) if then else "",
    )


def left_out_of(seat: Seat, cases: list[Case]) -> list[Case]:
    """The cases that are not told of."""
    told_of = {case.incident.id for case in cases}
    return [case for case in seat.situation.cases.values() if case.incident.id not in told_of]


def content_of(seat: Seat, panel: MapPanel, cases: list[Case], asked: Asked) -> Content:
    """Pins of these cases, and the figures of the grids without the others."""
    shown, told_of = panel.canvas.shown, panel.figures.told(left_out_of(seat, cases))
    figures = panel.figures.figures(told_of) if told_of is not None else shown.figures
    pending = seat.orders.pending_incidents() if seat.then is None else frozenset()
    pins = pins_of(cases, pending) if shown.layer_visible["incidents"] else Pins.none()
    return Content(pins, figures, asked.people)


def _notes(seat: Seat, panel: MapPanel, x: float, y: float, asked: Asked, has_secret: bool) -> list[str]:
    """What stands at the foot."""
    words, geometry, officer = seat.words, panel.geometry_shown, seat.officer
    assert geometry is not None
    lon, lat = geometry.plane.to_lonlat(x, y)[0].tolist()
    source = panel.canvas.furniture.attribution.text()
    at = seat.now().astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
    left_out = [] if has_secret else [words("paper.left_out")]
    left_out += [] if asked.people else [words("paper.left_out.people" if seat.then is None else "paper.left_out.tracks")]
    return [
        words("sep").join(left_out),
        words("sep").join((words("paper.centre", place=lonlat_text(LonLat(lon, lat))), words("paper.datum"))),
        words("paper.source", source=source) if source else words("paper.source.none"),
        words("paper.made", name=officer.name, role=words(f"role.{officer.role}"), at=at),
    ]
