"""Real data beside the repository: a test that needs it skips without it, and fails without it under CI."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "../shared"


def shared(path: str) -> Path:
    """A file or folder of ../shared; skips with the reason where it is not there, fails where CI=true says it must be."""
    found = SHARED / path
    if found.exists():
        return found
    if os.environ.get("CI") == "true":
        pytest.fail(f"CI has no {found}")
    pytest.skip(f"../shared/{path} is not beside the repository")
