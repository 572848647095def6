"""The cameras as a tree beside the tiles: by place, by department, by route and plan; searched, dragged, opened."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QKeyEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from desktop.seat import Seat
from desktop.shortcuts import key_of
from desktop.style.as_written import tip_as_written
from desktop.video_wall.camera_drag import drag
from desktop.video_wall.camera_groups import Group, by_owner, by_place, of_paths
from governance.camera import Camera, CameraState
from governance.camera_rights import EDITORS
from governance.refusal import Refused
from wire.camera_requests import CameraGroupsAre, ReadCameraGroups

SORTS = ("place", "department", "route", "plan")
WIDE_PX, REST_MS = 236, 150
"""How wide it stands, and how long nothing is typed before it is looked for."""
ASK_AGAIN_S = 60.0
OPENED_BELOW = 60
"""With so few found the whole tree is unfolded."""
GROUP, CAMERA = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1
KEY = Qt.Key


class Branches(QTreeWidget):
    """The rows. Letters are the window's; a camera can be dragged away. Wishes: `opened` and `turned`."""

    opened = Signal(list)
    """Ids of cameras to be shown."""
    turned = Signal(str, list)
    """A group, by its name, whose cameras are to take turns."""
    left = Signal()
    wanted = Signal(str)
    """An action of the key table, for the camera that is chosen."""

    def __init__(self, seat: Seat) -> None:
        """Empty."""
        super().__init__()
        self._seat = seat
        self.setHeaderHidden(True)
        self.setColumnCount(1)
        self.setIndentation(12)
        self.setUniformRowHeights(True)
        self.setDragEnabled(True)
        self.setAnimated(False)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)  # how many there are stands at the end
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.itemExpanded.connect(self._unfold)
        self.itemDoubleClicked.connect(lambda item, _column: self._open(item))
        self.itemSelectionChanged.connect(self._chosen)
        self.customContextMenuRequested.connect(
            lambda spot: self._show_menu(self.itemAt(spot), self.viewport().mapToGlobal(spot))
        )

    def show_groups(self, groups: Iterable[Group], *, is_open: bool) -> None:
        """Show these branches, all unfolded or as far as they were; who was chosen stays so."""
        unfolded, chosen, scrolled = self._unfolded(), self._way(self.currentItem()), self.verticalScrollBar().value()
        was_quiet = self.blockSignals(True)  # nobody chose anything
        self.clear()
        for group in groups:
            self.addTopLevelItem(self._branch(group))
        self.blockSignals(was_quiet)
        for at in range(self.topLevelItemCount() if is_open else 0):
            self._unfold_all(self.topLevelItem(at))
        for way in sorted(unfolded, key=len):
            if (found := self._found(way)) is not None:
                found.setExpanded(True)
        if (row := self._found(chosen)) is not None:
            was_quiet = self.blockSignals(True)
            self.setCurrentItem(row)
            self.blockSignals(was_quiet)
        self.verticalScrollBar().setValue(scrolled)

    @staticmethod
    def _way(item: QTreeWidgetItem | None) -> tuple[str, ...]:
        """The names of the branches down to a row, and the camera last; empty for none."""
        way: tuple[str, ...] = ()
        while item is not None:
            group = item.data(0, GROUP)
            way = (group.name if group is not None else str(item.data(0, CAMERA)), *way)
            item = item.parent()
        return way

    def _found(self, way: tuple[str, ...]) -> QTreeWidgetItem | None:
        """The row at the end of a way, if it is made; else None."""
        rows = [self.topLevelItem(at) for at in range(self.topLevelItemCount())]
        found: QTreeWidgetItem | None = None
        for depth in range(1, len(way) + 1):
            found = next((row for row in rows if row is not None and self._way(row) == way[:depth]), None)
            if found is None:
                return None
            rows = [found.child(at) for at in range(found.childCount())]
        return found

    def _unfolded(self) -> set[tuple[str, ...]]:
        """The ways to all branches that are unfolded now."""
        ways: set[tuple[str, ...]] = set()
        rows = [self.topLevelItem(at) for at in range(self.topLevelItemCount())]
        while rows:
            row = rows.pop()
            if row is not None and row.isExpanded():
                ways.add(self._way(row))
                rows += [row.child(at) for at in range(row.childCount())]
        return ways

    def camera_of(self, item: QTreeWidgetItem | None) -> Camera | None:
        """The camera of a row; None where it is a branch."""
        found = item.data(0, CAMERA) if item is not None else None
        return self._seat.situation.cameras.get(found) if found else None

    def startDrag(self, _actions: Qt.DropAction) -> None:
        """The camera of the row goes along with the pointer."""
        camera = self.camera_of(self.currentItem())
        if camera is not None:
            drag(self, camera.id, camera.name, self._seat.palette)

    def event(self, event: QEvent) -> bool:
        """Esc is the tree's while it has the keys."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() == KEY.Key_Escape:
            event.accept()
            return True
        return bool(super().event(event))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows walk and unfold, Enter opens, Shift+Enter lets a group take turns, Esc leaves; the rest is the window's."""
        key, item = KEY(event.key()), self.currentItem()
        if key in (KEY.Key_Return, KEY.Key_Enter) and item is not None:
            group = item.data(0, GROUP)
            if event.modifiers() & Qt.KeyboardModifier.ShiftModifier and group is not None:
                self.turned.emit(group.name, list(group.all()))
            else:
                self._open(item)
        elif key == KEY.Key_Escape:
            self.left.emit()
        elif key in (KEY.Key_Up, KEY.Key_Down, KEY.Key_Left, KEY.Key_Right, KEY.Key_Home, KEY.Key_End):
            super().keyPressEvent(event)
        else:
            event.ignore()

    def _branch(self, group: Group) -> QTreeWidgetItem:
        cameras = [self._seat.situation.cameras.get(camera) for camera in group.all()]
        online = sum(camera is not None and camera.state is CameraState.ONLINE for camera in cameras)
        item = QTreeWidgetItem([f"{group.name}  {online}/{len(cameras)}"])
        item.setData(0, GROUP, group)
        item.setToolTip(0, tip_as_written(self._seat.words("tree.group", name=group.name, online=online, count=len(cameras))))
        item.setChildIndicatorPolicy(QTreeWidgetItem.ChildIndicatorPolicy.ShowIndicator)
        return item

    def _unfold(self, item: QTreeWidgetItem) -> None:
        """Its branches and cameras are made when they are first seen."""
        group = item.data(0, GROUP)
        if group is None or item.childCount():
            return
        for below in group.groups:
            item.addChild(self._branch(below))
        for camera in group.cameras:
            found = self._seat.situation.cameras.get(camera)
            if found is not None:
                item.addChild(self._leaf(found))

    def _leaf(self, camera: Camera) -> QTreeWidgetItem:
        words, is_on = self._seat.words, camera.state is CameraState.ONLINE
        item = QTreeWidgetItem([camera.name if is_on else f"{camera.name}  {words(f'camera.{camera.state}')}"])
        item.setData(0, CAMERA, camera.id)
        lines = (camera.name, camera.id, words("sep").join((camera.owner, words(f"camera.{camera.state}"))))
        item.setToolTip(0, tip_as_written("\n".join(lines)))
        if not is_on:
            item.setForeground(0, QColor(self._seat.palette.dim))
        return item

    def _unfold_all(self, item: QTreeWidgetItem) -> None:
        item.setExpanded(True)
        for at in range(item.childCount()):
            if item.child(at).data(0, GROUP) is not None:
                self._unfold_all(item.child(at))

    def _open(self, item: QTreeWidgetItem) -> None:
        camera = item.data(0, CAMERA)
        if camera:
            self.opened.emit([camera])
        else:
            item.setExpanded(not item.isExpanded())

    def _chosen(self) -> None:
        camera = self.camera_of(self.currentItem())
        if camera is not None:
            self._seat.selection.choose_camera(camera.id)

    def _show_menu(self, item: QTreeWidgetItem | None, spot: object) -> None:
        group = item.data(0, GROUP) if item is not None else None
        if item is None or (group is None and self.camera_of(item) is None):
            return
        words, menu = self._seat.words, QMenu(self)
        if group is None:
            menu.addAction(words("tree.open") + "\tEnter", lambda: self._open(item))
            if self._seat.officer.role in EDITORS:
                said = f"{words('action.edit_sector')}\t{key_of('edit_sector')}"
                menu.addAction(said, lambda: self.wanted.emit("edit_sector"))
        else:
            cameras = list(group.all())
            menu.addAction(words("tree.open_all", count=len(cameras)), lambda: self.opened.emit(cameras))
            menu.addAction(words("tree.turns") + "\tShift+Enter", lambda: self.turned.emit(group.name, cameras))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(spot)  # type: ignore[arg-type]


