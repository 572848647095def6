"""Paints one frame of the GL map: the cached picture when it must, everything that moves always."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from OpenGL import GL

from desktop.map.atlas import Atlas, AtlasFull
from desktop.map.colours import rgb
from desktop.map.graphics import ValueTexture, check, is_software, mix_opaquely, uploaded
from desktop.map.layer import TALLEST_M, Bench, Frame
from desktop.map.layer_order import SWITCH_OF, WRITES_IDS, layers_of
from desktop.map.marks_layout import MarksLayout, Room, Stand, laid_out
from desktop.map.oblique import Oblique
from desktop.map.resident import Shelf
from desktop.map.shown import Shown
from desktop.map.sprites import Sprites
from desktop.map.static_cache import MARGIN_PX, Held, StaticCache
from desktop.map.viewpoint import Viewpoint

COARSENESS = 2
"""Pixels across that share one while the view moves, where the processor draws."""

NAMES_TRIED = (1.0, 1.0, 0.5, 0.2, 0.0)
"""Shares of the names that the atlas is asked to hold, in turn; the second time it was emptied before."""


@dataclass(slots=True)
class Counters:
    """What painting took since the canvas was made; tests assert on differences."""

    static_redraws: int = 0
    smooth_redraws: int = 0
    repairs: int = 0
    """Redraws of only the part of the cached picture around grids whose load changed."""
    dynamic_frames: int = 0
    layouts: int = 0
    draw_calls: int = 0
    """Of the last frame."""


class FramePainter:
    """Owns everything that lives in one GL context. Every method needs that context to be current."""

    def __init__(self, shown: Shown) -> None:
        """A painter of what is shown; call `build` once the context exists, and again for a new context."""
        self.shown = shown
        self.layers = layers_of(shown)
        self.counters = Counters()
        self.layout = MarksLayout()
        self.software = True
        self.sprites = Sprites(shown.colours, 1.0)
        self.oblique: Oblique | None = None
        """The camera of the last frame, in logical pixels, exactly as drawn."""
        self.covered = np.zeros((0, 4))
        """Boxes of the picture, logical pixels, that something covers: no name is painted there."""
        self.layout_key: tuple[object, ...] | None = None
        self._names_key: tuple[object, ...] = ()
        self._cache: StaticCache | None = None
        self._uploaded: tuple[object, ...] = ()
        self._geometry: object = None

    def build(self) -> None:
        """Make programs and buffers in the current context."""
        camera = uploaded(np.zeros(20, np.float32), GL.GL_UNIFORM_BUFFER, GL.GL_DYNAMIC_DRAW)
        self.software = is_software()
        self._bench = Bench(self.software, ValueTexture(), ValueTexture(), Atlas(self.sprites), Shelf(), camera)
        for layer in self.layers.ordered:
            layer.build(self._bench)
        self._cache, self._geometry, self._uploaded, self.layout_key, self._names_key = None, None, (), None, ()

    def paint(
        self, viewpoint: Viewpoint, width: int, height: int, ratio: float, now_s: float, target: int, *, moving: bool
    ) -> None:
        """Paint a frame of width x height device pixels into the target framebuffer."""
        self._refresh(ratio)
        cache = self._fitting_cache(width, height)
        device = viewpoint.scaled_by(1 / ratio)
        version = (self.shown.statics, self.shown.raise_m(viewpoint.metres_per_pixel), self._switches())
        calls = 0
        coarse = cache.held is not None and not cache.held.smooth and not moving
        if coarse or not cache.serves(device, version):
            calls += self._redraw(cache, device, version, ratio, now_s, moving)
        elif cache.held is not None and cache.held.loads != self.shown.loads:
            calls += self._repair(cache, cache.held, ratio, now_s)
        offset = cache.offset_px(device)
        exact = self._exact(cache, offset)
        cache.show(target, offset)
        frame = self._frame(exact, width, height, viewpoint.metres_per_pixel, ratio, now_s, moving)
        self.oblique = Oblique(exact.scaled_by(ratio), width / ratio, height / ratio)
        self.shown.look_for_dots(self.oblique)
        self._lay_out(cache, ratio, moving)
        self._show_names()
        frame.send_camera(self._bench.camera)
        for layer in self.layers.ordered:
            if not layer.is_static and self._is_on(layer.name):
                calls += layer.draw(frame)
        GL.glBindVertexArray(0)
        GL.glUseProgram(0)
        self.counters.dynamic_frames += 1
        self.counters.draw_calls = calls

    def thing_at(self, x: int, y: int) -> int:
        """Value of the id buffer at a device pixel of the last frame."""
        if self._cache is None or self._cache.held is None:
            return 0
        return self._cache.id_at(x, y, self._offset)

    def _exact(self, cache: StaticCache, offset: tuple[int, int]) -> Viewpoint:
        """The viewpoint whose pixels fall exactly on those of the cache, so that nothing shivers."""
        self._offset = offset
        assert cache.held is not None
        held = cache.held.viewpoint
        x, y = Oblique(held, 0, 0).ground(0.5 + offset[0], 0.5 - offset[1])
        return held.at(x, y)

    def _refresh(self, ratio: float) -> None:
        """Upload what changed since the last frame: theme, geometry, load."""
        shown = self.shown
        if shown.colours is not self.sprites.colours or ratio != self.sprites.pixel_ratio:
            self.sprites = Sprites(shown.colours, ratio)
            self._bench.atlas.start_over(self.sprites)
            self.layout_key = None
        if shown.geometry is not self._geometry:
            self._geometry = shown.geometry
            for layer in self.layers.ordered:
                layer.take_geometry()
        if self._uploaded != (shown.statics, shown.loads, shown.colours):
            self._uploaded = (shown.statics, shown.loads, shown.colours)
            self._bench.grids.upload(shown.grid_values())
            self._bench.late.upload(shown.late_values())
            shown.workers.all_changed = True  # their grids may stand higher now

    def _fitting_cache(self, width: int, height: int) -> StaticCache:
        if self._cache is None or (self._cache.width, self._cache.height) != (width, height):
            if self._cache is not None:
                self._cache.delete()
            self._cache = StaticCache(width, height, COARSENESS if self.software else 1)
        return self._cache

    def _switches(self) -> tuple[bool, ...]:
        return tuple(self.shown.layer_visible.values())

    def _is_on(self, name: str) -> bool:
        return self.shown.layer_visible.get(SWITCH_OF.get(name, name), True)

    def _redraw(
        self,
        cache: StaticCache,
        device: Viewpoint,
        version: tuple[int, float, tuple[bool, ...]],
        ratio: float,
        now_s: float,
        moving: bool,
    ) -> int:
        """Draw the cached picture; with ids, margin and smooth edges once the view stands still."""
        view, size, part = device, (cache.full_width, cache.full_height), 1
        if moving:
            part = cache.coarseness
            view, size = device.scaled_by(part), (cache.quick_width, cache.quick_height)
        frame = self._frame(view, *size, device.metres_per_pixel * ratio, ratio / part, now_s, moving)
        self.shown.take_changed_grids()
        calls = self._draw_static(cache, frame)
        check()
        loads = self.shown.loads
        cache.held = Held(device, version, loads, 0 if moving else MARGIN_PX, not moving)
        self.counters.static_redraws += 1
        self.counters.smooth_redraws += not moving
        return calls

    def _repair(self, cache: StaticCache, held: Held, ratio: float, now_s: float) -> int:
        """Draw again what lies around the grids whose load changed; everything where that is most of the picture."""
        changed, geometry = self.shown.take_changed_grids(), self.shown.geometry
        scale = held.viewpoint.metres_per_pixel * ratio
        frame = self._frame(held.viewpoint, cache.full_width, cache.full_height, scale, ratio, now_s, False)
        if changed is None or geometry is None:
            return self._redraw(cache, held.viewpoint, held.version, ratio, now_s, False)
        boxes = geometry.grids.fine.owner_box[changed].astype(np.float64)
        corners = boxes[np.isfinite(boxes[:, 0])][:, [0, 1, 2, 1, 2, 3, 0, 3]].reshape(-1, 2)
        xy = np.tile(corners, (2, 1))
        heights = np.repeat([0.0, frame.raise_m], len(corners))
        part = cache.part_of(frame.oblique.screen(xy[:, 0], xy[:, 1], heights)) if len(xy) else None
        calls = 0
        if part is not None:
            inside = replace(
                frame,
                box=frame.oblique.part_box(part, frame.raise_m),
                tall_box=frame.oblique.part_box(part, TALLEST_M + frame.raise_m),
            )
            cache.only(part)
            calls = self._draw_static(cache, inside)
            cache.only(None)
            check()
        cache.held = replace(held, loads=self.shown.loads)
        self.counters.repairs += 1
        return calls

    def _draw_static(self, cache: StaticCache, frame: Frame) -> int:
        frame.send_camera(self._bench.camera)
        cache.begin(rgb(self.shown.colours.ground), moving=frame.moving)
        mix_opaquely()
        GL.glDepthFunc(GL.GL_LEQUAL)
        calls = 0
        for layer in self.layers.ordered:
            if layer.is_static and self._is_on(layer.name):
                cache.write_ids(layer.name in WRITES_IDS and not frame.moving)
                calls += layer.draw(frame)
        if not frame.moving:
            cache.smooth_edges()
        self._bench.shelf.trim()
        return calls

    def _frame(
        self, device: Viewpoint, width: int, height: int, scale: float, ratio: float, now_s: float, moving: bool
    ) -> Frame:
        oblique = Oblique(device, width, height)
        raised = self.shown.raise_m(scale)
        box, tall_box = oblique.ground_box(8.0, raised), oblique.ground_box(8.0, TALLEST_M + raised)
        return Frame(oblique, box, tall_box, scale, ratio, now_s, raised, moving)

    def _lay_out(self, cache: StaticCache, ratio: float, moving: bool) -> None:
        """Place pins and names anew where something they depend on changed; a pan within the margin changes nothing."""
        held = cache.held
        assert held is not None
        key = (held.viewpoint, held.margin_px, held.version, self.shown.marks, self.shown.selected, moving)
        if key == self.layout_key:
            return
        margin = held.margin_px / ratio
        logical = Oblique(held.viewpoint.scaled_by(ratio), cache.width / ratio, cache.height / ratio)
        box = logical.ground_box(margin, self.shown.raise_m(logical.viewpoint.metres_per_pixel))
        left, top = self._offset[0] / ratio, -self._offset[1] / ratio
        room = Room(margin, (left, top, left + logical.width_px, top + logical.height_px), self.covered)
        self.layout = laid_out(self.shown, logical, self.sprites, box, room, moving=moving)
        self._fill_atlas()
        self.layout_key = key
        self.counters.layouts += 1

    def _fill_atlas(self) -> None:
        """Upload the layout; where a fresh atlas cannot hold all of it, names go first, the least important of them."""
        layout, layers = self.layout, self.layers
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
                self._bench.atlas.start_over(self.sprites)
        layout.cameras, layout.pins = Stand(), Stand()
        for layer in (layers.pins, layers.cameras, layers.names):
            layer.take(Stand())

    def _show_names(self) -> None:
        """Draw only names that are whole: after a pan some of those laid out lie across the edge."""
        assert self.oblique is not None
        key = (self.layout_key, self._offset, self.covered.tobytes())
        if key != self._names_key:
            self._names_key = key
            self.layout.show_whole_names(self.oblique, self.sprites, self.covered)
            self.layers.names.take(self.layout.names)
