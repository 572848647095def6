"""The basemap as an officer chooses it: a file or a service, looked at first, kept for the next day, honest when it fails."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from bench.tiles_written import png, vector_tile, write_mbtiles
from desktop.basemap_told import LONGEST_NAME, MOST_READ, plain
from desktop.map.plain_canvas import PlainCanvas
from desktop.map.scene import Geometry
from desktop.map_panel import MapPanel
from gis_data.basemap.source import Kind
from gis_data.basemap.squares import Square, web_mercator
from gis_data.datum import Datum
from tests.fakes.basemaps import TileServer
from tests.fakes.desks import FakeDesk
from tests.gis_data.basemap.test_wmts import STANDARD, document, layer

RED = png(64, 64, (200, 30, 30))
GROUND = ("land", "water", "roads")


@pytest.fixture
def new_panel(qtbot: QtBot, desk: FakeDesk, geometry: Geometry) -> Iterator[Callable[[], MapPanel]]:
    """Makes map panels of one workstation."""
    made = list[MapPanel]()

    def make() -> MapPanel:
        panel = MapPanel(desk.seat, PlainCanvas)
        qtbot.addWidget(panel)
        panel.resize(1000, 700)
        panel.show()
        qtbot.waitExposed(panel)
        panel.show_town(geometry, "© somebody")
        made.append(panel)
        return panel

    yield make
    for panel in made:
        panel.hide()
        panel.tools.basemap.put_away()


@pytest.fixture
def panel(new_panel: Callable[[], MapPanel]) -> MapPanel:
    """One map panel."""
    return new_panel()


def tile_file(tmp_path: Path, geometry: Geometry) -> Path:
    columns, rows = web_mercator().covering([(geometry.plane.origin.lon, geometry.plane.origin.lat)], 15, Datum.WGS84)
    steps = range(-2, 3)
    tiles = {Square(15, columns[0] + right, rows[0] + down): RED for right in steps for down in steps}
    return write_mbtiles(tmp_path / "区图.mbtiles", tiles, name="区图", attribution='<a href="x">© 区测绘</a>')


def typed(qtbot: QtBot, panel: MapPanel, text: str) -> None:
    """Type into the form and look."""
    form = panel.tools.basemap.form
    form.line.setText(text)
    qtbot.keyClick(form.line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: form.found is not None, timeout=20_000)


def hidden(panel: MapPanel) -> list[str]:
    return [name for name in GROUND if not panel.canvas.shown.layer_visible[name]]


def test_a_file_is_looked_at_used_kept_and_taken_away(qtbot, desk, new_panel, tmp_path, geometry):
    panel, path = new_panel(), tile_file(tmp_path, geometry)
    panel.tools.acts()["basemap"]()
    form = panel.tools.basemap.form
    panel.activateWindow()
    qtbot.waitUntil(form.line.hasFocus)
    typed(qtbot, panel, str(path))
    assert "区图 · 图片 · 15–15 级" in form.said.text()
    qtbot.keyClick(form.line, Qt.Key.Key_Return)
    assert not form.isVisible()
    qtbot.waitUntil(lambda: panel.canvas.shown.basemap is not None and panel.canvas.shown.basemap.shows_anything)
    assert hidden(panel) == list(GROUND)
    assert panel.canvas.furniture.attribution.text() == "© somebody · 底图 区图 © 区测绘"
    assert (desk.folder.home / "basemap.json").stat().st_mode & 0o777 == 0o600
    again = new_panel()
    assert again.canvas.shown.basemap is not None
    assert hidden(again) == list(GROUND)
    again.tools.basemap.begin()
    statics = again.canvas.shown.statics
    qtbot.mouseClick(again.tools.basemap.form.opacities[0.35], Qt.MouseButton.LeftButton)
    assert (again.canvas.shown.basemap.opacity, again.canvas.shown.statics) == (0.35, statics + 1)
    qtbot.mouseClick(again.tools.basemap.form.none, Qt.MouseButton.LeftButton)
    assert again.canvas.shown.basemap is None
    assert hidden(again) == []


def test_a_bad_file_has_its_reason_and_what_was_there_stays(qtbot, desk, panel, tmp_path, geometry):
    panel.tools.basemap.begin(str(tile_file(tmp_path, geometry)))
    qtbot.waitUntil(lambda: panel.tools.basemap.form.found is not None)
    panel.tools.basemap.form.accept()
    before = panel.canvas.shown.basemap
    bad = tmp_path / "bad.mbtiles"
    bad.write_bytes(b"nothing of the kind")
    panel.tools.basemap.begin()
    typed(qtbot, panel, str(bad))
    form = panel.tools.basemap.form
    assert form.said.text() == "不能用：既不是 MBTiles 也不是 PMTiles 3 文件。"
    assert form.line.text() == str(bad)
    assert not form.use.isEnabled()
    assert panel.canvas.shown.basemap is before
    qtbot.keyClick(form.line, Qt.Key.Key_Escape)
    assert not form.isVisible()


@pytest.mark.noisy("the basemap cannot be opened")
def test_a_file_that_is_gone_the_next_day_is_said(qtbot, new_panel, tmp_path, geometry):
    panel, path = new_panel(), tile_file(tmp_path, geometry)
    panel.tools.basemap.begin(str(path))
    qtbot.waitUntil(lambda: panel.tools.basemap.form.found is not None)
    panel.tools.basemap.form.accept()
    path.unlink()
    again = new_panel()
    assert again.canvas.shown.basemap is None
    assert again.canvas.furniture.layers.said.text() == "底图文件不见了"


@pytest.mark.noisy("the basemap's service fails")
def test_a_service_offline_shows_its_cache_and_says_of_when(qtbot, desk, new_panel, caplog):
    caplog.set_level(logging.DEBUG)
    has = {str(level) for level in range(9, 18)}
    server = TileServer(
        lambda path, _: (200, {"Cache-Control": "max-age=0"}, RED) if path.split("/")[1] in has else (404, {}, b"")
    )
    panel = new_panel()
    panel.tools.basemap.begin()
    typed(qtbot, panel, f"{server.address}/{{z}}/{{x}}/{{y}}?tk=5ecret")
    form = panel.tools.basemap.form
    assert "图片 · 9–17 级" in form.said.text()
    form.accept()
    qtbot.waitUntil(lambda: panel.canvas.shown.basemap.is_at_rest and panel.canvas.shown.basemap.shows_anything, timeout=20_000)
    panel.tools.basemap.begin()
    assert form.line.text().endswith("?tk=***")
    form.leave()
    server.close()
    again = new_panel()
    qtbot.waitUntil(lambda: "底图离线，显示" in again.canvas.furniture.attribution.text(), timeout=20_000)
    assert again.canvas.furniture.attribution.text().endswith("的缓存")
    assert "底图离线，显示" in again.canvas.furniture.layers.said.text()
    desk.window.act("language")
    again.retell()
    assert "basemap offline, showing the cache of" in again.canvas.furniture.attribution.text()
    assert "5ecret" not in caplog.text
    panel.tools.basemap.choose(panel.tools.basemap.chosen)  # once more, with the key that was hidden meanwhile
    assert "tk=5ecret" in panel.tools.basemap.chosen.template


def test_a_wmts_offers_its_layers_and_vector_tiles_are_known_by_themselves(qtbot, panel):
    both = document(layer("vec", ("google",)) + layer("img", ("google",)), STANDARD)
    sea = vector_tile({"water": [(3, {}, [[(0, 0), (4096, 0), (4096, 4096)]])]})
    server = TileServer(lambda path, _: (200, {}, both if path.startswith("/wmts") else sea))
    form = panel.tools.basemap.form
    panel.tools.basemap.begin()
    typed(qtbot, panel, f"{server.address}/wmts")
    assert [form.layer.itemText(row) for row in range(form.layer.count())] == ["vec · 墨卡托", "img · 墨卡托"]
    assert form.said.text() == "WMTS 有 2 个图层，请选一个"
    typed(qtbot, panel, f"{server.address}/{{z}}/{{x}}/{{y}}.pbf")
    assert form.found.choices[0].kind is Kind.VECTOR
    server.close()


WRONG = {
    "/gone/{z}/{x}/{y}": "服务在本区没有瓦片。", "/no/{z}/{x}/{y}": "服务拒绝（403）：请查密钥和授权范围。",
    "/page/{z}/{x}/{y}": "来的不是瓦片，可能是上网登录页或说明页。",
    "/page": "那里不是 WMTS 能力文档；XYZ 地址要含 {z} {x} {y}。",
}  # fmt: skip


def test_what_is_wrong_with_an_address_is_said_in_a_sentence(qtbot, panel):
    answers = {"gone": (404, {}, b""), "no": (403, {}, b""), "page": (200, {}, b"<html>sign on</html>")}
    server = TileServer(lambda path, _: answers[path.split("/")[1]])
    form = panel.tools.basemap.form
    panel.tools.basemap.begin()
    for address, said in WRONG.items():
        typed(qtbot, panel, server.address + address)
        assert form.said.text() == f"不能用：{said}"
    server.close()
    for address, said in {
        server.address + "/x": "连不上：请查网络、代理和地址。",
        "ftp://a/b": "不是地址：要 http:// 或 https:// 开头、没有空格。",
    }.items():
        typed(qtbot, panel, address)
        assert form.said.text() == f"不能用：{said}"


def test_a_file_dropped_on_the_map_is_looked_at(qtbot, panel, tmp_path, geometry):
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(tile_file(tmp_path, geometry)))])
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(panel, QDragEnterEvent(QPoint(300, 300), copy, mime, left, none))
    QApplication.sendEvent(panel, QDropEvent(QPoint(300, 300), copy, mime, left, none))
    qtbot.waitUntil(lambda: panel.tools.basemap.form.found is not None)
    assert panel.tools.basemap.form.use.isEnabled()


def test_a_name_is_told_without_markup_and_no_more_of_it_is_read_than_can_be_meant() -> None:
    assert plain('<a href="http://t">区图</a>\n &copy; A') == "区图 © A"
    assert plain("<" * 1_000_000) == "<" * (LONGEST_NAME - 1) + "…"
    assert plain("<br>" * MOST_READ + "beyond") == ""


def test_the_keys_are_never_on_one_choice_while_another_is_chosen_and_the_form_says_which_to_choose(qtbot, desk, panel):
    form = panel.tools.basemap.form
    panel.tools.basemap.begin()
    assert form.datum_hint.isVisible()
    assert "GCJ-02" in form.datum_hint.text()
    assert "高德" in form.datum_hint.text()
    choices = [*form.datums.values(), *form.opacities.values()]
    form.datums[Datum.GCJ02].click()
    met: list[QWidget] = []
    for _ in range(12):
        qtbot.keyClick(panel.window().focusWidget(), Qt.Key.Key_Tab)
        if panel.window().focusWidget() in choices:
            met.append(panel.window().focusWidget())
            assert met[-1].isChecked()
            if met[-1] is form.datums[Datum.GCJ02]:
                qtbot.keyClick(met[-1], Qt.Key.Key_Left)
                assert panel.window().focusWidget() is form.datums[Datum.WGS84]
                assert form._datum() is Datum.WGS84
    assert any(each in form.datums.values() for each in met)
    assert any(each in form.opacities.values() for each in met)
