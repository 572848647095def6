"""An administrator changes the rules by files and by date: told first what differs, all of it or nothing, and on record."""

from __future__ import annotations

import csv
import getpass
import io
import os
import stat
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from governance.commands import File, MakeReport, RaiseLevel, Reject
from governance.deadline import CHINA
from governance.places import Level
from governance.refusal import Refused
from governance.rules import Rules
from server.ledger import rules_store
from server.ledger.local_day import local_day
from server.rules_admin import changing, exporting, loading
from server.rules_admin.changing import Wish
from server.rules_admin.loading import Who
from server.rules_admin.run import run
from server.rules_admin.sources import read
from server.rules_admin.telling import Telling

from .conftest import REPOSITORY, District, middle

TODAY = local_day(datetime.now(UTC))
TOMORROW, LATER = (str(TODAY + timedelta(days=days)) for days in (1, 40))


def said(district: District, *words: str, language: str = "en") -> tuple[int, str]:
    """Exit status and output of a command on the district's home."""
    out = io.StringIO()
    given = sys.stdout
    sys.stdout = out
    try:
        status = run([*words, "--home", str(district.settings.home), "--language", language])
    finally:
        sys.stdout = given
    return status, out.getvalue()


def held(district: District, version: int) -> Rules:
    """The rules of a version."""
    with district.ledger.transaction() as connection:
        return rules_store.load(connection, version)


def versions(district: District) -> list[int]:
    """The versions there are."""
    with district.ledger.transaction() as connection:
        return [version.number for version in rules_store.versions(connection)]


@pytest.fixture
def files(district: District, tmp_path: Path) -> Path:
    """The rules of the district as files."""
    assert said(district, "export", str(tmp_path / "rules"))[0] == 0
    return tmp_path / "rules"


def changed(file: Path, old: str, new: str) -> Path:
    """A file with something else in it."""
    text = file.read_bytes().decode("utf-8-sig")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")
    return file


def test_what_was_written_out_changes_nothing_when_it_is_loaded(district: District, files: Path) -> None:
    assert sorted(file.name for file in files.iterdir()) == sorted(exporting.FILES)
    for language, words in (("en", "the same as version 1"), ("zh", "与第 1 版相同")):
        every = [str(file) for file in sorted(files.iterdir())]
        status, text = said(district, "load", *every, "--from", str(TODAY), "--yes", language=language)
        assert (status, words in text) == (0, True)
    assert versions(district) == [1]


def test_a_load_tells_what_differs_and_waits_for_a_yes(district: District, files: Path) -> None:
    file = changed(files / "limits.csv", "03.01,,resolve,normal,4,work_hour", "03.01,,resolve,normal,6,work_hour")
    for status, *more in ((2,), (0, "--yes"), (0, "--yes")):
        found, text = said(district, "load", str(file), "--from", TOMORROW, *more)
        assert found == status
        if versions(district) == [1]:
            assert "  ~ limit 03.01 * resolve normal: 4 work_hour -> 6 work_hour" in text
            assert "not loaded; say --yes to load it" in text
    assert "the same as version 2" in text
    assert versions(district) == [1, 2]
    expected = tuple(
        replace(r, amount=6.0) if (r.category, r.stage) == ("03.01", "resolve") else r for r in held(district, 1).limits
    )
    assert replace(held(district, 2), former_limits=()) == replace(held(district, 1), version=2, limits=expected)


