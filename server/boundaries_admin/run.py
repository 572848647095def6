"""`./gridwarden boundaries list | import | export`: the areas in files.

Exit status: 0 done, 1 something is wrong and nothing was changed, 3 no ledger.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID, uuid5

import numpy as np
import psycopg
import shapely

from gis_data.boundaries.crs import BadCrs, SourceCrs
from gis_data.boundaries.edition import Area
from gis_data.boundaries.files import BadFile, BoundaryFile, read_boundaries
from gis_data.boundaries.run import line_of
from gis_data.boundaries.words import WRONG
from gis_data.boundaries.words import said as put
from gis_data.boundaries.writing import write_edition
from governance.people import Role
from governance.places import Level
from governance.redivision import LONGEST_TITLE, Change, Stage
from governance.refusal import Refused
from server.boundaries.checking import CRS
from server.boundaries_admin.planning import Plan, plan
from server.boundaries_admin.words import SAID
from server.home import default_home
from server.keys import ensure_keys
from server.ledger import grids, redivisions
from server.ledger.ledger import Connection, Ledger
from server.ledger.local_day import local_day
from server.rules_admin import officer
from server.rules_admin.commands import add_command
from server.rules_admin.telling import Telling
from server.settings import Settings

DONE, WRONG_, NO_LEDGER = 0, 1, 3
KEEPERS = frozenset({Role.GIS_STAFF})
LEVELS = {"grid": Level.GRID, "community": Level.COMMUNITY, "street": Level.STREET, "district": Level.DISTRICT}
MOST_LINES = 200
_FILES = UUID("6f2ce0d0-5d53-4f7e-9c33-5b7d2d6c5b1e")
"""What the id of a file's draft is made from, with what is in the file: the same file is one draft."""


def run(words: Sequence[str]) -> int:
    """The exit status of the command."""
    given = _parser().parse_args(words)
    telling = Telling(given.language, sys.stdout)
    given.now = datetime.now(UTC)
    try:
        status: int = given.does(given, telling)
    except Refused as no:
        _say(telling, no.code, no.details)
        return NO_LEDGER if no.code in ("home_wrong", "unreachable", "busy") else WRONG_
    except (BadFile, BadCrs) as problem:
        telling.line(put(WRONG, problem.reason, given.language, **problem.said))
        return WRONG_
    return status


def _parser() -> argparse.ArgumentParser:
    """What may be said."""
    parser = argparse.ArgumentParser("./gridwarden boundaries", description="区划边界的导入与导出 / boundaries in and out")
    commands = parser.add_subparsers(required=True, metavar="list | import | export")
    add_command(commands, "list", "各项区划调整 / the changes of boundaries", _list)
    bring = add_command(commands, "import", "预览或导入网格边界文件 / what a file of grids would change, or its draft", _import)
    bring.add_argument("file", type=Path, help=".gpkg .geojson .shp .kml .fgb")
    bring.add_argument("--layer", help="图层 / layer")
    bring.add_argument("--crs", help="坐标系：EPSG:n、gcj02、bd09 / coordinate system, before what the file says")
    bring.add_argument("--code-field", default="code", help="编码字段 / field of the codes")
    bring.add_argument("--name-field", default="", help="名称字段 / field of the names")
    bring.add_argument("--area", default="", help="在哪个区域内 / within which area; else the smallest that holds all codes")
    bring.add_argument("--draft", action="store_true", help="作为草稿导入 / bring it in as a draft")
    bring.add_argument("--as", dest="login", default="", help="地理信息员账号 / a login of GIS staff")
    bring.add_argument("--title", default="", help="标题 / what the change is called")
    bring.add_argument("--reason", default="", help="理由 / why")
    bring.add_argument("--json", action="store_true")
    export = add_command(commands, "export", "写出某日的区域 / the areas of a day, written out", _export)
    export.add_argument("file", type=Path, help=".gpkg .geojson .shp .kml .fgb")
    export.add_argument("--on", default="", metavar="DATE", help="哪一天的（默认今天）/ of which day; today")
    export.add_argument("--level", choices=sorted(LEVELS), default="grid")
    export.add_argument("--crs", default="", help="坐标系：EPSG:n / coordinate system; that of the ledger, EPSG:4490")
    export.add_argument("--force", action="store_true", help="覆盖已有文件 / replace what is there")
    return parser


