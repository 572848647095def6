"""A generated town made once, and the real OpenStreetMap files beside the repository."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from gis_data.town.generate import generate
from gis_data.town.town import Town

TOWNS = Path(__file__).resolve().parents[2] / "../shared/data/towns"


@pytest.fixture(scope="session")
def district() -> Town:
    """The generated district of seed 1."""
    return generate(1)


@pytest.fixture(scope="session")
def towns() -> Path:
    """The folder of real town files; skips without it, fails without it under CI."""
    if not TOWNS.is_dir():
        if os.environ.get("CI") == "true":
            pytest.fail(f"no town files at {TOWNS}")
        pytest.skip("the real town files are not beside the repository")
    return TOWNS
