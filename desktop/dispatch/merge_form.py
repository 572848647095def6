"""I 并入 and M 合并: the master, what goes into it, what moves and whom it recalls; nothing is merged unseen."""

from __future__ import annotations

from uuid import UUID

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from desktop.dispatch.case_view import state_text
from desktop.dispatch.drafts import Drafts, Fields
from desktop.dispatch.filling import Filling
from desktop.dispatch.form import Form
from desktop.dispatch.merge_list import Line, MergeList
from desktop.dispatch.merge_rows import (
    Row,
    attaching,
    command_of,
    merging,
    recalled,
    sent_of,
    why_no_master,
    why_no_source,
)
from desktop.phrases import ago, distance, refusal_sentence, title_of
from desktop.seat import Seat
from desktop.selection import Joined
from governance.categories import Category
from governance.commands import Command
from governance.incident import Case
from governance.refusal import Refused

AGAIN_MS = 1000
MOST_NAMES = 6
RADIUS_M = 30.0


class MergeForm(Form):
    """Rows one puts in or out, a number to add another, the preview, and the reason."""

    def __init__(self, seat: Seat, drafts: Drafts, case: Case, attaches: bool = False) -> None:
        """The incident with those that may be the same; `attaches`: it is to go into one of them."""
        self._key = "I" if attaches else "M"
        super().__init__(seat, drafts, f"{'attach' if attaches else 'merge'} {case.incident.id}", case.incident.id)
        words = seat.words
        self._about, self._attaches = case.incident.id, attaches
        self.group = attaching(seat, case) if attaches else merging(seat, case)
        self.list, self.number, self.reason = MergeList(seat), QLineEdit(), QLineEdit()
        self.hint, self.preview, self.warning = QLabel(words("merge.hint")), QLabel(), QLabel()
        for label, look in ((self.hint, "dim"), (self.preview, ""), (self.warning, "warn")):
            label.setProperty("look", look)
            label.setWordWrap(True)
        self.number.setPlaceholderText(words("merge.number.hint"))
        self.reason.setPlaceholderText(words("merge.reason.hint"))
        self.refused_fields = {"reason": self.reason, "sources": self.list, "master": self.list}
        for widget in (self.hint, self.list, self.number, self.preview, self.warning, self.reason):
            self.body.addWidget(widget)
        self.list.toggled.connect(self._toggle)
        self.list.led.connect(self._lead)
        self.number.returnPressed.connect(self._add_typed)
        self.reason.textChanged.connect(self.changed)
        self._again = QTimer(self)
        self._again.timeout.connect(self.tell)
        self._again.start(AGAIN_MS)

    def command(self) -> Command:
        """Merge of everything that is in, into the master."""
        if self.number.text().strip():
            self._add_typed()
        self.incident = self.group.master or self._about
        return command_of(self.seat, self.group, self.reason.text().strip())

    def fields(self) -> Fields:
        """The reason only: what is alike is looked for afresh."""
        return {"reason": self.reason.text()}

    def restore(self, fields: Fields) -> None:
        """Put the reason back."""
        self.reason.setText(str(fields.get("reason", "")))

    def fill(self, filling: Filling) -> None:
        """The master and the sources that were named."""
        case = self.seat.situation.cases.get(self._about)
        if case is not None and filling.sources:
            self.group = merging(self.seat, case, filling.sources)
        super().fill(filling)
        self.tell()

    def default_field(self) -> QWidget:
        """The rows, so that numbers choose."""
        return self.list if len(self.group.rows) > 1 else self.number

    def lead_by(self, incident: UUID) -> None:
        """Make an incident the master, also one that is not among the likely ones."""
        before = self.seat.situation.cases.get(self.group.master) if self.group.master else None
        stays = before is not None and why_no_source(self.seat, before) is None
        self.group = self.group.with_incident(incident, is_in=False).led_by(incident, stays)
        self.changed()

    def show_refusal(self, refused: Refused) -> None:
        """Say which incident it concerns, too."""
        super().show_refusal(refused)
        number = refused.details.get("number", "")
        if number and number not in self.said.text():
            self.said.setText(f"{number}{self.seat.words('sep')}{self.said.text()}")

    def tell(self) -> None:
        """The rows, the preview and the button, as things stand now."""
        words, cases = self.seat.words, self.seat.situation.cases
        self.title.setText(f"{words('merge.attach' if self._attaches else 'merge.title')}  {self._key}")
        self.list.show_lines(tuple(self._line(row) for row in self.group.rows))
        master = cases.get(self.group.master) if self.group.master else None
        sources = [cases[i] for i in sent_of(self.seat, self.group)]
        self.preview.setText(self._preview(master, sources))
        self.warning.setText(self._warning(sources))
        self.warning.setVisible(bool(self.warning.text()))
        look = "warn" if recalled(sources) else "dim"
        if self.warning.property("look") != look:
            self.warning.setProperty("look", look)
            self.warning.style().unpolish(self.warning)
            self.warning.style().polish(self.warning)
        number = master.incident.number if master else "—"
        key = "merge.send.all" if len(sources) > 1 else "merge.send"
        what = words(key, count=len(sources), number=number.rpartition("-")[2])  # a narrow card has room for no more
        self.send_button.setText(words("form.send", what=what))
        self.send_button.setToolTip(words(key, count=len(sources), number=number))
        self.send_button.setEnabled(self.order_id is None and bool(sources) and master is not None)
        self._tell_map(master, sources)

    def stop(self) -> None:
        """The map shows nothing of it any more."""
        self._again.stop()
        self.seat.selection.join(None)
        super().stop()

    # ---- within ------------------------------------------------------------------------------------------------

    def _line(self, row: Row) -> Line:
        words, seat = self.seat.words, self.seat
        if row.is_flood:
            fits = sum(
                i in seat.situation.cases and why_no_source(seat, seat.situation.cases[i]) is None for i in row.incidents
            )
            about = words("merge.flood.about", count=fits)
            return Line(words("merge.flood", count=len(row.incidents)), about, False, row.is_in)
        case = seat.situation.cases.get(row.incidents[0])
        if case is None:
            return Line(words("card.gone"), "", False, False, words("card.gone"))
        incident = case.incident
        title = words("sep").join((incident.number.rpartition("-")[2], title_of(words, seat.situation.rules, case)))
        about = seat.situation.cases.get(self._about)
        away = about.incident.place.distance_m(incident.place) if about and incident.id != self._about else None
        parts = [
            words("merge.this") if incident.id == self._about else "",
            state_text(words, case),
            distance(words, away) if away is not None else "",
            ago(words, incident.reported_at, seat.now()),
            words("card.reports", count=len(case.reports)) if len(case.reports) > 1 else "",
        ]
        is_master = incident.id == self.group.master
        no = why_no_master(seat, case) if is_master else why_no_source(seat, case)
        refused = refusal_sentence(words, no) if no is not None else ""
        return Line(title, words("sep").join(p for p in parts if p), is_master, row.is_in, refused)

    def _preview(self, master: Case | None, sources: list[Case]) -> str:
        words = self.seat.words
        if master is None:
            return words("merge.preview.no_master")
        moved = sum(len(case.reports) for case in sources)
        lines = [words("merge.preview.master", number=master.incident.number, state=state_text(words, master))]
        if sources:
            total = moved + len(master.reports)
            lines.append(words("merge.preview.moves", count=len(sources), reports=moved, total=total))
        return "\n".join(lines)

    def _warning(self, sources: list[Case]) -> str:
        """Whom it recalls, by name."""
        words, live = self.seat.words, recalled(sources)
        if not live:
            return words("merge.recalls.none") if sources else ""
        names = [f"{order.worker_name}({number.rpartition('-')[2]})" for order, number in live[:MOST_NAMES]]
        more = words("merge.recalls.more", count=len(live) - MOST_NAMES) if len(live) > MOST_NAMES else ""
        return words("merge.recalls", count=len(live), names=words("list").join(names) + more)

    def _tell_map(self, master: Case | None, sources: list[Case]) -> None:
        """Lines from what goes in to the master, and how far its kind reaches."""
        if master is None:
            self.seat.selection.join(None)
            return
        category: Category | None = self.seat.situation.rules.categories.get(master.incident.category)
        radius_m = category.merge_radius_m if category else RADIUS_M
        places = tuple(case.incident.place for case in sources)
        self.seat.selection.join(Joined(master.incident.place, places, radius_m))

    def _toggle(self, number: int) -> None:
        if not 0 <= number < len(self.group.rows):
            self.say(self.seat.words("merge.no_row", number=number + 1, count=len(self.group.rows)), "warn")
            return
        row, cases = self.group.rows[number], self.seat.situation.cases
        case = cases.get(row.incidents[0])
        no = None if row.is_flood or row.is_in or case is None else why_no_source(self.seat, case)
        if no is not None and row.incidents != (self.group.master,):
            self.show_refusal(Refused(no.code, "sources", **(no.details | {"number": case.incident.number if case else ""})))
            return
        self.group = self.group.toggled(number)
        self.changed()

    def _lead(self, number: int) -> None:
        row = self.group.rows[number] if 0 <= number < len(self.group.rows) else None
        case = self.seat.situation.cases.get(row.incidents[0]) if row is not None and not row.is_flood else None
        if case is None:
            return
        no = why_no_master(self.seat, case)
        if no is not None:
            self.show_refusal(Refused(no.code, "master", **(no.details | {"number": case.incident.number})))
            return
        self.lead_by(case.incident.id)

    def _add_typed(self) -> None:
        """The incident whose number ends as typed: a source; of an attachment the master."""
        typed = self.number.text().strip()
        found = [c.incident for c in self.seat.situation.cases.values() if typed and c.incident.number.endswith(typed)]
        exact = [incident for incident in found if incident.number.rpartition("-")[2].lstrip("0") == typed.lstrip("0")]
        chosen = found if len(found) == 1 else exact
        if len(chosen) != 1 or chosen[0].id == self._about:
            self.say(self.seat.words("merge.number.unknown", number=typed), "warn")
            return
        self.number.clear()
        if self._attaches:
            self.lead_by(chosen[0].id)
        else:
            self.group = self.group.with_incident(chosen[0].id, is_in=True)
            self.changed()
        self.list.setFocus()