def test_a_version_takes_force_on_its_day_and_none_before(district: District, files: Path) -> None:
    settings = changed(files / "settings.toml", "sample_percent = 100.0", "sample_percent = 20")
    assert said(district, "load", str(settings), "--from", LATER, "--yes")[0] == 0
    settings = changed(settings, "sample_percent = 20", "sample_percent = 60")
    status, text = said(district, "load", str(settings), "--from", str(TODAY), "--yes")
    assert (status, f"mind: version 2 still takes force from {LATER} 00:00" in text) == (0, True)
    begins = datetime.fromisoformat(f"{LATER}T00:00").replace(tzinfo=CHINA)
    with district.ledger.transaction() as connection:
        now = datetime.now(UTC)
        found = [rules_store.at(connection, at).sample_percent for at in (now, begins - timedelta(seconds=1), begins)]
    assert found == [60.0, 60.0, 20.0]
    status, text = said(district, "show", "--at", LATER)
    assert status == 0
    assert [line.split()[1] for line in text.splitlines()[:3]] == ["1", "2", "3"]
    assert [word in line for line, word in zip(text.splitlines(), ("over", "to come", "in force"), strict=False)] == [True] * 3
    assert "20% checked" in text
    for old, new in (("1", "3"), (str(TODAY - timedelta(days=3)), str(TODAY))):
        assert "~ setting sample_percent: 100 -> 60" in said(district, "diff", old, new)[1]
    assert "the same as version 2" in said(district, "diff", "2", LATER)[1]


WRONG_WAYS = [
    (("show", "--at", "2026-02-30"), 1, "“2026-02-30” is no date"),
    (("show", "--at", "soon"), 1, "“soon” is no date"),
    (("diff", "1", "7"), 1, "there is no version 7"),
    (("diff", "1", "x"), 1, "“x” is no date"),
    (("load", "x.csv", "--from", "2020-01-01"), 1, "2020-01-01 is past"),
    (("load", "x.csv", "--from", "2026-13-01"), 1, "is no date"),
    (("load", "x.csv", "--from", TOMORROW, "--yes"), 1, "x.csv: there is no such file"),
    (("check", "x.csv", "/"), 1, "/: this is a folder"),
]


@pytest.mark.parametrize(("words", "status", "says"), WRONG_WAYS, ids=[" ".join(words) for words, *_ in WRONG_WAYS])
def test_what_cannot_be_done_is_said_plainly(district: District, words: tuple[str, ...], status: int, says: str) -> None:
    found, text = said(district, *words)
    assert (found, says in text) == (status, True), text
    assert "Traceback" not in text
    assert versions(district) == [1]


def test_a_folder_that_is_no_home_is_said_to_be_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["show", "--home", str(tmp_path), "--language", "zh"]) == 3
    assert "不是数据文件夹" in capsys.readouterr().out


def test_one_wrong_line_keeps_every_file_out(district: District, files: Path) -> None:
    changed(files / "settings.toml", "sample_percent = 100.0", "sample_percent = 20")
    changed(files / "duties.csv", ",lead,0,", ",leads,0,")
    changed(files / "limits.csv", ",15,minute", ",0,minute")
    status, text = said(district, "load", *map(str, sorted(files.iterdir())), "--from", str(TODAY), "--yes")
    assert status == 1
    assert "duty cannot be “leads”" in text
    assert "amount must be more than 0" in text
    assert text.endswith("2 mistakes; nothing was changed\n")
    assert versions(district) == [1]


def test_a_category_of_an_open_incident_stays_and_may_go_when_it_is_over(district: District, files: Path) -> None:
    made = district.order(MakeReport("价格欺诈", middle(0), category="10.03"), "duty1")
    assert made.case is not None
    text = (files / "categories.toml").read_text("utf-8")
    start = text.index('[[root.leaf]]\ncode = "10.03"')
    (files / "categories.toml").write_text(text[:start] + text[text.index("[[root.leaf]]", start + 5) :], "utf-8")
    kept = f"category 10.03 has 1 incidents that are open or may be reopened ({made.case.incident.number}) and cannot go"
    file = str(files / "categories.toml")
    status, told = said(district, "check", file, "--from", LATER)
    assert (status, kept in told) == (1, True)
    district.order(Reject("not_ours", "价格正常"), "duty1", made)
    for day, status in ((TOMORROW, 1), (LATER, 0)):  # who was rejected today may be heard again for a while
        assert said(district, "check", file, "--from", day)[0] == status
    status, told = said(district, "load", file, "--from", LATER, "--yes")
    assert (status, "- category 10.03 价格欺诈" in told) == (0, True)
    assert "10.03" not in held(district, 2).categories
    assert "10.03" in held(district, 1).categories


