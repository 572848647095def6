"""Files into the draft and out of it: whole or not at all, over nothing."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from tests.desktop.rules import made_up
from tests.desktop.rules.desks import Opened, answer, check, rules, write, wrong
from tests.desktop.rules.made_up import CHANGED
from wire.rules_requests import CheckRules


def test_files_come_into_the_draft_whole(qtbot: QtBot, opened: Opened, tmp_path: Path) -> None:
    desk = opened()
    toml = tmp_path / "mine.toml"
    toml.write_text(
        '[settings]\nsample_percent = 20\n[[limit]]\nstage = "intake"\nurgency = "normal"\namount = 1\nunit = "minute"\n'
    )
    days = tmp_path / "days.csv"
    days.write_text("day,kind\n2027-10-01,rest\n", "utf-8")
    rules(desk).carrying.bring([toml, days])
    draft = rules(desk).draft
    assert draft is not None
    assert draft.changed["settings"] == {"sample_percent": 20}
    assert draft.changed["limits"][0]["amount"] == "1"
    assert draft.changed["calendar"][0]["day"] == "2027-10-01"
    request = check(qtbot, desk, made_up.checked(lines=(CHANGED,)))
    assert [file.name for file in request.files] == ["calendar.csv", "limits.csv", "settings.toml"]


def test_a_file_that_says_nothing_is_refused_with_the_servers_reason_and_loses_nothing(
    qtbot: QtBot, opened: Opened, tmp_path: Path
) -> None:
    desk = opened()
    write(qtbot, desk, 0, 4, "20")
    file = tmp_path / "x.csv"
    file.write_bytes("类别,时限".encode("gbk"))
    rules(desk).carrying.bring([file])
    answer(desk, CheckRules, made_up.checked(wrong((), "file_is_gbk", "x.csv")))
    side = rules(desk).view.side
    assert desk.seat.words("rules.wrong.file_is_gbk") in side.said.text()
    large = tmp_path / "y.csv"
    large.write_bytes(b"x" * 1_000_000)
    for path, code in ((large, "rules_file_large"), (tmp_path / "none.csv", "rules_file_unreadable")):
        rules(desk).carrying.bring([path])
        assert path.name in side.said.text()
        assert side.said.text().startswith(desk.seat.words(f"refused.{code}", file=path.name, why="")[:6])
    assert rules(desk).draft is not None
    assert rules(desk).draft.changed["limits"][0]["amount"] == "20"


def test_what_is_shown_is_written_to_a_folder_and_over_nothing(opened: Opened, tmp_path: Path) -> None:
    desk = opened()
    for _ in range(2):
        rules(desk).carrying.write_to(tmp_path / "out")
    folders = sorted((tmp_path / "out").iterdir())
    assert [folder.name for folder in folders] == ["规则-第1版", "规则-第1版-2"]
    written = {file.name: file.read_bytes() for file in folders[0].iterdir()}
    sent = {file.name: file.content for file in made_up.files()}
    assert written["limits.csv"] == sent["limits.csv"]
    assert set(written) == set(sent)
    rules(desk).carrying.write_to(Path("/proc/nowhere"))
    assert "/proc/nowhere" in rules(desk).view.side.said.text()