def _list(given: argparse.Namespace, telling: Telling) -> int:
    """Every change, the newest first."""
    with _reached(given) as ledger, ledger.transaction(snapshot=True) as connection:
        found = redivisions.listed(connection)
        named = redivisions.names_of(connection, {each for change, *_ in found for each in change.editors})
    for change, made_at, trouble, _ in found:
        stage = telling.words(SAID, f"stage.{change.stage.value}", {})
        day = change.effective_on or local_day(made_at)
        editors = ", ".join(sorted(named.get(each, "") for each in change.editors))
        said = {"stage": stage, "day": day, "title": change.title, "area": change.area, "editors": editors}
        _say(telling, "change", said | {"trouble": trouble})
    if not found:
        _say(telling, "no_changes")
    return DONE


# ---- in ----------------------------------------------------------------------------------------------------------------


def _import(given: argparse.Namespace, telling: Telling) -> int:
    """What would change is told; with --draft it is drawn, for others to check, approve and publish."""
    more = (given.name_field,) if given.name_field else ()
    file = read_boundaries(given.file, given.layer, given.crs, given.code_field, text_fields=more)
    names = file.texts.get(given.name_field, ())
    with _reached(given) as ledger:
        with ledger.transaction(snapshot=True) as connection:
            before = redivisions.in_force(connection, local_day(given.now))
        planned = plan(file, names, before, given.area)
        if given.json:
            telling.line(json.dumps(_as_json(planned, file, given.language), ensure_ascii=False))
        else:
            _tell(planned, file, telling, given.language)
        if planned.difference is None:
            return WRONG_
        if planned.difference.is_nothing:
            return DONE
        if not given.draft:
            if not given.json:
                _say(telling, "dry")
            return DONE
        return _drafted(ledger, given, planned, telling)


def _drafted(ledger: Ledger, given: argparse.Namespace, planned: Plan, telling: Telling) -> int:
    """The plan as a draft; the same file again finds the one it made."""
    account, staff = _who(ledger, given, telling)
    with ledger.transaction() as connection:
        edition = grids.edition_in_force(connection)
        digest = hashlib.sha256(given.file.read_bytes()).hexdigest()
        key = uuid5(_FILES, f"{edition}|{planned.area}|{digest}")
        known = [change for change, *_ in redivisions.listed(connection) if change.id == key]
        if known:
            stage = telling.words(SAID, f"stage.{known[0].stage.value}", {})
            _say(telling, "there_already", {"title": known[0].title, "stage": stage})
            return DONE
        title = (given.title or given.file.name)[:LONGEST_TITLE]
        reason = given.reason or given.file.name
        change = Change(key, title, reason[:500], "", planned.area, edition, Stage.DRAFT, 1, None, frozenset({account}))
        redivisions.open_change(connection, change, staff, given.now)
        redivisions.draw(connection, key, planned.drawn, ())
    _say(telling, "drafted", {"title": title, "count": len(planned.drawn)})
    return DONE


def _tell(planned: Plan, file: BoundaryFile, telling: Telling, language: str) -> None:
    """Every defect, or every difference."""
    if planned.difference is None:
        _say(telling, "defects", {"count": len(planned.report.defects)})
        for defect in planned.report.defects[:MOST_LINES]:
            telling.line(line_of(file, defect, language))
        return
    found = planned.difference
    if found.is_nothing:
        _say(telling, "same")
        return
    names = {each.stands.code: each.stands.name for each in planned.drawn}
    lines: list[tuple[str, dict[str, object]]] = [("added", {"grid": c, "name": names.get(c, "")}) for c in found.added]
    lines += [("removed", {"grid": code, "name": names.get(code, "")}) for code in found.removed]
    lines += [("recoded", {"old": old, "new": new}) for old, new in found.recoded]
    lines += [("moved", {"grid": code, "old": old, "new": new}) for code, old, new in found.moved]
    lines += [("renamed", {"grid": code, "old": old, "new": new}) for code, old, new in found.renamed]
    lines += [
        ("reshaped", {"grid": each.code, "gained": f"{each.gained_m2:.1f}", "lost": f"{each.lost_m2:.1f}"})
        for each in found.reshaped
    ]
    for code, said in lines[:MOST_LINES]:
        _say(telling, code, said)
    if len(lines) > MOST_LINES:
        _say(telling, "more", {"count": len(lines) - MOST_LINES})
    _say(telling, "counts", {**_counts(planned), "area": planned.area, "moved_m2": f"{planned.moved_m2:.0f}"})


