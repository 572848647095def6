"""The layers of the map, bottom to top: a new layer is named here."""

from __future__ import annotations

from dataclasses import dataclass

from desktop.map.layer import Layer
from desktop.map.layers.basemap import BasemapLayer
from desktop.map.layers.boundaries import BoundaryLayer, HighlightLayer
from desktop.map.layers.buildings import BuildingLayer
from desktop.map.layers.crowd import CrowdLayer
from desktop.map.layers.floors import FloorLayer
from desktop.map.layers.grids import GridLayer
from desktop.map.layers.ground import SurfaceLayer
from desktop.map.layers.rings import RingLayer, SectorLayer
from desktop.map.layers.roads import RoadLayer
from desktop.map.layers.sprites import RankLayer, SpriteLayer
from desktop.map.layers.tracks import TrackLayer
from desktop.map.layers.trails import TrailLayer
from desktop.map.layers.workers import WorkerLayer
from desktop.map.shown import Shown


@dataclass(frozen=True, slots=True, eq=False)
class Layers:
    """All layers in order, and those that a new layout fills."""

    ordered: tuple[Layer, ...]
    names: SpriteLayer
    cameras: SpriteLayer
    pins: SpriteLayer
    ranks: RankLayer


WRITES_IDS = ("grids", "buildings")
SWITCH_OF = {
    "pins": "incidents",
    "ranks": "workers",
    "crowd": "workers",
    "floors": "incidents",
    "trails": "workers",
    "names": "labels",
}
"""Layers that are shown and hidden together with another."""


def layers_of(shown: Shown) -> Layers:
    """New layers for what is shown, bottom to top."""
    grids = GridLayer(shown)
    names, cameras, pins = (SpriteLayer(shown, name) for name in ("names", "cameras", "pins"))
    ranks = RankLayer(shown)
    ordered: tuple[Layer, ...] = (
        grids,
        BasemapLayer(shown),
        SurfaceLayer(shown, "land"),
        SurfaceLayer(shown, "water"),
        BoundaryLayer(shown, grids),
        RoadLayer(shown),
        BuildingLayer(shown),
        SectorLayer(shown),
        HighlightLayer(shown, grids),
        names,
        TrackLayer(shown),
        cameras,
        CrowdLayer(shown),
        TrailLayer(shown),
        WorkerLayer(shown),
        FloorLayer(shown),
        pins,
        ranks,
        RingLayer(shown),
    )
    return Layers(ordered, names, cameras, pins, ranks)
