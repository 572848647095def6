"""The outside world of a demo: field force, reporters and cameras in one process, seeded.

It speaks the public intake protocols (HTTPS, packed frames under CURVE, OsmAnd) and serves RTSP; it reads HOME/drill, the
town's packs and the addresses in HOME/settings.toml. Of the server's keys it reads the two that whoever is outside is given
when they are set up: keys/tls.crt, the certificate phones trust, and keys/camera.key, which the gateway of the streams shares
with the server. It reads nothing else of the server's, and never its database.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlparse

import numpy as np
import shapely
import structlog

from gis_data.town.network import RoadNetwork
from server.drill import cameras
from server.drill.credentials import read_credentials
from server.drill.field_force import FieldForce
from server.drill.pavement import Pavement
from server.drill.phone_line import Line
from server.drill.reporters import Reporters, Sites
from server.drill.rounds import Rounds
from server.drill.temper import LEAST_PACE, MOST_PACE, Temper
from server.drill.town_packs import DrillTown, read_town
from server.drill.walkers import Walkers
from server.settings import Settings

EAGER = "GRIDWARDEN_DRILL_EAGER"
"""Set to 1: everything goes well, quickly (as --eager)."""
TELL_S = 60.0
FAULTY_CAMERAS = 0.015

log = structlog.get_logger()


def run(arguments: Sequence[str]) -> int:
    """`drill --home DIR [--pace N] [--seed N] [--eager]` until SIGTERM; the exit status."""
    parser = argparse.ArgumentParser("gridwarden drill", description=__doc__)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--pace", type=float, default=1.0, help="how much faster than in life people act and report")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--eager", action="store_true", help="nobody declines or falls silent, no camera breaks, human times a twentieth"
    )
    wishes = parser.parse_args(arguments)
    if not LEAST_PACE <= wishes.pace <= MOST_PACE:
        parser.error(f"--pace must lie between {LEAST_PACE} and {MOST_PACE}")
    main(wishes.home, wishes.pace, wishes.seed, wishes.eager or os.environ.get(EAGER) == "1")
    return 0


def main(home: Path, pace: float = 1.0, seed: int = 1, eager: bool = False) -> None:
    """The world outside runs until SIGTERM or SIGINT; writes `ready` once the cameras answer and everybody walks."""
    asyncio.run(_serve(Settings.read(home), Temper(seed, pace, eager)))


async def _serve(settings: Settings, temper: Temper) -> None:
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    town = read_town(settings.packs)
    url = f"https://{settings.intake_http_host}:{settings.intake_http_port}"
    line = Line(url, settings.keys / "tls.crt")
    force, reporters, rounds = _people(settings, town, line, temper)
    port = urlparse(settings.rtsp_base).port or 0
    key = settings.camera_key_file.read_bytes()
    share = 0.0 if temper.eager else FAULTY_CAMERAS
    watching = await cameras.serve(town.cameras, port, key, fault_share=share, seed=temper.seed)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    parts = [
        asyncio.create_task(part) for part in (force.run(), reporters.run(), rounds.run(), _tell(force, reporters, rounds))
    ]
    over = asyncio.create_task(ended.wait())
    try:
        done, _ = await asyncio.wait([*parts, over], return_when=asyncio.FIRST_COMPLETED)
        for part in done - {over}:
            part.result()
    finally:
        for task in (*parts, over):
            task.cancel()
        await asyncio.gather(*parts, over, return_exceptions=True)
        await watching.close()
        await line.close()


def _people(settings: Settings, town: DrillTown, line: Line, temper: Temper) -> tuple[FieldForce, Reporters, Rounds]:
    """Everybody the drill plays, standing where they start."""
    credentials = read_credentials(settings.home)
    row_of = {code: row for row, code in enumerate(town.grid_codes)}
    grids = np.array([row_of[phone.grid] for phone in credentials.phones], np.int64)
    pavement = Pavement(town.roads, town.grid_shapes)
    walkers = Walkers(pavement, grids, np.random.default_rng([temper.seed, 3]))
    force = FieldForce(line, credentials, walkers, RoadNetwork.of(town.roads), temper)
    district = shapely.union_all(town.grid_shapes)
    shapely.prepare(district)
    sites = Sites(town.buildings, town.roads, lambda place: bool(shapely.contains_xy(district, *place)))
    day = _day(settings.home / "drill" / "days")
    reporters = Reporters(line, sites, force.nearest, temper, day)
    rounds = Rounds(line, credentials, walkers, force.is_free, temper, tells_past=day == 1 and not temper.eager)
    return force, reporters, rounds


def _day(path: Path) -> int:
    """How often the world outside began for this home, this time counted: nobody reports yesterday's matters again."""
    try:
        day = int(path.read_text()) + 1
    except (OSError, ValueError):
        day = 1
    path.write_text(str(day))
    return day


async def _tell(force: FieldForce, reporters: Reporters, rounds: Rounds) -> None:
    """Once a minute what was counted."""
    while True:
        await asyncio.sleep(TELL_S)
        log.info("drill", **dict(force.counted + reporters.counted + rounds.counted))
