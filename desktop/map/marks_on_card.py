"""Pins, cameras and names placed for the GL map and uploaded: anew only when something they depend on changed."""

from __future__ import annotations

import numpy as np

from desktop.map.atlas import Atlas, AtlasFull
from desktop.map.layer_order import Layers
from desktop.map.marks_layout import MarksLayout, Room, Stand, laid_out
from desktop.map.oblique import Oblique
from desktop.map.shown import Shown
from desktop.map.sprites import Sprites
from desktop.map.viewpoint import Viewpoint

LAID_PX = 160
"""How far beyond the picture pins and names are placed, so that a pan need not place them anew in every frame."""

LAID_WHILE_TURNING_S = 0.15
"""How often pins and names are placed anew while the map turns: in between they go along with the ground they stand on."""

NAMES_TRIED = (1.0, 1.0, 0.5, 0.2, 0.0)
"""Shares of the names that the atlas is asked to hold, in turn; the second time it was emptied before."""


class MarksOnCard:
    """What stands upright on the map, in the batches that draw it. The GL context must be current."""

    def __init__(self, shown: Shown, layers: Layers) -> None:
        """Nothing is placed yet."""
        self._shown, self._layers = shown, layers
        self.layout = MarksLayout()
        self.layouts = 0
        """How often everything was placed anew."""
        self.forget()

    def forget(self) -> None:
        """Place everything anew with the next frame."""
        self._key: tuple[object, ...] | None = None
        self._names_key: tuple[object, ...] = ()
        self._laid_for, self._laid_s = Viewpoint(0.0, 0.0, 1.0, 0.0, 0.0), 0.0

    def place(
        self,
        oblique: Oblique,
        standing: object,
        sprites: Sprites,
        atlas: Atlas,
        covered: np.ndarray,
        now_s: float,
        moving: bool,
    ) -> None:
        """Place what a frame shows, logical pixels.

        `standing` is another value when what things stand on is another; `covered` float64[n, 4] are boxes that are covered.
        """
        view, shown = oblique.viewpoint, self._shown
        size = (oblique.width_px, oblique.height_px, sprites.pixel_ratio)
        key = (view.metres_per_pixel, size, standing, shown.marks, shown.selected, moving)
        if key != self._key or not self._serves(view, now_s, moving):
            self._key, self._laid_for, self._laid_s = key, view, now_s
            margin = LAID_PX / sprites.pixel_ratio
            box = oblique.ground_box(margin, shown.raise_m(view.metres_per_pixel))
            room = Room(margin, (0.0, 0.0, oblique.width_px, oblique.height_px), covered)
            self.layout = laid_out(shown, oblique, sprites, box, room, moving=moving)
            self._fill(sprites, atlas)
            self.layouts += 1
        self._show_whole_names(oblique, sprites, covered)

    def _serves(self, view: Viewpoint, now_s: float, moving: bool) -> bool:
        """Whether what was placed can be shown from a viewpoint of the same scale."""
        if view.shape != self._laid_for.shape:
            return moving and now_s - self._laid_s < LAID_WHILE_TURNING_S
        gone = np.abs(Oblique(view, 0.0, 0.0).screen(self._laid_for.x, self._laid_for.y) - 0.5).max()
        return bool(gone <= LAID_PX)

    def _fill(self, sprites: Sprites, atlas: Atlas) -> None:
        """Upload the layout; where a fresh atlas cannot hold all of it, names go first, the least important of them."""
        layout, layers = self.layout, self._layers
        names = layout.laid_names
        for share in NAMES_TRIED:
            layout.laid_names = names.first(int(len(names.looks) * share))
            try:
                layers.ranks.reserve()
                for layer, stand in ((layers.pins, layout.pins), (layers.cameras, layout.cameras)):
                    layer.take(stand)
                layers.names.take(layout.laid_names)
                return
            except AtlasFull:
                atlas.start_over(sprites)
        layout.cameras, layout.pins = Stand(), Stand()
        for layer in (layers.pins, layers.cameras, layers.names):
            layer.take(Stand())

    def _show_whole_names(self, oblique: Oblique, sprites: Sprites, covered: np.ndarray) -> None:
        """Draw only names that are whole: after a pan some of those laid out lie across the edge."""
        key = (self.layouts, oblique.viewpoint, covered.tobytes())
        if key != self._names_key:
            self._names_key = key
            self.layout.show_whole_names(oblique, sprites, covered)
            self._layers.names.take(self.layout.names)
