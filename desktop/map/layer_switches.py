"""The layers of the map with a box to tick for each."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop.map.colours import MapColours
from desktop.map.shown import HIDDEN_AT_FIRST
from desktop.map.trails import MOST_IN_VIEW
from desktop.style.type_face import face

WORDS = {
    "incidents": ("事件", "Incidents"),
    "workers": ("网格员", "Workers"),
    "cameras": ("摄像头", "Cameras"),
    "sectors": ("摄像头视野", "Camera views"),
    "tracks": ("轨迹", "Tracks"),
    "trails": ("行踪", "Trails"),
    "labels": ("地名", "Names"),
    "buildings": ("建筑", "Buildings"),
    "roads": ("道路", "Roads"),
    "boundaries": ("边界", "Boundaries"),
    "grids": ("网格底色", "Grid fill"),
    "water": ("水面", "Water"),
    "land": ("绿地", "Green land"),
    "basemap": ("底图", "Basemap"),
}
"""Name of a layer -> Chinese, English; the order of the boxes."""

LINE = ("F2 图层 {layer}", "F2 layers {layer}")
"""The line that does what a box does."""

CHOOSE = ("底图…", "Basemap…")
SAID_PX = 150

UNBLOCKED = (
    "按方位、视角和距离；放大到街区时显示，未计楼房遮挡",
    "By heading, angle and range; shown close up; walls are not considered",
)

FEW_IN_VIEW = (
    f"最近十分钟走过的路；视野内不超过 {MOST_IN_VIEW} 人时显示，选中或跟随的人总有",
    f"The way of the last ten minutes; shown for up to {MOST_IN_VIEW} workers in view, always for one selected or followed",
)


class LayerSwitches(QFrame):
    """Boxes to tick. Main thread only."""

    switched = Signal(str, bool)
    """Name of a layer and whether it shall be shown."""
    wanted = Signal(str)
    """An action: the one that chooses the basemap."""

    def __init__(self, parent: QWidget, colours: MapColours) -> None:
        """All layers shown; hidden itself until it is asked for."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(10, 8, 12, 8)
        self._row.setSpacing(16)
        column = QVBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        self.boxes: dict[str, QCheckBox] = {}
        for name in WORDS:
            box = QCheckBox()
            box.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            box.setFont(face(12))
            box.setChecked(name not in HIDDEN_AT_FIRST)
            box.clicked.connect(lambda ticked, name=name: self.switched.emit(name, ticked))
            column.addWidget(box)
            self.boxes[name] = box
        self.choose, self.said = QPushButton(), QLabel()
        self.choose.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.choose.setFont(face(12))
        self.choose.clicked.connect(lambda: self.wanted.emit("basemap"))
        self.said.setFont(face(11))
        self.said.setWordWrap(True)
        self.said.setFixedWidth(SAID_PX)
        self.said.hide()
        column.addWidget(self.choose)
        column.addWidget(self.said)
        column.addStretch(1)
        self._row.addLayout(column)
        self.set_colours(colours)
        self.set_language("zh")
        self.hide()

    def set_language(self, language: str) -> None:
        """Chinese (zh) or English (en)."""
        more = {"trails": FEW_IN_VIEW[language == "en"], "sectors": UNBLOCKED[language == "en"]}
        for name, box in self.boxes.items():
            box.setText(WORDS[name][language == "en"])
            line = LINE[language == "en"].format(layer=box.text().lower().replace(" ", "-"))
            box.setToolTip(f"{more[name]}\n{line}" if name in more else line)
        self.choose.setText(CHOOSE[language == "en"])
        self.adjustSize()

    def set_colours(self, colours: MapColours) -> None:
        """Draw in the colours of a theme."""
        box = "LayerSwitches QCheckBox::indicator"
        self.setStyleSheet(
            f"LayerSwitches {{ background:{colours.panel}; border:1px solid {colours.line}; border-radius:5px; }}"
            f"LayerSwitches QCheckBox {{ color:{colours.text}; background:transparent; spacing:8px; }}"
            f"LayerSwitches QLabel {{ color:{colours.dim}; background:transparent; }}"
            f"LayerSwitches > QPushButton {{ color:{colours.dim}; background:transparent; border:1px solid {colours.line};"
            " border-radius:3px; padding:2px 8px; min-height:16px; }"
            f"LayerSwitches > QPushButton:hover {{ color:{colours.text}; }}"
            f"{box} {{ width:11px; height:11px; border:1px solid {colours.dim}; border-radius:2px; }}"
            f"{box}:checked {{ background:{colours.focus}; border-color:{colours.focus}; }}"
        )

    def hold(self, legend: QWidget) -> None:
        """Show something beside the boxes: what the colours of the grids mean."""
        self._row.addWidget(legend)

    def say(self, text: str) -> None:
        """What is wrong with the basemap; nothing where nothing is."""
        self.said.setText(text)
        self.said.setVisible(bool(text))
        # a size hint knows of no lines broken at a width; without a word there is no height for one
        self.said.setFixedHeight(max(self.said.heightForWidth(SAID_PX), 0))

    def tell(self, name: str, visible: bool) -> None:
        """Tick a box or not, without telling anyone."""
        self.boxes[name].setChecked(visible)

    def mousePressEvent(self, press: QMouseEvent) -> None:
        """Leave nothing to the map below."""
        press.accept()

    def mouseReleaseEvent(self, release: QMouseEvent) -> None:
        """Leave nothing to the map below."""
        release.accept()