def test_units_and_areas_are_those_of_the_ledger(district: District, files: Path) -> None:
    rows = list(csv.DictReader(io.StringIO((files / "duties.csv").read_bytes().decode("utf-8-sig"))))
    assert {row["unit"] for row in rows} >= {"C990001", "S990001001", "D9900011"}
    assert all(row["remark"] for row in rows)
    changed(files / "duties.csv", "S990001001", "S990001009")
    changed(files / "duties.csv", "01,990001002,", "01,990001009,")
    _, text = said(district, "check", str(files / "duties.csv"))
    assert "there is no unit S990001009" in text
    assert "there is no area 990001009" in text
    lone = files / "lone.csv"
    lone.write_text("category,area,unit,duty\n,990001001,S990001001,lead\n", "utf-8")
    status, text = said(district, "check", str(lone))
    assert status == 0  # the district's centre takes what nobody owns
    district.owner_executes("UPDATE unit SET is_backstop = false")
    status, text = said(district, "check", str(lone))
    assert (status, "have neither lead nor back-stop in 4 grids" in text) == (1, True)


def record(district: District) -> list[tuple[object, ...]]:
    """Who loaded what."""
    with district.ledger.transaction() as connection:
        return connection.execute(
            "SELECT l.version, a.login, l.os_user, l.files, l.difference FROM rules_load l "
            "LEFT JOIN account a ON a.id = l.account ORDER BY version"
        ).fetchall()


