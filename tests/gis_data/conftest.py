"""A generated town made once, and the real OpenStreetMap files beside the repository."""

from __future__ import annotations

from pathlib import Path

import pytest

from gis_data.town.generate import generate
from gis_data.town.town import Town
from tests.fakes.shared_data import shared


@pytest.fixture(scope="session")
def district() -> Town:
    """The generated district of seed 1."""
    return generate(1)


@pytest.fixture(scope="session")
def towns() -> Path:
    """The folder of real town files; skips without it, fails without it under CI."""
    return shared("data/towns")
