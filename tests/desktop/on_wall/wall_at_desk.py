"""A desk before a wall, worked by keys and drags, and a server that answers what is asked of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.link.from_server import Enquired
from desktop.link.to_server import Enquire
from desktop.video_wall.camera_drag import carried
from governance.people import Officer, Role
from governance.refusal import Refused
from governance.wall import Content, Slot, View, WallStanding
from tests.fakes import situations, walls
from tests.fakes.desks import FakeDesk
from wire.wall_requests import (
    DisplayShows,
    GiveWall,
    PushSlot,
    PutBack,
    PutLayout,
    ReadWall,
    TakeWall,
    WallDone,
    WallIs,
)

KEY, CTRL = Qt.Key, Qt.KeyboardModifier.ControlModifier
LEAD = situations.SHIFT_LEAD
NIGHT = replace(LEAD, role=Role.NIGHT_WATCH, staff=situations.named("night"))
SCENES = ("晴雨表", "参观")
LAID = walls.standing(walls.eye(0, 0), walls.eye(1, 1), Slot(0, 1, 2, 1, Content.MAP))


def held_by(who: Officer) -> WallStanding:
    """The wall as it is laid out first, in somebody's hands."""
    return walls.standing(*LAID.layout.slots, by=who)


LOCKED = walls.standing(replace(LAID.layout.slots[0], locked=True), walls.eye(1, 1), by=LEAD)
RESERVED = walls.standing(Slot(0, 0, 1, 1, Content.RESERVED), walls.eye(1, 1), by=LEAD)


class WallAtDesk:
    """A shift lead's desk before a wall, and a server that answers what is asked of it."""

    def __init__(self, desk: FakeDesk) -> None:
        self.desk, self.sheet = desk, desk.window.sheets.wall
        self.displays: tuple[DisplayShows, ...] = ()
        self.sheet.view_now = lambda: View(situations.CENTRE, 900.0)

    def stands(self, standing: WallStanding) -> None:
        """The server tells that the wall stands so."""
        self.desk.situation.walls["main"] = standing
        self.sheet.show_now()

    def press(self, qtbot: QtBot, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """A key, where the keys are."""
        qtbot.keyClick(QApplication.focusWidget(), key, held)

    def drop(self, camera: str, at: int, slot: int = 0) -> None:
        """Let a camera fall into a slot of the miniature, or a slot of it where its number is said."""
        preview = self.sheet.view.preview
        spot, what = preview._boxes()[at - 1].center(), carried(camera, f"{id(preview)} {slot}" if slot else "")
        buttons, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        preview.dropEvent(QDropEvent(QPointF(spot), Qt.DropAction.CopyAction, what, buttons, none))

    def grey(self) -> dict[str, str]:
        """The buttons that do nothing now, and why as their tooltips say."""
        buttons = self.sheet.view.buttons.items()
        return {name: button.toolTip().splitlines()[0] for name, button in buttons if button.property("off")}

    def open(self, qtbot: QtBot) -> None:
        """W, and the server answers."""
        self.desk.window.act("wall")
        self.answer()

    def asked(self) -> list[Any]:
        """What was asked of walls and waits for an answer, in order; not what only reads."""
        return [each.request for each in self._waiting() if not isinstance(each.request, ReadWall)]

    def _waiting(self) -> list[Enquire]:
        asked = (each for each in self.desk.wishes if isinstance(each, Enquire))
        return [each for each in asked if type(each.request).__module__ == "wire.wall_requests"]

    def answer(self, refused: Refused | None = None) -> None:
        """Answer everything that waits as the server would, or refuse what changes something."""
        waiting = self._waiting()
        self.desk.wishes.clear()
        for wish in waiting:
            standing = self.desk.situation.walls["main"]
            reply: Any = WallIs(0, standing, self.displays, SCENES, situations.NOW)
            no = None
            if not isinstance(wish.request, ReadWall):
                no, reply = refused, None if refused else WallDone(0, self._after(wish.request, standing))
            self.desk.queue.put(Enquired(wish.key, reply, no))
        self.desk.ticker.tick()

    def _after(self, request: Any, standing: WallStanding) -> WallStanding:
        if isinstance(request, TakeWall):
            standing = walls.standing(*standing.layout.slots, rev=standing.layout.rev, by=LEAD)
        elif isinstance(request, GiveWall):
            standing = replace(standing, lease=None)
        elif isinstance(request, PutLayout):
            standing = replace(standing, layout=replace(request.layout, rev=request.rev + 1))
        elif isinstance(request, PushSlot | PutBack):
            standing = replace(standing, layout=replace(standing.layout, rev=request.rev + 1))
        self.desk.situation.walls["main"] = standing
        return standing
