"""Taking a report down: what, where, which kind, how urgent, who says so; and whether it is known already."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from PySide6.QtCore import QTimer
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QWidget

from desktop.dispatch.alike_draft import AlikeDraft, Typed
from desktop.dispatch.drafts import Drafts, Fields
from desktop.dispatch.fields import CategoryField, Choice, TextField, WrappedLine, label, rows
from desktop.dispatch.filling import Filling
from desktop.dispatch.picture_field import PastingText
from desktop.dispatch.picture_form import PictureForm
from desktop.dispatch.seen_by_camera import SeenByCamera, SeenMark, mark_kept
from desktop.link.from_server import CallerTold
from desktop.phrases import clock_text, lonlat_text
from desktop.seat import Seat
from desktop.selection import Joined
from desktop.style.as_written import show_as_written
from governance.commands import AttachReport, Command, MakeReport
from governance.incident import Channel, Urgency
from governance.places import LonLat
from governance.refusal import Refused
from wire.requests import Caller

RING_MS = 400
SHORTEST = 7
"""Digits of the shortest number that is somebody's."""
COORDINATES = re.compile(r"^\s*(-?\d{1,3}\.\d+)\s*[,，;\s]\s*(-?\d{1,2}\.\d+)\s*$")


def place_typed(text: str) -> LonLat | None:
    """The place of 'longitude, latitude' typed as text; None where the text is an address; Refused where it is no place."""
    found = COORDINATES.match(text)
    if found is None:
        return None
    try:
        return LonLat(float(found[1]), float(found[2]))
    except ValueError:
        raise Refused("place_bad", "place") from None


def unknown_place(address: str) -> Refused:
    """Why there is no place: none was named, or an address the map does not know."""
    said = address.strip()
    return Refused("place_unknown", "place", address=said[:40]) if said else Refused("place_needed", "place")


def place_typed_safely(text: str) -> LonLat | None:
    """The same, where coordinates that are no place are no place typed."""
    try:
        return place_typed(text)
    except Refused:
        return None


def _lonlat(place: LonLat | None) -> tuple[float, float]:
    return (place.lon, place.lat) if place is not None else (0.0, 0.0)