def test_a_load_is_on_record_and_nobody_changes_the_record(district: District, files: Path) -> None:
    file = changed(files / "settings.toml", "sample_percent = 100.0", "sample_percent = 20")
    said(district, "load", str(file), "--from", TOMORROW, "--yes")
    ((version, login, os_user, named, difference),) = record(district)
    assert (version, login, os_user) == (2, None, getpass.getuser())
    assert named == [{"name": str(file), "sha256": read(file).sha256}]
    line = {"code": "setting_changed", "params": {"key": "sample_percent", "old": "100", "new": "20"}}
    assert difference == [line]
    _, told = said(district, "show", "--version", "2")
    assert f"loaded by {os_user} at " in told
    assert f"  {file}  sha256 {read(file).sha256}" in told
    assert told.endswith("compared with version 1:\n  ~ setting sample_percent: 100 -> 20\n")
    assert "初始数据" in said(district, "show", "--version", "1", language="zh")[1]
    assert said(district, "show", "--version", "9")[0] == 1
    for statement in (
        "UPDATE rules_load SET os_user = 'x'",
        "DELETE FROM rules_load",
        "UPDATE rules_version SET since = now()",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            district.owner_executes(statement)
    with pytest.raises(psycopg.errors.InsufficientPrivilege), district.ledger.transaction() as connection:
        connection.execute("INSERT INTO rules_version SELECT 9, now(), settings FROM rules_version LIMIT 1")


@pytest.mark.parametrize(
    ("login", "password", "says"),
    [
        ("admin1", None, "by admin1"),
        ("admin1", "guess", "wrong login or password"),
        ("nobody", "guess", "wrong login or password"),
        ("duty1", None, "holds no administrator's post"),
        ("lead1", None, "holds no administrator's post"),
    ],
)
def test_an_account_acts_by_its_password_and_its_post(
    district: District, files: Path, monkeypatch: pytest.MonkeyPatch, login: str, password: str | None, says: str
) -> None:
    file = changed(files / "settings.toml", "sample_percent = 100.0", "sample_percent = 20")
    monkeypatch.setenv("GRIDWARDEN_PASSWORD", password or district.seeded.passwords[login])
    status, text = said(district, "load", str(file), "--from", TOMORROW, "--as", login, "--yes")
    assert says in text
    assert [row[1] for row in record(district)] == ([login] if status == 0 else [])
    with district.ledger.transaction() as connection:
        row = connection.execute("SELECT count(*) FROM duty_log WHERE kind = 'login_failed'").fetchone()
    assert row == (1 if password else 0,)


def test_an_account_that_is_closed_or_whose_post_is_over_does_not_act(
    district: District, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = changed(files / "settings.toml", "sample_percent = 100.0", "sample_percent = 20")
    monkeypatch.setenv("GRIDWARDEN_PASSWORD", district.seeded.passwords["admin1"])
    for statement, says in (
        ("UPDATE post SET valid = '[2000-01-01,2020-01-01)' WHERE role = 'AD'", "holds no administrator's post"),
        ("UPDATE account SET is_open = false WHERE login = 'admin1'", "wrong login or password"),
    ):
        district.owner_executes(statement)
        status, text = said(district, "load", str(file), "--from", TOMORROW, "--as", "admin1", "--yes")
        assert (status, says in text) == (1, True)


def test_of_two_who_load_the_same_at_once_one_makes_a_version(district: District, files: Path) -> None:
    file = changed(files / "settings.toml", "sample_percent = 100.0", "sample_percent = 20")
    wish = Wish((file,), TODAY + timedelta(days=1), "", True)
    statuses: list[int] = []
    gate = threading.Barrier(3)

    def at_once() -> None:
        gate.wait(10)
        statuses.append(changing.load(district.owner, wish, datetime.now(UTC), Telling("en", io.StringIO())))

    loads = [threading.Thread(target=at_once) for _ in range(3)]
    for thread in loads:
        thread.start()
    for thread in loads:
        thread.join(30)
    assert statuses == [0, 0, 0]
    assert versions(district) == [1, 2]


def test_a_load_that_breaks_off_leaves_nothing(district: District, files: Path) -> None:
    file = changed(files / "settings.toml", "sample_percent = 100.0", "sample_percent = 20")
    since, now = datetime.now(UTC) + timedelta(days=1), datetime.now(UTC)

    def broken_off() -> None:
        with district.owner.transaction() as connection:
            assert loading.load(connection, [read(file)], since, Who("x"), now) == 2
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        broken_off()
    assert (versions(district), record(district)) == ([1], [])


def test_files_that_are_there_are_not_written_over_by_mistake(district: District, files: Path) -> None:
    (files / "limits.csv").write_text("mine")
    status, text = said(district, "export", str(files))
    assert (status, "is there already" in text) == (1, True)
    assert (files / "limits.csv").read_text() == "mine"
    assert said(district, "export", str(files), "--force")[0] == 0
    assert (files / "limits.csv").read_bytes().startswith(b"\xef\xbb\xbfcategory,area,stage")
    status, text = said(district, "export", str(files / "limits.csv" / "below a file"))
    assert (status, "nothing can be written" in text) == (1, True)
    closed = files.parent / "closed"
    closed.mkdir(mode=stat.S_IRUSR | stat.S_IXUSR)
    if os.geteuid() != 0:
        assert said(district, "export", str(closed))[0] == 1


def test_the_command_runs_by_itself_and_a_seeded_version_is_told_apart(district: District) -> None:
    words = [sys.executable, "main.py", "rules", "show", "--home", str(district.settings.home), "--language", "zh"]
    done = subprocess.run(words, cwd=REPOSITORY, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    first, *_ = done.stdout.splitlines()
    assert first.startswith("第 1 版")
    assert first.endswith("施行中  初始数据")


def test_an_incident_goes_along_the_ladder_that_was_loaded(district: District, files: Path) -> None:
    ladder = '    "grid",\n    "community",\n    "street",\n    "district",\n'
    file = changed(files / "settings.toml", ladder, '    "community",\n    "district",\n')
    assert said(district, "load", str(file), "--from", str(TODAY), "--yes")[0] == 0
    made = district.order(File("03.01"), "duty1", district.order(MakeReport("垃圾堆积", middle(0)), "duty1"))
    raised = district.order(RaiseLevel("社区办不了"), "duty1", made)
    assert made.case is not None
    assert raised.case is not None
    assert (made.case.incident.handling_level, raised.case.incident.handling_level) == (Level.COMMUNITY, Level.DISTRICT)
    assert raised.case.incident.queue_unit == held(district, 2).queue_units["990001"]
    with pytest.raises(Refused, match="top_level"):
        district.order(RaiseLevel("再上报"), "duty1", raised)
