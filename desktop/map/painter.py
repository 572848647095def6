"""Paints one frame of the GL map: the cached picture when it must, everything that moves always."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from OpenGL import GL

from desktop.map.atlas import Atlas
from desktop.map.colours import rgb
from desktop.map.graphics import ValueTexture, check, is_software, mix_opaquely, uploaded
from desktop.map.layer import TALLEST_M, Bench, Frame
from desktop.map.layer_order import SWITCH_OF, WRITES_IDS, layers_of
from desktop.map.marks_on_card import MarksOnCard
from desktop.map.oblique import Oblique
from desktop.map.resident import Shelf
from desktop.map.shown import Shown
from desktop.map.sprites import Sprites
from desktop.map.static_cache import AHEAD_PX, RIM_PX, Held, StaticCache
from desktop.map.torus import Part
from desktop.map.viewpoint import Viewpoint

COARSENESS = 2
"""Pixels across that share one while the view moves, where the processor draws."""


@dataclass(slots=True)
class Counters:
    """What painting took since the canvas was made; tests assert on differences."""

    static_redraws: int = 0
    smooth_redraws: int = 0
    repairs: int = 0
    """Redraws of only the part of the cached picture around grids whose load changed."""
    strips: int = 0
    """Times a pan drew what came into sight."""
    dynamic_frames: int = 0
    patched: int = 0
    """Frames of the plain map that painted only the patches around dots that moved."""
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
        self.marks = MarksOnCard(shown, self.layers)
        self.software = True
        self.sprites = Sprites(shown.colours, 1.0)
        self.oblique: Oblique | None = None
        """The camera of the last frame, in logical pixels, exactly as drawn."""
        self.covered = np.zeros((0, 4))
        """Boxes of the picture, logical pixels, that something covers: no name is painted there."""
        self._offset = (0, 0)
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
        self._cache, self._geometry, self._uploaded = None, None, ()
        self.marks.forget()

    def paint(
        self, viewpoint: Viewpoint, width: int, height: int, ratio: float, now_s: float, target: int, *, moving: bool
    ) -> None:
        """Paint a frame of width x height device pixels into the target framebuffer."""
        self._refresh(ratio)
        cache = self._fitting_cache(width, height)
        self.shown.look_behind(viewpoint, viewpoint.metres_per_pixel)
        device = viewpoint.scaled_by(1 / ratio)
        version = (self.shown.statics, self.shown.raise_m(viewpoint.metres_per_pixel), self._switches())
        calls = 0
        coarse = cache.held is not None and not cache.held.smooth and not moving
        if coarse or not cache.serves(device, version):
            calls += self._redraw(cache, device, version, ratio, now_s, moving)
        elif cache.held is not None and cache.held.loads != self.shown.loads:
            calls += self._repair(cache, device, ratio, now_s)
        offset = cache.offset_px(device)
        calls += self._reach(cache, offset, ratio, now_s)
        exact = self._exact(cache, offset)
        cache.show(target, offset)
        frame = self._frame(exact, width, height, viewpoint.metres_per_pixel, ratio, now_s, moving)
        self.oblique = Oblique(exact.scaled_by(ratio), width / ratio, height / ratio)
        self.shown.look_for_dots(self.oblique)
        self.marks.place(self.oblique, version, self.sprites, self._bench.atlas, self.covered, now_s, moving)
        self.counters.layouts = self.marks.layouts
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
            self.marks.forget()
        if shown.geometry is not self._geometry:
            self._geometry = shown.geometry
            for layer in self.layers.ordered:
                layer.take_geometry()
        if self._uploaded != (shown.geometry, shown.loads, shown.colours):
            self._uploaded = (shown.geometry, shown.loads, shown.colours)
            self._bench.grids.upload(shown.grid_values())
            self._bench.late.upload(shown.late_values())
            shown.workers.all_changed = True  # their grids may stand higher now

    def _fitting_cache(self, width: int, height: int) -> StaticCache:
        if self._cache is None or not self._cache.has_room_for(width, height):
            room = (0, 0)
            if self._cache is not None:
                room = self._cache.room if self._cache.is_worth(width, height) else room
                self._cache.delete()
            self._cache = StaticCache(width, height, COARSENESS if self.software else 1, room)
        elif (self._cache.width, self._cache.height) != (width, height):
            self._cache.resize(width, height)
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
        self.shown.take_changed_grids()
        self.counters.static_redraws += 1
        if not moving:
            self.counters.smooth_redraws += 1
            filled = cache.seen((0, 0)).wider(RIM_PX)
            cache.held = Held(device, version, self.shown.loads, filled)
            return self._fill(cache, (filled,), ratio, now_s)
        part = cache.coarseness
        size = (cache.quick_width, cache.quick_height)
        frame = self._frame(device.scaled_by(part), *size, device.metres_per_pixel * ratio, ratio / part, now_s, moving)
        cache.held = Held(device, version, self.shown.loads, None)
        calls = self._draw_static(cache, frame, None)
        self._bench.shelf.trim()
        check()
        return calls

    def _reach(self, cache: StaticCache, offset: tuple[int, int], ratio: float, now_s: float) -> int:
        """Draw what a pan brings into sight, and some more on that side."""
        held, wanted = cache.held, cache.seen(offset).wider(RIM_PX)
        if held is None or held.filled is None or held.filled.holds(wanted):
            return 0
        kept = cache.torus.kept(held.filled, wanted, AHEAD_PX)
        cache.held = replace(held, filled=kept)
        self.counters.strips += 1
        return self._fill(cache, kept.without(held.filled), ratio, now_s)

    def _repair(self, cache: StaticCache, device: Viewpoint, ratio: float, now_s: float) -> int:
        """Draw again what lies around the grids whose load changed; everything where that is most of the picture."""
        held, changed, geometry = cache.held, self.shown.take_changed_grids(), self.shown.geometry
        assert held is not None
        if changed is None or geometry is None or held.filled is None:
            return self._redraw(cache, device, held.version, ratio, now_s, not held.smooth)
        cache.held = replace(held, loads=self.shown.loads)
        self.counters.repairs += 1
        boxes = geometry.grids.fine.owner_box[changed].astype(np.float64)
        corners = boxes[np.isfinite(boxes[:, 0])][:, [0, 1, 2, 1, 2, 3, 0, 3]].reshape(-1, 2)
        if len(corners) == 0:
            return 0
        xy = np.tile(corners, (2, 1))
        heights = np.repeat([0.0, self.shown.raise_m(held.viewpoint.metres_per_pixel * ratio)], len(corners))
        px = Oblique(held.viewpoint, cache.width, cache.height).screen(xy[:, 0], xy[:, 1], heights)
        (left, top), (right, low) = np.floor(px.min(axis=0)).tolist(), np.ceil(px.max(axis=0)).tolist()
        around = Part(int(left), cache.height - int(low), int(right), cache.height - int(top)).wider(RIM_PX)
        dirty = around.shared_with(held.filled)
        return 0 if dirty.is_empty else self._fill(cache, (dirty,), ratio, now_s)

    def _fill(self, cache: StaticCache, parts: Sequence[Part], ratio: float, now_s: float) -> int:
        """Draw parts of the endless picture, then smooth them and the edges of what lies around."""
        held, calls = cache.held, 0
        assert held is not None
        assert held.filled is not None
        whole = Oblique(held.viewpoint, cache.width, cache.height)
        scale = held.viewpoint.metres_per_pixel * ratio
        for part in parts:
            for piece in cache.torus.pieces(part):
                middle = whole.ground((piece.left + piece.right) / 2, cache.height - (piece.low + piece.high) / 2)
                size = (piece.wide, piece.tall)
                frame = self._frame(held.viewpoint.at(*middle), *size, scale, ratio, now_s, False, cache.torus.tall)
                calls += self._draw_static(cache, frame, piece)
        cache.end()
        self._bench.shelf.trim()
        for part in parts:
            cache.smooth_edges(part.wider(RIM_PX).shared_with(held.filled))
        check()
        return calls

    def _draw_static(self, cache: StaticCache, frame: Frame, piece: Part | None) -> int:
        frame.send_camera(self._bench.camera)
        cache.begin(rgb(self.shown.colours.ground), piece)
        mix_opaquely()
        GL.glDepthFunc(GL.GL_LEQUAL)
        calls = 0
        for layer in self.layers.ordered:
            if layer.is_static and self._is_on(layer.name):
                cache.write_ids(layer.name in WRITES_IDS and not frame.moving)
                calls += layer.draw(frame)
        return calls

    def _frame(
        self,
        device: Viewpoint,
        width: int,
        height: int,
        scale: float,
        ratio: float,
        now_s: float,
        moving: bool,
        deep_px: float = 0.0,
    ) -> Frame:
        oblique = Oblique(device, width, height, deep_px)
        raised = self.shown.raise_m(scale)
        box, tall_box = oblique.ground_box(8.0, raised), oblique.ground_box(8.0, TALLEST_M + raised)
        return Frame(oblique, box, tall_box, scale, ratio, now_s, raised, moving)