class ReportForm(PictureForm):
    """N: a new report."""

    map_centre: Callable[[], LonLat | None] = staticmethod(lambda: None)
    """Where the map looks at, set once by the window: the place of a report that names none."""

    def __init__(self, seat: Seat, drafts: Drafts, draft: str) -> None:
        """An empty report."""
        super().__init__(seat, drafts, draft)
        words = seat.words
        self._place: LonLat | None = None
        self._how = ""
        self._seen: SeenMark | None = None
        pictures = self.take_pictures("report", False)
        hint = words("field.text.hint")
        self.text = TextField(hint, 4) if pictures is None else PastingText(hint, 4, pictures.take_mime)
        self.category = CategoryField(seat)
        self.urgency = Choice([(str(int(urgency)), words(f"urgency.{int(urgency)}")) for urgency in Urgency])
        self.address, self.pick, self.where = QLineEdit(), QPushButton(words("field.place.map")), WrappedLine()
        self.address.setPlaceholderText(words("field.place.hint"))
        self.pick.setCheckable(True)
        self.pick.setAutoDefault(False)
        self.pick.setProperty("look", "choice")
        self.name, self.phone = QLineEdit(), QLineEdit()
        self.name.setPlaceholderText(words("field.caller.name"))
        self.phone.setPlaceholderText(words("field.caller.phone"))
        self.name.setMaxLength(40)
        self.phone.setMaxLength(24)
        self.refused_fields |= {
            "text": self.text,
            "category": self.category,
            "place": self.address,
            "place_text": self.address,
            "reporter": self.phone,
        }
        self.known = QLabel()
        self.known.setProperty("look", "live")
        self.known.setWordWrap(True)
        self.known.hide()
        self._ring = QTimer(self)
        self._ring.setSingleShot(True)
        self._ring.setInterval(RING_MS)
        self._ring.timeout.connect(self._ask_caller)
        self.alike = AlikeDraft(seat, self._typed)
        self._build()
        self._connect()

    def _build(self) -> None:
        words = self.seat.words
        place = QHBoxLayout()
        place.setSpacing(6)
        place.addWidget(self.address, 1)
        place.addWidget(self.pick)
        fields = rows()
        fields.addRow(label(words("field.text")), self.text)
        fields.addRow(label(words("field.place")), place)
        fields.addRow(label(""), self.where)
        fields.addRow(label(words("field.category")), self.category)
        fields.addRow(label(words("field.urgency")), self.urgency)
        caller = QHBoxLayout()
        caller.setSpacing(6)
        caller.addWidget(self.name, 2)
        caller.addWidget(self.phone, 3)
        fields.addRow(label(words("field.caller")), caller)
        self.body.addLayout(fields)
        self.source = QLabel()
        self.source.setProperty("look", "dim")
        self.source.setWordWrap(True)
        show_as_written(self.source)
        self.source.hide()
        self.body.addWidget(self.source)
        if self.pictures is not None:
            self.pictures.hide()
            self.pictures.changed.connect(self._tell_pictures)
            self.body.addWidget(self.pictures)
        self.body.addWidget(self.known)
        self.body.addWidget(self.alike)

    def _connect(self) -> None:
        self.text.textChanged.connect(self.changed)
        self.category.textChanged.connect(self.changed)
        self.urgency.changed.connect(self.changed)
        self.address.textChanged.connect(self.changed)
        for field in (self.text, self.category, self.address):
            field.textChanged.connect(self.alike.begin_looking)
        for line in (self.name, self.phone):
            line.textChanged.connect(self.changed)
        self.alike.chosen.connect(self.changed)
        self.phone.textChanged.connect(lambda _text: self._ring.start())
        if self.seat.callers is not None:
            self.seat.callers.came.connect(self._caller_told)
        self.pick.toggled.connect(self.seat.selection.ask_place)
        self.seat.selection.place_picked.connect(self._picked)
        self.seat.selection.picking_changed.connect(self._picking_changed)

    def command(self) -> Command:
        """MakeReport at the picked or typed place, else at the centre of the map; attached where an open one was chosen."""
        self.alike.look()
        made, target = self._made(), self.alike.target
        self.incident = target
        return AttachReport(made) if target is not None else made

    def _made(self) -> MakeReport:
        """The report as it is typed."""
        text = self.text.toPlainText().strip()
        if not text:
            raise Refused("text_needed", "text")
        place, _ = self._meant()
        if place is None:
            raise unknown_place(self.address.text())
        if self.category.text().strip() and not self.category.code:
            raise Refused("category_unknown", "category", category=self.category.text().strip())
        typed = "" if place_typed(self.address.text()) else self.address.text().strip()
        made = MakeReport(
            text,
            place,
            place_text=typed,
            category=self.category.code,
            urgency=Urgency(int(self.urgency.value)),
            repeat_of=self.alike.repeat,
            attachments=self.pictures.named if self.pictures is not None else (),
        )
        if self._seen is None:
            return made
        seen, is_by_camera = self._seen, place is self._place and self._how == "field.place.camera"
        accuracy_m = seen.accuracy_m if is_by_camera else 0.0
        return replace(made, channel=Channel.CAMERA, camera=seen.camera, occurred_at=seen.at, accuracy_m=accuracy_m)

    def caller(self) -> Caller | None:
        """Who reported, where anything was said of that."""
        name, phone = self.name.text().strip(), self.phone.text().strip()
        return Caller(name, phone) if name or phone else None

    def fields(self) -> Fields:
        """Everything typed, and the place picked."""
        return {
            "text": self.text.toPlainText(),
            "category": self.category.text(),
            "urgency": "" if self.urgency.value == "0" else self.urgency.value,
            "address": self.address.text(),
            "lon": self._place.lon if self._place else None,
            "lat": self._place.lat if self._place else None,
            "target": str(self.alike.target or ""),
            "how": self._how if self._place else "",
            "seen": self._seen.fields() if self._seen is not None else None,
        }

    def keep(self) -> None:
        """Keep the draft; who reported stays in memory."""
        super().keep()
        said = {"name": self.name.text(), "phone": self.phone.text()}
        if any(said.values()):
            self.drafts.aside[self.draft] = said

    def restore(self, fields: Fields) -> None:
        """Put a draft back."""
        self.text.setPlainText(str(fields.get("text", "")))
        self.category.setText(str(fields.get("category", "")))
        self.urgency.choose(str(fields.get("urgency", "") or "0"))
        self.address.setText(str(fields.get("address", "")))
        lon, lat = fields.get("lon"), fields.get("lat")
        if isinstance(lon, float) and isinstance(lat, float):
            is_by_camera = fields.get("how") == "field.place.camera"
            self._place, self._how = LonLat(lon, lat), "field.place.camera" if is_by_camera else "field.place.picked"
        self._seen = mark_kept(fields.get("seen"))
        if target := str(fields.get("target", "")):
            self.alike.attach_to(UUID(target))

    def begin(self) -> None:
        """Restore the draft, and who reported where that is still in memory."""
        said = self.drafts.aside.get(self.draft, {})
        self.name.setText(str(said.get("name", "")))
        self.phone.setText(str(said.get("phone", "")))
        super().begin()

    def fill(self, filling: Filling) -> None:
        """What happened, and which kind it is."""
        if filling.category:
            self.category.choose(filling.category)
        if filling.action == "attach" and filling.incident is not None:
            self.alike.attach_to(filling.incident)
        super().fill(filling)

    def show_seen(self, seen: SeenByCamera, target: UUID | None) -> None:
        """What was seen by a camera: its picture, time and place; for the incident that is selected, or a new one."""
        self._seen = seen.mark
        self._place, self._how = seen.place, "field.place.camera"
        if self.pictures is not None:
            self.pictures.take_bytes(seen.mark.name, seen.picture)
        if target is not None:
            self.alike.attach_to(target)
            if not self.text.toPlainText().strip():
                self.text.setPlainText(self.seat.words("form.report.seen", camera=seen.mark.name))
                self.text.moveCursor(QTextCursor.MoveOperation.End)
        self._tell_pictures()
        self.alike.begin_looking()
        self.changed()

    def default_field(self) -> QWidget:
        """What happened comes first."""
        return self.text

    def tell(self) -> None:
        """Say where the report will lie."""
        words = self.seat.words
        number = self.draft.split()[1]
        count = max(len(self.drafts.names("report ")), int(number) if number.isdigit() else 1)
        parked = words("form.report.parked", number=number, count=count) if count > 1 else ""
        self.title.setText(words("sep").join(part for part in (f"{words('form.report')}  N", parked) if part))
        self._tell_target()
        self._tell_pictures()
        lines, look = self._where_lines()
        if self.where.property("look") != look:
            self.where.setProperty("look", look)
            self.where.style().unpolish(self.where)
            self.where.style().polish(self.where)
        self.where.setText("\n".join(lines))

    def _tell_pictures(self) -> None:
        """By which camera it was seen and when; the pictures, where there are any."""
        if self.pictures is not None:
            self.pictures.setVisible(bool(self.pictures.pictures))
        self.source.setVisible(self._seen is not None)
        if self._seen is not None:
            at = clock_text(self._seen.at)
            self.source.setText(self.seat.words("form.report.source", camera=self._seen.name, at=at))

    def _tell_target(self) -> None:
        """What the button does, and the line to what it attaches to."""
        words, seat = self.seat.words, self.seat
        case = seat.situation.cases.get(self.alike.target) if self.alike.target is not None else None
        number = case.incident.number.rpartition("-")[2] if case is not None else ""
        what = words("form.report.attach.send", number=number) if case is not None else words("form.report.send")
        self.send_button.setText(words("form.send", what=what))
        place = self._typed().place
        if case is None or place is None:
            seat.selection.join(None)
            return
        category = seat.situation.rules.categories.get(case.incident.category)
        seat.selection.join(Joined(case.incident.place, (place,), category.merge_radius_m if category else 0.0))

    def _typed(self) -> Typed:
        """What is compared with what is open; a road or building named in the text is a place as long as none is given."""
        text, address = self.text.toPlainText(), self.address.text().strip()
        try:
            place, _ = self._meant()
        except Refused:
            place = None
        if not address and self._place is None:
            named = self.seat.place_named(text)
            place = named[1] if named is not None else place
        return Typed(text, place, "" if place_typed_safely(address) else address, self.category.code)

    def _meant(self) -> tuple[LonLat | None, str]:
        """The place meant and how it is known: typed, picked, found by a name in the address, else the map's centre.

        An address that names nothing on the map gives no place: it must never become the centre of the map in silence.
        Refused where coordinates are no place.
        """
        words, address = self.seat.words, self.address.text().strip()
        typed = place_typed(address)
        if typed is not None:
            return typed, words("field.place.typed")
        if self._place is not None:
            return self._place, words(self._how)
        found = self.seat.place_named(address) if address else None
        if found is not None:
            return found[1], words("field.place.named", name=found[0])
        return (None, "") if address else (type(self).map_centre(), words("field.place.centre"))

    def _where_lines(self) -> tuple[list[str], str]:
        """What stands below the address, at most two lines, and their look."""
        words, seat = self.seat.words, self.seat
        try:
            place, how = self._meant()
        except Refused:
            return [words("field.place.bad")], "warn"
        if seat.selection.is_picking:
            return [words("field.place.picking")], "live"
        if place is None:
            return ([words("field.place.unknown")], "warn") if self.address.text().strip() else ([], "dim")
        grid = seat.grid_at(place.lon, place.lat)
        is_outside = not grid and bool(seat.area_names) and bool(seat.grid_at(*_lonlat(type(self).map_centre())))
        named = seat.place_line(grid, "") if grid else words("field.place.outside") if is_outside else ""
        return [line for line in (named, f"{lonlat_text(place)} · {how}") if line], "warn" if is_outside else "dim"

    def stop(self) -> None:
        """Ask for no place any more."""
        self.alike.stop()
        self._ring.stop()
        if self.seat.callers is not None:
            self.seat.callers.came.disconnect(self._caller_told)
        self.seat.selection.join(None)
        self.seat.selection.place_picked.disconnect(self._picked)
        self.seat.selection.picking_changed.disconnect(self._picking_changed)
        super().stop()

    def _ask_caller(self) -> None:
        """Ask where a number called from last, once it is one."""
        self.known.hide()
        phone = self.phone.text().strip()
        if self.seat.callers is not None and sum(letter.isdigit() for letter in phone) >= SHORTEST:
            self.seat.callers.ask(phone)

    def _caller_told(self, told: CallerTold) -> None:
        """A number that called before: its place, unless one is given; its grid, and who works there."""
        if told.phone != self.phone.text().strip() or told.known is None:
            return
        words, known = self.seat.words, told.known
        if not self.address.text().strip() and self._place is None:
            self._place, self._how = known.place, "field.place.caller"
            self.address.setText(known.place_text)
            self.alike.begin_looking()
        worker = words("caller.worker" if known.is_on_duty else "caller.worker.off", worker=known.worker_name)
        parts = [
            words("caller.known", count=known.reports, number=known.number),
            self.seat.place_short(known.grid, known.place_text),
            worker if known.worker is not None else "",
        ]
        self.known.setText(words("sep").join(part for part in parts if part))
        self.known.show()
        self.changed()

    def _picking_changed(self, is_picking: bool) -> None:
        self.pick.setChecked(is_picking)
        self.tell()

    def _picked(self, place: LonLat) -> None:
        self._place, self._how = place, "field.place.picked"
        if COORDINATES.match(self.address.text()):
            self.address.clear()
        self.alike.begin_looking()
        self.changed()
        self.text.setFocus() if not self.text.toPlainText() else self.category.setFocus()
