"""The rules of one officer's desk: versions read, a draft written cell by cell, checked, loaded for a day. Main thread only."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QAbstractItemDelegate, QAbstractItemView, QApplication

from desktop.phrases import SHANGHAI, moment_text, refusal_sentence
from desktop.rules.carrying import Carrying
from desktop.rules.draft import Draft
from desktop.rules.draft_file import DraftFile
from desktop.rules.loading import Loading
from desktop.rules.parts import parts_of
from desktop.rules.rules_view import DRAFT, RulesView
from desktop.rules.saying import difference_text
from desktop.rules.tables import PARTS, Column, Path
from desktop.seat import Seat
from desktop.sheet import Ask, Sheet
from governance.people import Role
from governance.refusal import Refused
from wire.rules_requests import ReadRules, RulesAre, VersionIs, Wrong

KEEP_MS = 700


class RulesDesk(Sheet):
    """What the action `rules` opens; on an administrator's desk it is all there is, and stays."""

    def __init__(self, seat: Seat, ask: Ask) -> None:
        """`ask` puts a question to the server and answers once, on the main thread."""
        self.view = RulesView(seat)
        super().__init__("rules", self.view)
        self.seat, self._ask = seat, ask
        self.is_home = seat.officer.role is Role.ADMINISTRATOR
        self.reply: RulesAre | None = None
        """The versions as they were read last."""
        self.held: dict[int, dict[str, Any]] = {}
        """Version -> its parts, as far as they were read."""
        self._records: dict[int, RulesAre] = {}
        self.draft: Draft | None = None
        self.shown, self.part = DRAFT, "limits"
        self._file = DraftFile(seat.folder, str(seat.officer.account or seat.officer.staff))
        self._keep_due = QTimer(self)
        self._keep_due.setSingleShot(True)
        self._keep_due.setInterval(KEEP_MS)
        self._keep_due.timeout.connect(self.keep)
        self.loading = Loading(self, ask)
        self.carrying = Carrying(self, ask)
        self._connect()

    def _connect(self) -> None:
        view = self.view
        view.version_wanted.connect(self._choose_version)
        view.part_wanted.connect(self._choose_part)
        view.table.written.connect(self._write, Qt.ConnectionType.QueuedConnection)  # not amid the cell that is closing
        view.add_wanted.connect(self._add)
        view.drop_wanted.connect(self._drop)
        view.import_wanted.connect(self.carrying.choose_files)
        view.export_wanted.connect(self.carrying.choose_folder)
        view.side.going.connect(self._go)

    # ---- on the window ---------------------------------------------------------------------------------------------

    def come(self) -> None:
        """Show the sheet and read what there is now."""
        self.view.begin()
        self.refresh()
        self.read(self.reply.version if self.reply else 0)

    def turn_page(self, way: int) -> None:
        """The table by a page."""
        bar = self.view.cells.verticalScrollBar()
        bar.setValue(bar.value() + way * bar.pageStep())

    def take_keys(self) -> None:
        """The table has the keys."""
        self.view.cells.setFocus(Qt.FocusReason.OtherFocusReason)

    def step_within(self) -> bool:
        """Out of a cell that is written, or of a load that is to be confirmed."""
        return self._leave_cell() or self.loading.disarm()

    def send(self) -> bool:
        """Ctrl+Enter: load the draft, when it was confirmed; whether the sheet had the keys."""
        if not self.view.isVisible():
            return False
        if self.view.cells.state() is QAbstractItemView.State.EditingState:
            self.take_keys()  # what stands in the open cell is taken first, and checked
        else:
            self.loading.go()
        return True

    def put_away(self) -> None:
        """The desk closes, or the sheet does."""
        if self._keep_due.isActive():
            self.keep()

    def keep_soon(self) -> None:
        """Keep the draft once the hand rests."""
        self._keep_due.start()

    def keep(self) -> None:
        """Keep the draft on disk."""
        self._keep_due.stop()
        self._file.keep(self.draft)

    def _leave_cell(self) -> bool:
        """Close a cell that is being written, as it was; whether there was one."""
        cells, editor = self.view.cells, QApplication.focusWidget()
        if cells.state() is not QAbstractItemView.State.EditingState or editor is None:
            return False
        cells.closeEditor(editor, QAbstractItemDelegate.EndEditHint.RevertModelCache)
        return True

    # ---- reading ---------------------------------------------------------------------------------------------------

    def read(self, version: int, then: Callable[[], None] = lambda: None) -> None:
        """Read the versions and one of them (0: the one in force)."""

        def came(reply: Any, refused: Refused | None) -> None:
            if refused is not None:
                self.view.side.tell(refusal_sentence(self.seat.words, refused), "refused")
            elif isinstance(reply, RulesAre):
                is_first = self.reply is None
                self._take(reply)
                then()
                self.refresh()
                if is_first and self.view.isVisible():
                    self.take_keys()  # a table without rows could not have them

        self._ask(ReadRules(0, version), came)

    def _take(self, reply: RulesAre) -> None:
        """A version came, and the list of all."""
        first = self.reply is None
        self.reply = reply
        self.held[reply.version] = {part: v for each in reply.files for part, v in parts_of(each.name, each.content).items()}
        self._records[reply.version] = reply
        self.view.names.units, self.view.names.areas = reply.units, reply.areas
        if self.shown == DRAFT and self.draft is None:
            self.shown = reply.version
        if first and reply.may_change:
            self._restore(reply)

    def _restore(self, reply: RulesAre) -> None:
        """The draft that was kept; one whose version is not read yet is begun when it is."""
        kept = self._file.read()
        if kept is None:
            return
        base, changed, day = kept
        known = {each.number for each in reply.versions}
        if base in known and base not in self.held:
            self.read(base, lambda: self._begin(base, changed, day))
        else:
            self._begin(base if base in known else reply.version, changed, day)

    def _begin(self, base: int, changed: dict[str, Any], day: str) -> None:
        self.draft, self.shown = Draft(base, self.held[base], changed, day), DRAFT
        self.loading.changed()

    # ---- what is chosen --------------------------------------------------------------------------------------------

    def _choose_version(self, number: int) -> None:
        self.loading.disarm()
        self.shown = number
        if number != DRAFT and number not in self.held:
            self.read(number)
        self.refresh()

    def _choose_part(self, part: str) -> None:
        self.part = part
        self.refresh()
        self.take_keys()

    def _go(self, wrong: object) -> None:
        """To the cell a mistake stands in."""
        if not isinstance(wrong, Wrong):
            return
        part = self.loading.part_of(wrong)
        if part != self.part:
            self._choose_part(part)
        self.view.filter.clear()
        row, column = self.view.table.place_of(wrong)
        if row:
            index = self.view.table.index_of(self.view.table.rows[row - 1], column)
            self.view.cells.setCurrentIndex(index)
            self.view.cells.scrollTo(index)
        self.take_keys()

    # ---- writing ---------------------------------------------------------------------------------------------------

    @property
    def may_write(self) -> bool:
        """Whether cells can be written now: a draft's, or those of a version while there is no draft."""
        may = self.reply is not None and self.reply.may_change and not self.loading.is_sending
        return may and (self.shown == DRAFT or (self.draft is None and self.shown in self.held))

    def opened_draft(self) -> Draft | None:
        """The draft that can be written; begun from the version shown where there is none; None where nothing may be."""
        if not self.may_write:
            return None
        if self.draft is None:
            self.draft, self.shown = Draft(self.shown, self.held[self.shown]), DRAFT
        return self.draft

    def _write(self, path: Path, column: Column, text: str) -> None:
        draft = self.opened_draft()
        if draft is not None:
            draft.write(path, column, text)
            self.written(path, column.key)

    def _add(self) -> None:
        table, index = self.view.table, self.view.cells.currentIndex()
        draft = self.opened_draft()
        if draft is None or self.part == "settings":
            return
        path = table.rows[index.row()] if index.isValid() and index.row() < len(table.rows) else (self.part,)
        if self.part == "root" and len(path) < 2:
            return
        self.view.filter.clear()
        self.written(draft.add(path), table.columns[0].key)

    def _drop(self) -> None:
        table, index = self.view.table, self.view.cells.currentIndex()
        draft = self.opened_draft() if self.part != "settings" and index.isValid() else None
        if draft is not None and index.row() < len(table.rows):
            number = index.row()
            draft.drop(table.rows[number])
            self.written((), "")
            self.view.cells.setCurrentIndex(table.index(min(number, table.rowCount() - 1), max(index.column(), 0)))

    def written(self, path: Path, column: str) -> None:
        """The draft changed: it is shown, kept and checked."""
        self.loading.changed()
        self._keep_due.start()
        self.refresh()
        if path:
            self.view.cells.setCurrentIndex(self.view.table.index_of(path, column))

    def forget_draft(self) -> None:
        """There is no draft any more."""
        shown = self.draft.base if self.draft is not None else 0
        self.draft = None
        self.shown = shown if shown in self.held else (self.reply.version if self.reply else DRAFT)
        self.keep()

    # ---- what is shown ---------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show everything as it stands now."""
        view, words = self.view, self.seat.words
        view.retell()
        view.hint.setText(words("rules.stays" if self.is_home else "rules.close"))
        parts = self.draft.parts if self.shown == DRAFT and self.draft else self.held.get(self.shown, {})
        view.names.learn(parts.get("root", ()), words.language)
        here = frozenset(part for part in PARTS if part in parts)
        if self.part not in here and here:
            self.part = next(part for part in PARTS if part in here)
        chosen = view.cells.currentIndex()
        table, is_draft = view.table, self.shown == DRAFT and self.draft is not None
        table.is_written = self.may_write
        table.before = self.draft.before if is_draft and self.draft else None
        table.show_part(self.part, parts)
        wrong = self.loading.wrong_by_part() if is_draft else {}
        table.tell_wrong(wrong.get(self.part, []))
        changed = frozenset("settings" if part == "reasons" else part for part in (self.draft.changed if self.draft else ()))
        view.tell_tabs(
            self.part, here, {part: len(found) for part, found in wrong.items()}, changed if is_draft else frozenset()
        )
        view.cells.fit()
        view.tell_count()
        if chosen.isValid() and chosen.row() < table.rowCount() and chosen.column() < table.columnCount():
            view.cells.setCurrentIndex(table.index(chosen.row(), chosen.column()))
        elif table.rows:
            view.cells.setCurrentIndex(table.index(0, 0))
        for button in (view.add, view.drop):
            button.setVisible(self.may_write and self.part != "settings")
        view.bring.setVisible(bool(self.reply and self.reply.may_change))
        view.export.setEnabled(bool(parts))
        self._tell_versions()
        self.loading.tell() if is_draft else self._tell_record()

    def _tell_versions(self) -> None:
        words, reply = self.seat.words, self.reply
        if reply is None:
            self.view.state.setText(words("rules.loading"))
            return
        rows = [(each.number, self._version_text(each)) for each in reversed(reply.versions)]
        if self.draft is not None:
            names = dict.fromkeys("settings" if part == "reasons" else part for part in self.draft.changed)
            said = words("sep").join(words(f"rules.tab.{part}") for part in names)
            about = words("rules.draft.parts", parts=said) if said else words("rules.draft.none")
            rows.insert(0, (DRAFT, f"{words('rules.draft', base=self.draft.base)}\n{about}"))
        self.view.show_versions(rows, self.shown)
        current = next((each for each in reply.versions if each.when == "in_force"), None)
        self.view.state.setText(self._version_text(current).replace("\n", "  ") if current else "")

    def _version_text(self, version: VersionIs) -> str:
        words, now = self.seat.words, self.seat.now()
        when = words(f"rules.when.{version.when}")
        at = moment_text(version.at, now) if version.at else ""
        who = words("rules.version.who", who=version.who, at=at) if version.at else words("rules.version.seeded")
        since = words("rules.version.since", since=day_text(version.since), when=when)
        return f"{words('rules.version', version=version.number)}\n{since}\n{who}"

    def _tell_record(self) -> None:
        """What a version made different, and how a draft is begun."""
        words, side, record = self.seat.words, self.view.side, self._records.get(self.shown)
        side.show_draft(False)
        side.refuse_day(False)
        may = bool(self.reply and self.reply.may_change)
        about = (
            words("rules.draft.other", base=self.draft.base)
            if self.draft
            else words("rules.no_draft" if may else "rules.readonly")
        )
        side.head(words("rules.version", version=self.shown) if self.shown else "", about)
        if record is None:
            side.tell_state(words("rules.loading"), "dim")
            side.show_lines([])
            return
        said = words("rules.record", base=record.base) if record.base else words("rules.record.seeded")
        side.tell_state(said, "dim")
        side.show_lines([(difference_text(words, self.view.names, line), None) for line in record.difference])

    def retell(self) -> None:
        """Say everything again, in the language and the colours of now."""
        self.view.side.tell("")
        if self.view.isVisible():
            self.refresh()


def day_text(at: datetime) -> str:
    """A moment by its date in Shanghai, with the hour where it is no midnight."""
    there = at.astimezone(SHANGHAI)
    return there.strftime("%Y-%m-%d" if (there.hour, there.minute) == (0, 0) else "%Y-%m-%d %H:%M")
