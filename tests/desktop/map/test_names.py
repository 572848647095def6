"""Names on the map: whole or not at all, no word twice, none under what stands on the map's edge."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import psutil
import pytest
from PySide6.QtCore import QRect

from desktop.map.colours import NIGHT
from desktop.map.labels import LabelKind, area_names
from desktop.map.marks_layout import Room, laid_out
from desktop.map.oblique import Oblique
from desktop.map.shown import Shown
from desktop.map.sprites import MOST_DRAWN, LabelLook, Sprites
from desktop.map.unpacking import shortened
from desktop.map.viewpoint import Viewpoint
from tests.desktop.map.conftest import rest
from tests.desktop.map.invented_town import ORIGIN, geometry, pins


@pytest.mark.parametrize(
    ("name", "above", "said"),
    [
        ("景芳社区第07网格", "景芳社区", "第07网格"),
        ("四季青街道景芳社区", "四季青街道", "景芳社区"),
        ("Monaco-Ville", "Monaco", "Monaco-Ville"),
        ("Monaco 第02网格", "Monaco", "第02网格"),
        ("Fontvieille", "Fontvieille", "Fontvieille"),
        ("景芳社区", "景芳社区", "景芳社区"),
        ("第01网格 Boulevard d'Italie", "Larvotto", "第01网格 Boulevard d'Italie"),
        ("试验街道", "", "试验街道"),
    ],
)
def test_a_name_is_said_without_the_area_above_but_no_word_is_cut(name, above, said):
    assert shortened(name, above) == said


def names_of(canvas):
    """Texts and boxes of the names painted in the last frame."""
    layout = canvas._painter.marks.layout if hasattr(canvas, "_painter") else canvas._layout
    return [look.text for look in layout.names.looks], canvas.mark_boxes("names")[1]


def test_no_name_is_cut_by_the_edge_wherever_the_map_is_dragged(canvas, qtbot):
    canvas.zoom_by(1.6)
    rest(canvas, qtbot)
    said = set()
    for right, down in ((0, 0), (37, 11), (60, -40), (-120, 25), (23, 51)):
        canvas.pan_by(right, down)
        rest(canvas, qtbot)
        texts, boxes = names_of(canvas)
        said |= set(texts)
        assert (boxes[:, :2] >= -0.5).all()
        assert (boxes[:, 2:] <= (canvas.width() + 0.5, canvas.height() + 0.5)).all()
    assert len(said) >= 4


def test_a_name_whose_area_is_near_the_edge_moves_into_the_picture(canvas, qtbot):
    centre = canvas.shown.geometry.grids.centres[0]
    canvas.set_viewpoint(canvas.viewpoint.at(*centre.tolist()).scaled(1.0))
    rest(canvas, qtbot)
    px = canvas.drawn_oblique().screen(*centre)
    canvas.pan_by(18 - px[0], 0)
    rest(canvas, qtbot)
    canvas.shown.marks += 1
    rest(canvas, qtbot)
    texts, boxes = names_of(canvas)
    assert "第01网格" in texts
    assert boxes[texts.index("第01网格"), 0] >= 0


def test_no_name_lies_under_what_covers_the_map(canvas, qtbot):
    canvas.go_to(ORIGIN, 2.0)
    rest(canvas, qtbot)
    texts, boxes = names_of(canvas)
    street = texts.index("试验街道")
    left, top, _, bottom = boxes[street].tolist()
    canvas.furniture.over = [QRect(round(left) - 4, round(top) - 4, 20, round(bottom - top) + 8)]
    rest(canvas, qtbot)
    for _, box in zip(*names_of(canvas), strict=True):
        assert not QRect(*map(round, (box[0], box[1], box[2] - box[0], box[3] - box[1]))).intersects(canvas.furniture.over[0])


def test_a_name_dodges_a_pin_instead_of_vanishing(canvas, qtbot):
    canvas.go_to(ORIGIN, 2.0)
    rest(canvas, qtbot)
    texts, boxes = names_of(canvas)
    before = boxes[texts.index("试验街道")]
    middle = canvas.drawn_oblique().ground(*((before[:2] + before[2:]) / 2).tolist())
    canvas.set_pins(pins([middle], urgency=2))
    rest(canvas, qtbot)
    texts, boxes = names_of(canvas)
    after = boxes[texts.index("试验街道")]
    assert np.abs(after - before).max() > 5
    assert np.hypot(*(after - before)[:2]) < 110


def test_a_community_named_like_its_street_is_not_named_twice(canvas, qtbot):
    town = geometry()
    twins = tuple("试验街道" if n == 0 else label for n, label in enumerate(town.communities.labels))
    object.__setattr__(town.communities, "labels", twins)
    canvas.set_geometry(town)
    canvas.go_to(ORIGIN, 2.2)
    rest(canvas, qtbot)
    layout = canvas._painter.marks.layout if hasattr(canvas, "_painter") else canvas._layout
    said = [(look.text, look.kind) for look in layout.names.looks if look.text == "试验街道"]
    assert said == [("试验街道", LabelKind.STREET)]


def test_names_at_many_angles_are_not_all_kept(qtbot):
    sprites = Sprites(NIGHT, 1.0)
    for n in range(MOST_DRAWN + 700):
        look = LabelLook(f"路{n % 50}", LabelKind.ROAD, n // 50)
        assert sprites.sprite(look).image.width() > 0
        assert len(sprites._drawn) <= MOST_DRAWN
    assert sprites.sprite(look) is sprites.sprite(look)


def test_a_name_takes_little_more_than_its_picture(qtbot):
    sprites, process = Sprites(NIGHT, 1.0), psutil.Process()
    looks = [LabelLook(f"第{n}网格", LabelKind.GRID, 0) for n in range(480)]
    pictures = sum(sprites.sprite(look).image.sizeInBytes() for look in looks[:80])  # and what Qt needs once
    before = process.memory_full_info().uss
    pictures = sum(sprites.sprite(look).image.sizeInBytes() for look in looks[80:])
    assert process.memory_full_info().uss - before < 4 * pictures


@pytest.mark.parametrize("scale", [61.0, 180.0, 250.0])
def test_a_city_from_afar_is_named_here_and_there(scale):
    across = 40
    centres = np.stack(np.meshgrid(*[np.arange(across) * 2500.0] * 2), axis=2).reshape(-1, 2)
    names = tuple(f"第{n}街道" for n in range(len(centres)))
    half_m = np.array([960.0, 540.0]) * scale
    west, south = centres.mean(axis=0) - half_m
    east, north = centres.mean(axis=0) + half_m
    streets = SimpleNamespace(codes=names, labels=names, centres=centres)
    wished = area_names(streets, LabelKind.STREET, (west, south, east, north), scale)
    assert 4 <= len(wished) <= 7 * 8
    moved = area_names(streets, LabelKind.STREET, (west + scale, south, east + scale, north), scale)
    assert len({name.text for name in moved} & {name.text for name in wished}) >= len(wished) - 8


def test_no_community_is_named_in_another(district, qtbot):
    state = Shown()
    state.show_geometry(district)
    state.show_pins(pins(np.random.default_rng(2).uniform(-3000, 3000, (900, 2)), urgency=2))
    sprites = Sprites(NIGHT, 1.0)
    for scale in (9.0, 4.0):
        oblique = Oblique(Viewpoint(0.0, 0.0, scale, 12.0, 42.0), 1366, 768)
        room = Room(0.0, (0.0, 0.0, 1366.0, 768.0), np.zeros((0, 4)))
        layout = laid_out(state, oblique, sprites, oblique.ground_box(), room, moving=False)
        named = 0
        for look, place in zip(layout.laid_names.looks, layout.laid_names.places, strict=True):
            grid = int(district.grid_raster.at(place[0], place[1])[0])
            for kind, areas in ((LabelKind.STREET, district.streets), (LabelKind.COMMUNITY, district.communities)):
                if isinstance(look, LabelLook) and look.kind is kind and grid >= 0:
                    owner = next(n for n, code in enumerate(areas.codes) if district.grids.codes[grid].startswith(code))
                    assert look.text == areas.labels[owner]
                    named += 1
        assert named > 3
