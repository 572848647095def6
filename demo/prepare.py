"""From an empty folder to a filled ledger; a second time it only starts what is there."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import psycopg
from alembic.util import CommandError
from sqlalchemy.exc import SQLAlchemyError

from demo.arguments import DemoArguments
from demo.mark import DEFAULT_SEED, Mark, differences, is_foreign, mark_of, read_mark
from demo.narration import Narration
from demo.town_told import read_told
from demo.wall import ensure_wall
from desktop.link.machine_key import BadKey
from gis_data.town.generate import LEAST_FIT, generate
from gis_data.town.town import Town
from governance.places import Level
from server.keys import ensure_keys, read_public_key
from server.ledger.ledger import Ledger
from server.ledger.migrate import upgrade
from server.ledger.seed import seed
from server.private_postgis import APP_ROLE, OWNER_ROLE, PrivatePostgis
from server.secret_file import write_secret
from server.settings import DATABASE, Settings

WORKERS = 1600
WORKERS_PER_GRID = 3


class CannotStart(Exception):
    """The demo cannot start; the message is one line in the user's language."""


def prepare(arguments: DemoArguments, narration: Narration) -> Settings:
    """The ledger of the home holds the wanted town and its people; the database runs.

    A town that cannot be used raises gis_data.town.BadTown before anything is touched.
    """
    home = arguments.home
    if arguments.town is None and (arguments.grids is not None or arguments.within is not None):
        narration.say("no_grids")
    if is_foreign(home):
        raise CannotStart(narration.text("foreign", home=home))
    found = read_mark(home)
    if found is not None and found.complete and not arguments.fresh:
        differing = _differences(found, arguments, narration)
        if differing:
            raise CannotStart(narration.text("other_town", home=home, what=", ".join(differing)))
        narration.say("reuse")
        return _start(arguments, narration, lambda _ledger, _settings: None)
    return _fill(arguments, narration, found)


def _differences(found: Mark, arguments: DemoArguments, narration: Narration) -> list[str]:
    try:
        return differences(found, arguments)
    except OSError as problem:
        raise CannotStart(narration.text("bad_town", file=arguments.town, why=problem.strerror)) from problem


def _fill(arguments: DemoArguments, narration: Narration, found: Mark | None) -> Settings:
    """The home is filled from nothing; what an earlier start left under our mark goes, once the town is known to be good."""
    home, town = arguments.home, _make_town(arguments, narration)
    mark, grids = mark_of(arguments), len(town.at(Level.GRID))
    workers = arguments.workers or (WORKERS if arguments.town is None else WORKERS_PER_GRID * grids)
    if workers < grids:
        raise CannotStart(narration.text("few_workers", workers=workers, grids=grids))
    home.mkdir(parents=True, exist_ok=True)
    mark.write(home)
    if found is not None:  # asked for anew, or an earlier start was cut short
        _clear(home, narration)

    def fill(ledger: Ledger, settings: Settings) -> None:
        narration.say("ledger", workers=workers)
        seeded = seed(ledger, town, settings.packs, workers, mark.seed)
        seeded.write(home)
        _write_logins(home, seeded.passwords)

    settings = _start(arguments, narration, fill)
    replace(mark, complete=True).write(home)
    return settings


def _make_town(arguments: DemoArguments, narration: Narration) -> Town:
    if arguments.town is not None:
        town = read_told(arguments.town, arguments.grids, arguments.within, narration)
    else:
        seed_of_it = DEFAULT_SEED if arguments.seed is None else arguments.seed
        narration.say("town_making", seed=seed_of_it)
        town = generate(seed_of_it)
    tell_town(town, narration)
    return town


def tell_town(town: Town, narration: Narration) -> None:
    """What the town has, and in a line of its own where the grids asked for are too many for its roads."""
    narration.say(
        "town_is",
        name=town.name,
        streets=len(town.at(Level.STREET)),
        communities=len(town.at(Level.COMMUNITY)),
        grids=len(town.at(Level.GRID)),
        buildings=len(town.buildings.offsets) - 1,
        cameras=len(town.cameras),
        fit=f"{town.boundary_fit:.0%}",
    )
    if town.boundary_fit < LEAST_FIT:
        narration.say("poor_fit", fit=f"{town.boundary_fit:.1%}", least=f"{LEAST_FIT:.0%}")


def _clear(home: Path, narration: Narration) -> None:
    """Nothing of the demo is left in the folder but its mark; what is not the demo's stays."""
    narration.say("fresh")
    PrivatePostgis(home).destroy()
    for name in ("keys", "packs", "attachments", "drill", "logins", "log", "desk", "postgis", "walls"):
        shutil.rmtree(home / name, ignore_errors=True)
    for name in ("settings.toml", "passwords.txt", "desk.json"):
        (home / name).unlink(missing_ok=True)


def _start(arguments: DemoArguments, narration: Narration, fill: Callable[[Ledger, Settings], None]) -> Settings:
    """The database runs at the newest revision, filled; settings and keys stand."""
    home = arguments.home
    narration.say("database")
    postgis = PrivatePostgis(home)
    try:
        settings = replace(Settings.again(home), pace=arguments.pace)
    except ValueError as problem:  # somebody wrote into it
        raise CannotStart(narration.text("cannot", why=problem)) from problem
    try:
        postgis.start()
        postgis.ensure_role(OWNER_ROLE)
        postgis.ensure_role(APP_ROLE)
        postgis.ensure_database(DATABASE, OWNER_ROLE)
        settings.write()
        keys = ensure_keys(settings.keys)
        upgrade(settings.owner_url)
        ledger = Ledger(settings.owner_url, keys.data_key)
        try:
            fill(ledger, settings)
            ensure_wall(ledger, home)
        finally:
            ledger.close()
    except (RuntimeError, OSError, BadKey, subprocess.SubprocessError, psycopg.Error, SQLAlchemyError, CommandError) as problem:
        raise CannotStart(narration.text("cannot", why=" ".join(str(problem).split()))) from problem
    write_desk_file(settings)
    return settings


def write_desk_file(settings: Settings) -> Path:
    """HOME/desk.json: what a desk needs to find this server and know it is the right one."""
    path = settings.home / "desk.json"
    known = {"desk_endpoint": settings.desk_endpoint, "server_key": read_public_key(settings.keys).decode()}
    path.write_text(json.dumps(known))
    return path


def _write_logins(home: Path, passwords: dict[str, str]) -> None:
    """HOME/logins/LOGIN holds that account's password, mode 0600: for `desk --password-file`."""
    folder = home / "logins"
    folder.mkdir(mode=0o700, exist_ok=True)
    for login, password in passwords.items():
        write_secret(folder / login, password)
