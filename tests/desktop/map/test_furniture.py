"""What stands on the edge of the map: layers to tick, the legend, the minimap."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QApplication

from desktop.map.layer_switches import WORDS
from desktop.map.legend import COLUMNS
from desktop.map.oblique import Oblique
from desktop.map.shown import LAYERS
from desktop.style.palette import DAY
from tests.desktop.map.conftest import rest
from tests.desktop.map.invented_town import ORIGIN


def press(widget, qtbot, x, y):
    """A press and release of the left button."""
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton, pos=QPoint(round(x), round(y)))


def test_every_layer_has_a_box_in_both_languages():
    assert sorted(WORDS) == sorted(LAYERS)
    assert all(len(set(pair)) == 2 for pair in WORDS.values())


def test_a_box_hides_its_layer_and_follows_what_others_switch(canvas, qtbot):
    boxes = canvas.furniture.layers.boxes
    press(canvas.furniture.buttons["layers"], qtbot, 5, 5)
    assert canvas.furniture.layers.isVisible()
    press(boxes["roads"], qtbot, 5, boxes["roads"].height() / 2)
    assert canvas.shown.layer_visible["roads"] is False
    canvas.set_layer_visible("buildings", False)
    assert not boxes["buildings"].isChecked()
    assert boxes["water"].isChecked()


def test_what_the_map_says_stands_under_nothing(canvas):
    furniture = canvas.furniture
    plate = QRect(12, 12, canvas.width() - 24, 34)
    furniture.over = [plate]
    furniture.say("简易地图")
    assert not furniture.banner.geometry().intersects(plate)
    furniture.over = []
    furniture.say("简易地图")
    assert furniture.banner.geometry().top() == plate.top()


def test_the_names_of_layers_are_whole_whatever_letters_the_desk_wears(canvas, qtbot):
    layers = canvas.furniture.layers
    canvas.setStyleSheet("QWidget { font-size: 22px; }")
    press(canvas.furniture.buttons["layers"], qtbot, 5, 5)
    assert all(box.width() >= box.sizeHint().width() for box in layers.boxes.values())


def test_small_map_and_scale_are_painted_a_few_times_a_second_and_end_up_true(canvas, qtbot):
    rest(canvas, qtbot)
    furniture = canvas.furniture
    qtbot.waitUntil(lambda: not furniture._pace.isActive())
    for number in range(1, 4):
        view = canvas.viewpoint.scaled(canvas.viewpoint.metres_per_pixel * (1 + number / 4))
        furniture.look_from(Oblique(view, canvas.width(), canvas.height()))
        assert furniture._pace.isActive()
        assert bool(furniture._stale) == (number > 1), "the first is painted at once, the others wait"
    assert furniture.ruler.viewpoint == view
    qtbot.waitUntil(lambda: not furniture._stale)


def test_layers_and_legend_share_their_place(canvas, qtbot):
    furniture = canvas.furniture
    assert not furniture.legend.isVisible()
    press(furniture.buttons["legend"], qtbot, 5, 5)
    assert furniture.legend.isVisible()
    press(furniture.buttons["layers"], qtbot, 5, 5)
    assert furniture.layers.isVisible()
    assert not furniture.legend.isVisible()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("size", [(1180, 900), (726, 640), (640, 440)])
def test_nothing_on_the_edge_lies_over_another_or_is_cut(canvas, qtbot, language, size):
    canvas.resize(*size)
    canvas.set_language(language)
    canvas.furniture.switch("legend")
    rest(canvas, qtbot)
    furniture = canvas.furniture
    parts = [furniture.legend, furniture.minimap, furniture.ruler, *furniture.buttons.values()]
    shapes = [part.geometry() for part in parts if part.isVisible()]
    assert len(shapes) == 6
    for number, shape in enumerate(shapes):
        assert canvas.rect().contains(shape)
        assert not any(shape.intersects(other) for other in shapes[:number])


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_word_of_the_legend_fits(canvas, language):
    legend = canvas.furniture.legend
    legend.set_language(language)
    metrics = legend.fontMetrics()
    assert len(legend.words()) == sum(map(len, COLUMNS))
    assert max(metrics.horizontalAdvance(word) for word in legend.words()) <= legend._column_px - 30


def test_a_small_map_folds_the_minimap_and_the_button_does_too(canvas, qtbot):
    minimap = canvas.furniture.minimap
    assert minimap.isVisible()
    canvas.resize(500, 400)
    rest(canvas, qtbot)
    assert not minimap.isVisible()
    canvas.resize(900, 640)
    rest(canvas, qtbot)
    press(canvas.furniture.buttons["minimap"], qtbot, 5, 5)
    assert not minimap.isVisible()


def test_a_press_on_the_minimap_goes_there_at_the_same_scale(canvas, qtbot):
    canvas.go_to(ORIGIN, 0.6)
    rest(canvas, qtbot)
    minimap, place = canvas.furniture.minimap, canvas.shown.geometry.grids.centres[5]
    spot = minimap._flat.screen(*place)
    picked = []
    canvas.picked.connect(lambda *what: picked.append(what))
    press(minimap, qtbot, *spot.tolist())
    rest(canvas, qtbot)
    step_m = minimap._flat.viewpoint.metres_per_pixel
    assert np.hypot(canvas.viewpoint.x - place[0], canvas.viewpoint.y - place[1]) <= 1.5 * step_m
    assert canvas.viewpoint.metres_per_pixel == 0.6
    assert picked == []


def test_the_outline_on_the_minimap_is_what_the_map_shows(canvas, qtbot):
    canvas.go_to(ORIGIN, 0.5)
    canvas.turn(25)
    rest(canvas, qtbot)
    minimap = canvas.furniture.minimap
    for corner, px in zip(minimap._outline, ((0, 0), (900, 0), (900, 640), (0, 640)), strict=True):
        wanted = minimap._flat.screen(*canvas._oblique().ground(*px))
        assert (corner.x(), corner.y()) == pytest.approx(wanted.tolist(), abs=0.3)


def test_the_picture_of_the_minimap_is_drawn_once_for_a_town_and_a_theme(canvas, qtbot):
    minimap, drawn = canvas.furniture.minimap, []
    draw = minimap._drawn
    minimap._drawn = lambda ratio: drawn.append(ratio) or draw(ratio)
    for turn in range(4):
        canvas.turn(10 + turn)
        QApplication.processEvents()
        rest(canvas, qtbot)
    assert drawn == []
    canvas.set_theme(DAY)
    rest(canvas, qtbot)
    qtbot.waitUntil(lambda: len(drawn) == 1)


def test_the_buttons_of_the_corner_are_as_wide_as_their_words(canvas, qtbot):
    furniture = canvas.furniture
    canvas.setStyleSheet("QWidget { font-size: 22px; }")
    canvas.resize(canvas.width() - 10, canvas.height())
    qtbot.waitUntil(lambda: all(each.width() >= each.sizeHint().width() for each in furniture.buttons.values()))


def test_a_long_word_of_sources_stands_clear_of_the_buttons(canvas):
    furniture = canvas.furniture
    for text, is_up in (("© 区", False), ("© OpenStreetMap contributors · 底图离线，显示 11-30 09:12 的缓存" * 2, True)):
        canvas.set_attribution(text)
        covers = [furniture.attribution.geometry().intersects(button.geometry()) for button in furniture.buttons.values()]
        assert not any(covers)
        assert (furniture.attribution.y() < furniture.buttons["layers"].y()) is is_up


def test_what_is_wrong_with_the_basemap_is_told_in_full(canvas):
    layers = canvas.furniture.layers
    canvas.furniture.switch("layers")
    layers.say("底图离线，显示 11-30 09:12 的缓存\n底图未取到：没有此片 11 · 连不上 9 · 超时 2")
    canvas.furniture.place()
    assert layers.said.height() >= layers.said.heightForWidth(layers.said.width())
    assert layers.rect().contains(layers.said.geometry())
    layers.say("")
    assert not layers.said.isVisible()
