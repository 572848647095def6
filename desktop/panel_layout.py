"""How the panels of the window lie: side by side, the tiles below the map, each in a window of its own; kept for each width."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QSplitter, QWidget

from desktop.floating import Floating
from desktop.layout_file import LayoutFile
from desktop.panels import NARROW_BELOW_PX, PANELS

if TYPE_CHECKING:
    from desktop.video_panel import VideoPanel
    from desktop.words import Words

PAUSE_MS = 700
"""A layout is written once the hand rests, not at every pixel of a drag: each write waits for the disk."""
VIDEO_SHARE = 0.45
"""Of the map's height, what the tiles take when they are opened the first time."""


class PanelLayout(QObject):
    """The splitters of a window and the windows of its panels. Main thread only."""

    changed = Signal()
    """A panel left its place or came back."""

    def __init__(
        self, window: QWidget, panels: dict[str, QWidget], video: VideoPanel | None, file: LayoutFile, words: Words
    ) -> None:
        """Panels by the names of the table of panels; the tiles, where there are any, hidden below the map."""
        super().__init__(window)
        self._window, self._panels, self._video, self._file = window, panels, video, file
        self._is_restored = False
        self.splitter, self.centre = QSplitter(Qt.Orientation.Horizontal), QSplitter(Qt.Orientation.Vertical)
        self.centre.addWidget(panels["map"])
        if video is not None:
            self.centre.addWidget(video)
            video.hide()
        self._lay_out()
        title = lambda name: words(f"panel.{name}")  # noqa: E731
        self.floating = Floating(window, self.splitter, {**panels, "map": self.centre}, title)
        self.video_floating = Floating(window, self.centre, {"map": panels["map"]} | ({"video": video} if video else {}), title)
        self.floats = (self.floating, self.video_floating)
        self._due = QTimer(self)
        self._due.setSingleShot(True)
        self._due.setInterval(PAUSE_MS)
        self._due.timeout.connect(self.keep)
        for splitter in (self.splitter, self.centre):
            splitter.splitterMoved.connect(lambda _at, _number: self._due.start())
        for floating in self.floats:
            floating.changed.connect(self._floated)

    def _lay_out(self) -> None:
        for splitter in (self.splitter, self.centre):
            splitter.setHandleWidth(1)
            splitter.setChildrenCollapsible(False)
        for number, panel in enumerate(PANELS):
            self._panels[panel.name].setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
            self._panels[panel.name].setMinimumWidth(panel.least_px)
            self.splitter.addWidget(self.centre if panel.name == "map" else self._panels[panel.name])
            self.splitter.setStretchFactor(number, 0 if panel.wide_px else 1)

    def switch(self, name: str) -> None:
        """Hide a panel, or show it again; one always stays."""
        if name in self.floating.windows:
            self.floating.put_back(name)
            return
        panel = self._panels[name]
        shown = [other for other in self._panels.values() if not other.isHidden()]
        if panel.isHidden() or len(shown) > 1:
            panel.setVisible(panel.isHidden())
        self._tell_centre()
        self._due.start()

    def switch_video(self) -> None:
        """Show the tiles, or hide them; from a window of their own they come back."""
        if self._video is None:
            return
        if "video" in self.video_floating.windows:
            self.video_floating.put_back("video")
        elif self._video.isHidden():
            self.show_video()
        else:
            self._video.hide()
        self._tell_centre()
        self._due.start()

    def show_video(self) -> None:
        """Show the tiles where they are hidden."""
        if self._video is None or not self._video.isHidden():
            return
        if not all(self.centre.sizes()):
            high = self.centre.height()
            self.centre.setSizes([round(high * (1 - VIDEO_SHARE)), round(high * VIDEO_SHARE)])
        self._video.show()
        self._tell_centre()
        self._due.start()

    def restore(self) -> None:
        """The first time, lay the panels out as they were left, or by the width of the window."""
        if self._is_restored or self._window.width() <= 400:
            return
        self._is_restored = True
        wide = self._window.width()
        sizes, hidden = self._file.read(wide)
        wanted = [panel.narrow_px if wide < NARROW_BELOW_PX else panel.wide_px for panel in PANELS]
        wanted = [px or wide - sum(wanted) - 2 for px in wanted]
        self.splitter.setSizes(sizes if len(sizes) == len(PANELS) else wanted)
        for name in hidden:
            if name in self._panels and len(hidden) < len(self._panels):
                self._panels[name].hide()
        places = self._file.floating(wide)
        self.floating.restore(places)
        centre = self._file.centre(wide)
        if self._video is not None and len(centre) == 2:
            self.centre.setSizes(centre)
            self._video.show()
            self.video_floating.restore({name: box for name, box in places.items() if name == "video"})
        self._tell_centre()

    def keep(self) -> None:
        """Write how the panels lie."""
        self._due.stop()
        if not self._is_restored:
            return
        hidden = [name for name, panel in self._panels.items() if panel.isHidden()]
        has_video = self._video is not None and not self._video.isHidden()
        centre = self.video_floating.sizes() if has_video else []
        places = self.floating.places() | self.video_floating.places()
        self._file.write(self._window.width(), self.floating.sizes(), hidden, places, centre)

    def show_windows(self, is_shown: bool) -> None:
        """The windows of panels are there exactly while their owner is."""
        for floating in self.floats:
            floating.show(is_shown)

    def retell(self) -> None:
        """Say the titles of windows again, in the language of now."""
        for floating in self.floats:
            floating.retell()

    def _floated(self) -> None:
        self._tell_centre()
        self._due.start()
        self.changed.emit()

    def _tell_centre(self) -> None:
        """What holds map and tiles takes room only while one of them is in it."""
        inside = [self.centre.widget(at) for at in range(self.centre.count())]
        self.centre.setVisible(any(not widget.isHidden() for widget in inside))