def _counts(planned: Plan) -> dict[str, int]:
    kinds = ("added", "removed", "reshaped", "renamed", "recoded", "moved")
    return {kind: len(getattr(planned.difference, kind)) for kind in kinds}


def _as_json(planned: Plan, file: BoundaryFile, language: str) -> dict[str, object]:
    """The plan for programs."""
    found = planned.difference
    if found is None:
        return {"area": planned.area, "defects": [line_of(file, each, language) for each in planned.report.defects]}
    return {
        "area": planned.area, "defects": [], "counts": _counts(planned), "moved_m2": round(planned.moved_m2, 1),
        "added": list(found.added), "removed": list(found.removed), "renamed": [list(each) for each in found.renamed],
        "recoded": [list(each) for each in found.recoded], "moved": [list(each) for each in found.moved],
        "reshaped": [[each.code, round(each.gained_m2, 1), round(each.lost_m2, 1)] for each in found.reshaped],
    }  # fmt: skip


# ---- out ---------------------------------------------------------------------------------------------------------------


def _export(given: argparse.Namespace, telling: Telling) -> int:
    """The areas of a level as they were in force on a day."""
    day, level = _day(given.on) if given.on else local_day(given.now), LEVELS[given.level]
    system = SourceCrs.named(given.crs) if given.crs else CRS
    if given.file.exists() and not given.force:
        raise Refused("exists", "file", file=str(given.file))
    with _reached(given) as ledger, ledger.transaction(snapshot=True) as connection:
        areas = [each for each in redivisions.in_force(connection, day).values() if each.level is level]
    if not areas:
        raise Refused("no_edition", "on", day=day.isoformat())
    shapes = np.array([each.shape for each in areas], object)
    if system.definition != CRS.definition:
        shapes = np.asarray(shapely.transform(shapes, CRS.way_to(system)), dtype=object)
    written = [Area(a.code, a.name, a.parent, shape) for a, shape in zip(areas, shapes, strict=True)]
    write_edition(given.file, written, system, given.level)
    kind = telling.words(SAID, f"level.{given.level}", {})
    _say(telling, "exported", {"file": given.file, "count": len(areas), "kind": kind, "day": day, "crs": system.name})
    return DONE


def _day(text: str) -> date:
    """A day; Refused('day_wrong')."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused("day_wrong", "on", day=text[:40]) from None


def _say(telling: Telling, code: str, params: Mapping[str, object] | None = None) -> None:
    telling.line(telling.words(SAID, code, params or {}))


def _who(ledger: Ledger, given: argparse.Namespace, telling: Telling) -> tuple[UUID, UUID]:
    """Account and staff of the one who draws; Refused where that is nobody who may."""
    if not given.login:
        raise Refused("login_needed", "login")
    password = officer.asked_password(telling.words(SAID, "password", {"login": given.login}))
    try:
        with ledger.transaction() as connection:
            who = officer.signed_in(connection, given.login, password, given.now, KEEPERS)
            return _account(connection, who.account)
    except Refused as no:
        if no.code == "login_wrong":
            with ledger.transaction() as connection:
                officer.record_failure(connection, given.login, given.now)
            raise
        raise Refused("not_allowed", "login", login=given.login) from None


def _account(connection: Connection, account: UUID | None) -> tuple[UUID, UUID]:
    row = connection.execute("SELECT id, staff FROM account WHERE id = %s", (account,)).fetchone()
    assert row is not None, "it has just signed in"
    return row[0], row[1]


@contextmanager
def _reached(given: argparse.Namespace) -> Iterator[Ledger]:
    """The ledger of the home that was named, as its owner; Refused where it is none, or the database does not answer."""
    home: Path = given.home or default_home()
    try:
        settings = Settings.read(home)
        ledger = Ledger(settings.owner_url, ensure_keys(settings.keys).data_key, pool_size=1)
    except (OSError, ValueError) as problem:
        raise Refused("home_wrong", "home", home=str(home), why=type(problem).__name__) from problem
    try:
        yield ledger
    except psycopg.errors.LockNotAvailable as problem:
        raise Refused("busy") from problem
    except psycopg.OperationalError as problem:
        raise Refused("unreachable") from problem
    finally:
        ledger.close()
