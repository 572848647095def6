"""HOME/demo.json: that a folder is a demonstration's, what it was filled from, and whether that was finished."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from demo.arguments import DemoArguments
from gis_data.town.geojson_folder import layers_of

FILE_NAME = "demo.json"
OURS_OR_A_SERVICE = ("postgis", "settings.toml", "keys", "packs")  # what a demonstration and a service both put there
DEFAULT_SEED = 1


@dataclass(frozen=True)
class Mark:
    """What a demonstration's folder is filled from."""

    town: str
    """The name of the town's file or folder, or "" for the generated district."""
    sha256: str
    """Of that file; "" for the generated district."""
    grids: int | None
    workers: int | None
    seed: int
    complete: bool = False
    within: str = ""
    """West, south, east, north of what was taken of the file; "" for all of it."""

    def write(self, home: Path) -> None:
        """The mark stands in the folder; an older one is replaced as a whole."""
        fresh = home / f"{FILE_NAME}.new"
        with fresh.open("w", encoding="utf-8") as file:
            json.dump(asdict(self), file, ensure_ascii=False)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(home / FILE_NAME)


def read_mark(home: Path) -> Mark | None:
    """What an earlier start wrote down; None where there is no mark, or one that cannot be read."""
    try:
        found = json.loads((home / FILE_NAME).read_text(encoding="utf-8"))
        return Mark(**found) if set(found) | {"within"} == {item.name for item in fields(Mark)} else None
    except (OSError, ValueError, TypeError):
        return None


def is_foreign(home: Path) -> bool:
    """Whether the folder holds something without our mark: a service's data, or ours whose mark was lost."""
    return read_mark(home) is None and any((home / name).exists() for name in OURS_OR_A_SERVICE)


def mark_of(arguments: DemoArguments) -> Mark:
    """The mark of what is asked for, not complete yet; raises OSError where the town's file cannot be read."""
    seed = DEFAULT_SEED if arguments.seed is None else arguments.seed
    if arguments.town is None:
        return Mark("", "", None, arguments.workers, seed)
    within = ",".join(map(str, arguments.within)) if arguments.within else ""
    return Mark(arguments.town.name, _digest(arguments.town), arguments.grids, arguments.workers, seed, within=within)


def _digest(town: Path) -> str:
    """SHA-256 of a file, or of the names and digests of the layers of a folder: what else lies there makes no other town."""
    if town.is_dir():
        parts = [f"{path.name} {_digest(path)}" for path in layers_of(town)]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()
    with town.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def differences(found: Mark, arguments: DemoArguments) -> list[str]:
    """What was asked for and is not what the folder holds; an option that was not given asks for nothing."""
    wanted = mark_of(arguments)
    said = []
    if found.town != wanted.town:
        said.append(f"--town {found.town or '-'} ≠ {wanted.town or '-'}")
    elif found.sha256 != wanted.sha256:
        said.append(f"--town {found.town}: SHA-256 {found.sha256[:12]}… ≠ {wanted.sha256[:12]}…")
    given = {"grids": wanted.grids, "workers": arguments.workers, "seed": arguments.seed, "within": wanted.within or None}
    for name, value in given.items():
        if value is not None and value != getattr(found, name):
            there = getattr(found, name)
            said.append(f"--{name} {'-' if there is None else there} ≠ {value}")
    return said