class CameraTree(QWidget):
    """A search line, what the tree goes by, and the tree."""

    def __init__(self, seat: Seat) -> None:
        """Empty until it is seen."""
        super().__init__()
        self._seat = seat
        self.sort = "place"
        self.told: dict[str, tuple[Group, ...]] = {}
        """Route, plan and whatever else the server gathers cameras by."""
        self.fitting: Callable[[str], Iterable[str]] = self._by_name
        """Ids of the cameras that fit some letters."""
        self._asked_s = float("-inf")
        self.line, self.branches, self.said = QLineEdit(), Branches(seat), QLabel()
        self.line.setClearButtonEnabled(True)
        self.line.installEventFilter(self)
        self.said.setProperty("look", "dim")
        self.said.setWordWrap(True)
        self.tabs = {name: QPushButton() for name in SORTS}
        row = QHBoxLayout()
        row.setSpacing(2)
        for name, button in self.tabs.items():
            button.setProperty("look", "choice")
            button.setCheckable(True)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.clicked.connect(lambda _on=False, name=name: self.go_by(name))
            row.addWidget(button)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 4, 4, 4)
        column.setSpacing(4)
        column.addWidget(self.line)
        column.addLayout(row)
        column.addWidget(self.branches, 1)
        column.addWidget(self.said)
        self.setFixedWidth(WIDE_PX)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self.refresh)
        self.line.textChanged.connect(lambda _text: self._rest.start())
        self.retell()

    def go_by(self, sort: str) -> None:
        """Show the tree by place, department, route or plan."""
        self.sort = sort
        self.refresh()

    def ask(self) -> None:
        """Ask the server what it gathers cameras by; now and then, for administrators change it."""
        if self._seat.ask is not None and time.monotonic() - self._asked_s >= ASK_AGAIN_S:
            self._asked_s = time.monotonic()
            self._seat.ask(ReadCameraGroups(0), self._came)

    def _came(self, reply: Any, _refused: Refused | None) -> None:
        """Without an answer the tree goes by what the desk knows itself."""
        if not isinstance(reply, CameraGroupsAre):
            self._asked_s = float("-inf")
            return
        kinds: dict[str, list[tuple[Sequence[str], Sequence[str]]]] = {}
        for group in reply.groups:
            kinds.setdefault(group.kind, []).append((group.path, group.cameras))
        told = {kind: of_paths(paths) for kind, paths in kinds.items()}
        if told != self.told:
            self.told = told
            self.refresh()

    def refresh(self) -> None:
        """Show what there is now, as far as it fits what was typed; only while it is seen."""
        for name, button in self.tabs.items():
            button.setChecked(name == self.sort)
        if not self.isVisible():
            return
        words, text = self._seat.words, self.line.text().strip()
        groups = self._groups()
        if text:
            wanted = frozenset(self.fitting(text))
            groups = tuple(kept for group in groups if (kept := group.only(wanted)) is not None)
        found = sum(len(group.all()) for group in groups)
        self.branches.show_groups(groups, is_open=bool(text) and found <= OPENED_BELOW)
        key = (
            "tree.found" if text and found else "tree.not_found" if text else "tree.keys" if found else f"tree.none.{self.sort}"
        )
        self.said.setText(words(key, count=found, text=text))

    def retell(self) -> None:
        """Say everything again, in the language of now."""
        words = self._seat.words
        self.line.setPlaceholderText(words("tree.hint"))
        for name, button in self.tabs.items():
            button.setText(words(f"tree.{name}"))
            button.setToolTip(words(f"tree.by.{name}"))
        self.refresh()

    def begin(self) -> None:
        """The keys are in the search line."""
        self.line.setFocus(Qt.FocusReason.OtherFocusReason)
        self.line.selectAll()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Down goes from the line into the tree, Enter opens what was found alone, Esc empties the line, then leaves."""
        if watched is not self.line or not isinstance(event, QKeyEvent):
            return False
        key = KEY(event.key())
        if event.type() == QEvent.Type.ShortcutOverride and key == KEY.Key_Escape:
            event.accept()
            return True
        if event.type() != QEvent.Type.KeyPress:
            return False
        if key == KEY.Key_Down or (key in (KEY.Key_Return, KEY.Key_Enter) and not event.modifiers()):
            self._rest.stop()
            self.refresh()
            self._into_tree()
        elif key == KEY.Key_Escape and self.line.text():
            self.line.clear()
        elif key == KEY.Key_Escape:
            self.branches.left.emit()
        else:
            return False
        return True

    def showEvent(self, event: object) -> None:
        """The tree is made when it is seen."""
        super().showEvent(event)  # type: ignore[arg-type]
        self.ask()
        self.refresh()

    def _into_tree(self) -> None:
        item = self.branches.topLevelItem(0)
        while item is not None and item.isExpanded() and item.childCount():
            item = item.child(0)
        if item is not None:
            self.branches.setCurrentItem(item)
            self.branches.setFocus(Qt.FocusReason.OtherFocusReason)

    def _groups(self) -> tuple[Group, ...]:
        seat, elsewhere = self._seat, self._seat.words("tree.elsewhere")
        told = self.told.get(self.sort, ())
        if self.sort == "place":
            return by_place(seat.situation.cameras.all(), seat.area_names, elsewhere)
        if told or self.sort != "department":
            return told
        return by_owner(seat.situation.cameras.all(), seat.area_names, elsewhere)

    def _by_name(self, text: str) -> list[str]:
        low = text.casefold()
        return [each.id for each in self._seat.situation.cameras.all() if low in each.name.casefold() or low in each.id]
