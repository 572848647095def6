"""A briefing (简报): what is to be told of an incident, a place or an area, out of the situation; plain."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from desktop.dispatch.case_view import left_said
from desktop.dispatch.outside_told import target_name, told_at
from desktop.dispatch.outside_told import told as outside_told
from desktop.map.scene import Geometry
from desktop.map.tiles import Box
from desktop.paper.leaving import Asked, is_confidential, told, without_numbers
from desktop.phrases import SHANGHAI, category_name, category_path, dated_text, level_word, lonlat_text, step_line, title_of
from desktop.seat import Seat
from governance.camera import Camera
from governance.incident import TERMINAL, Case
from governance.places import LonLat

AROUND_M = 600.0
"""How far around an incident or a place the page shows the town, north and south of it."""
ASPECT = 1.9
"""How much wider than high the page's map is."""
MOST_PINS, MOST_CAMERAS, MOST_CAMERA_ROWS = 1500, 1500, 30


@dataclass(frozen=True, slots=True)
class Spot:
    """An incident or a camera on the page's map."""

    place: LonLat
    said: tuple[str, ...]
    urgency: int = 0
    is_subject: bool = False
    is_overdue: bool = False
    is_off: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and rows of a time or a name and what is said of it."""

    heading: str
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Brief:
    """All that stands on a page."""

    title: str
    facts: Section
    sections: tuple[Section, ...]
    pins: tuple[Spot, ...]
    cameras: tuple[Spot, ...]
    box: Box
    """Plane metres."""
    secret: tuple[UUID, ...]
    """The confidential incidents it tells of."""
    count: int
    """How many incidents it tells of."""
    made_by: str
    made_at: datetime
    language: str
    then: str = ""
    """That it is as it was, and when; empty where it tells of the present."""

    @property
    def is_confidential(self) -> bool:
        """Whether it tells of anything confidential."""
        return bool(self.secret)


class Briefing:
    """Gathers what a page tells. Main thread only."""

    def __init__(self, seat: Seat, geometry: Geometry, asked: Asked) -> None:
        """With as much as was asked for and the post may see."""
        self._seat, self._geometry, self._asked = seat, geometry, asked
        self._words, self._rules = seat.words, seat.situation.rules

    def of_incident(self, case: Case) -> Brief:
        """An incident the officer chose: what it is, its steps, who was told, and what is around it."""
        words, incident = self._words, case.incident
        x, y = self._geometry.plane.to_plane(incident.place.lon, incident.place.lat)[0].tolist()
        box = (x, y - AROUND_M, x, y + AROUND_M)
        title = words("brief.of_incident", number=incident.number, what=self._called(case))
        sections = [Section(words("brief.steps"), self._steps(case)), Section(words("brief.told"), self._told(case))]
        return self._brief(title, self._facts(case), sections, box, case)

    def of_place(self, place: LonLat) -> Brief:
        """What is open around a place."""
        x, y = self._geometry.plane.to_plane(place.lon, place.lat)[0].tolist()
        box = (x, y - AROUND_M, x, y + AROUND_M)
        grid = self._seat.grid_at(place.lon, place.lat)
        rows = [(words_of, said) for words_of, said in self._where(grid, place) if said]
        return self._brief(self._words("brief.of_place", where=self._seat.place_line(grid, "")), rows, [], box)

    def of_area(self, code: str) -> Brief | None:
        """What is open in a grid, a community, a street or the whole district; None where the map does not know it."""
        grids = self._geometry.grids
        numbers = [number for each, number in grids.number_of.items() if code and each.startswith(code)]
        if not numbers:
            return None
        boxes = grids.fine.owner_box[numbers].astype(float)
        (west, south), (east, north) = boxes[:, :2].min(axis=0).tolist(), boxes[:, 2:].max(axis=0).tolist()
        rim = 0.06 * max(east - west, north - south)
        name = self._area_name(code)
        is_named = len(code) > 9 and code in self._seat.area_names
        title = self._words("brief.of_area", where=self._seat.place_line(code, "") if is_named else name)
        rows = [(self._words("brief.area"), f"{name} {code}")]
        return self._brief(title, rows, [], (west - rim, south - rim, east + rim, north + rim), area=code)

    def _area_name(self, code: str) -> str:
        """What an area is called, as the desk or else the map knows it; the town's name where it is all of it."""
        found = self._seat.area_names.get(code, "")
        for areas in (self._geometry.grids, self._geometry.communities, self._geometry.streets):
            number = areas.number_of.get(code)
            found = found or (areas.names[number] if number is not None else "")
        return found or self._seat.situation.town.name

    def _brief(
        self,
        title: str,
        facts: Iterable[tuple[str, str]],
        sections: list[Section],
        box: Box,
        subject: Case | None = None,
        area: str = "",
    ) -> Brief:
        words, seat = self._words, self._seat
        box = _framed(box)
        around = self._open_in(box, area, subject)
        if subject is None or len(around) > 1:
            others = [case for case in around if case is not subject]
            heading = words("brief.around" if subject is not None else "brief.open", count=len(others))
            sections = [*sections, Section(heading, tuple(self._row(case) for case in others))]
        cameras = [c for c in seat.situation.cameras.all() if self._holds(box, c.place) and c.grid.startswith(area)]
        middle = self._geometry.plane.to_lonlat((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)[0].tolist()
        cameras.sort(key=lambda camera: LonLat(*middle).distance_m(camera.place))
        rows = tuple(map(self._camera_row, cameras[:MOST_CAMERA_ROWS]))
        key = "brief.cameras" if len(rows) == len(cameras) else "brief.cameras.nearest"
        sections = [*sections, Section(words(key, count=len(cameras), shown=len(rows)), rows)]
        return Brief(
            title,
            Section(words("brief.facts"), tuple(facts)),
            tuple(each for each in sections if each.rows),
            tuple(self._pin(case, case is subject) for case in around[:MOST_PINS]),
            tuple(self._camera(camera) for camera in cameras[:MOST_CAMERAS]),
            box,
            tuple(case.incident.id for case in around if is_confidential(case)),
            len(around),
            words("brief.author", name=seat.officer.name, role=words(f"role.{seat.officer.role}")),
            seat.now(),
            words.language,
            words("paper.then", at=dated_text(seat.then)) if seat.then is not None else "",
        )

    # ---- incidents ------------------------------------------------------------------------------------------------

    def _open_in(self, box: Box, area: str, subject: Case | None) -> list[Case]:
        """The open incidents there, the most urgent first; the one it is about always."""
        seat = self._seat
        found = [
            case
            for case in told(seat.situation.cases.values(), self._asked, seat.officer)
            if case.incident.state not in TERMINAL and case.incident.grid.startswith(area)
        ]
        found = [case for case in found if subject is None or case.incident.id != subject.incident.id]
        found = [case for case in found if area or self._holds(box, case.incident.place)]
        found.sort(key=lambda case: (-int(case.incident.urgency), case.incident.number))
        return [subject, *found] if subject is not None else found

    def _holds(self, box: Box, place: LonLat) -> bool:
        x, y = self._geometry.plane.to_plane(place.lon, place.lat)[0].tolist()
        return bool(box[0] <= x <= box[2] and box[1] <= y <= box[3])

    def _called(self, case: Case) -> str:
        """What it is called without a reporter's own words, unless they were asked for."""
        if self._asked.people:
            return title_of(self._words, self._rules, case)
        return category_name(self._words, self._rules, case.incident.category)

    def _plainly(self, text: str) -> str:
        return text if self._asked.people else without_numbers(text)

    def _facts(self, case: Case) -> list[tuple[str, str]]:
        words, incident = self._words, case.incident
        severity = words(f"severity.{int(incident.severity)}")
        rows = [
            (words("brief.number"), incident.number),
            (words("brief.kind"), category_path(words, self._rules, incident.category)),
            (words("brief.grade"), words("sep").join((words(f"urgency.{int(incident.urgency)}"), severity))),
            (words("brief.state"), words(f"state.{incident.state}")),
            (words("brief.level"), level_word(words, incident.handling_level)),
            (words("brief.reported"), self._moment(incident.reported_at)),
            (words("brief.left"), left_said(words, case, self._seat.told_at(), self._rules.calendar)),
            *self._where(incident.grid, incident.place, self._plainly(incident.place_text)),
            (words("brief.said"), incident.text.strip() if self._asked.people else ""),
        ]
        return [(name, said) for name, said in rows if said]

    def _where(self, grid: str, place: LonLat, place_text: str = "") -> list[tuple[str, str]]:
        datum = f"{lonlat_text(place)} (WGS 84)"
        return [(self._words("brief.place"), self._seat.place_line(grid, place_text)), (self._words("brief.lonlat"), datum)]

    def _steps(self, case: Case) -> tuple[tuple[str, str], ...]:
        """Everything that was done, the earliest first."""
        return tuple((self._moment(step.at), self._plainly(step_line(self._words, step))) for step in case.steps)

    def _told(self, case: Case) -> tuple[tuple[str, str], ...]:
        """Who was told of it and when, the earliest first: those who were sent, services outside, reporters."""
        words, seat = self._words, self._seat
        found: list[tuple[datetime, str]] = []
        for task in case.assignments:
            who = words("brief.sent", name=task.worker_name, role=words(f"task.{task.role}"))
            found.append((task.sent_at, who))
            if task.acked_at is not None:
                found.append((task.acked_at, words("brief.acked", name=task.worker_name)))
        for target, step in outside_told(case).items():
            found.append((told_at(step), words("brief.outside", name=target_name(seat, target))))
        found += [(echo.sent_at, words(f"brief.echo.{echo.target}")) for echo in case.feedback if echo.sent_at is not None]
        return tuple((self._moment(at), self._plainly(said)) for at, said in sorted(found))

    def _row(self, case: Case) -> tuple[str, str]:
        return case.incident.number, self._words("sep").join(self._line(case))

    def _line(self, case: Case) -> list[str]:
        """One incident in short, of nobody's words and nobody's name."""
        words, incident = self._words, case.incident
        parts = [
            words(f"urgency.{int(incident.urgency)}"),
            category_name(words, self._rules, incident.category),
            words(f"state.{incident.state}"),
            self._seat.place_short(incident.grid, ""),
            left_said(words, case, self._seat.told_at(), self._rules.calendar),
        ]
        return [part for part in parts if part]

    def _pin(self, case: Case, is_subject: bool) -> Spot:
        incident = case.incident
        said = (incident.number, *self._line(case))
        return Spot(incident.place, said, int(incident.urgency), is_subject, bool(incident.overdue))

    # ---- cameras, words -------------------------------------------------------------------------------------------

    def _camera(self, camera: Camera) -> Spot:
        return Spot(camera.place, (camera.name, self._words(f"camera.{camera.state}")), is_off=camera.state != "online")

    def _camera_row(self, camera: Camera) -> tuple[str, str]:
        return camera.name, self._words("sep").join((self._words(f"camera.{camera.state}"), camera.owner))

    def _moment(self, at: datetime) -> str:
        return at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


def _framed(box: Box) -> Box:
    """The box made as wide, or as high, as the page's map is for its other side."""
    west, south, east, north = box
    wide, high = max(east - west, (north - south) * ASPECT), max(north - south, (east - west) / ASPECT)
    x, y = (west + east) / 2, (south + north) / 2
    return x - wide / 2, y - high / 2, x + wide / 2, y + high / 2
