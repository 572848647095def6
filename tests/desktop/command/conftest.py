"""A seat without a window for what needs none."""

from __future__ import annotations

import pytest

from desktop.seat import Seat
from tests.fakes.seats import a_seat


@pytest.fixture
def seat() -> Seat:
    """A duty officer's seat over sixty cases and forty workers; nothing is selected."""
    return a_seat()
