"""Colours: contrast on every surface, one shape per meaning, and no colour named anywhere else."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QFontMetrics, QImage, QPainter, QRawFont
from PySide6.QtWidgets import QApplication

from desktop.style.marks import SEVERITY_MARKS, Mark, draw_mark
from desktop.style.palette import THEMES, Palette, colours_of, contrast, luminance
from desktop.style.type_face import face
from desktop.words import LANGUAGES
from governance.incident import Severity

ROOT = Path(__file__).resolve().parents[2]
PALETTES = [pytest.param(palette, id=name) for name, palette in THEMES.items()]
SIDE = 24


@pytest.mark.parametrize("palette", PALETTES)
def test_text_holds_four_and_a_half_to_one_on_every_surface(palette: Palette) -> None:
    poor = [(ink, ground) for ink in palette.words() for ground in palette.surfaces() if contrast(ink, ground) < 4.5]
    assert poor == []
    assert contrast(palette.on_go, palette.go) >= 4.5
    assert contrast(palette.on_go, palette.go_hover) >= 4.5
    assert contrast(palette.text, palette.wash) >= 4.5


@pytest.mark.parametrize("palette", PALETTES)
def test_marks_hold_three_to_one_on_every_surface(palette: Palette) -> None:
    poor = [(ink, ground) for ink in palette.marks() for ground in palette.surfaces() if contrast(ink, ground) < 3.0]
    assert poor == []


@pytest.mark.parametrize("palette", PALETTES)
def test_what_is_on_the_map_stands_out_from_it(palette: Palette) -> None:
    tokens = palette.map
    marks = (*tokens.urgency, *tokens.severity, tokens.focus, tokens.candidate, tokens.camera, tokens.camera_off)
    poor = [
        (ink, ground) for ink in marks for ground in (tokens.ground, tokens.inside, tokens.water) if contrast(ink, ground) < 3.0
    ]
    assert poor == []
    assert contrast(tokens.text, tokens.halo) >= 4.5


@pytest.mark.parametrize("palette", PALETTES)
def test_the_grids_are_one_ramp_that_goes_one_way(palette: Palette) -> None:
    steps = [luminance(colour) for colour in palette.map.load]
    assert steps in (sorted(steps), sorted(steps, reverse=True))


def test_contrast_is_that_of_the_web_guidelines() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21.0)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("palette", PALETTES)
def test_every_role_is_a_colour(palette: Palette) -> None:
    assert len(colours_of(palette)) >= 15
    assert all(re.fullmatch("#[0-9A-F]{6}", colour) for colour in colours_of(palette).values())


def drawn(mark: Mark) -> np.ndarray:  # type: ignore[type-arg]
    """A mark in white on black, float[SIDE, SIDE]."""
    image = QImage(SIDE, SIDE, QImage.Format.Format_Grayscale8)
    image.fill(0)
    painter = QPainter(image)
    draw_mark(painter, mark, QPointF(SIDE / 2, SIDE / 2), 18, "#FFFFFF")
    painter.end()
    return np.frombuffer(bytes(image.constBits()), np.uint8).reshape(SIDE, -1)[:, :SIDE].astype(float)


def test_no_two_marks_look_alike_without_colour(qapp: QApplication) -> None:
    pictures = {mark: drawn(mark) for mark in Mark}
    assert all(picture.max() > 200 for picture in pictures.values())
    least = 0.03 * 255 * SIDE**2
    pairs = combinations(pictures, 2)
    alike = [(one, other) for one, other in pairs if np.abs(pictures[one] - pictures[other]).sum() < least]
    assert alike == []


def test_every_severity_has_a_mark_of_its_own() -> None:
    assert len(SEVERITY_MARKS) == len(Severity) == len(set(SEVERITY_MARKS))


def test_nothing_but_the_palette_names_a_colour() -> None:
    named = re.compile(r"[\"']#[0-9A-Fa-f]{6}\b[\"']|QColor\((?!0, 0, 0, )\d|Qt\.GlobalColor|rgb\(\d|rgba\(\d")
    # (a shade, black of some opacity, is no colour)
    where = [
        f"{path.relative_to(ROOT)}: {line.strip()[:80]}"
        for path in sorted((ROOT / "desktop").rglob("*.py"))
        if path.name not in ("palette.py", "drawn_icon.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if named.search(line)
    ]
    assert where == []


def test_figures_all_have_one_width(qapp: QApplication) -> None:
    for pixels in (12, 13, 15, 20):
        widths = {QFontMetrics(face(pixels)).horizontalAdvance(figure) for figure in "0123456789"}
        assert len(widths) == 1


def test_the_font_has_every_sign_the_words_use(qapp: QApplication) -> None:
    letters = {letter for table in LANGUAGES.values() for text in table.values() for letter in text if letter > " "}
    raw = QRawFont.fromFont(face())
    missing = sorted(letter for letter in letters if not raw.supportsCharacter(ord(letter)))
    assert set(missing) <= {"…"}, missing
