"""The window of one officer: lays out the panels and turns keys into what the panels do."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.acts import acts_of, choose_urgent, go_to_found, why_idle
from desktop.alarms.alarm_desk import AlarmDesk
from desktop.banner import Banner
from desktop.dispatch.actions import BY_NAME, said_as
from desktop.dispatch.filling import Filling
from desktop.dispatch.incident_board import IncidentBoard
from desktop.dispatch.incident_card import IncidentCard
from desktop.handover.shift_desk import ShiftDesk
from desktop.keyboard import Keyboard
from desktop.layout_file import LayoutFile
from desktop.on_wall.looking import view_of
from desktop.panel_layout import PanelLayout
from desktop.paper.paper_desk import PaperDesk
from desktop.phrases import refusal_sentence
from desktop.reason_bar import ReasonBar
from desktop.said import Lines
from desktop.seat import Seat
from desktop.sheets import Sheets
from desktop.shortcuts import key_of
from desktop.style.palette import THEMES
from desktop.style.sheet import sheet
from desktop.surround.find_overlay import FindOverlay
from desktop.surround.key_overlay import KeyOverlay
from desktop.surround.status_bar import StatusBar
from desktop.surround.suggestions import Suggestions
from desktop.surround.top_bar import TopBar
from desktop.video_panel import VideoPanel
from governance.refusal import Refused

OVER_A_SHEET = frozenset(
    {"handover", "roll_call", "plan_shift", "send", "back", "keys", "language", "theme", "seen", "mute", "next"}
)
"""Actions that leave a sheet over the window where it is; any other would work behind it."""


class DutyWindow(QWidget):
    """Top bar, board, map, card, status bar. What the map panel must be able to do is in map_panel.MapPanel."""

    preferences_changed = Signal(str, str)
    """Language and theme, to be kept."""
    sign_off_wanted = Signal()

    def __init__(
        self,
        seat: Seat,
        board: IncidentBoard,
        map_panel: Any,
        card: IncidentCard,
        bars: tuple[TopBar, StatusBar],
        layout: LayoutFile,
        alarms: AlarmDesk,
        shifts: ShiftDesk,
    ) -> None:
        """A window around the panels, sized as the officer left it."""
        super().__init__()
        self.seat, self.board, self.map_panel, self.card = seat, board, map_panel, card
        self.top, self.status = bars
        self.alarms, self.shifts = alarms, shifts
        self.sheets = Sheets(seat, shifts.talk.ask)
        self.indicators, self.rules = self.sheets.indicators, self.sheets.rules
        self.sheets.wall.view_now = lambda: view_of(map_panel)
        self._is_leaving = False
        self.setProperty("look", "ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowTitle(seat.words("app.name"))
        self.banner = Banner(seat.words)
        self.reason_bar: ReasonBar | None = seat.new_reason_bar() if seat.new_reason_bar is not None else None
        self.panels: dict[str, QWidget] = {"board": board, "map": map_panel, "card": card}
        self.video: VideoPanel | None = seat.new_video() if seat.new_video is not None else None
        self.layouts = PanelLayout(self, self.panels, self.video, layout, seat.words)
        self.splitter, self.floating = self.layouts.splitter, self.layouts.floating
        self._lay_out()
        self.overlay = KeyOverlay(seat, self.why_not, self)
        self.suggestions = Suggestions(seat, self.top.command, self)
        self.finder = FindOverlay(seat, self, shifts.talk.ask)
        seat.ask = shifts.talk.ask
        self.paper = PaperDesk(seat, map_panel, self)
        self.timeline = map_panel.timeline
        self.acts = acts_of(self)
        self.keyboard = Keyboard(self.key_holder, self, self.act, self.top.command.begin)
        self.lines = Lines(self)
        self._connect()
        self.board.view.setFocus()

    def _lay_out(self) -> None:
        for bar in (self.top, self.status):
            bar.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self.top, self.alarms.strip, self.banner, *self._reasons()):
            column.addWidget(part)
        column.addWidget(self.splitter, 1)
        column.addWidget(self.status)

    def _connect(self) -> None:
        self._second = QTimer(self)
        self._second.timeout.connect(self.top.tell_time)
        self._second.timeout.connect(self.shifts.pass_time)
        self._second.start(1000)
        self.top.command.left.connect(self.give_keys_back)
        self.top.queue_wanted.connect(self.board.tabs.choose)
        self.top.urgent_wanted.connect(lambda: choose_urgent(self))
        for part in (self.top, self.status, self.board, self.map_panel, self.overlay, self.alarms.strip):
            part.wanted.connect(self.act)
        self.card.action_bar.wanted.connect(self.act)
        self.card.closed.connect(self.give_keys_back)
        self.card.made.connect(self.board.adopt)
        self.card.given_back.connect(self.banner.say)
        self.board.opened.connect(lambda _incident: self.act("open"))
        self.seat.selection.incident_changed.connect(lambda _incident: self._tell_keys())
        self.layouts.changed.connect(self.give_keys_back)
        for bar in self._reasons():
            bar.left.connect(self.give_keys_back)
        self.finder.gone_to.connect(lambda found: go_to_found(self, found))
        self.finder.left.connect(self.give_keys_back)
        self.finder.room_px = lambda: self.sheets.free_px(self.width())
        self.alarms.live_in(self, lambda: (self.map_panel.mapTo(self, QPoint()).x(), self.map_panel.width()))
        self.alarms.going.connect(self._go_to_alarm)
        self.alarms.signing.connect(lambda: self.act("handover" if "handover" in self.acts else "alarms"))
        self.alarms.muted_changed.connect(self.top.tell_muted)
        self.alarms.closed.connect(self.give_keys_back)
        self.top.tell_muted(self.alarms.muted_until)
        for sheets in (self.shifts, self.sheets):
            sheets.live_in(self, self.splitter.geometry)
        self.timeline.before_past = self.card.close_form
        for tells in (self._tell_keys, self.card.refresh):
            self.timeline.changed.connect(tells)
        for each in (self.shifts, self.sheets, self.paper, self.timeline):
            each.closed.connect(self.give_keys_back)
        self.shifts.told.connect(self.banner.say)
        self.shifts.going.connect(self._go_to_alarm)
        self.shifts.stands_changed.connect(self.top.tell_standing)
        if self.video is not None:
            self.video.wanted.connect(self.act)
            self.map_panel.cameras_touched.connect(self.video.touch_cameras)
            self.video.left.connect(lambda: self.act("panel_video"))
            self.video.tree.fitting = self.finder.index.cameras
            if damage := self.video.tell_damage():
                self.banner.say(damage)

    # ---- keys ----------------------------------------------------------------------------------------------------

    def act(self, name: str, arguments: Filling | None = None) -> Refused | None:
        """Do an action of the key table, or open the form of a command (governance.commands.COMMANDS) with its arguments.

        With arguments the name is a command's, and what is said about the selected incident; returned is why the rules or
        this desk refuse it, None where its form is open. A form becomes known by its row in form_order.FORMS.
        """
        if (no := self.keeps_out(name)) is not None:
            self.banner.say(refusal_sentence(self.seat.words, no))
            return no
        if self.overlay.isVisible() and name not in ("keys", "back"):
            self.overlay.hide()
        if self.finder.isVisible() and name not in ("find", "back"):
            self.finder.hide()
        if name not in OVER_A_SHEET:
            self.shifts.step_out()
        self.sheets.leave_for(name)
        self._is_leaving = self._is_leaving and name == "sign_off"
        refused = None
        if arguments is None and name in self.acts:
            self.acts[name]()
        else:
            refused = self.card.act_on(arguments or Filling(name))
        if self.card.open_form is not None and "card" in self.floating.windows:
            self.card.window().activateWindow()
        self._tell_keys()
        return refused

    def keeps_out(self, name: str) -> Refused | None:
        """Why an action is not done here at all, or not while the map shows the past."""
        return self.sheets.keeps_out(name) or self.timeline.keeps_out(name)

    def why_not(self, name: str) -> str:
        """Why an action does nothing now, in words; empty where it works."""
        return why_idle(self, name)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A key nobody else wanted."""
        if self.keyboard.press(event):
            return
        if event.text().isalpha():
            self.card.say(self.seat.words("keys.not_here", key=event.text().upper()), "warn")
            return
        super().keyPressEvent(event)

    def give_keys_back(self) -> None:
        """The board has the keys again: single letters are actions."""
        if self.sheets.take_keys():
            return
        if "board" in self.floating.windows:
            self.setFocus(Qt.FocusReason.OtherFocusReason)
            self.activateWindow()
        self.board.view.setFocus(Qt.FocusReason.OtherFocusReason)
        self._tell_keys()

    def key_holder(self) -> QWidget | None:
        """Who gets the keys: the field of an open form, also in a window of its own; else what has the focus here."""
        holder = self.card.window() if self.card.open_form is not None else self
        return holder.focusWidget()

    def showEvent(self, event: QShowEvent) -> None:
        """The windows of panels come and go with this one."""
        super().showEvent(event)
        self.layouts.show_windows(True)
        self.alarms.attend()
        self.sheets.settle((self.alarms.strip, *self.panels.values(), *self.top.of_incidents(), *self.status.of_incidents()))

    def hideEvent(self, event: QHideEvent) -> None:
        """Nothing of an officer's stays on another screen when he signs off."""
        super().hideEvent(event)
        self.layouts.show_windows(False)

    def _go_to_alarm(self, incident: UUID) -> None:
        """What an alarm is about: selected and shown, because the officer asked for it; never in the past."""
        self.timeline.leave()
        self.seat.selection.choose_incident(incident)
        self.give_keys_back()
        self.act("open")

    def open_selected(self) -> None:
        """Show the selected incident on card and map; where none is selected, select the first."""
        case = self.card.case
        if case is None:
            self.board.step(1)
            return
        self.board.unfold_selected()
        if not self.card.isVisible():
            self.switch_panel("card")
        self.map_panel.go_to(case.incident.place)

    def write_reason(self) -> None:
        """Say why cameras are watched that wait for it."""
        for bar in self._reasons():
            bar.begin()

    def step_out(self) -> None:
        """One step out; text is never lost: a form's text is kept as its draft."""
        if self.overlay.isVisible():
            self.overlay.hide()
        elif self.finder.isVisible():
            self.finder.leave()
        elif self.banner.isVisible():
            self.banner.hide()
        elif self.paper.step_out() or self.alarms.close_panel() or self.sheets.step_out() or self.shifts.step_out():
            pass
        elif self.seat.selection.is_picking:
            self.seat.selection.ask_place(False)
        elif self.card.photos.close_large():
            if self.card.open_form is None:
                self.give_keys_back()
        elif self.top.command.hasFocus():
            if not self.top.command.step_out():
                self._leave_line()
        elif self.card.close_form():
            self.give_keys_back()
        elif self.timeline.step_out() or any(video.step_out() for video in self._video()):
            pass
        elif self.board.filter.hasFocus() or self.board.filter.text():
            self.board.filter.clear()
            self.give_keys_back()
        elif self.map_panel.step_out():
            self.give_keys_back()
        else:
            self.seat.selection.choose_incident(None)
            self.give_keys_back()

    def _leave_line(self) -> None:
        """From the command line to the form a line opened, else to the board."""
        form = self.card.open_form
        if form is not None:
            (form.default_field() or form).setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.give_keys_back()

    def sign_off(self) -> None:
        """Sign off; where orders wait for an answer, only when asked for twice."""
        waiting = self.top.waiting
        if waiting and not self._is_leaving:
            self._is_leaving = True
            self.banner.say(self.seat.words("banner.sign_off", count=waiting))
            return
        self._is_leaving = False
        self.banner.hide()
        self.sign_off_wanted.emit()

    def _tell_keys(self) -> None:
        """The keys that work right now, in the status bar."""
        words = self.seat.words
        if self.overlay.isVisible():
            self.overlay.retell()
        names = [name for name in BY_NAME if not self.why_not(name)]
        case, officer = self.card.case, self.seat.officer
        shown = [f"{BY_NAME[name].key} {words(said_as(name, case, officer))}" for name in names]
        if self.card.open_form is not None:
            shown = [f"Ctrl+Enter {words('action.send')}", f"Esc {words('action.back')}"]
        elif self.timeline.is_past:
            shown = [f"{key_of(name)} {words(f'action.{name}')}" for name in ("live", "past_play", "past_back", "past_on")]
        elif self.card.case is not None:
            shown.append(f"V {words('action.pictures')}")
        drafts = len(self.card.forms.parked_drafts)
        if drafts:
            shown.append(words("bar.drafts", count=drafts))
        self.status.tell_drafts(drafts)
        self.status.tell_keys([*shown, words("status.all_keys")])

    # ---- how it looks --------------------------------------------------------------------------------------------

    def speak(self, language: str) -> None:
        """Use another language from now on."""
        self.seat.words.use(language)
        self.setWindowTitle(self.seat.words("app.name"))
        self._retell()

    def wear(self, theme: str) -> None:
        """Use another theme from now on."""
        self.seat.palette = THEMES[theme]
        self.window().setStyleSheet(sheet(self.seat.palette))
        self._retell()

    def switch_panel(self, name: str) -> None:
        """Hide a panel, or show it again; one always stays."""
        self.layouts.switch(name)

    def touch(self, cases: set[UUID], is_all: bool = False) -> None:
        """Show what changed in the situation; also a later snapshot (is_all) moves nothing, and brings only what differs."""
        if is_all and not self.board.is_filled:
            self.board.fill()
        else:
            self.board.touch(cases)
        if is_all:
            self.card.refresh()
        else:
            self.card.touch(cases)
        self.finder.touch(cases, is_all)
        self.top.tell_alerts()
        self.alarms.touch(cases, is_all)
        self.shifts.touch_cases()
        self._tell_keys()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The first time, lay the panels out as they were left, or by the width of the window."""
        super().resizeEvent(event)
        self.shifts.place()
        self.layouts.restore()

    def put_away(self) -> None:
        """Keep what is typed and how the window lies: before the desk closes."""
        if self.card.open_form is not None:
            self.card.open_form.keep()
        for part in (self.alarms, self.shifts, self.sheets, self.paper, self.timeline, *self._video()):
            part.put_away()
        self.layouts.keep()

    def _retell(self) -> None:
        parts = (self.top, self.status, self.board, self.card, self.map_panel, self.overlay, self.banner, self.layouts)
        for part in (*parts, *self._reasons(), *self._video(), self.finder, self.alarms, self.shifts, self.sheets, self.paper):
            part.retell()
        self._tell_keys()
        self.preferences_changed.emit(self.seat.words.language, self.seat.palette.name)

    def _video(self) -> tuple[VideoPanel, ...]:
        """The tiles, where this desk has any."""
        return () if self.video is None else (self.video,)

    def _reasons(self) -> tuple[ReasonBar, ...]:
        """The line that asks why cameras are watched, where this desk has any."""
        return () if self.reason_bar is None else (self.reason_bar,)
