"""The camera: what goes to the screen comes back, a pan is a shift of pixels, a zoom keeps its place."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.map.oblique import Oblique, fitted, panned, zoomed
from desktop.map.viewpoint import CLOSEST_M_PER_PX, FARTHEST_M_PER_PX, STEEPEST_TILT_DEG, Viewpoint

metres = st.floats(-20_000, 20_000)
viewpoints = st.builds(Viewpoint, metres, metres, st.floats(0.1, 300), st.floats(0, 360), st.floats(0, STEEPEST_TILT_DEG))
pixels = st.floats(0, 1920)


@given(viewpoints, pixels, pixels, st.floats(0, 300))
def test_a_pixel_goes_to_the_ground_and_back(view, px, py, height):
    oblique = Oblique(view, 1920, 1080)
    x, y = oblique.ground(px, py, height)
    assert oblique.screen(x, y, height) == pytest.approx([px, py], abs=1e-5)


@given(viewpoints, metres, metres, st.floats(0, 300))
def test_clip_coordinates_agree_with_pixels(view, x, y, z):
    oblique = Oblique(view, 1920, 1080)
    clip = oblique.clip_rows().astype(float) @ np.array([x - view.x, y - view.y, z])
    on_screen = [(clip[0] + 1) * 960, (1 - clip[1]) * 540]
    far = np.hypot(x - view.x, y - view.y) / view.metres_per_pixel
    assert oblique.screen(x, y, z) == pytest.approx(on_screen, abs=1e-3 + far * 1e-5)


@given(viewpoints, st.floats(-500, 500), st.floats(-500, 500), metres, metres)
def test_a_pan_moves_every_place_by_the_same_pixels(view, px, py, x, y):
    before = Oblique(view, 1920, 1080).screen(x, y)
    after = Oblique(panned(view, px, py), 1920, 1080).screen(x, y)
    assert after - before == pytest.approx([px, py], abs=1e-4)


@given(viewpoints, st.floats(0.5, 2), pixels, pixels)
def test_a_zoom_keeps_the_place_under_the_pointer(view, factor, px, py):
    place = Oblique(view, 1920, 1080).ground(px, py)
    after = Oblique(zoomed(view, 1920, 1080, factor, (px, py)), 1920, 1080)
    assert after.screen(*place) == pytest.approx([px, py], abs=1e-3)


@given(st.floats(0, 360), st.floats(0, STEEPEST_TILT_DEG), st.floats(300, 4000), st.floats(300, 3000))
def test_a_fitted_view_shows_the_whole_outline(turn, tilt, width, height):
    outline = np.array([[0, 0], [9000, 500], [8000, 7000], [-500, 6000]], float)
    view = fitted(outline, width, height, turn, tilt)
    px = Oblique(view, width, height).screen(outline[:, 0], outline[:, 1])
    assert (px >= 0).all()
    assert (px <= (width, height)).all()


@given(viewpoints, metres, metres)
def test_the_ground_box_holds_everything_in_the_picture(view, x, y):
    oblique = Oblique(view, 1920, 1080)
    px = oblique.screen(x, y)
    if (px >= 0).all() and (px <= (1920, 1080)).all():
        west, south, east, north = oblique.ground_box(1.0)
        assert west <= x <= east
        assert south <= y <= north


def test_scale_and_tilt_stay_within_what_can_be_drawn():
    view = Viewpoint(0, 0, 1)
    assert view.scaled(0).metres_per_pixel == CLOSEST_M_PER_PX
    assert view.scaled(1e9).metres_per_pixel == FARTHEST_M_PER_PX
    assert view.tilted(500).tilt_deg == STEEPEST_TILT_DEG
    assert view.tilted(-500).tilt_deg == 0
    assert view.turned(-30).turn_deg == 330
