"""拆分: two or more parts, each with its category and title, its place where that differs; the whole waits for them."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from desktop.dispatch.drafts import Drafts, Fields
from desktop.dispatch.fields import CategoryField
from desktop.dispatch.filling import Filling
from desktop.dispatch.form import Form
from desktop.phrases import lonlat_text, title_of
from desktop.seat import Seat
from governance.commands import Command, Part, Split
from governance.headline import TITLE_LONGEST
from governance.incident import Case
from governance.joining import PARTS_AT_LEAST, PARTS_AT_MOST
from governance.places import LonLat
from governance.refusal import Refused


class PartFields(QFrame):
    """The fields of one part. Wishes: `changed`, `removed`, `picking` when it asks for a place."""

    changed = Signal()
    removed = Signal()
    picking = Signal(bool)

    def __init__(self, seat: Seat) -> None:
        """Empty, at the place of the whole."""
        super().__init__()
        self._seat = seat
        self.place: LonLat | None = None
        words = seat.words
        self.heading, self.remove = QLabel(), QPushButton(words("split.remove"))
        self.heading.setProperty("look", "field")
        self.remove.setProperty("look", "small")
        self.category, self.named = CategoryField(seat), QLineEdit()
        self.named.setPlaceholderText(words("split.title.hint"))
        self.where, self.pick = QLabel(), QPushButton(words("split.place.map"))
        self.where.setProperty("look", "dim")
        self.pick.setProperty("look", "choice")
        self.pick.setCheckable(True)
        for button in (self.remove, self.pick):
            button.setAutoDefault(False)
        self._lay_out()
        self.category.textChanged.connect(self.changed)
        self.named.textChanged.connect(self.changed)
        self.remove.clicked.connect(self.removed)
        self.pick.clicked.connect(self.picking)
        self.put_place(None)

    def _lay_out(self) -> None:
        head, place = QHBoxLayout(), QHBoxLayout()
        for line in (head, place):
            line.setSpacing(6)
        head.addWidget(self.heading, 1)
        head.addWidget(self.remove)
        place.addWidget(self.where, 1)
        place.addWidget(self.pick)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 4)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self.category)
        column.addWidget(self.named)
        column.addLayout(place)

    def put_place(self, place: LonLat | None) -> None:
        """Where the part is; None: where the whole is."""
        self.place = place
        self.pick.setChecked(False)
        if place is None:
            self.where.setText(self._seat.words("split.place.same"))
            return
        grid = self._seat.grid_at(place.lon, place.lat)
        self.where.setText(self._seat.place_line(grid, "") if grid else lonlat_text(place))

    def kept(self) -> dict[str, Any]:
        """For the draft."""
        place = [self.place.lon, self.place.lat] if self.place else []
        return {"category": self.category.text(), "title": self.named.text(), "place": place}

    def put(self, kept: dict[str, Any]) -> None:
        """Put a draft back."""
        self.category.setText(str(kept.get("category", "")))
        self.named.setText(str(kept.get("title", "")))
        place = kept.get("place") or []
        self.put_place(LonLat(float(place[0]), float(place[1])) if len(place) == 2 else None)


class SplitForm(Form):
    """Parts below one another, as many as are asked for."""

    def __init__(self, seat: Seat, drafts: Drafts, case: Case) -> None:
        """Two parts: the first is what the incident is now."""
        super().__init__(seat, drafts, f"split {case.incident.id}", case.incident.id)
        words = seat.words
        self.parts: list[PartFields] = []
        self._picking: PartFields | None = None
        hint = QLabel(words("split.hint"))
        hint.setProperty("look", "dim")
        hint.setWordWrap(True)
        self._column, self.add, self.reason = QVBoxLayout(), QPushButton(words("split.add")), QLineEdit()
        self._column.setSpacing(2)
        self.add.setAutoDefault(False)
        self.add.setProperty("look", "quiet")
        self.reason.setPlaceholderText(words("split.reason.hint"))
        self.refused_fields = {"reason": self.reason}
        self.body.addWidget(hint)
        self.body.addLayout(self._column)
        self.body.addWidget(self.add)
        self.body.addWidget(self.reason)
        self.add.clicked.connect(lambda: self.add_part().category.setFocus())
        self.reason.textChanged.connect(self.changed)
        seat.selection.place_picked.connect(self._picked)
        seat.selection.picking_changed.connect(self._picking_changed)
        for _ in range(PARTS_AT_LEAST):
            self.add_part()
        self.parts[0].category.choose(case.incident.category)
        self.parts[0].named.setText(title_of(words, seat.situation.rules, case))
        self._defaults = self.fields()

    def add_part(self) -> PartFields:
        """One part more, empty."""
        part = PartFields(self.seat)
        part.changed.connect(self.changed)
        part.removed.connect(lambda: self._remove(part))
        part.picking.connect(lambda asked: self._ask_place(part, asked))
        self.parts.append(part)
        self._column.addWidget(part)
        self.tell()
        return part

    def command(self) -> Command:
        """Split into the parts; Refused beside the field that is empty."""
        made = []
        for number, part in enumerate(self.parts, 1):
            if not part.category.code:
                self.refused_fields["parts"] = part.category
                raise Refused("part_category_needed", "parts", number=str(number))
            if not part.named.text().strip():
                self.refused_fields["parts"] = part.named
                raise Refused("part_title_needed", "parts", number=str(number))
            if len(part.named.text().strip()) > TITLE_LONGEST:
                self.refused_fields["parts"] = part.named
                raise Refused("part_title_too_long", "parts", number=str(number), most=str(TITLE_LONGEST))
            made.append(Part(part.category.code, part.named.text().strip(), place=part.place))
        return Split(tuple(made), self.reason.text().strip())

    def show_refusal(self, refused: Refused) -> None:
        """Beside the part that is meant, also where the rules or the server said no."""
        if refused.about in ("parts", "place") and not refused.code.startswith("part_"):
            self.refused_fields[refused.about] = self._meant(refused)
        super().show_refusal(refused)

    def _meant(self, refused: Refused) -> QWidget:
        """The first part that can be meant: one with a place of its own, or of a kind that others are told of first."""
        categories = self.seat.situation.rules.categories
        for part in self.parts:
            leaf = categories.get(part.category.code)
            if refused.about == "place" and part.place is not None:
                return part.pick
            if refused.code == "outside_first" and leaf is not None and leaf.outside:
                return part.category
        return self.parts[0].category

    def fields(self) -> Fields:
        """Everything typed."""
        return {"parts": [part.kept() for part in self.parts], "reason": self.reason.text()}

    def restore(self, fields: Fields) -> None:
        """Put a draft back."""
        kept = [each for each in fields.get("parts", ()) if isinstance(each, dict)][:PARTS_AT_MOST]
        while len(self.parts) < len(kept):
            self.add_part()
        for part, values in zip(self.parts, kept, strict=False):
            part.put(values)
        self.reason.setText(str(fields.get("reason", "")))

    def keep(self) -> None:
        """Keep a draft only of what differs from the defaults."""
        if self.fields() == self._defaults:
            self._pause.stop()
            self.drafts.drop(self.draft)
        else:
            super().keep()

    def fill(self, filling: Filling) -> None:
        """The reason."""
        super().fill(filling)
        self.tell()

    def default_field(self) -> QWidget:
        """The first field that is empty."""
        return next((part.category for part in self.parts if not part.category.text()), self.parts[0].category)

    def tell(self) -> None:
        """Number the parts."""
        words = self.seat.words
        self.title.setText(f"{words('split.title')}  M")
        for number, part in enumerate(self.parts, 1):
            part.heading.setText(words("split.part", number=number))
            part.remove.setVisible(len(self.parts) > PARTS_AT_LEAST)
        self.add.setVisible(len(self.parts) < PARTS_AT_MOST)
        self.send_button.setText(words("form.send", what=words("split.send", count=len(self.parts))))

    def stop(self) -> None:
        """Ask for no place any more."""
        self.seat.selection.place_picked.disconnect(self._picked)
        self.seat.selection.picking_changed.disconnect(self._picking_changed)
        super().stop()

    def _remove(self, part: PartFields) -> None:
        if len(self.parts) <= PARTS_AT_LEAST:
            return
        self.parts.remove(part)
        self.refused_fields = {"reason": self.reason}  # what was refused may stand in the part that goes
        self._column.removeWidget(part)
        part.hide()
        part.deleteLater()
        if self._picking is part:
            self.seat.selection.ask_place(False)
        self.changed()

    def _ask_place(self, part: PartFields, asked: bool) -> None:
        self._picking = part if asked else None
        self.seat.selection.ask_place(asked)

    def _picked(self, place: LonLat) -> None:
        if self._picking is not None:
            self._picking.put_place(place)
            self._picking = None
            self.changed()

    def _picking_changed(self, is_picking: bool) -> None:
        for part in self.parts:
            part.pick.setChecked(is_picking and part is self._picking)
