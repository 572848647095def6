"""P: what is put right: another place or category, other words, what a direct order left out."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit

from desktop.dispatch.closing_form import hint
from desktop.dispatch.drafts import Drafts
from desktop.dispatch.field_form import FieldForm
from desktop.dispatch.fields import CategoryField, Choice, TextField
from desktop.dispatch.filling import Filling
from desktop.dispatch.place_field import PlaceField
from desktop.dispatch.report_form import unknown_place
from desktop.phrases import category_path, title_of
from desktop.seat import Seat
from governance.commands import Backfill, Command, Correct, Edit
from governance.incident import Case
from governance.refusal import Refused

EDITED = ("title", "place_text", "floor")
"""The descriptive fields that may be edited."""


class CorrectForm(FieldForm):
    """更正: of the category or the place; what stood there before is kept in the steps."""

    def __init__(self, seat: Seat, drafts: Drafts, case: Case) -> None:
        """The category as it is, no other place, and why."""
        super().__init__(seat, drafts, case, Correct)
        words, incident = seat.words, case.incident
        now = words(
            "form.correct.now",
            kind=category_path(words, seat.situation.rules, incident.category),
            place=seat.place_line(incident.grid, incident.place_text),
        )
        self.body.addWidget(hint(now))
        self.category, self.place = CategoryField(seat), PlaceField(seat)
        self.put_in("category", "field.category", self.category)
        self.put_in("place", "field.place.other", self.place)
        self.put_in("reason", "field.reason", TextField(words("field.reason.hint"), 2))
        self.refused_fields["place_text"] = self.place

    def command(self) -> Command:
        """Correct of what differs; Refused where nothing does, or a place cannot be found."""
        category, incident = self.category.code, self.case.incident
        if self.category.text().strip() and not category:
            raise Refused("category_unknown", "category", category=self.category.text().strip())
        place = self.place.place
        if place is None and self.place.place_text:
            raise unknown_place(self.place.place_text)
        if category in ("", incident.category) and place is None:
            raise Refused("nothing_changed", "category")
        reason = self.needed("reason", "reason_needed")
        other = "" if category == incident.category else category
        return Correct(reason, other, place, self.place.place_text if place else "")

    def stop(self) -> None:
        """Ask the map for no place any more."""
        self.place.stop()
        super().stop()


class EditForm(FieldForm):
    """修改: one descriptive field, from what stands there to what is to stand there; another's edit of it is never lost."""

    def __init__(self, seat: Seat, drafts: Drafts, case: Case) -> None:
        """The title, as it stands."""
        super().__init__(seat, drafts, case, Edit)
        words, incident = seat.words, case.incident
        self._base = {field: str(getattr(incident, field)) for field in EDITED}
        self.put_in("field", "field.field", Choice([(field, words(f"edit.{field}")) for field in EDITED]))
        self.stood = self.put_line()
        self.put_in("value", "field.value", QLineEdit(self._base["title"] or title_of(words, seat.situation.rules, case)))
        self.refused_fields |= dict.fromkeys(EDITED, self.named["value"])
        self._shown = "title"

    def command(self) -> Command:
        """Edit against what stood there when the form was opened."""
        field, value = self.text("field"), self.text("value")
        if value == self._base[field]:
            raise Refused("nothing_changed", field)
        return Edit(field, self._base[field], value)

    def show_refusal(self, refused: Refused) -> None:
        """Say it beside the field; where somebody was faster, his words are what the next try starts from."""
        if refused.code == "field_changed" and refused.about in self._base:
            self._base[refused.about] = refused.details.get("value", "")
            self._tell_stood()
        super().show_refusal(refused)

    def fill(self, filling: Filling) -> None:
        """The field and its new words."""
        if filling.edits:
            field, value = filling.edits[0]
            self.named["field"].choose(field)  # type: ignore[union-attr]
            self.tell()
            self.named["value"].setText(value)  # type: ignore[union-attr]
        super().fill(filling)

    def tell(self) -> None:
        """Another field is chosen: what stands in it, to be changed."""
        super().tell()
        field = self.text("field")
        if field != self._shown:
            self._shown = field
            self.named["value"].setText(self._base[field])  # type: ignore[union-attr]
        self._tell_stood()

    def sends(self) -> str:
        """Which field."""
        return self.seat.words("form.edit.send", field=self.seat.words(f"edit.{self.text('field')}"))

    def default_field(self) -> QLineEdit:
        """The new words."""
        field = self.named["value"]
        assert isinstance(field, QLineEdit)
        return field

    def _tell_stood(self) -> None:
        self.stood.setText(self.seat.words("form.edit.stands", value=self._base[self.text("field")] or "-"))


class BackfillForm(FieldForm):
    """补录: the category, and the title, that a direct order left out."""

    def __init__(self, seat: Seat, drafts: Drafts, case: Case) -> None:
        """What is known so far."""
        super().__init__(seat, drafts, case, Backfill)
        words, incident = seat.words, case.incident
        self.body.addWidget(hint(words("form.backfill.hint")))
        self.category = CategoryField(seat)
        self.category.choose(incident.category)
        self.put_in("category", "field.category", self.category)
        self.put_in("title", "field.title", QLineEdit(incident.title))

    def command(self) -> Command:
        """Backfill; Refused where the category is none."""
        if not self.category.code:
            raise Refused("category_unknown", "category", category=self.category.text().strip())
        return Backfill(self.category.code, self.text("title"))
