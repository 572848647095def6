"""`./gridwarden audit verify | tracks`: compares the ledger with its log; lists who looked at whose track."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import psycopg

from server.audit import tracks
from server.audit.findings import sentence
from server.audit.verify import Anchor, Verified, read_anchor, verify, write_anchor
from server.home import default_home
from server.keys import ensure_keys
from server.ledger.ledger import Ledger
from server.postgres_binaries import PostgisUnavailable
from server.secret_file import SecretExposed
from server.settings import Settings

BROKEN, CANNOT, MISUSED = 1, 2, 64


def run(arguments: Sequence[str]) -> int:
    """0 where all is as the log says, 1 where something is not, 2 where the ledger cannot be read."""
    parser = argparse.ArgumentParser("gridwarden audit", description="核对流转记录 / compare the ledger with its log")
    commands = parser.add_subparsers(dest="command", required=True)
    checking = commands.add_parser("verify", help="逐件核对散列链、状态与附属记录 / every chain, state and belonging")
    checking.add_argument("--home", type=Path, default=default_home(), help="数据文件夹 / the data folder")
    checking.add_argument("--anchor", type=Path, help="与以前存下的底稿比对 / compare with an anchor kept elsewhere")
    checking.add_argument("--write-anchor", type=Path, help="存一份底稿 / keep an anchor")
    checking.add_argument("--json", action="store_true", help="机器可读 / for machines")
    looking = commands.add_parser("tracks", help="谁在何时为何看过谁的轨迹 / who looked at whose track, when and why")
    looking.add_argument("--home", type=Path, default=default_home(), help="数据文件夹 / the data folder")
    looking.add_argument("--since", default="2000-01-01", help="从哪天起，如 2026-11-30 / since which day")
    looking.add_argument("--json", action="store_true", help="机器可读 / for machines")
    chosen = parser.parse_args(arguments)
    try:
        if chosen.command == "tracks":
            return _tell_tracks(chosen.home, _day(chosen.since), chosen.json)
        anchor = read_anchor(chosen.anchor) if chosen.anchor else None
        found = _verified(chosen.home, anchor)
        if chosen.write_anchor and not found.findings:
            write_anchor(chosen.write_anchor, found)
    except FileNotFoundError as problem:
        return _cannot(
            f"没有这个文件或数据文件夹：{problem.filename}", f"there is no such file or data folder: {problem.filename}"
        )
    except (PostgisUnavailable, SecretExposed, psycopg.OperationalError, OSError, ValueError) as problem:
        return _cannot(f"无法核对：{problem}", f"cannot verify: {problem}")
    _say(found, chosen.json)
    return BROKEN if found.findings else 0


def _verified(home: Path, anchor: Anchor | None) -> Verified:
    """The ledger of a home, compared."""
    with _ledger(home) as ledger:
        return verify(ledger, anchor, _progress)


def _tell_tracks(home: Path, since: datetime, as_json: bool) -> int:
    """Every look at a track since a moment, one line each."""
    with _ledger(home) as ledger:
        looked = tracks.looked_since(ledger, since)
    if as_json:
        lines = [json.dumps([tracks.plain(each) for each in looked], ensure_ascii=False)]
    else:
        lines = [*map(tracks.sentence, looked), f"共 {len(looked)} 次 / {len(looked)} in all"]
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    return 0


def _day(typed: str) -> datetime:
    """The beginning of a day of Shanghai; ValueError where it is none."""
    try:
        return datetime.fromisoformat(typed).replace(tzinfo=tracks.SHANGHAI)
    except ValueError:
        raise ValueError(f"{typed}：没有这一天 / no such day") from None


@contextmanager
def _ledger(home: Path) -> Iterator[Ledger]:
    """The ledger of a home; its database is started for it where it does not run."""
    settings = Settings.read(home)
    with _database(settings):
        ledger = Ledger(settings.database_url(), ensure_keys(settings.keys).data_key, pool_size=1)
        try:
            yield ledger
        finally:
            ledger.close()


@contextmanager
def _database(settings: Settings) -> Iterator[None]:
    """The database runs; it is stopped again where it did not before."""
    if _answers(settings):
        yield
        return
    settings.postgis.start()
    try:
        yield
    finally:
        settings.postgis.stop()


def _answers(settings: Settings) -> bool:
    """Whether the database runs already, wherever it was started from."""
    try:
        with psycopg.connect(**settings.connect_arguments(), connect_timeout=5):
            return True
    except psycopg.OperationalError:
        return False


def _progress(looked_at: int) -> None:
    """How far it is, on a line of its own that is written over, where somebody looks on."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{looked_at} 件 / incidents")
        sys.stderr.flush()


def _say(found: Verified, as_json: bool) -> None:
    """What was looked at and what was found."""
    if sys.stderr.isatty():
        sys.stderr.write("\r")
    if as_json:
        counts = {"incidents": found.incidents, "steps": found.steps, "changes": found.changes}
        lines = [json.dumps(counts | {"findings": [asdict(each) for each in found.findings]}, ensure_ascii=False)]
    else:
        lines = [*(sentence(finding) for finding in found.findings), _summary(found)]
    sys.stdout.write("".join(f"{line}\n" for line in lines))


def _summary(found: Verified) -> str:
    """The last line."""
    looked = f"{found.incidents} 件、{found.steps} 步、{found.changes} 条变更"
    in_english = f"{found.incidents} incidents, {found.steps} steps, {found.changes} changes"
    if not found.findings:
        return f"全部相符：{looked} / all is as the log says: {in_english}"
    count = len(found.findings)
    return f"发现 {count} 处不符（{looked}） / {count} things are not as they were ({in_english})"


def _cannot(zh: str, en: str) -> int:
    """Say why nothing could be compared."""
    sys.stderr.write(f"{zh} / {en}\n")
    return CANNOT
