"""Shift+S: the sector of the selected camera changed on the map, by handles, by keys or by figures; saved it is everybody's."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QKeyEvent

from desktop.map_mode import ARROWS
from desktop.phrases import refusal_sentence
from desktop.seat import Seat
from desktop.sector_draft import SectorDraft, why_no_sector, within_range, within_view
from desktop.sector_form import SectorForm
from desktop.sector_sheet import SectorSheet
from governance.camera import Camera
from governance.refusal import Refused
from governance.sectors import Sector, what_is_wrong
from wire.camera_requests import SectorEdited

if TYPE_CHECKING:
    from desktop.map_panel import MapPanel

LEAST_M = 2.0
TURN_DEG, WIDEN_DEG, REACH_M, MOVE_M = 5.0, 5.0, 10.0, 1.0
FINE = 0.2
"""With Shift a step is this share of itself."""
UNSURE = frozenset({"no_answer", "no_session"})
"""Nobody knows whether it was carried out: sent once more it is the same order."""
KEY, HELD = Qt.Key, Qt.KeyboardModifier


class SectorEditing(SectorSheet):
    """One camera at a time; nothing is sent before it is saved. Main thread only."""

    def __init__(self, seat: Seat, panel: MapPanel) -> None:
        """No camera."""
        self._is_waiting = False
        super().__init__(seat, panel)
        self.form = SectorForm(seat, panel)
        self.form.typed.connect(self._typed)
        self.form.save_wanted.connect(self.finish)
        self.form.undo_wanted.connect(self.take_back)
        self.form.leave_wanted.connect(self.step_out)
        self.form.to_map.connect(lambda: self.setFocus(Qt.FocusReason.OtherFocusReason))
        panel.cameras_touched.connect(self._look_again)

    @property
    def draws(self) -> bool:  # type: ignore[override]
        """A drag is this mode's where it began on a handle; any other moves the map."""
        return bool(self.grip or self.near)

    @property
    def room(self) -> QRectF:
        """What is drawn on, as far as the figures do not cover it."""
        free = super().room
        if self.form.isVisible():
            free.setRight(float(self.form.geometry().left()))
        return free

    # ---- coming and going ----------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Change the selected camera's sector; or say why not."""
        seat = self._seat
        if (no := why_no_sector(seat)) is not None:
            self._panel.tell(refusal_sentence(seat.words, no))
            return
        camera = seat.situation.cameras.get(seat.selection.camera or "")
        if camera is None or self._panel.geometry_shown is None:
            return
        if self.is_on and self.draft is not None and self.draft.camera.id == camera.id:
            self.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        if self.holds():
            return
        super().begin()
        self.draft = SectorDraft(camera)
        self.form.begin()
        self.refresh()

    def forget(self) -> None:
        """Nothing is changed any more."""
        self.draft, self.grip, self.near, self._is_waiting = None, "", "", False
        self.form.hide()

    def step_out(self) -> bool:
        """Give up; False where nothing was under way."""
        holder = self.window().focusWidget()
        had_keys = holder is not None and self.form.isAncestorOf(holder)
        had = super().step_out()
        if had_keys:
            self.give_keys_back()
        return had

    def holds(self) -> bool:
        """Whether something is changed that is neither saved nor given up: that is said, and another tool waits."""
        if self.draft is None or not self.draft.is_changed:
            self.step_out()
            return False
        self.form.tell(self._seat.words("sector.unsaved"), is_wrong=True)
        return True

    def refresh(self) -> None:
        """Show the sector and its figures as they would be."""
        super().refresh()
        if self.draft is not None and self.is_on:
            self.form.show_draft(self.draft)
            self.form.raise_()

    def retell(self) -> None:
        """Say everything again, in the language of now."""
        if self.is_on:
            self.form.retell()
            self.refresh()

    # ---- saving --------------------------------------------------------------------------------------------------

    def finish(self) -> None:
        """Save: the server says whether it is so."""
        seat, draft = self._seat, self.draft
        if draft is None or self._is_waiting:
            return
        if self.form.bad:
            self.form.tell(next(iter(self.form.bad.values())), is_wrong=True)
            self.form.to_figures()
            return
        if not draft.is_changed:
            self.step_out()
            return
        no = draft.why_not(seat)
        if no is not None or seat.ask is None or not seat.is_online:
            self._refuse(no or Refused("no_answer"))
            return
        self._is_waiting = True
        self.form.tell(seat.words("sector.saving"))
        seat.ask(draft.order(), lambda reply, refused: self._answered(draft, reply, refused))

    def _answered(self, draft: SectorDraft, reply: Any, refused: Refused | None) -> None:
        """It is so, or why not; what was changed stays until it is saved or given up."""
        is_done = isinstance(reply, SectorEdited)
        if is_done:
            self._panel.tell(self._seat.words("sector.saved", name=draft.camera.name))
        if self.draft is not draft:  # given up meanwhile
            return
        self._is_waiting = False
        newest = self._seat.situation.cameras.get(draft.camera.id)
        if is_done:
            self.step_out()
        elif refused is not None and refused.code == "stale_version" and newest is not None:
            draft.follow(newest)
            self._tell_other(newest)
        else:
            self._refuse(refused or Refused("no_answer"))

    def _refuse(self, no: Refused) -> None:
        """Say why not, with the figure it is about."""
        words = self._seat.words
        said = words("sector.no_answer") if no.code in UNSURE else refusal_sentence(words, no)
        figure = f"sector.{no.about}"
        self.form.tell(words("sector.wrong", figure=words(figure), why=said) if words.has(figure) else said, is_wrong=True)

    def _tell_other(self, newest: Camera) -> None:
        """Say what somebody else made of the camera meanwhile."""
        figures = newest.heading_deg, newest.field_of_view_deg, newest.range_m
        heading, view, reach = (f"{value:g}" for value in figures)
        said = self._seat.words("sector.changed_meanwhile", heading=heading, view=view, reach=reach)
        self.form.tell(said, is_wrong=True)
        self.refresh()

    def _look_again(self) -> None:
        """The camera may be another by now: it is said, and saving will meet it."""
        if self.draft is None or not self.is_on or self._is_waiting:
            return
        newest = self._seat.situation.cameras.get(self.draft.camera.id)
        if newest is None:
            self._refuse(Refused("no_such_camera", "camera"))
        elif newest.version != self.draft.camera.version:
            self._tell_other(newest)

    # ---- figures and keys ----------------------------------------------------------------------------------------

    def _typed(self, name: str, value: float | None) -> None:
        """A figure was typed; one that cannot be stays as text, with the reason."""
        if self.draft is None:
            return
        about: dict[str, Any] = {name: value}
        wanted = replace(self.draft.now, **about)
        no = what_is_wrong(replace(wanted, coverage=(), place=None), self.draft.camera)
        if no is not None and no.about == name:
            words = self._seat.words
            self.form.refuse(name, words("sector.wrong", figure=words(f"sector.{name}"), why=refusal_sentence(words, no)))
            return
        self.draft.change(wanted, f"typed {name}")
        self.refresh()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows turn and reach, with Ctrl open, with Alt move, with Shift finely; Tab to figures; Enter, Esc, Ctrl+Z."""
        key, held = KEY(event.key()), event.modifiers() & ~HELD.KeypadModifier
        if self.draft is None or not self.is_on:
            event.ignore()
        elif key in ARROWS and self._step(self.draft, *ARROWS[key], held):
            self.near = ""
            self.form.tell("")
            self.refresh()
        elif key == KEY.Key_Backspace or (key == KEY.Key_Z and held == HELD.ControlModifier):
            self.take_back()
        elif key in (KEY.Key_Return, KEY.Key_Enter) and held == HELD.NoModifier:
            self.finish()
        elif key == KEY.Key_Escape:
            self.step_out()
        elif key == KEY.Key_Tab:
            self.form.to_figures()
        else:
            event.ignore()

    def focusNextPrevChild(self, _forward: bool) -> bool:
        """Tab is a key of this mode."""
        return False

    @staticmethod
    def _step(draft: SectorDraft, right: int, down: int, held: Qt.KeyboardModifier) -> bool:
        """One step by an arrow; False where that means nothing."""
        share = FINE if held & HELD.ShiftModifier else 1.0
        held &= ~HELD.ShiftModifier
        if held == HELD.AltModifier:
            draft.move(right * MOVE_M * share, -down * MOVE_M * share)
        elif held == HELD.ControlModifier and right:
            draft.widen(right * WIDEN_DEG * share)
        elif held == HELD.NoModifier and right:
            draft.turn(right * TURN_DEG * share)
        elif held == HELD.NoModifier:
            draft.reach(-down * REACH_M * share)
        else:
            return False
        return True

    def take_back(self) -> None:
        """The last step is undone."""
        if self.draft is not None and self.draft.undo():
            self.form.bad.clear()
            self.form.tell("")
            self.refresh()

    # ---- pointer -------------------------------------------------------------------------------------------------

    def put(self, px: float, py: float) -> None:
        """A click beside every handle: it would look there."""
        if self.draft is None or self.handle_at(px, py):
            return
        bearing, metres = self.seen_from_camera(px, py)
        if metres >= LEAST_M:
            self.form.tell("")
            self.draft.change(replace(self.draft.now, heading_deg=bearing))

    def double_clicked(self, _px: float, _py: float) -> None:
        """The second of two clicks is no other."""

    def pointed(self, px: float, py: float) -> None:
        """A handle under the pointer can be dragged."""
        super().pointed(px, py)
        self.near = self.handle_at(px, py)
        self._panel.canvas.setCursor(Qt.CursorShape.OpenHandCursor if self.near else Qt.CursorShape.CrossCursor)

    def drawn(self, px: float, py: float, began: tuple[float, float], is_over: bool) -> None:
        """A handle is dragged: ahead turns and reaches, the sides open, the place moves."""
        draft = self.draft
        if draft is None:
            return
        if not self.grip:
            self.grip = self.handle_at(*began) or self.near
            draft.settle()
            self.form.tell("")
            self.setFocus(Qt.FocusReason.MouseFocusReason)
        self._cross = QPointF(px, py)
        draft.change(self._dragged(draft.now, px, py), f"drag {self.grip}")
        if is_over:
            self.near, self.grip = self.grip, ""
            draft.settle()
        self.refresh()

    def _dragged(self, sector: Sector, px: float, py: float) -> Sector:
        """What the sector would be with the held handle at a pixel."""
        if self.grip == "place":
            return replace(sector, place=self.place_at(px, py))
        bearing, metres = self.seen_from_camera(px, py)
        if self.grip == "ahead":
            return replace(sector, heading_deg=bearing, range_m=within_range(float(round(metres))))
        turn = abs((bearing - sector.heading_deg + 180.0) % 360.0 - 180.0)
        return replace(sector, field_of_view_deg=within_view(float(round(2.0 * turn))))
