"""Where the data folder is when nobody says: that of the demonstration, so that commands beside it find it."""

from __future__ import annotations

import os
from pathlib import Path

from platformdirs import user_data_path

DISTRICT = "district"


def demonstrations() -> Path:
    """The folder that holds the demonstrations of this user. As root it lies where the user `postgres` can walk to."""
    return Path("/var/lib/gridwarden-demo") if os.geteuid() == 0 else user_data_path("gridwarden") / "demo"


def default_home() -> Path:
    """GRIDWARDEN_HOME where it is set, otherwise the demonstration's own district."""
    chosen = os.environ.get("GRIDWARDEN_HOME")
    return Path(chosen) if chosen else demonstrations() / DISTRICT
