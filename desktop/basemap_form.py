"""Ctrl+U: which basemap lies on the ground: a file or an address, looked at before it is used."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from desktop.basemap.chosen import NONE, OPACITIES, Chosen
from desktop.basemap.probing import Found, Probe
from desktop.basemap_told import described, named
from desktop.map.scene import Geometry
from desktop.seat import Seat
from gis_data.basemap.address import with_keys_of
from gis_data.basemap.source import Unreadable
from gis_data.datum import Datum
from governance.places import LonLat

if TYPE_CHECKING:
    from desktop.basemap_on_map import BasemapOnMap
    from desktop.map_panel import MapPanel

WIDE_PX, SIDE_PX, TOP_PX = 620, 14, 90
ARROWS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1}
DATUMS = (Datum.WGS84, Datum.GCJ02)


class BasemapForm(QFrame):
    """Over the map panel, hidden until asked for. Main thread only."""

    def __init__(self, seat: Seat, panel: MapPanel, on_map: BasemapOnMap) -> None:
        """Nothing was looked at."""
        super().__init__(panel)
        self._seat, self._panel, self._on_map = seat, panel, on_map
        self._before: QWidget | None = None
        self.found: Found | None = None
        self.setProperty("look", "overlay")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.title, self.said, self.standing, self.datum_hint = QLabel(), QLabel(), QLabel(), QLabel()
        self.title.setProperty("look", "name")
        for label in (self.standing, self.datum_hint):
            label.setProperty("look", "dim")
        for label in (self.said, self.standing, self.datum_hint):
            label.setWordWrap(True)
        self.line, self.layer = QLineEdit(), QComboBox()
        self.browse, self.look, self.use, self.none = QPushButton(), QPushButton(), QPushButton(), QPushButton()
        self.use.setProperty("look", "go")
        self.datum_label, self.opacity_label = QLabel(), QLabel()
        self.datums = {datum: self._choice() for datum in DATUMS}
        self.opacities = {opacity: self._choice() for opacity in OPACITIES}
        self.replaces = QCheckBox()
        self.probe = Probe(self)
        self._lay_out()
        self._connect()
        self.hide()

    @staticmethod
    def _choice() -> QPushButton:
        button = QPushButton()
        button.setProperty("look", "choice")
        button.setCheckable(True)
        return button

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(SIDE_PX, 10, SIDE_PX, 12)
        column.setSpacing(8)
        for label in (self.datum_label, self.opacity_label):
            label.setProperty("look", "field")
            label.setMinimumWidth(64)
        rows: tuple[tuple[QWidget, ...], ...] = (
            (self.title,),
            (self.line, self.browse, self.look),
            (self.said,),
            (self.layer,),
            (self.datum_label, *self.datums.values()),
            (self.datum_hint,),
            (self.opacity_label, *self.opacities.values()),
            (self.replaces,),
            (self.use, self.none),
            (self.standing,),
        )
        wide = (self.line, self.said, self.standing, self.layer, self.datum_hint)
        for widgets in rows:
            row = QHBoxLayout()
            row.setSpacing(8)
            for widget in widgets:
                row.addWidget(widget, 1 if widget in wide else 0)
            if not any(widget in wide for widget in widgets):
                row.addStretch(1)
            column.addLayout(row)

    def _connect(self) -> None:
        self.probe.found.connect(self._take)
        self.line.textChanged.connect(lambda _text: self._forget())
        self.line.returnPressed.connect(self._enter)
        self.browse.clicked.connect(self._browse)
        self.look.clicked.connect(self.test)
        self.use.clicked.connect(self.accept)
        self.none.clicked.connect(lambda: self._choose(NONE))
        for datum, button in self.datums.items():
            button.clicked.connect(lambda _on=False, datum=datum: self._set_datum(datum))
        for opacity, button in self.opacities.items():
            button.clicked.connect(lambda _on=False, opacity=opacity: self._set_opacity(opacity))
        for widget in self.findChildren(QWidget):
            widget.installEventFilter(self)

    # ---- coming and going ------------------------------------------------------------------------------------------

    def begin(self, typed: str = "") -> None:
        """Come; what is given is looked at."""
        if not self.isVisible():
            self._before = self.window().focusWidget()
        self.line.setText(typed or self._on_map.chosen.shown())
        self._forget()
        self._set_datum(self._on_map.chosen.datum)
        self._set_opacity(self._on_map.chosen.opacity, tells=False)
        self.replaces.setChecked(self._on_map.chosen.replaces)
        self.retell()
        self.show()
        self.raise_()
        self.place()
        self.line.setFocus(Qt.FocusReason.OtherFocusReason)
        self.line.selectAll()
        if typed:
            self.test()

    def leave(self) -> None:
        """Go; the keys go back to whoever had them."""
        self.probe.forget()
        before, self._before = self._before, None
        self.hide()
        if before is not None and isValid(before) and self.window().isAncestorOf(before):
            before.setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Esc leaves, whichever part has the keys; arrows choose the next of a choice, and the keys go along."""
        step = ARROWS.get(Qt.Key(event.key()), 0) if isinstance(event, QKeyEvent) else 0
        if step and event.type() == QEvent.Type.KeyPress:
            for choice in ([*self.datums.values()], [*self.opacities.values()]):
                if watched in choice:
                    following = choice[(choice.index(watched) + step) % len(choice)]
                    following.click()
                    following.setFocus(Qt.FocusReason.OtherFocusReason)
                    return True
        is_escape = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
        if is_escape and event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if is_escape and event.type() == QEvent.Type.KeyPress:
            self.leave()
            return True
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """No letter that a field left alone works behind the form."""
        event.accept()

    def place(self) -> None:
        """Stand in the upper middle of the map, as high as what it says."""
        self.setFixedWidth(min(WIDE_PX, self._panel.width() - 24))
        self.adjustSize()
        self.move((self._panel.width() - self.width()) // 2, min(TOP_PX, max(self._panel.height() - self.height(), 0)))

    # ---- looking ---------------------------------------------------------------------------------------------------

    def test(self) -> None:
        """Look at what was typed."""
        self._forget()
        typed = self._typed()
        if not typed:
            return
        self._say(self._seat.words("basemap.looking"))
        geometry: Geometry | None = self._panel.geometry_shown
        self.probe.look(typed, geometry.plane.origin if geometry is not None else LonLat(0.0, 0.0))

    def _typed(self) -> str:
        """What was typed, with the keys that were hidden."""
        kept = self._on_map.chosen
        text = self.line.text().strip()
        return text if kept.path else with_keys_of(text, kept.typed or kept.template)

    def _forget(self) -> None:
        self.probe.forget()
        self.found = None
        self.layer.clear()
        self._say("")
        self._tell_parts()

    def _enter(self) -> None:
        if self.found is not None and self.found.choices:
            self.accept()
        else:
            self.test()

    def _take(self, found: Found) -> None:
        self.found = found
        words = self._seat.words
        if found.why is not None:
            self._say(words("basemap.nothing", why=words(f"basemap.why.{found.why}", said=found.said)), wrong=True)
        else:
            self.layer.addItems([named(words, each) for each in found.choices])
            self._set_datum(found.choices[0].datum if found.choices[0].is_service else self._datum())
            geometry = self._panel.geometry_shown
            self._say(described(words, found.choices, geometry.plane.origin if geometry is not None else None))
        self._tell_parts()

    # ---- choosing --------------------------------------------------------------------------------------------------

    def accept(self) -> None:
        """Use what was found, as it is set here."""
        if self.found is None or not self.found.choices:
            self.test()
            return
        chosen = self.found.choices[max(self.layer.currentIndex(), 0)]
        self._choose(replace(chosen, datum=self._datum(), opacity=self._opacity(), replaces=self.replaces.isChecked()))

    def _choose(self, chosen: Chosen) -> None:
        try:
            self._on_map.choose(chosen)
        except Unreadable as problem:
            self._take(Found(self.line.text(), (), problem.why, problem.said))
            return
        self.leave()

    def _browse(self) -> None:
        words = self._seat.words
        dialog = QFileDialog(self, words("basemap.file.title"), str(Path.home()), "MBTiles, PMTiles (*.mbtiles *.pmtiles)")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
        dialog.setLabelText(QFileDialog.DialogLabel.Accept, words("basemap.file.open"))
        dialog.setLabelText(QFileDialog.DialogLabel.Reject, words("basemap.file.leave"))
        dialog.fileSelected.connect(self.begin)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _set_datum(self, chosen: Datum) -> None:
        for datum, button in self.datums.items():
            button.setChecked(datum is (Datum.GCJ02 if chosen is Datum.GCJ02 else Datum.WGS84))
        self._lead_tab()

    def _lead_tab(self) -> None:
        """Tab comes to what is chosen, never to another choice beside it."""
        for button in (*self.datums.values(), *self.opacities.values()):
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus if button.isChecked() else Qt.FocusPolicy.ClickFocus)

    def _datum(self) -> Datum:
        return next((datum for datum, button in self.datums.items() if button.isChecked()), Datum.WGS84)

    def _set_opacity(self, chosen: float, *, tells: bool = True) -> None:
        nearest = min(OPACITIES, key=lambda opacity: abs(opacity - chosen))
        for opacity, button in self.opacities.items():
            button.setChecked(opacity == nearest)
        self._lead_tab()
        if tells:
            self._on_map.dim(nearest)

    def _opacity(self) -> float:
        return next((opacity for opacity, button in self.opacities.items() if button.isChecked()), OPACITIES[0])

    # ---- what it says ----------------------------------------------------------------------------------------------

    def _say(self, text: str, *, wrong: bool = False) -> None:
        self.said.setText(text)
        self.said.setVisible(bool(text))
        self.said.setProperty("look", "refused" if wrong else "dim")
        self.said.style().unpolish(self.said)
        self.said.style().polish(self.said)
        if self.isVisible():
            self.place()

    def _tell_parts(self) -> None:
        """Show what can be chosen of what was found."""
        self.layer.setVisible(self.layer.count() > 1)
        self.use.setEnabled(self.found is not None and bool(self.found.choices))
        if self.isVisible():
            self.place()

    def tell_standing(self) -> None:
        """Say how the basemap of now does."""
        words, told = self._seat.words, self._on_map.told()
        lines = [line for line in (told.source, told.wrong, self._on_map.counts()) if line]
        self.standing.setText(words("basemap.now", what="\n".join(lines)) if lines else words("basemap.none_now"))
        self.none.setEnabled(self._on_map.chosen != NONE)

    def retell(self) -> None:
        """Say everything again, in the language of now."""
        words = self._seat.words
        for widget, key in (
            (self.title, "title"), (self.browse, "browse"), (self.look, "look"), (self.use, "use"), (self.none, "use_none"),
            (self.datum_label, "datum"), (self.opacity_label, "opacity"), (self.replaces, "replaces"),
            (self.datum_hint, "datum.hint"),
        ):  # fmt: skip
            widget.setText(words(f"basemap.{key}"))
            if words.has(f"basemap.{key}.tip"):
                widget.setToolTip(words(f"basemap.{key}.tip"))
        self.line.setPlaceholderText(words("basemap.hint"))
        self.line.setToolTip(words("basemap.hint.tip"))
        for datum, button in self.datums.items():
            button.setText(words(f"basemap.datum.{datum}"))
            button.setToolTip(words(f"basemap.datum.{datum}.tip"))
        for opacity, button in self.opacities.items():
            button.setText(f"{opacity:.0%}")
            button.setToolTip(words("basemap.opacity.tip"))
        self.tell_standing()
